#include "tests/property/ledgers.hpp"

#include <algorithm>

#include "model/plans.hpp"

namespace rehearsal {
namespace {

using namespace std::chrono_literals;
using sql::at;
using sql::id;
using sql::text;

/// Digests and the mails of those that have one still.
void draw_digests(world& w, const model::org_id& org, ledgers& out) {
  using model::digest_state;
  for (const auto& to : w.people) {
    if (pick(3) == 0) continue;
    model::digest_entry e;
    e.id = w.ids.make<model::digest_id>();
    e.org = org;
    e.month = {model::day{std::chrono::year{2026} / 10 / 1}};
    e.recipient = to.id;
    e.email = to.email;
    e.state = static_cast<digest_state>(pick(5));
    e.planned_at = w.now - 2h;
    if (e.state != digest_state::queued) e.settled_at = w.now - 1h;
    if (e.state == digest_state::withdrawn) e.reason = "reason";
    if (e.state != digest_state::empty) e.mail = w.ids.make<model::mail_id>();
    out.digests.push_back(e);
    if (!e.mail || e.state == digest_state::withdrawn) continue;
    const auto way = e.state == digest_state::queued ? model::mail_state::retrying
                     : e.state == digest_state::sent ? model::mail_state::sent
                                                     : model::mail_state::failed;
    out.mails.push_back({*e.mail, org, {}, std::string(model::digest_template), way});
  }
}

void add_mail(world& w, ledgers& out, std::optional<model::org_id> org,
              std::optional<model::case_id> of_case) {
  out.mails.push_back(
      {w.ids.make<model::mail_id>(), org, of_case, "invite", static_cast<model::mail_state>(pick(5))});
}

std::string optional_id(const auto& value) { return value ? id(*value) : "NULL"; }

std::string row_of(const kept_mail& m, const model::instant& now) {
  const bool sent = m.state == model::mail_state::sent;
  return "(" + id(m.id) + ", " + optional_id(m.org) + ", " + optional_id(m.of_case) +
         ", 'a@example.org', 'A', " + text(m.template_name) + ", 'words', " +
         text(std::string(model::to_text(m.state))) + ", 1, " + at(now) + ", " + at(now) + ", " +
         (sent ? at(now) : "NULL") + ")";
}

/// One that waits may have been told before, in words that stand there until it is sent.
std::string row_of(const model::digest_entry& e) {
  const auto mail = optional_id(e.mail);
  const bool waits = e.state == model::digest_state::queued;
  return "(" + id(e.org) + ", " + text(model::to_text(e.month.first)) + ", " + id(e.recipient) + ", " +
         std::to_string(e.copy) + ", " + id(e.id) + ", " + text(e.email) + ", " +
         text(std::string(model::to_text(e.state))) + ", " + mail + ", " + at(e.planned_at) + ", " +
         (e.settled_at ? at(*e.settled_at) : "NULL") + ", " + (e.reason ? text(*e.reason) : "NULL") +
         ", 1, 1, 1, 1, " + (waits ? at(e.planned_at) + ", 'words'" : "NULL, NULL") + ")";
}

template <class Rows, class Row>
void write(store::sql_connection& owner, const std::string& into, const Rows& rows, Row&& row) {
  std::string values;
  for (const auto& one : rows)
    if (const std::string made = row(one); !made.empty()) values += (values.empty() ? "" : ", ") + made;
  if (!values.empty()) owner.script("INSERT INTO keywork." + into + " VALUES " + values);
}

bool is_admin(const model::org_state& org, const person& who) {
  return model::standing_of(org, who.id) == model::standing::org_admin;
}
bool is_sold(const model::org_state& org) {
  return model::default_catalogue().includes(org.settings.tier, model::support_cases_feature);
}
/// R36: what tells of a case is there where cases are.
bool is_read(const kept_mail& m, const model::org_state& org) {
  return m.org == org.settings.id && (!m.of_case || is_sold(org));
}

template <class T>
const T* any_of(const std::vector<T>& all) {
  return all.empty() ? nullptr : &all[static_cast<std::size_t>(pick(static_cast<int>(all.size())))];
}

}  // namespace

ledgers draw_ledgers(world& w) {
  ledgers out;
  add_mail(w, out, {}, {});
  for (const auto& org : w.orgs) {
    const auto which = org.state.settings.id;
    draw_digests(w, which, out);
    add_mail(w, out, which, {});
    for (const auto& c : org.cases)
      if (pick(2)) add_mail(w, out, which, c.header.id);
    for (int i = pick(3); i > 0; --i) {
      kept_run run{w.ids.next(), which, {}};
      if (!org.cases.empty() && pick(2)) run.failed_case = any_of(org.cases)->header.id;
      out.runs.push_back(run);
    }
  }
  return out;
}

void insert(store::sql_connection& owner, const world& w, const ledgers& all) {
  const auto day_before = at(w.now - 24h);
  write(owner,
        "outbox (id, org_id, case_id, to_address, to_name, template_name, fields, state, attempts, "
        "next_attempt_at, written_at, sent_at)",
        all.mails, [&](const kept_mail& m) { return row_of(m, w.now - 1h); });
  write(owner,
        "digests (org_id, month, user_id, copy, id, email, state, mail_id, planned_at, settled_at, reason, "
        "tenants, goals, sessions, notes, frozen_at, content)",
        all.digests, [](const model::digest_entry& e) { return row_of(e); });
  // They are over, since who asks while one is open is told of that one.
  write(owner, "retention_runs (org_id, id, kind, day, asked_at, started_at, finished_at, outcome)", all.runs,
        [&](const kept_run& r) {
          return "(" + id(r.org) + ", " + text(model::to_text(r.id)) + ", 'asked', '2026-11-20', " +
                 day_before + ", " + day_before + ", " + day_before + ", 'done')";
        });
  write(owner, "retention_failures (org_id, run_id, case_id, error, at)", all.runs, [&](const kept_run& r) {
    return r.failed_case ? "(" + id(r.org) + ", " + text(model::to_text(r.id)) + ", " + id(*r.failed_case) +
                               ", 'error', " + day_before + ")"
                         : "";
  });
}

const char* const readable_of_ledgers =
    "SELECT 'mail ' || id || ' ' || state FROM keywork.outbox "
    "UNION ALL SELECT 'digest ' || id || ' ' || state FROM keywork.digests "
    "UNION ALL SELECT 'run ' || id FROM keywork.retention_runs "
    "UNION ALL SELECT 'unswept ' || run_id || ' ' || case_id FROM keywork.retention_failures";

void add_ledgers(std::set<std::string>& out, const world& w, const ledgers& all, const person& who) {
  using model::to_text;
  for (const auto& org : w.orgs) {
    if (!is_admin(org.state, who)) continue;
    const auto which = org.state.settings.id;
    for (const auto& m : all.mails)
      if (is_read(m, org.state)) out.insert("mail " + to_text(m.id) + " " + std::string(to_text(m.state)));
    for (const auto& e : all.digests)
      if (e.org == which) out.insert("digest " + to_text(e.id) + " " + std::string(to_text(e.state)));
    for (const auto& r : all.runs) {
      if (r.org != which) continue;
      out.insert("run " + to_text(r.id));
      if (r.failed_case) out.insert("unswept " + to_text(r.id) + " " + to_text(*r.failed_case));
    }
  }
}

}  // namespace rehearsal
