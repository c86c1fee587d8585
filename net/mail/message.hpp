#pragma once
#include <string>

#include "actors/mail_transport.hpp"
#include "net/mail/compose.hpp"

namespace net::mail {

/// The mail in words, and what goes along. The same on every attempt: a provider that knows the mail by its
/// key refuses another one under it. Throws `unsendable`.
letter letter_of(const actors::outgoing_mail& mail, const sender& from);

/// The bytes of the mail as they travel: rendered, then composed. Where the fields have no `full_name`, the
/// recipient's name stands in. Throws `unsendable`.
std::string message_of(const actors::outgoing_mail& mail, const sender& from);

}  // namespace net::mail
