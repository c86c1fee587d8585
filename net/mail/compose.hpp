#pragma once
#include <string>
#include <vector>

#include "model/time.hpp"
#include "net/mail/address.hpp"

namespace net::mail {

/// A file that goes along.
struct attachment {
  std::string file_name;   ///< UTF-8, one line
  std::string media_type;  ///< `application/pdf`
  std::string bytes;
};

/// Everything a message is made of. Texts are UTF-8.
struct letter {
  std::string id;  ///< a uuid as text, the local part of Message-ID
  sender from;
  std::string to_address, to_name;
  std::string subject, text, html;
  model::instant date;
  std::vector<attachment> attachments = {};
};

/// Whether the text is a uuid's canonical 36 characters, so that it can stand in a Message-ID and a file
/// name.
bool is_mail_id(const std::string& id);

/// Throws `unsendable` for control characters in anything that becomes a header, an id or address that is
/// none, text that is not UTF-8, NUL in a body.
void require_sendable(const letter& what);

/// `<id@domain of the sender>`: the same on every attempt.
std::string message_id(const letter& what);

/// The message as RFC 5322 and MIME want it: multipart/alternative (in multipart/mixed where files go along),
/// quoted-printable, 7-bit octets only, CRLF line ends, no line over 76 unless an address is too long for it.
/// Dots at the start of a line are left to whoever speaks SMTP. Throws `unsendable` as `require_sendable`
/// does.
std::string compose(const letter& what);

}  // namespace net::mail
