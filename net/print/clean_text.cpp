#include "net/print/clean_text.hpp"

#include <cstddef>
#include <cstdint>

namespace net::print {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// What stands at the start of a text: its character, or nothing of it for a broken byte.
struct decoded {
  char32_t character = 0;
  std::size_t length = 0;
};

/// RFC 3629, section 4.
decoded decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const auto first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return {};
  char32_t character = first & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    character = character << 6 | (byte(i) & 0x3F);
  }
  constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = character >= 0xD800 && character <= 0xDFFF;
  if (character < smallest[length] || surrogate || character > 0x10FFFF) return {};
  return {character, length};
}

bool ends_a_line(char32_t c) { return (c >= '\n' && c <= '\r') || c == 0x85 || c == 0x2028 || c == 0x2029; }

bool is_unprintable(char32_t c) {
  const bool control = c < 0x20 || (c >= 0x7F && c < 0xA0);
  const bool noncharacter = (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE;
  return (control && c != '\t') || noncharacter;
}

}  // namespace

std::string clean_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto [character, length] = decode(text);
    if (text.starts_with("\r\n"))
      ;  // the \n that follows says it
    else if (length == 0)
      out += replacement;
    else if (ends_a_line(character))
      out += '\n';
    else if (is_unprintable(character))
      out += replacement;
    else
      out += text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

std::string clean_line(std::string_view text) {
  auto line = clean_text(text);
  for (auto& c : line)
    if (c == '\n' || c == '\t') c = ' ';
  const auto first = line.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return line.substr(first, line.find_last_not_of(' ') - first + 1);
}

}  // namespace net::print
