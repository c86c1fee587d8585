#pragma once
#include <string>
#include <string_view>

namespace net {

/// Some words of another program's answer, for a log line or an operator: visible ASCII, at most 160
/// characters, and no e-mail addresses, which such answers like to quote.
std::string speakable(std::string_view words);

}  // namespace net
