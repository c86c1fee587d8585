#include "odb/outbox_impl.hpp"

namespace store {
namespace {

struct news_values {
  model::uuid after;
  std::int64_t most = 0;
};

/// What a telling changes besides that the mail is the provider's now. Whatever comes twice or late leaves
/// the first of its kind standing.
std::string change_of(mail_news::what told) {
  static constexpr std::array columns = {"sent_at", "delayed_at", "delivered_at", "bounced_at",
                                         "complained_at"};
  const std::string reason = "fate_reason = coalesce(fate_reason, $3)";
  if (told == mail_news::what::sent) return reason;
  const std::string column = columns.at(static_cast<std::size_t>(told));
  return reason + ", " + column + " = coalesce(" + column + ", $2)";
}

const char* name_of(mail_news::what told) {
  static constexpr std::array names = {"news_sent", "news_delayed", "news_delivered", "news_bounced",
                                       "news_complained"};
  return names.at(static_cast<std::size_t>(told));
}

/// A provider that tells of a mail has it, whatever our last attempt seemed to come to. One that somebody has
/// just asked to be sent again stays so.
std::string statement_for(mail_news::what told) {
  const bool interesting = told != mail_news::what::sent && told != mail_news::what::delayed;
  return "UPDATE keywork.outbox SET " + change_of(told) +
         ", provider_id = coalesce(provider_id, $1)"
         ", state = CASE state WHEN 'queued' THEN state ELSE 'sent' END"
         ", sent_at = CASE state WHEN 'queued' THEN sent_at ELSE coalesce(sent_at, $2) END"
         ", last_error = CASE state WHEN 'queued' THEN last_error END"
         ", unsure_since = CASE state WHEN 'queued' THEN unsure_since END"
         ", waits = waits AND state = 'queued'"
         ", news = news + CASE WHEN case_id IS NOT NULL AND template_name = 'invite' AND (news > 0 OR " +
         (interesting ? "true" : "false") +
         ") THEN 1 ELSE 0 END"
         " WHERE id = coalesce($4::uuid, (SELECT o.id FROM keywork.outbox o WHERE o.provider_id = $1 LIMIT "
         "1))";
}

model::mail_fate fate_of(const mail_news_view& row) {
  if (row.complained_at) return model::mail_fate::complained;
  if (row.bounced_at) return model::mail_fate::bounced;
  if (row.delivered_at) return model::mail_fate::delivered;
  return row.state == "failed" ? model::mail_fate::failed : model::mail_fate::sent;
}

invite_news news_in(const mail_news_view& row) {
  invite_news n{row.id, row.org, row.of_case, row.collaborator, fate_of(row), {}, {}, row.news};
  switch (n.fate) {
    case model::mail_fate::complained:
      n.at = *row.complained_at;
      break;
    case model::mail_fate::bounced:
      n.at = *row.bounced_at;
      n.reason = row.fate_reason;
      break;
    case model::mail_fate::delivered:
      n.at = *row.delivered_at;
      break;
    case model::mail_fate::failed:
      n.at = row.next_attempt_at;
      n.reason = row.last_error;
      break;
    case model::mail_fate::sent:
      n.at = row.sent_at.value_or(row.next_attempt_at);
      break;
  }
  return n;
}

}  // namespace

bool keep_receipt(unit& u, const std::string& source, const std::string& id, model::instant now) {
  return u.change("keep_receipt",
                  "INSERT INTO keywork.webhook_receipts (source, id, received_at) VALUES ($1, $2, $3)"
                  " ON CONFLICT (source, id) DO NOTHING",
                  {source, id, to_text(now)}) == 1;
}

news_taken take_mail_news(session& s, const mail_news& news, model::instant now) {
  const auto sql = statement_for(news.told);
  return s.inside().database.run({.as = purpose::mailer}, [&](unit& u) {
    if (!keep_receipt(u, news.source, news.id, now)) return news_taken::known_already;
    const auto reason =
        news.told == mail_news::what::bounced ? sql_text(keepable(news.reason.value_or(""))) : std::nullopt;
    const auto changed = u.change(name_of(news.told), sql.c_str(),
                                  {news.provider_id, to_text(news.at), reason,
                                   news.mail ? sql_text(to_text(*news.mail)) : std::nullopt});
    return changed == 1 ? news_taken::taken : news_taken::of_no_mail;
  });
}

void forget_receipts(session& s, model::instant now) {
  s.inside().database.run({.as = purpose::mailer}, [&](unit& u) {
    u.change("forget_receipts",
             "DELETE FROM keywork.webhook_receipts r WHERE (r.source, r.id) IN"
             " (SELECT o.source, o.id FROM keywork.webhook_receipts o WHERE o.received_at < $1"
             "  ORDER BY o.received_at LIMIT 1000)",
             {to_text(now - std::chrono::hours{24})});
  });
}

std::vector<invite_news> untold_invites(session& s, model::uuid after, std::size_t most) {
  using query = odb::query<mail_news_view>;
  const news_values values{after, static_cast<std::int64_t>(most)};
  return s.inside().database.run({.as = purpose::mailer}, [&](unit& u) {
    std::vector<invite_news> out;
    for (const auto& row : u.ask<mail_news_view>("untold_invites", values, [](const news_values& v) {
           return "SELECT o.id, o.org_id, o.case_id, l.collaborator_id, o.state, o.last_error,"
                  " o.next_attempt_at, o.sent_at, o.delivered_at, o.bounced_at, o.complained_at, "
                  "o.fate_reason,"
                  " o.news FROM keywork.outbox o JOIN keywork.magic_links l ON l.id = o.link_id"
                  " WHERE o.news > o.news_told AND o.org_id IS NOT NULL AND o.case_id IS NOT NULL"
                  " AND l.collaborator_id IS NOT NULL AND o.id >" +
                  query::_ref(v.after) + "ORDER BY o.id LIMIT" + query::_ref(v.most);
         }))
      out.push_back(news_in(row));
    return out;
  });
}

void invite_told(session& s, model::mail_id mail, std::int32_t up_to) {
  s.inside().database.run({.as = purpose::mailer}, [&](unit& u) {
    u.change("invite_told", "UPDATE keywork.outbox SET news_told = greatest(news_told, $1) WHERE id = $2",
             {std::to_string(up_to), to_text(mail)});
  });
}

}  // namespace store
