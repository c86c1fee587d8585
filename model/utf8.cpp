#include "model/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace model {
namespace {

/// Takes one code point off the front of a text that is not empty; nothing where the bytes are not UTF-8.
std::optional<char32_t> take_code_point(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (length == 0 || first > 0xf4 || text.size() < length) return std::nullopt;
  char32_t value = length == 1 ? first : first & (0xff >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xc0) != 0x80) return std::nullopt;
    value = value << 6 | (next & 0x3f);
  }
  const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  const bool surrogate = value >= 0xd800 && value <= 0xdfff;
  if (overlong || surrogate || value > 0x10ffff) return std::nullopt;
  text.remove_prefix(length);
  return value;
}

struct range {
  char32_t first, last;
};

// White_Space, the format characters without a picture (Cf, as far as they stand alone), and the fillers and
// blanks that draw nothing.
constexpr std::array invisible{
    range{0x09, 0x0d},     range{0x20, 0x20},      range{0x85, 0x85},     range{0xa0, 0xa0},
    range{0xad, 0xad},     range{0x34f, 0x34f},    range{0x61c, 0x61c},   range{0x115f, 0x1160},
    range{0x1680, 0x1680}, range{0x17b4, 0x17b5},  range{0x180b, 0x180f}, range{0x2000, 0x200f},
    range{0x2028, 0x202f}, range{0x205f, 0x206f},  range{0x2800, 0x2800}, range{0x3000, 0x3000},
    range{0x3164, 0x3164}, range{0xfe00, 0xfe0f},  range{0xfeff, 0xfeff}, range{0xffa0, 0xffa0},
    range{0xfff9, 0xfffb}, range{0xe0000, 0xe0fff}};

bool is_invisible(char32_t c) {
  return std::any_of(invisible.begin(), invisible.end(),
                     [c](const range& r) { return c >= r.first && c <= r.last; });
}

}  // namespace

bool is_clean_text(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto c = take_code_point(bytes);
    if (!c || *c == 0) return false;
  }
  return true;
}

std::size_t length_in_characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

bool is_blank(std::string_view text) {
  while (!text.empty()) {
    const auto c = take_code_point(text);
    if (!c || !is_invisible(*c)) return false;
  }
  return true;
}

}  // namespace model
