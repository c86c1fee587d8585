#pragma once
#include <string>
#include <string_view>

namespace net::mail {

/// Well-formed UTF-8 without surrogates and overlong forms.
bool is_utf8(std::string_view text);

/// C0 controls and DEL, CR, LF and NUL among them.
bool has_control_characters(std::string_view text);

/// A header's free text: as it is where plain ASCII will do, else RFC 2047 encoded words in base64, split
/// only between characters and folded so that no line is longer than 76 behind a header name of up to 9
/// octets. Expects UTF-8 without control characters.
std::string header_text(std::string_view text);

/// A display name before `<address>`: atoms, a quoted string or encoded words. Same expectations.
std::string header_phrase(std::string_view name);

/// RFC 2045 quoted-printable: CRLF line ends whatever the text had (LF, CR LF, CR), lines of at most 76,
/// ending in CRLF.
std::string quoted_printable(std::string_view text);

std::string base64(std::string_view bytes);
/// The same in lines of 76, each ending in CRLF.
std::string base64_lines(std::string_view bytes);

}  // namespace net::mail
