#pragma once
#include <string>
#include <string_view>

namespace net::print {

/// The text as it can be laid out: well-formed UTF-8, `\n` for every kind of line end (form feeds and
/// U+2028/2029 too), tabs kept. Other control characters, NUL, noncharacters and broken bytes become U+FFFD,
/// so that the reader sees that something stood there.
std::string clean_text(std::string_view text);

/// The same on one line: line ends and tabs become single spaces, none at the ends.
std::string clean_line(std::string_view text);

}  // namespace net::print
