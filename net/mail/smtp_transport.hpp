#pragma once
#include <memory>

#include "actors/mail_transport.hpp"
#include "net/mail/smtp_settings.hpp"

namespace net::mail {

/// Hands each mail to a mail server over a connection of its own. What its answers come to:
/// - refused: the recipient or the content is refused for good (5xx), or the mail cannot be composed at all;
/// - try_later: 4xx; whatever the network does; and every 5xx that is about us and not about this mail
///   (greeting, EHLO, STARTTLS, authentication, the sender's address): an operator mends that, and the mail
///   goes.
/// The server's own words are in the detail only from before it has seen the mail or a password: some servers
/// quote what they refuse. Throws std::invalid_argument for settings that cannot work (addresses, half of the
/// credentials, credentials in clear text to another machine) and for authorities that cannot be read.
std::unique_ptr<actors::mail_transport> make_smtp_transport(smtp_settings settings);

}  // namespace net::mail
