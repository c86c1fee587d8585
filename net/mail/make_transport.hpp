#pragma once
#include <memory>
#include <string_view>

#include "actors/mail_transport.hpp"
#include "net/mail/smtp_settings.hpp"

namespace net::mail {

/// What does not stand in a spec, since others may read that.
struct transport_secrets {
  std::string resend_key;
  /// PEM file or directory of authorities to trust in place of the system's.
  std::string authorities;
};

/// The way out that an operator has asked for:
/// - `file:DIR`: `.eml` files in a folder;
/// - `smtp://[user:password@]host[:port]`: port 587 with a user, else 25. STARTTLS where it is offered,
/// demanded with
///   a user; this machine itself (localhost, 127.x, [::1]) is spoken to in the clear;
/// - `smtps://[user:password@]host[:port]`: TLS from the first byte, port 465.
/// - `resend:`, or `resend:https://host[:port]` for something that speaks as Resend does.
/// User and password are percent-encoded where they hold `:`, `@`, `/` or `%`.
/// Throws std::invalid_argument with one line that says what is wrong, never with the password in it.
std::unique_ptr<actors::mail_transport> make_transport(std::string_view spec, sender from,
                                                       smtp_limits limits = {},
                                                       const transport_secrets& secrets = {});

/// The settings an `smtp://` or `smtps://` spec stands for. Throws as above.
smtp_settings parse_smtp(std::string_view spec);

}  // namespace net::mail
