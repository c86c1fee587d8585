#include <stdexcept>

#include "model/org_decide.hpp"
#include "tests/property/ledgers.hpp"

namespace rehearsal {
namespace {

using sql::at;
using sql::id;
using sql::text;

struct draft {
  world& w;
  const person& who;
  const model::org_state& org;
  const ledgers& all;

  bool is_sold() const {
    return model::default_catalogue().includes(org.settings.tier, model::support_cases_feature);
  }
  /// With what every change of the organisation has beside it, or alone.
  attempt make(const std::string& what, const model::org_command& command,
               std::vector<std::string> statements) const {
    const auto result = model::decide(org, w.caller(who), command, w.moment());
    const auto* no = std::get_if<model::refusal>(&result);
    if (pick(2)) {
      statements.push_back("UPDATE keywork.org_sequence SET version = version + 1 WHERE org_id = " +
                           id(org.settings.id));
      statements.push_back(sql::audit(w, who, org.settings.id, std::nullopt));
    }
    // Where it is refused, what every member may log: then it is refused for the rest.
    const auto kind = no ? "property.added" : model::audit_kind(std::get<0>(result).front());
    return {what, who.id, !no, sql::telling(std::move(statements), kind)};
  }
  attempt forgery(const std::string& what, const std::string& statement) const {
    return {what, who.id, false, {statement}};
  }
};

template <class T>
const T* any_of(const std::vector<T>& all) {
  return all.empty() ? nullptr : &all[static_cast<std::size_t>(pick(static_cast<int>(all.size())))];
}

/// A mail of the organisation, or one that is nobody's.
const kept_mail* some_mail(const draft& d) {
  std::vector<const kept_mail*> mails;
  for (const auto& m : d.all.mails)
    if (!m.org || m.org == d.org.settings.id) mails.push_back(&m);
  return *any_of(mails);
}

/// A digest of the organisation that is not on its way: of one that is, wall 1 alone says that another is too
/// many, which tells nobody anything.
const model::digest_entry* some_digest(const draft& d) {
  std::vector<const model::digest_entry*> digests;
  for (const auto& e : d.all.digests)
    if (e.org == d.org.settings.id && e.state != model::digest_state::queued) digests.push_back(&e);
  const auto* found = any_of(digests);
  return found ? *found : nullptr;
}

std::optional<attempt> retry_mail(const draft& d) {
  const auto& m = *some_mail(d);
  model::retry_mail command{m.id};
  if (m.org && (!m.of_case || d.is_sold())) command.state = m.state;
  return d.make("retry a mail that is " + std::string(model::to_text(m.state)), command,
                {"UPDATE keywork.outbox SET state = 'queued', next_attempt_at = " + at(d.w.now) +
                 ", attempts = 0, first_tried_at = NULL, waits = false, resends = resends + (state = "
                 "'failed')::integer, unsure_since = CASE state WHEN 'failed' THEN NULL ELSE unsure_since "
                 "END WHERE id = " +
                 id(m.id) + " AND state = " + text(std::string(model::to_text(m.state)))});
}

std::optional<attempt> forge_mail(const draft& d) {
  const std::vector<std::string> forgeries{"state = 'sending'", "state = 'retrying'", "resends = resends + 1",
                                           "attempts = 0",      "waits = false",      "sent_at = written_at",
                                           "org_id = org_id",   "last_error = NULL"};
  return d.forgery("forge a mail's way",
                   "UPDATE keywork.outbox SET " + *any_of(forgeries) + " WHERE id = " + id(some_mail(d)->id));
}

std::string mail_of(const draft& d, const model::digest_entry& e, const std::string& mail) {
  return "INSERT INTO keywork.outbox (id, org_id, to_address, to_name, template_name, fields, state, "
         "attempts, next_attempt_at, written_at) VALUES (" +
         mail + ", " + id(e.org) + ", " + text(e.email) + ", 'A', " +
         text(std::string(model::digest_template)) + ", '', 'queued', 0, " + at(d.w.now) + ", " +
         at(d.w.now) + ")";
}

/// `changed` is a row of the ledger, with columns of its own after the usual ones.
std::string line_of(const draft& d, const model::digest_entry& changed, const std::string& mail,
                    const std::string& columns = "", const std::string& values = "") {
  return "INSERT INTO keywork.digests (org_id, month, user_id, copy, id, email, state, mail_id, planned_at, "
         "tenants, goals, sessions, notes" +
         columns + ") VALUES (" + id(changed.org) + ", " + text(model::to_text(changed.month.first)) + ", " +
         id(changed.recipient) + ", " + std::to_string(changed.copy) + ", " + sql::fresh_id(d.w) + ", " +
         text(changed.email) + ", " + text(std::string(model::to_text(changed.state))) + ", " + mail + ", " +
         at(d.w.now) + ", 1, 1, 1, 1" + values + ")";
}

model::digest_entry copy_of(const model::digest_entry& e) {
  auto copy = e;
  copy.copy = 1;
  copy.state = model::digest_state::queued;
  return copy;
}

std::optional<attempt> resend_digest(const draft& d) {
  const auto* e = some_digest(d);
  if (!e) return std::nullopt;
  const auto mail = sql::fresh_id(d.w);
  std::vector<std::string> statements{line_of(d, copy_of(*e), mail)};
  if (pick(2)) statements.push_back(mail_of(d, *e, mail));
  return d.make("resend a digest", model::resend_digest{e->id, model::resend_facts{*e, 0, true, "name"}},
                std::move(statements));
}

/// A digest's mail without its line in the ledger, which is refused by the tier as well.
std::optional<attempt> send_digest_mail(const draft& d) {
  const auto* e = some_digest(d);
  if (!e || !d.is_sold()) return std::nullopt;
  return d.make("send a digest's mail", model::resend_digest{e->id, model::resend_facts{*e, 0, true, "name"}},
                {mail_of(d, *e, sql::fresh_id(d.w))});
}

/// A copy of what there never was; and what is the digest's alone to write: nobody may.
std::optional<attempt> forge_digest(const draft& d) {
  const auto* e = some_digest(d);
  if (!e) return std::nullopt;
  const auto mail = sql::fresh_id(d.w);
  const auto forged = copy_of(*e);
  auto of_another_month = forged, to_another_address = forged, first = forged, ended = forged;
  of_another_month.month = {model::day{std::chrono::year{2026} / 9 / 1}};
  to_another_address.email = "elsewhere@example.org";
  first.month = of_another_month.month;
  first.copy = 0;
  ended.state = model::digest_state::withdrawn;
  const auto key = " WHERE id = " + id(e->id);
  const std::vector<std::string> forgeries{
      line_of(d, of_another_month, mail),
      line_of(d, to_another_address, mail),
      line_of(d, first, mail),
      line_of(d, ended, mail, ", settled_at, reason", ", " + at(d.w.now) + ", 'reason'"),
      line_of(d, forged, mail, ", frozen_at, content", ", " + at(d.w.now) + ", 'words'"),
      "UPDATE keywork.digests SET notes = 0" + key,
      "UPDATE keywork.digests SET content = NULL" + key,
      "DELETE FROM keywork.digests" + key};
  return d.forgery("forge a digest", *any_of(forgeries));
}

/// Whatever somebody may read of a sweep, the sweep alone writes.
std::optional<attempt> forge_run(const draft& d) {
  std::vector<const kept_run*> runs;
  for (const auto& r : d.all.runs)
    if (r.org == d.org.settings.id) runs.push_back(&r);
  if (runs.empty()) return std::nullopt;
  const auto run = text(model::to_text((*any_of(runs))->id));
  const std::vector<std::string> forgeries{
      "UPDATE keywork.retention_runs SET failed = 0 WHERE id = " + run,
      "DELETE FROM keywork.retention_runs WHERE id = " + run,
      "UPDATE keywork.retention_failures SET error = '' WHERE run_id = " + run,
      "DELETE FROM keywork.retention_failures WHERE run_id = " + run,
      "INSERT INTO keywork.retention_failures VALUES (" + id(d.org.settings.id) + ", " + run + ", " +
          sql::fresh_id(d.w) + ", 'error', " + at(d.w.now) + ")"};
  return d.forgery("forge a sweep's record", *any_of(forgeries));
}

}  // namespace

std::optional<attempt> attempt_on_ledgers(world& w, const person& who, const org_world& org,
                                          const ledgers& all, int kind) {
  const draft d{w, who, org.state, all};
  switch (kind) {
    case 0:
      return retry_mail(d);
    case 1:
      return forge_mail(d);
    case 2:
      return resend_digest(d);
    case 3:
      return send_digest_mail(d);
    case 4:
      return forge_digest(d);
    case 5:
      return forge_run(d);
  }
  throw std::out_of_range("no such kind of attempt");
}

std::vector<attempt> attacks_on_ledgers(const person& who) {
  std::vector<attempt> out;
  // Each column by itself: one that was let go is not covered by another that is kept.
  for (const std::string column :
       {"outbox fields", "outbox to_name", "outbox link_id", "outbox provider_id", "digests frozen_at",
        "digests content", "digest_progress org_id", "erasures id", "erasures_to_write id",
        "erased_mails mail_id", "erased_bytes since", "webhook_receipts id", "signature_requests id",
        "demo_installation only_one"}) {
    const auto space = column.find(' ');
    // Of no row at all one is made: it is the right to read that is asked for.
    out.push_back(
        {"read " + column,
         who.id,
         false,
         {"SELECT count(" + column.substr(space + 1) + ") FROM keywork." + column.substr(0, space)}});
  }
  return out;
}

}  // namespace rehearsal
