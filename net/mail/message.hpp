#pragma once
#include <string>

#include "actors/mail_transport.hpp"
#include "net/mail/address.hpp"

namespace net::mail {

/// The bytes of the mail as they travel: rendered, then composed. Where the fields have no `full_name`, the
/// recipient's name stands in. Throws `unsendable`.
std::string message_of(const actors::outgoing_mail& mail, const sender& from);

}  // namespace net::mail
