#include <algorithm>

#include "odb/login_rows.hpp"
#include "odb/value_texts.hpp"

namespace store {
namespace {

struct text_values {
  std::string text;
};
struct live_login_values {
  std::string token_hash;
  model::instant now;
};
struct logins_values {
  model::user_id user;
  login_kind kind = login_kind::session;
  model::instant now;
};

}  // namespace

void keep_user(unit& u, const model::new_user& made, model::instant now) {
  u.db().persist(user_row{made.user, made.email, made.full_name, now});
  if (!made.container) return;
  model::organisation container;
  container.id = *made.container;
  container.kind = model::org_kind::support_provider;
  container.name = made.full_name;
  container.tier = "starter";
  container.created_at = now;
  u.db().persist(container);
  u.db().persist(org_sequence{container.id, 0, 0});
  u.db().persist(provider_identity{container.id, made.user});
}

void keep_link(unit& u, const model::magic_link& link, model::instant now) {
  u.change("void_links",
           "UPDATE keywork.magic_links SET voided_at = $1 WHERE user_id = $2 AND purpose = $3"
           " AND org_id IS NOT DISTINCT FROM $4 AND case_id IS NOT DISTINCT FROM $5"
           " AND spent_at IS NULL AND voided_at IS NULL",
           {to_text(now), to_text(link.user), std::string(model::to_text(link.purpose)),
            text_or_null(link.org), text_or_null(link.of_case)});
  u.db().persist(link);
}

void void_invites(unit& u, const ended_invites& which, model::instant now) {
  const auto purpose = which.row ? model::link_purpose::case_invite : model::link_purpose::member_invite;
  u.change("void_invites",
           "UPDATE keywork.magic_links SET voided_at = $1 WHERE user_id = $2 AND purpose = $3 AND org_id = $4"
           " AND collaborator_id IS NOT DISTINCT FROM $5 AND spent_at IS NULL AND voided_at IS NULL",
           {to_text(now), to_text(which.user), std::string(model::to_text(purpose)), to_text(which.org),
            text_or_null(which.row)});
}

void keep_mail(unit& u, const model::mail_request& mail, std::optional<model::org_id> org,
               std::optional<model::case_id> of_case, model::instant now) {
  u.db().persist(mail_row{mail.id, org, of_case, mail.link, mail.to_address, mail.to_name, mail.template_name,
                          model::encode(mail.values), mail_state::queued, 0, now, std::nullopt, now,
                          std::nullopt});
}

std::optional<user_row> session::find_user(const std::string& email) {
  using query = odb::query<user_row>;
  return impl_->database.run({.as = purpose::login}, [&](unit& u) {
    return first_of(u.ask<user_row>("find_user", text_values{email}, [](const text_values& v) {
      return query(query::email == query::_ref(v.text));
    }));
  });
}

void session::keep_sign_in(const model::magic_link& link, const model::mail_request& mail,
                           model::instant now) {
  impl_->database.run({.as = purpose::login}, [&](unit& u) {
    keep_link(u, link, now);
    keep_mail(u, mail, std::nullopt, std::nullopt, now);
  });
}

std::optional<link_row> session::find_link(const std::string& token_hash) {
  using query = odb::query<model::magic_link>;
  return impl_->database.run({.as = purpose::login}, [&](unit& u) -> std::optional<link_row> {
    auto link =
        first_of(u.ask<model::magic_link>("find_link", text_values{token_hash}, [](const text_values& v) {
          return query(query::secret.token_hash == query::_ref(v.text));
        }));
    user_row user;
    if (!link || !u.db().find(link->user, user)) return std::nullopt;
    return link_row{std::move(*link), std::move(user.email), std::move(user.full_name)};
  });
}

bool session::redeem(model::link_id link, const login_row& login, model::instant now) {
  return impl_->database.run({.as = purpose::login}, [&](unit& u) {
    const auto spent = u.change("spend_link",
                                "UPDATE keywork.magic_links SET spent_at = $1 WHERE id = $2 AND user_id = $3"
                                " AND spent_at IS NULL AND voided_at IS NULL AND expires_at > $1",
                                {to_text(now), to_text(link), to_text(login.user)});
    if (spent != 1) return false;
    u.db().persist(login);
    return true;
  });
}

std::optional<login_row> session::find_login(const std::string& token_hash, model::instant now) {
  using query = odb::query<login_view>;
  return impl_->database.run({.as = purpose::login}, [&](unit& u) -> std::optional<login_row> {
    auto found = first_of(
        u.ask<login_view>("find_login", live_login_values{token_hash, now}, [](const live_login_values& v) {
          return good_logins(v.now) + " AND l.token_hash =" + query::_ref(v.token_hash);
        }));
    if (!found) return std::nullopt;
    return row_of(*found);
  });
}

void session::keep_login(const login_row& login) {
  impl_->database.run({.as = purpose::login}, [&](unit& u) { u.db().persist(login); });
}

std::vector<login_row> session::logins(model::user_id who, login_kind kind, model::instant now) {
  using query = odb::query<login_view>;
  return impl_->database.run({.as = purpose::login}, [&](unit& u) {
    std::vector<login_row> rows;
    for (auto& row : u.ask<login_view>("logins", logins_values{who, kind, now}, [](const logins_values& v) {
           return good_logins(v.now) + " AND l.user_id =" + query::_ref(v.user) +
                  " AND l.kind =" + query::_ref(v.kind) + " ORDER BY l.id DESC";
         }))
      rows.push_back(row_of(row));
    return rows;
  });
}

std::optional<std::string> session::end_login(model::user_id who, model::login_id id, login_kind kind,
                                              model::instant now) {
  return impl_->database.run({.as = purpose::login}, [&](unit& u) -> std::optional<std::string> {
    const auto ended = u.change("end_login",
                                "UPDATE keywork.logins SET ended_at = $1 WHERE id = $2 AND user_id = $3 AND "
                                "kind = $4 AND ended_at IS NULL",
                                {to_text(now), to_text(id), to_text(who), std::string(model::to_text(kind))});
    login_row login;
    if (ended != 1 || !u.db().find(id, login)) return std::nullopt;
    return login.token_hash;
  });
}

void session::sweep(model::instant now) {
  const auto a_day_ago = to_text(now - std::chrono::hours(24));
  const auto a_month_ago = to_text(now - std::chrono::hours(30 * 24));
  impl_->database.run({.as = purpose::login}, [&](unit& u) {
    u.change("sweep_answers",
             "DELETE FROM keywork.idempotency_answers WHERE (user_id, key) IN"
             " (SELECT user_id, key FROM keywork.idempotency_answers WHERE kept_at < $1 LIMIT 1000)",
             {a_day_ago});
    u.change("sweep_logins",
             "DELETE FROM keywork.logins WHERE id IN"
             " (SELECT id FROM keywork.logins WHERE ended_at < $1 OR expires_at < $1 LIMIT 1000)",
             {a_month_ago});
    // Before their links, which they hold.
    u.change(
        "sweep_sign_in_mails",
        "DELETE FROM keywork.outbox WHERE id IN (SELECT id FROM keywork.outbox"
        " WHERE template_name = 'sign_in' AND state IN ('sent', 'failed') AND written_at < $1 LIMIT 1000)",
        {a_month_ago});
    u.change("sweep_sign_in_links",
             "DELETE FROM keywork.magic_links WHERE id IN (SELECT l.id FROM keywork.magic_links l"
             " WHERE l.purpose = 'sign_in' AND l.expires_at < $1"
             " AND NOT EXISTS (SELECT FROM keywork.outbox o WHERE o.link_id = l.id) LIMIT 1000)",
             {a_month_ago});
  });
}

}  // namespace store
