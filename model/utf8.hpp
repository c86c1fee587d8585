#pragma once
#include <cstddef>
#include <string_view>

namespace model {

/// Whether the bytes are well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms) without NUL.
bool is_clean_text(std::string_view bytes);

/// The number of code points in well-formed UTF-8.
std::size_t length_in_characters(std::string_view text);

/// Whether there is nothing in it but white space (Unicode's White_Space) and invisible format characters.
bool is_blank(std::string_view text);

}  // namespace model
