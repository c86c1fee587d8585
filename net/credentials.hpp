#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "actors/secrets.hpp"
#include "model/refusal.hpp"
#include "net/http/message.hpp"

namespace net {

inline constexpr std::string_view session_cookie = "keywork_session";
inline constexpr std::string_view asked_cookie = "keywork_asked";
inline constexpr std::chrono::seconds asked_lifetime{600};

/// How a request says who it is from.
struct credentials {
  std::string token;
  /// In the Authorization header, not in a browser's cookie. Such a token goes only where somebody puts it,
  /// so that it needs no CSRF token.
  bool bearer = false;
};

/// `Authorization: Bearer kw_…`, else the session cookie; nothing where there is neither, or what is there is
/// none.
std::optional<credentials> credentials_of(const http::request& r);

bool is_safe(std::string_view method);

/// Refuses a request that a page of another site made a browser send. `public_url` is where people reach us.
std::optional<model::refusal> refuse_foreign(const http::request& r, std::string_view public_url);

/// Refuses a request with a session cookie that changes something and does not bear the login's CSRF token,
/// which stands in the header `X-CSRF-Token` or, from a page's form, is `from_form`.
std::optional<model::refusal> refuse_without_csrf(const http::request& r, const credentials& c,
                                                  std::optional<std::string_view> from_form = {});

/// Whether a browser sent it, as far as it says so itself.
bool is_from_browser(const http::request& r);

/// `Set-Cookie`'s value. Zero age takes the cookie away.
std::string set_cookie(std::string_view name, std::string_view value, std::chrono::seconds age, bool secure);

/// What a browser keeps that has asked for a link to this address (R37): the address, and a seal that only we
/// make.
std::string asked_value(const actors::link_keeper& keeper, std::string_view email);
/// The address that this browser asked a link for, if it did.
std::optional<std::string> asked_for(const actors::link_keeper& keeper, const http::request& r);

}  // namespace net
