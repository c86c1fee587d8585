#include <algorithm>

#include "odb/outbox_impl.hpp"
#include "odb/value_texts.hpp"

namespace store {
namespace {

struct due_values {
  model::instant now;
  std::int64_t most = 0;
};
struct ids_values {
  std::string ids;
};

/// As many are looked at together: more than are taken, so that those behind others are out of the way soon.
constexpr std::int64_t most_looked_at = 64;

/// Sign-in mails go before all others, and wait for none: their links last minutes. SKIP LOCKED: what another
/// session takes at this moment is not waited for.
std::vector<model::mail_id> lock_due(unit& u, model::instant now) {
  using query = odb::query<id_view>;
  std::vector<model::mail_id> due;
  for (const auto& row : u.ask<id_view>("lock_due_mails", due_values{now, most_looked_at}, [](const auto& v) {
         return "SELECT o.id FROM keywork.outbox o"
                " WHERE o.state IN ('queued', 'sending', 'retrying') AND NOT o.waits AND o.next_attempt_at "
                "<=" +
                query::_ref(v.now) + " ORDER BY o.template_name <> 'sign_in', o.next_attempt_at, o.id LIMIT" +
                query::_ref(v.most) + " FOR UPDATE SKIP LOCKED";
       }))
    due.push_back(model::mail_id{row.id});
  return due;
}

/// Each with the first of its line, in the order in which they are due.
std::vector<mail_turn_view> turns_of(unit& u, const std::vector<model::mail_id>& due) {
  using query = odb::query<mail_turn_view>;
  return all_of(u.ask<mail_turn_view>("mail_turns", ids_values{id_array(due)}, [](const ids_values& v) {
    return "SELECT o.id, CASE o.template_name WHEN 'sign_in' THEN o.id ELSE"
           "   (SELECT h.id FROM keywork.outbox h WHERE h.to_address = o.to_address"
           "    AND h.state IN ('queued', 'sending', 'retrying') AND h.template_name <> 'sign_in'"
           "    ORDER BY h.id LIMIT 1) END"
           " FROM keywork.outbox o WHERE o.id = ANY ((" +
           query::_ref(v.ids) +
           "::text)::uuid[]) ORDER BY o.template_name <> 'sign_in', o.next_attempt_at, o.id";
  }));
}

/// Out of the way until the one before is finished. Only where that one's lock can be had: whoever finishes
/// it then comes after this transaction, and finds them. Where it cannot be had, it may be finished just now.
void send_to_wait(unit& u, const std::vector<mail_turn_view>& behind) {
  std::vector<model::mail_id> ids, heads;
  for (const auto& turn : behind) {
    ids.push_back(turn.id);
    heads.push_back(turn.head);
  }
  u.change("mails_wait",
           "WITH head AS MATERIALIZED (SELECT h.id, h.to_address FROM keywork.outbox h"
           "   WHERE h.id = ANY ($1::uuid[]) AND h.state IN ('queued', 'sending', 'retrying')"
           "   FOR NO KEY UPDATE SKIP LOCKED)"
           " UPDATE keywork.outbox o SET waits = true FROM head"
           " WHERE o.id = ANY ($2::uuid[]) AND o.to_address = head.to_address AND o.id > head.id",
           {id_array(heads), id_array(ids)});
}

std::vector<outbox_row> take(unit& u, const std::vector<model::mail_id>& ids, model::instant now,
                             model::instant until) {
  // One that was left being sent: what became of that attempt nobody can say.
  u.change(
      "take_mails",
      "UPDATE keywork.outbox SET state = 'sending', next_attempt_at = $1, attempts = attempts + 1,"
      " first_tried_at = least(first_tried_at, $2), taken_at = $2,"
      " unsure_since = CASE state WHEN 'sending' THEN coalesce(unsure_since, taken_at) ELSE unsure_since END"
      " WHERE id = ANY ($3::uuid[])",
      {to_text(until), to_text(now), id_array(ids)});
  using query = odb::query<due_mail_view>;
  std::vector<outbox_row> taken;
  for (auto& row : u.ask<due_mail_view>("taken_mails", ids_values{id_array(ids)}, [](const ids_values& v) {
         return "SELECT o.id, o.org_id, o.case_id, o.to_address, o.to_name, o.template_name, o.fields, "
                "l.nonce,"
                // Who asks for a second link to sign in gets both mails; an invite goes only while it is one.
                " CASE o.template_name WHEN 'sign_in' THEN l.expires_at"
                " ELSE least(l.expires_at, l.voided_at) END, o.attempts, o.written_at, "
                "o.first_tried_at, o.unsure_since, o.resends"
                " FROM keywork.outbox o LEFT JOIN keywork.magic_links l ON l.id = o.link_id"
                " WHERE o.id = ANY ((" +
                query::_ref(v.ids) + "::text)::uuid[]) ORDER BY o.id";
       }))
    taken.push_back({row.id, row.org, row.of_case, std::move(row.to_address), std::move(row.to_name),
                     std::move(row.template_name), model::decode_fields(row.fields), std::move(row.nonce),
                     row.link_expires_at, row.attempts, row.written_at, row.first_tried_at, row.unsure_since,
                     row.resends});
  return taken;
}

/// An invite's mail: its case is to hear of it.
constexpr const char* is_invite = "(case_id IS NOT NULL AND template_name = 'invite')::integer";

}  // namespace

std::string keepable(std::string error) {
  constexpr std::size_t most = 500;
  if (error.empty()) return "no reason was given";
  if (error.size() <= most && model::is_clean_text(error)) return error;
  error.resize(std::min(error.size(), most));
  for (char& c : error)
    if (c < ' ' || c > '~') c = '?';
  return error;
}

std::vector<outbox_row> take_due_mails(session& s, model::instant now, model::instant until,
                                       std::size_t most) {
  return s.inside().database.run({.as = purpose::mailer}, [&](unit& u) -> std::vector<outbox_row> {
    const auto due = lock_due(u, now);
    if (due.empty()) return {};
    std::vector<model::mail_id> first;
    std::vector<mail_turn_view> behind;
    for (const auto& turn : turns_of(u, due)) {
      if (turn.id != turn.head)
        behind.push_back(turn);
      else if (first.size() < most)
        first.push_back(turn.id);
    }
    if (!behind.empty()) send_to_wait(u, behind);
    if (first.empty()) return {};
    return take(u, first, now, until);
  });
}

void mail_sent(session& s, const mail_attempt& which, model::instant now, const std::string& provider_id) {
  // A case that was told of a failure hears that it is mended.
  static const auto sql =
      std::string(
          "UPDATE keywork.outbox SET state = 'sent', sent_at = $1, last_error = NULL, waits = false,"
          " unsure_since = NULL, provider_id = coalesce($2, provider_id),"
          " news = news + CASE WHEN news > 0 THEN ") +
      is_invite + " ELSE 0 END WHERE id = $3 AND state <> 'sent'";
  s.inside().database.run({.as = purpose::mailer}, [&](unit& u) {
    const sql_text name = provider_id.empty() ? std::nullopt : sql_text(provider_id);
    const auto changed = u.change("mail_sent", sql.c_str(), {to_text(now), name, to_text(which.id)});
    // A webhook came first.
    if (changed == 0 && name)
      u.change("mail_named",
               "UPDATE keywork.outbox SET provider_id = $1 WHERE id = $2 AND provider_id IS NULL",
               {name, to_text(which.id)});
  });
}

void mail_retry(session& s, const mail_attempt& which, model::instant next, const std::string& error,
                bool unsure) {
  s.inside().database.run({.as = purpose::mailer}, [&](unit& u) {
    u.change("mail_retry",
             "UPDATE keywork.outbox SET state = 'retrying', next_attempt_at = $1, last_error = $2,"
             " unsure_since = CASE WHEN $3 THEN coalesce(unsure_since, taken_at) ELSE unsure_since END"
             " WHERE id = $4 AND state = 'sending' AND attempts = $5",
             {to_text(next), keepable(error), unsure ? "true" : "false", to_text(which.id),
              std::to_string(which.attempt)});
  });
}

void mail_failed(session& s, const mail_attempt& which, model::instant now, const std::string& error) {
  static const auto sql =
      std::string(
          "UPDATE keywork.outbox SET state = 'failed', next_attempt_at = $1, last_error = $2,"
          " waits = false, news = news + ") +
      is_invite + " WHERE id = $3 AND state = 'sending' AND attempts = $4";
  s.inside().database.run({.as = purpose::mailer}, [&](unit& u) {
    u.change("mail_failed", sql.c_str(),
             {to_text(now), keepable(error), to_text(which.id), std::to_string(which.attempt)});
  });
}

bool queue_again(unit& u, model::mail_id id, model::mail_state was, model::instant now) {
  return u.change("queue_again",
                  "UPDATE keywork.outbox SET state = 'queued', next_attempt_at = $1, attempts = 0,"
                  " first_tried_at = NULL, waits = false,"
                  " resends = resends + (state = 'failed')::integer,"
                  " unsure_since = CASE state WHEN 'failed' THEN NULL ELSE unsure_since END"
                  " WHERE id = $2 AND state = $3 AND NOT keywork.has_void_link(id, $1)",
                  {to_text(now), to_text(id), std::string(model::to_text(was))}) == 1;
}

void mend_waits(session& s, model::instant now) {
  constexpr std::chrono::hours longer_than_any{25};
  s.inside().database.run({.as = purpose::mailer}, [&](unit& u) {
    u.change("mend_waits",
             "UPDATE keywork.outbox SET next_attempt_at = $1"
             " WHERE state IN ('queued', 'sending', 'retrying') AND NOT waits AND next_attempt_at > $2",
             {to_text(now), to_text(now + longer_than_any)});
  });
}

outbox_counts count_outbox(session& s) {
  using query = odb::query<outbox_count_view>;
  return s.inside().database.run({.as = purpose::mailer}, [&](unit& u) {
    const auto counted = first_of(u.ask<outbox_count_view>("count_outbox", no_values{}, [](const no_values&) {
      // Sent ones are in neither index, so that the count costs nothing however many there were.
      return query(
          "SELECT q.queued, q.retrying, f.failed FROM"
          " (SELECT count(*) FILTER (WHERE state <> 'retrying') AS queued,"
          "   count(*) FILTER (WHERE state = 'retrying') AS retrying"
          "  FROM keywork.outbox WHERE state IN ('queued', 'sending', 'retrying')) q,"
          " (SELECT count(*) AS failed FROM keywork.outbox WHERE state = 'failed') f");
    }));
    return counted ? outbox_counts{counted->queued, counted->retrying, counted->failed} : outbox_counts{};
  });
}

}  // namespace store
