#include "net/credentials.hpp"

#include <algorithm>

#include "net/form.hpp"

namespace net {
namespace {

constexpr std::size_t longest_token = 200;

model::refusal foreign() {
  return model::refusal::not_permitted(
      "This request came from a page of another site. Open this service itself.");
}

/// `https://host:port` of a URL, without its path.
std::string_view origin_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == url.npos) return url;
  return url.substr(0, url.find('/', scheme + 3));
}

std::string_view host_of(std::string_view origin) {
  const auto scheme = origin.find("://");
  return scheme == origin.npos ? origin : origin.substr(scheme + 3);
}

}  // namespace

std::optional<credentials> credentials_of(const http::request& r) {
  if (const auto given = r.count("Authorization"); given > 0) {
    const auto header = r.header("Authorization");
    constexpr std::string_view scheme = "Bearer ";
    if (given > 1 || header.size() > longest_token || header.size() <= scheme.size() ||
        !http::same_name(header.substr(0, scheme.size()), scheme))
      return std::nullopt;
    const auto token = header.substr(scheme.size());
    if (!token.starts_with("kw_")) return std::nullopt;
    return credentials{std::string(token), true};
  }
  if (r.count("Cookie") > 1) return std::nullopt;
  const auto token = cookie_value(r.header("Cookie"), session_cookie);
  if (token.empty() || token.size() > longest_token) return std::nullopt;
  return credentials{std::string(token), false};
}

bool is_safe(std::string_view method) { return method == "GET" || method == "HEAD"; }

std::optional<model::refusal> refuse_foreign(const http::request& r, std::string_view public_url) {
  // The browser's own word comes first: it also tells where it hides the origin.
  if (const auto site = r.header("Sec-Fetch-Site"); !site.empty()) {
    if (site == "same-origin" || site == "none") return std::nullopt;
    return foreign();
  }
  const auto origin = r.header("Origin");
  if (origin.empty() || origin == origin_of(public_url)) return std::nullopt;
  const auto host = r.header("Host");
  if (!host.empty() && host_of(origin) == host) return std::nullopt;
  return foreign();
}

std::optional<model::refusal> refuse_without_csrf(const http::request& r, const credentials& c,
                                                  std::optional<std::string_view> from_form) {
  if (c.bearer || is_safe(r.method)) return std::nullopt;
  const auto given = from_form.value_or(r.header("X-CSRF-Token"));
  if (actors::same(given, actors::csrf_token_of(c.token))) return std::nullopt;
  return model::refusal{model::refusal_code::csrf_token_required,
                        "Send the csrf_token of /api/v1/me in the header X-CSRF-Token.",
                        {},
                        {},
                        {},
                        {}};
}

bool is_from_browser(const http::request& r) {
  return r.count("Origin") > 0 || r.count("Sec-Fetch-Site") > 0;
}

std::string set_cookie(std::string_view name, std::string_view value, std::chrono::seconds age, bool secure) {
  std::string out;
  out.append(name).append("=").append(value).append("; Path=/; HttpOnly; SameSite=Lax; Max-Age=");
  out += std::to_string(std::max<std::int64_t>(age.count(), 0));
  if (secure) out += "; Secure";
  return out;
}

std::string asked_value(const actors::link_keeper& keeper, std::string_view email) {
  return keeper.seal("asked:" + std::string(email)).append(".").append(email);
}

std::optional<std::string> asked_for(const actors::link_keeper& keeper, const http::request& r) {
  const auto value = cookie_value(r.header("Cookie"), asked_cookie);
  const auto dot = value.find('.');
  if (dot == value.npos) return std::nullopt;
  auto email = std::string(value.substr(dot + 1));
  if (!actors::same(value.substr(0, dot), keeper.seal("asked:" + email))) return std::nullopt;
  return email;
}

}  // namespace net
