#pragma once
#include <optional>
#include <string>
#include <variant>

#include "actors/conditions.hpp"
#include "model/org_commands.hpp"
#include "model/refusal.hpp"

/// What is said about signing in, logins and bearer tokens: the part of actors/messages.hpp that no case and
/// no organisation hears.
namespace actors {

/// Always accepted, whoever the address belongs to; refused only for too many of them (R37).
struct ask_sign_in {
  std::string email;
  std::string source;
  std::string request_id;
};
BOOST_DESCRIBE_STRUCT(ask_sign_in, (), (email, source, request_id))

/// Redeems a link's token. `typed_email` is what a browser that did not ask for the link has to give;
/// `must_type_email` says that this is such a browser.
struct ask_redeem {
  std::string token;
  std::optional<std::string> typed_email;
  bool must_type_email = false;
  std::string source;
  std::string request_id;
};
BOOST_DESCRIBE_STRUCT(ask_redeem, (), (token, typed_email, must_type_email, source, request_id))

/// An open door: the secret goes into the cookie and nowhere else.
struct signed_in {
  model::user_id user;
  std::string email;
  std::string full_name;
  /// `/support/tenants`, `/support-cases`, `/support/cases/{id}` or `/tenant` (R38).
  std::string landing;
  std::string session_token;
  model::instant expires_at;
};
BOOST_DESCRIBE_STRUCT(signed_in, (), (user, email, full_name, landing, session_token, expires_at))

using sign_in_reply = std::variant<signed_in, model::refusal>;

/// Who a login belongs to, as the caches keep it.
struct known_login {
  model::login_id login;
  model::user_id user;
  std::string email;
  std::string full_name;
  /// A bearer token, not a browser's cookie: it needs no CSRF token.
  bool bearer = false;
  std::optional<model::instant> expires_at;
};
BOOST_DESCRIBE_STRUCT(known_login, (), (login, user, email, full_name, bearer, expires_at))

/// What a signed-in person does with their own logins and bearer tokens (R39).
struct sign_out {};
BOOST_DESCRIBE_STRUCT(sign_out, (), ())
struct list_logins {};
BOOST_DESCRIBE_STRUCT(list_logins, (), ())
struct end_login {
  model::login_id login;
};
BOOST_DESCRIBE_STRUCT(end_login, (), (login))
struct list_tokens {};
BOOST_DESCRIBE_STRUCT(list_tokens, (), ())
struct make_token {
  model::name_text name;
  std::optional<model::instant> expires_at;
};
BOOST_DESCRIBE_STRUCT(make_token, (), (name, expires_at))
struct end_token {
  model::login_id login;
};
BOOST_DESCRIBE_STRUCT(end_token, (), (login))

using login_request = std::variant<sign_out, list_logins, end_login, list_tokens, make_token, end_token>;

struct ask_logins {
  known_login who;
  conditions given;
  login_request what;
};
BOOST_DESCRIBE_STRUCT(ask_logins, (), (who, given, what))

}  // namespace actors
