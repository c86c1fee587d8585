#pragma once
#include <string>
#include <string_view>

namespace actor_tests {

inline constexpr std::string_view far_side_option = "--ask-from-another-process";

/// The other process: reads requests to an organisation from standard input, a line of hexadecimal digits
/// each, asks the organisation's actor on this port of 127.0.0.1, and writes the packed replies to standard
/// output likewise.
int ask_from_afar(const char* port);

/// `c` or `o` for ask_case or ask_org, then the packed message; `n` alone for the next packed case_told.
std::string to_hex(std::string_view bytes);
std::string from_hex(std::string_view digits);

}  // namespace actor_tests
