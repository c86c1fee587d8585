#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace model {

/// An e-mail address in the form it is compared and kept in: trimmed, lower case. Nothing where it is no
/// plain `local@domain` that mail can be sent to: control characters, spaces, quotes, comments, two `@`, over
/// 254 bytes.
std::optional<std::string> normalise_email(std::string_view text);

/// A telephone number as E.164: `07700 900100` and `+44 (0)7700 900100` are `+447700900100`. National numbers
/// are taken as British. Nothing for anything else.
std::optional<std::string> normalise_phone(std::string_view text);

}  // namespace model
