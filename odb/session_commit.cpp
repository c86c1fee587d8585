#include <sys/random.h>

#include "model/describe.hpp"
#include "odb/session_impl.hpp"

namespace store {
namespace {

using model::overloaded;

/// The state that the change was decided on is another now.
struct changed_meanwhile : std::runtime_error {
  changed_meanwhile() : std::runtime_error("what the change is about has changed meanwhile") {}
};

/// A part of the service writes with its own role, which may write what its own commands come to.
acting as_caller(const change_origin& origin, model::org_id org) {
  switch (origin.who.part) {
    case model::service_part::mailer:
      return {.as = purpose::mailer, .user = {}, .org = org};
    case model::service_part::signer:
      return {.as = purpose::signer, .user = {}, .org = org};
    case model::service_part::none:
      break;
  }
  return {.as = purpose::person, .user = origin.who.user, .org = org};
}
acting as_login(model::org_id org) { return {.as = purpose::login, .org = org}; }

// ---- rows of a case's events

/// As keywork_mailer, which may write these columns of a team row and no others.
void keep_invite_mail(unit& u, const model::collaborator& row) {
  const auto changed =
      u.change("keep_invite_mail",
               "UPDATE keywork.tenant_collaborators SET invite_mail_fate = $1, invite_mail_at = $2,"
               " invite_mail_reason = $3 WHERE org_id = $4 AND id = $5",
               {std::string(model::to_text(*row.invite_mail_fate)), to_text(*row.invite_mail_at),
                row.invite_mail_reason, to_text(row.org), to_text(row.id)});
  if (changed != 1) throw row_not_met();
}

void keep_rows(unit& u, const model::case_event& event) {
  auto& db = u.db();
  std::visit(overloaded{[&](const model::note_added& e) { db.persist(e.note); },
                        [&](const model::note_edited& e) {
                          db.update(e.after);
                          db.persist(e.before);
                        },
                        [&](const model::note_flagged& e) { db.update(e.after); },
                        [&](const model::note_unflagged& e) { db.update(e.after); },
                        [&](const model::note_deleted& e) {
                          db.update(e.after);
                          db.persist(e.before);
                        },
                        [&](const model::collaborator_invited& e) { db.persist(e.collaborator); },
                        [&](const model::invite_resent& e) { db.update(e.after); },
                        [&](const model::collaborator_accepted& e) { db.update(e.after); },
                        [&](const model::invite_mail_reported& e) { keep_invite_mail(u, e.after); },
                        [&](const model::collaborator_ended& e) { db.update(e.after); },
                        [&](const model::contact_added& e) { db.persist(e.collaborator); },
                        [&](const model::contact_edited& e) { db.update(e.after); },
                        [&](const model::goal_added& e) { db.persist(e.goal); },
                        [&](const model::goal_edited& e) { db.update(e.after); },
                        [&](const model::progress_added& e) {
                          db.persist(e.progress);
                          db.update(e.after);
                        },
                        [&](const model::session_added& e) { db.persist(e.session); },
                        [&](const model::session_edited& e) { db.update(e.after); },
                        [&](const model::document_created& e) { keep_document(u, e); },
                        [&](const model::document_edited& e) { keep_document(u, e); },
                        [&](const model::document_file_attached& e) { keep_document(u, e); },
                        [&](const model::document_submitted& e) { db.update(e.after); },
                        [&](const model::document_returned& e) { db.update(e.after); },
                        [&](const model::document_approved& e) { db.update(e.after); },
                        [&](const model::document_sent& e) { keep_document(u, e); },
                        [&](const model::document_signed& e) { keep_document(u, e); },
                        [&](const model::document_signed_copy_kept& e) { keep_document(u, e); },
                        [&](const model::document_voided& e) { db.update(e.after); },
                        // The header alone holds what these change, if anything does.
                        [](const model::context_summary_edited&) {}, [](const model::case_closed&) {},
                        [](const model::case_reopened&) {}, [](const model::legal_hold_set&) {},
                        [](const model::legal_hold_lifted&) {}, [](const model::export_made&) {}},
             event);
}

// ---- rows of an organisation's events

void keep_member(unit& u, const model::member& member) {
  u.db().persist(member);
  for (const auto& landlord : member.landlords)
    u.db().persist(manager_landlord{member.org, member.user, landlord});
}

/// Whoever sweeps finds it there. An organisation has one at most that is not over: who lost a race for it is
/// told of the other (`commit_result::taken`).
void keep_asked_run(unit& u, const model::retention_run_asked& e) {
  u.change("keep_asked_run",
           "INSERT INTO keywork.retention_runs (org_id, id, kind, day, asked_at, asked_by_id)"
           " VALUES ($1, $2, 'asked', $3, $4, $5)",
           {to_text(e.org), to_text(e.run), to_text(e.day), to_text(e.at), to_text(e.by)});
}

void keep_rows(unit& u, const model::org_event& event) {
  auto& db = u.db();
  std::visit(
      overloaded{[&](const model::settings_changed& e) { db.update(e.after); },
                 [&](const model::member_added& e) { keep_member(u, e.member); },
                 [&](const model::member_removed& e) { db.erase<model::member>(member_key_of(e.member)); },
                 [&](const model::landlord_added& e) { db.persist(e.landlord); },
                 [&](const model::landlord_renamed& e) { db.update(e.after); },
                 [&](const model::property_added& e) { db.persist(e.property); },
                 [&](const model::property_changed& e) { db.update(e.after); },
                 [&](const model::tenancy_created& e) {
                   db.persist(e.tenancy);
                   for (const auto& tenant : e.tenants) db.persist(tenant);
                 },
                 [&](const model::tenant_changed& e) { db.update(e.after); },
                 [&](const model::case_opened& e) { db.persist(e.opened); },
                 [&](const model::mail_retried& e) {
                   if (!queue_again(u, e.mail, e.was, e.at)) throw changed_meanwhile();
                 },
                 [](const model::digest_previewed&) {},  // the audit entry is all of it
                 [&](const model::digest_resent& e) { keep_digest(u, e); },
                 [&](const model::organisation_hold_set& e) { db.update(*e.row); },
                 [&](const model::organisation_hold_lifted& e) { db.update(*e.row); },
                 [&](const model::retention_run_asked& e) { keep_asked_run(u, e); },
                 [&](const model::template_added& e) { db.persist(*e.row); },
                 [&](const model::template_changed& e) {
                   if (e.of_starter_pack)
                     db.persist(*e.row);
                   else
                     db.update(*e.row);
                 }},
      event);
}

// ---- what stands beside the rows

/// The entries of a whole transaction, collected to be written at its end (keep_audit).
using audit_log = std::vector<model::audit_entry>;

template <class Event>
void note_down(audit_log& log, const change_origin& origin, model::org_id org,
               std::optional<model::case_id> of_case, const Event& event, audit_ids& ids) {
  log.push_back({ids.next(), org, of_case, origin.at, origin.who.user, origin.who.full_name,
                 origin.request_id, std::string(model::audit_kind(event)), model::audit_detail(event),
                 model::audit_subject(event)});
}

void keep_answer(unit& u, const change_origin& origin, model::org_id org,
                 std::optional<model::case_id> of_case, const kept_answer& answer) {
  u.db().persist(answer_row{{origin.who.user, answer.key},
                            answer.fingerprint,
                            org,
                            answer.created,
                            answer.made,
                            answer.etag,
                            answer.body,
                            origin.at,
                            of_case});
}

/// What was mailed to somebody whose place is taken away opens nothing from then on.
std::optional<ended_invites> invites_ended_by(const model::case_event& event) {
  const auto* e = std::get_if<model::collaborator_ended>(&event);
  if (!e || !e->after.user) return std::nullopt;  // a contact card has none
  return ended_invites{*e->after.user, e->after.org, e->after.id};
}
std::optional<ended_invites> invites_ended_by(const model::org_event& event) {
  const auto* e = std::get_if<model::member_removed>(&event);
  return e ? std::optional{ended_invites{e->member.user, e->member.org, {}}} : std::nullopt;
}

/// Users and links, which belong to signing in and have to be there before the rows that name them.
template <class Events>
void keep_people(unit& u, const Events& events, model::org_id org, model::instant at) {
  for (const auto& event : events) {
    const auto* user = model::user_made_by(event);
    const auto* link = model::link_of(event);
    const auto ended = invites_ended_by(event);
    if (user || link || ended) u.become(as_login(org));
    if (ended) void_invites(u, *ended, at);
    if (user) keep_user(u, *user, at);
    if (link) keep_link(u, *link, at);
  }
}

/// The header's rights come with the assignment when somebody accepts it.
bool gives_access(const model::case_event& e) {
  return std::holds_alternative<model::collaborator_accepted>(e);
}
/// An administrator who removes themselves could not write it down afterwards: such rows follow the audit
/// entries.
bool takes_access(const model::org_event& e) { return std::holds_alternative<model::member_removed>(e); }

/// As keywork_signer: the version and when something last happened.
void keep_header_activity(unit& u, const model::case_header& header) {
  const auto changed =
      u.change("keep_header_activity",
               "UPDATE keywork.support_cases SET version = version + 1, last_activity_at = $4"
               " WHERE org_id = $1 AND id = $2 AND version = $3",
               {to_text(header.org), to_text(header.id), std::to_string(header.version),
                to_text(header.last_activity_at)});
  if (changed != 1) throw row_not_met();
}

/// The mailer changes nothing of the header but its version, and may not.
void keep_header(unit& u, const case_commit& change) {
  auto header = change.after;
  header.version -= 1;
  if (change.origin.who.part == model::service_part::signer) return keep_header_activity(u, header);
  if (change.origin.who.part != model::service_part::mailer) return u.db().update(header);
  const auto changed = u.change("keep_header_version",
                                "UPDATE keywork.support_cases SET version = version + 1"
                                " WHERE org_id = $1 AND id = $2 AND version = $3",
                                {to_text(header.org), to_text(header.id), std::to_string(header.version)});
  if (changed != 1) throw row_not_met();
}

/// Leaves the audit entries in `log`, to be written last.
void keep(unit& u, const case_commit& change, audit_log& log) {
  audit_ids ids(change.origin.at);
  const auto org = change.after.org;
  u.become(as_caller(change.origin, org));
  for (const auto& event : change.events)
    if (gives_access(event)) keep_rows(u, event);
  keep_header(u, change);
  for (const auto& event : change.events) {
    if (!gives_access(event)) keep_rows(u, event);
    note_down(log, change.origin, org, change.after.id, event, ids);
    for (const auto& mail : model::mails_of(event, change.place, change.origin.who))
      keep_mail(u, mail, org, change.after.id, change.origin.at);
  }
  if (change.answer) keep_answer(u, change.origin, org, change.after.id, *change.answer);
}

void keep(unit& u, const org_commit& change) {
  audit_ids ids(change.origin.at);
  audit_log log;
  const auto& after = *change.after;
  const auto org = after.settings.id;
  u.become(as_caller(change.origin, org));
  const org_sequence sequence{org, after.version - 1, after.cases_opened};
  u.db().update(sequence);
  std::optional<model::case_id> of_case;
  for (const auto& event : change.events) {
    const auto* opened = std::get_if<model::case_opened>(&event);
    if (opened) of_case = opened->opened.id;
    if (!takes_access(event)) keep_rows(u, event);
    note_down(log, change.origin, org, opened ? of_case : std::nullopt, event, ids);
    for (const auto& mail : model::mails_of(event, after, change.origin.who))
      keep_mail(u, mail, org, std::nullopt, change.origin.at);
  }
  if (change.answer) keep_answer(u, change.origin, org, of_case, *change.answer);
  keep_audit(u, std::move(log));
  for (const auto& event : change.events)
    if (takes_access(event)) keep_rows(u, event);
}

void keep_alone(unit& u, const case_commit& change) {
  audit_log log;
  keep(u, change, log);
  keep_audit(u, std::move(log));
}
void keep_alone(unit& u, const org_commit& change) { keep(u, change); }

// ---- one change alone

/// After an update that met no row: did the version move on, or may the caller not change what is there?
template <class Row, class Key>
commit_result why_not_met(transactions& database, const acting& caller, const Key& key,
                          std::uint64_t expected) {
  return database.run(caller, [&](unit& u) {
    Row seen;
    if (!u.db().find(key, seen)) return commit_result::forbidden;
    return seen.version == expected ? commit_result::forbidden : commit_result::version_conflict;
  });
}

commit_result why_not_met(transactions& database, const case_commit& change) {
  // A part of the service may not read a header; what it changes was there when the case was read.
  if (change.origin.who.part != model::service_part::none) return commit_result::version_conflict;
  return why_not_met<model::case_header>(database, as_caller(change.origin, change.after.org),
                                         key_of(change.after), change.after.version - 1);
}
commit_result why_not_met(transactions& database, const org_commit& change) {
  const auto org = change.after->settings.id;
  return why_not_met<org_sequence>(database, as_caller(change.origin, org), org, change.after->version - 1);
}

model::org_id org_of(const case_commit& change) { return change.after.org; }
model::org_id org_of(const org_commit& change) { return change.after->settings.id; }

/// An answer older than a day gives its key back.
void free_key(unit& u, const change_origin& origin, const std::string& key) {
  u.change("free_key",
           "DELETE FROM keywork.idempotency_answers WHERE user_id = $1 AND key = $2 AND kept_at < $3",
           {to_text(origin.who.user), key, to_text(origin.at - std::chrono::hours(24))});
}

template <class Change>
commit_result commit_alone(transactions& database, const Change& change) {
  const auto caller = as_caller(change.origin, org_of(change));
  try {
    database.run(caller, [&](unit& u) {
      if (change.answer) free_key(u, change.origin, change.answer->key);
      keep_people(u, change.events, org_of(change), change.origin.at);
      keep_alone(u, change);
    });
    return commit_result::done;
  } catch (const unavailable&) {
    return commit_result::unavailable;
  } catch (const database_refusal& refused) {
    return refused.sqlstate == "23505" ? commit_result::taken : commit_result::forbidden;
  } catch (const changed_meanwhile&) {
    return commit_result::taken;
  } catch (const row_not_met&) {
  }
  try {
    return why_not_met(database, change);
  } catch (
      const std::exception&) {  // why is not known, and its neighbours in the batch are to hear of theirs
    return commit_result::unavailable;
  }
}

}  // namespace

audit_ids::audit_ids(model::instant at) : at_(at) {
  if (getrandom(random_.data(), random_.size(), 0) != static_cast<ssize_t>(random_.size()))
    throw std::runtime_error("the system gives no random bytes");
}

model::audit_id audit_ids::next() {
  // The first twelve bits of the random part count, so that entries of one moment keep their order.
  random_[0] = static_cast<std::uint8_t>(count_ >> 8 & 0x0F);
  random_[1] = static_cast<std::uint8_t>(count_);
  ++count_;
  return model::audit_id{model::uuid_v7(at_, random_)};
}

std::vector<commit_result> session::commit(std::span<const case_commit> changes) {
  if (changes.empty()) return {};
  auto& database = impl_->database;
  if (changes.size() > 1) {
    try {
      database.run(as_caller(changes[0].origin, changes[0].after.org), [&](unit& u) {
        for (const auto& change : changes) keep_people(u, change.events, change.after.org, change.origin.at);
        audit_log log;
        for (const auto& change : changes) keep(u, change, log);
        keep_audit(u, std::move(log));
      });
      return {changes.size(), commit_result::done};
    } catch (const unavailable&) {
      return {changes.size(), commit_result::unavailable};
    } catch (const database_refusal&) {  // one of them: alone, each gets what it deserves
    } catch (const row_not_met&) {
    }
  }
  std::vector<commit_result> results;
  for (const auto& change : changes) results.push_back(commit_alone(database, change));
  return results;
}

commit_result session::commit(const org_commit& change) { return commit_alone(impl_->database, change); }

}  // namespace store
