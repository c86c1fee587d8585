#pragma once
#include <string>
#include <string_view>

namespace net::mail {

/// Whether the text can stand between < and > in an SMTP envelope as it is: `dot-atom@domain` in ASCII
/// (RFC 5321 sizes: 64 before the @, 254 in all), no quotes, comments, address literals or control
/// characters. Stricter than RFC 5322 on purpose; what the organisation may store is model/email.hpp's
/// matter.
bool is_wire_address(std::string_view text);

/// What stands behind the @ of a wire address.
std::string_view domain_of(std::string_view address);

/// Who the mails come from.
struct sender {
  std::string address;          ///< a wire address; its domain also ends the Message-ID
  std::string name{"Keywork"};  ///< shown to the reader, UTF-8
};

}  // namespace net::mail
