#include "net/mail/make_transport.hpp"

#include <Poco/Net/IPAddress.h>

#include <charconv>
#include <stdexcept>

#include "net/integrations/client_wire.hpp"
#include "net/mail/encode.hpp"
#include "net/mail/folder_transport.hpp"
#include "net/mail/resend_transport.hpp"
#include "net/mail/smtp_transport.hpp"

namespace net::mail {
namespace {

[[noreturn]] void refuse(const std::string& why) {
  throw std::invalid_argument("mail: " + why +
                              " (file:DIR, smtp://[user:password@]host[:port], smtps://… or resend:)");
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int high = i + 1 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
    if (high < 0 || low < 0) refuse("a % in the user or password stands for itself only as %25");
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

void take_credentials(std::string_view text, smtp_settings& into) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) refuse("a user needs a password, user:password@host");
  into.user = percent_decoded(text.substr(0, colon));
  into.password = percent_decoded(text.substr(colon + 1));
  if (into.user.empty() || into.password.empty()) refuse("the user or the password is empty");
  if (has_control_characters(into.user) || has_control_characters(into.password)) {
    refuse("the user or the password holds control characters");
  }
}

std::uint16_t port_of(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0 || port > 65'535) {
    refuse("the port is not a number from 1 to 65535");
  }
  return static_cast<std::uint16_t>(port);
}

/// `host`, `host:port`, `[::1]:port`; answers what is behind the host's colon.
std::string_view take_host(std::string_view text, smtp_settings& into) {
  Poco::Net::IPAddress literal;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    into.host = std::string(text.substr(1, end == std::string_view::npos ? end : end - 1));
    const bool is_v6 = end != std::string_view::npos && Poco::Net::IPAddress::tryParse(into.host, literal) &&
                       literal.family() == Poco::Net::AddressFamily::IPv6;
    if (!is_v6) refuse("what stands in [ ] is no IPv6 address");
    text.remove_prefix(end + 1);
    if (text.empty()) return {};
    if (text.front() != ':') refuse("behind ] only :port can follow");
    return text.size() > 1 ? text.substr(1) : std::string_view{"-"};
  }
  const auto colon = text.find(':');
  into.host = std::string(text.substr(0, colon));
  if (!is_wire_address("x@" + into.host)) refuse("the host is not a host name");
  if (colon == std::string_view::npos) return {};
  return colon + 1 < text.size() ? text.substr(colon + 1) : std::string_view{"-"};
}

}  // namespace

smtp_settings parse_smtp(std::string_view spec) {
  smtp_settings out;
  const bool implicit = spec.starts_with("smtps://");
  if (!implicit && !spec.starts_with("smtp://")) refuse("this way of sending is not known");
  auto rest = spec.substr(implicit ? 8 : 7);
  if (rest.ends_with('/')) rest.remove_suffix(1);
  const auto at = rest.rfind('@');
  if (at != std::string_view::npos) {
    take_credentials(rest.substr(0, at), out);
    rest.remove_prefix(at + 1);
  }
  const auto port = take_host(rest, out);
  const std::uint16_t usual = implicit ? 465 : out.user.empty() ? 25 : 587;
  out.port = port.empty() ? usual : port_of(port);
  if (implicit) {
    out.security = smtp_security::implicit;
  } else if (integrations::is_loopback_name(out.host)) {
    out.security = smtp_security::none;
  } else {
    out.security = out.user.empty() ? smtp_security::offered : smtp_security::demanded;
  }
  return out;
}

std::unique_ptr<actors::mail_transport> make_transport(std::string_view spec, sender from, smtp_limits limits,
                                                       const transport_secrets& secrets) {
  if (spec.starts_with("resend:")) {
    resend_settings settings;
    if (spec.size() > 7) settings.base = spec.substr(7);
    if (settings.base.ends_with('/')) settings.base.pop_back();
    settings.key = secrets.resend_key;
    settings.authorities = secrets.authorities;
    settings.from = std::move(from);
    settings.whole = limits.whole;
    return make_resend_transport(std::move(settings));
  }
  if (spec.starts_with("file:")) {
    const auto folder = spec.substr(5);
    if (folder.empty() || folder.find('\0') != std::string_view::npos) refuse("file: needs a folder");
    return make_folder_transport(std::filesystem::path(folder), std::move(from));
  }
  auto settings = parse_smtp(spec);
  settings.from = std::move(from);
  settings.limits = limits;
  settings.authorities = secrets.authorities;
  return make_smtp_transport(std::move(settings));
}

}  // namespace net::mail
