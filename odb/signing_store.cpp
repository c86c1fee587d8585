#include "odb/signing_store.hpp"

#include "odb/outbox_impl.hpp"
#include "odb/value_texts.hpp"

namespace store {
namespace {

struct due_values {
  model::instant now;
};
struct place_values {
  model::org_id org;
  model::case_id of_case;
};
struct paper_values {
  model::org_id org;
  model::case_id of_case;
  model::document_id document;
};

/// How long the service repeats what was not taken, and a day more.
constexpr std::chrono::hours repeated_for{72};

sql_text keepable_or_null(const std::optional<std::string>& error) {
  return error ? sql_text(keepable(*error)) : std::nullopt;
}

odb::query<due_signature_view> due_statement(const due_values& v) {
  using query = odb::query<due_signature_view>;
  // SKIP LOCKED: what another node takes at this moment is not waited for.
  return "SELECT r.id, r.org_id, r.case_id, r.document_id, r.state, r.attempts + 1, r.submission_id, "
         "r.sent_at,"
         " d.signed_file_id IS NOT NULL, d.signing_audit_file_id IS NOT NULL"
         " FROM keywork.signature_requests r"
         " JOIN keywork.documents d ON d.org_id = r.org_id AND d.id = r.document_id"
         " WHERE r.next_attempt_at <=" +
         query::_ref(v.now) + " ORDER BY r.next_attempt_at, r.id LIMIT 1 FOR UPDATE OF r SKIP LOCKED";
}

due_signature taken(const due_signature_view& row, model::instant until) {
  return {row.id,
          row.org,
          row.of_case,
          row.document,
          row.state == "creating",
          row.attempts,
          row.submission,
          row.sent_at,
          row.state == "completed",
          row.has_copy,
          row.has_audit,
          until};
}

odb::query<text_view> audit_url_statement(const paper_values& v) {
  using query = odb::query<text_view>;
  return "SELECT audit_url FROM keywork.signature_requests WHERE audit_url IS NOT NULL AND org_id =" +
         query::_ref(v.org) + " AND case_id =" + query::_ref(v.of_case) +
         " AND document_id =" + query::_ref(v.document);
}

odb::query<text_view> signing_values_statement(const paper_values& v) {
  using query = odb::query<text_view>;
  return "SELECT signing_values FROM keywork.document_texts WHERE signing_values IS NOT NULL AND org_id =" +
         query::_ref(v.org) + " AND case_id =" + query::_ref(v.of_case) +
         " AND document_id =" + query::_ref(v.document);
}

/// One statement as the signer.
void change(session& s, const char* name, const char* sql, std::initializer_list<sql_text> values) {
  s.inside().database.run({.as = purpose::signer}, [&](unit& u) { u.change(name, sql, values); });
}

}  // namespace

std::optional<due_signature> take_due_signature(session& s, model::instant now, model::instant until) {
  return s.inside().database.run({.as = purpose::signer}, [&](unit& u) -> std::optional<due_signature> {
    const auto found = first_of(u.ask<due_signature_view>("due_signature", due_values{now}, due_statement));
    if (!found) return std::nullopt;
    // From here on the service may have it, whatever becomes of us.
    u.change("take_signature",
             "UPDATE keywork.signature_requests SET next_attempt_at = $1, attempts = attempts + 1,"
             " state = CASE state WHEN 'queued' THEN 'creating' ELSE state END WHERE org_id = $2 AND id = $3",
             {to_text(until), to_text(found->org), to_text(found->id)});
    return taken(*found, until);
  });
}

void keep_signing_audit_url(session& s, const due_signature& what, const std::string& url) {
  change(s, "keep_signing_audit_url",
         "UPDATE keywork.signature_requests SET audit_url = $1 WHERE org_id = $2 AND id = $3",
         {url, to_text(what.org), to_text(what.id)});
}

std::optional<std::string> signing_audit_url(session& s, model::user_id who, model::org_id org,
                                             model::case_id of_case, model::document_id document) {
  return s.inside().database.run(
      {.as = purpose::person, .user = who, .org = org}, [&](unit& u) -> std::optional<std::string> {
        const auto found = first_of(
            u.ask<text_view>("signing_audit_url", paper_values{org, of_case, document}, audit_url_statement));
        return found ? std::optional{found->text} : std::nullopt;
      });
}

void signature_sent(session& s, const due_signature& what, std::int64_t submission, model::instant now,
                    model::instant next) {
  change(s, "signature_sent",
         "UPDATE keywork.signature_requests SET state = 'sent', submission_id = $1, sent_at = $2::timestamp, "
         "attempts = 0,"
         " last_error = NULL, next_attempt_at = CASE WHEN told_at IS NULL THEN $3::timestamp ELSE "
         "$2::timestamp END"
         " WHERE org_id = $4 AND id = $5 AND state = 'creating'",
         {std::to_string(submission), to_text(now), to_text(next), to_text(what.org), to_text(what.id)});
}

void signature_retry(session& s, const due_signature& what, bool may_have_arrived, model::instant next,
                     const std::string& error) {
  change(s, "signature_retry",
         "UPDATE keywork.signature_requests SET state = $1, next_attempt_at = $2, last_error = $3"
         " WHERE org_id = $4 AND id = $5 AND state = 'creating'",
         {may_have_arrived ? "creating" : "queued", to_text(next), keepable(error), to_text(what.org),
          to_text(what.id)});
}

void signature_unchanged(session& s, const due_signature& what, model::instant next,
                         const std::optional<std::string>& error) {
  // The service told of it meanwhile: then its turn has come already.
  change(s, "signature_unchanged",
         "UPDATE keywork.signature_requests SET next_attempt_at ="
         " CASE WHEN next_attempt_at < $2 THEN next_attempt_at ELSE $1 END,"
         " last_error = $3, attempts = CASE WHEN $3::text IS NULL THEN 0 ELSE attempts END"
         " WHERE org_id = $4 AND id = $5 AND next_attempt_at IS NOT NULL",
         {to_text(next), to_text(what.taken_until), keepable_or_null(error), to_text(what.org),
          to_text(what.id)});
}

void signature_settled(session& s, const due_signature& what, model::signing_status outcome,
                       model::instant now, std::optional<model::instant> next,
                       const std::optional<std::string>& error) {
  const auto state = outcome == model::signing_status::signed_ ? std::string("completed")
                                                               : std::string(model::to_text(outcome));
  change(s, "signature_settled",
         "UPDATE keywork.signature_requests SET state = $1, settled_at = coalesce(settled_at, $2),"
         " next_attempt_at = $3, last_error = $4,"
         " attempts = CASE WHEN settled_at IS NULL THEN 0 ELSE attempts END WHERE org_id = $5 AND id = $6",
         {state, to_text(now), text_or_null(next), keepable_or_null(error), to_text(what.org),
          to_text(what.id)});
}

signature_counts count_signatures(session& s) {
  using query = odb::query<signature_count_view>;
  return s.inside().database.run({.as = purpose::signer}, [&](unit& u) {
    const auto counted =
        first_of(u.ask<signature_count_view>("count_signatures", no_values{}, [](const no_values&) {
          return query(
              "SELECT w.waiting, f.failed FROM"
              " (SELECT count(*) FILTER (WHERE settled_at IS NULL) AS waiting"
              "  FROM keywork.signature_requests WHERE next_attempt_at IS NOT NULL) w,"
              " (SELECT count(*) AS failed FROM keywork.signature_requests WHERE state = 'failed') f");
        }));
    return counted ? signature_counts{counted->waiting, counted->failed} : signature_counts{};
  });
}

notice_result keep_notice(session& s, const signature_notice& told, model::instant now) {
  const auto name = told.event_type + ' ' + std::to_string(told.subject) + ' ' + told.told_at;
  return s.inside().database.run({.as = purpose::signer}, [&](unit& u) {
    u.change("forget_signature_notices",
             "DELETE FROM keywork.webhook_receipts WHERE source = 'docuseal' AND received_at < $1",
             {to_text(now - repeated_for)});
    if (u.change("keep_signature_notice",
                 "INSERT INTO keywork.webhook_receipts (source, id, received_at) VALUES ('docuseal', $1, $2)"
                 " ON CONFLICT DO NOTHING",
                 {name, to_text(now)}) == 0)
      return notice_result::known_already;
    // One that is on its way to the service stays with who takes it there, who finds that it was told of.
    const auto met = u.change(
        "signature_told",
        "UPDATE keywork.signature_requests SET told_at = $1,"
        " next_attempt_at = CASE state WHEN 'sent' THEN least(next_attempt_at, $1) ELSE next_attempt_at END"
        " WHERE id = $2 OR submission_id = $3",
        {to_text(now), text_or_null(told.request),
         told.submission ? sql_text(std::to_string(*told.submission)) : std::nullopt});
    return met > 0 ? notice_result::kept : notice_result::not_ours;
  });
}

std::optional<signing_papers> load_signing_papers(session& s, const due_signature& what) {
  using query = odb::query<signature_place_view>;
  auto document = s.load_document(what.org, what.of_case, what.document);
  if (!document || !document->signing || !document->sent_to_email) return std::nullopt;
  auto whole = s.mailed_document(what.org, what.of_case, what.document, *document->sent_to_email);
  if (!whole) return std::nullopt;
  std::string signing_values;
  const auto place = s.inside().database.run({.as = purpose::loader, .org = what.org}, [&](unit& u) {
    const auto values = first_of(u.ask<text_view>(
        "signing_values", paper_values{what.org, what.of_case, what.document}, signing_values_statement));
    if (values) signing_values = values->text;
    return first_of(u.ask<signature_place_view>(
        "signing_place", place_values{what.org, what.of_case}, [](const place_values& v) {
          return "SELECT o.name, t.full_name, o.time_zone FROM keywork.support_cases c"
                 " JOIN keywork.organisations o ON o.id = c.org_id"
                 " JOIN keywork.tenants t ON t.org_id = c.org_id AND t.id = c.tenant_id"
                 " WHERE c.org_id =" +
                 query::_ref(v.org) + " AND c.id =" + query::_ref(v.of_case);
        }));
  });
  if (!place) return std::nullopt;
  return signing_papers{std::move(*whole), place->organisation, place->tenant, place->time_zone,
                        std::move(signing_values)};
}

}  // namespace store
