#include <algorithm>

#include "model/utf8.hpp"
#include "odb/session_impl.hpp"

namespace store {
namespace {

struct due_values {
  model::instant now;
  std::int64_t most = 0;
};

/// What a mail server said, in a form that can be kept whatever it said: some answer in Latin-1, some at
/// length.
std::string keepable(std::string error) {
  constexpr std::size_t most = 500;
  if (error.size() <= most && model::is_clean_text(error)) return error;
  error.resize(std::min(error.size(), most));
  for (char& c : error)
    if (c < ' ' || c > '~') c = '?';
  return error;
}

/// `{uuid,uuid}`: PostgreSQL's text form of an array.
std::string array_of(const std::vector<outbox_row>& rows) {
  std::string text = "{";
  for (const auto& row : rows) text += (text.size() > 1 ? "," : "") + to_text(row.id);
  return text + "}";
}

odb::query<due_mail_view> due_mails(const due_values& v) {
  using query = odb::query<due_mail_view>;
  // SKIP LOCKED: what another session takes at this moment is not waited for.
  return "SELECT o.id, o.org_id, o.case_id, o.to_address, o.to_name, o.template_name, o.fields, l.nonce, "
         "o.attempts + 1, "
         "o.written_at"
         " FROM keywork.outbox o LEFT JOIN keywork.magic_links l ON l.id = o.link_id"
         " WHERE o.state IN ('queued', 'sending', 'retrying') AND o.next_attempt_at <=" +
         query::_ref(v.now) + " ORDER BY o.next_attempt_at, o.id LIMIT" + query::_ref(v.most) +
         " FOR UPDATE OF o SKIP LOCKED";
}

}  // namespace

std::vector<outbox_row> session::take_due_mails(model::instant now, model::instant until, std::size_t most) {
  return impl_->database.run({.as = purpose::mailer}, [&](unit& u) {
    std::vector<outbox_row> taken;
    const due_values values{now, static_cast<std::int64_t>(most)};
    for (auto& row : u.ask<due_mail_view>("due_mails", values, due_mails))
      taken.push_back({row.id, row.org, row.of_case, std::move(row.to_address), std::move(row.to_name),
                       std::move(row.template_name), model::decode_fields(row.fields), std::move(row.nonce),
                       row.attempts, row.written_at});
    if (!taken.empty())
      u.change("take_mails",
               "UPDATE keywork.outbox SET state = 'sending', next_attempt_at = $1, attempts = attempts + 1"
               " WHERE id = ANY ($2::uuid[])",
               {to_text(until), array_of(taken)});
    return taken;
  });
}

void session::mail_sent(model::mail_id id, model::instant now) {
  impl_->database.run({.as = purpose::mailer}, [&](unit& u) {
    u.change("mail_sent",
             "UPDATE keywork.outbox SET state = 'sent', sent_at = $1, last_error = NULL"
             " WHERE id = $2 AND state <> 'sent'",
             {to_text(now), to_text(id)});
  });
}

void session::mail_retry(model::mail_id id, model::instant next, const std::string& error) {
  impl_->database.run({.as = purpose::mailer}, [&](unit& u) {
    u.change("mail_retry",
             "UPDATE keywork.outbox SET state = 'retrying', next_attempt_at = $1, last_error = $2"
             " WHERE id = $3 AND state = 'sending'",
             {to_text(next), keepable(error), to_text(id)});
  });
}

void session::mail_failed(model::mail_id id, model::instant now, const std::string& error) {
  impl_->database.run({.as = purpose::mailer}, [&](unit& u) {
    u.change("mail_failed",
             "UPDATE keywork.outbox SET state = 'failed', next_attempt_at = $1, last_error = $2"
             " WHERE id = $3 AND state = 'sending'",
             {to_text(now), keepable(error), to_text(id)});
  });
}

outbox_counts session::count_outbox() {
  using query = odb::query<outbox_count_view>;
  return impl_->database.run({.as = purpose::mailer}, [&](unit& u) {
    const auto counted = first_of(u.ask<outbox_count_view>("count_outbox", no_values{}, [](const no_values&) {
      // Sent ones are in no index, so that the count costs nothing however many there were.
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
