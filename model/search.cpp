#include "model/search.hpp"

#include <algorithm>

namespace model {
namespace {

constexpr bool within(unsigned c, unsigned first, unsigned last) { return c >= first && c <= last; }

/// For code points of one or two bytes; what is not a capital is itself.
constexpr unsigned small_letter(unsigned c) {
  if (within(c, 'A', 'Z')) return c + 0x20;
  if (within(c, 0xc0, 0xde) && c != 0xd7) return c + 0x20;
  // Latin Extended-A: capitals and small letters take turns, on even places first and on odd ones later.
  if (within(c, 0x100, 0x12f) || within(c, 0x132, 0x137) || within(c, 0x14a, 0x177)) return c | 1;
  if (within(c, 0x139, 0x148) || within(c, 0x179, 0x17e)) return c + (c & 1);
  if (c == 0x178) return 0xff;
  if (within(c, 0x391, 0x3ab)) return c + 0x20;
  if (within(c, 0x410, 0x42f)) return c + 0x20;
  if (within(c, 0x400, 0x40f)) return c + 0x50;
  return c;
}

}  // namespace

std::string folded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto first = static_cast<unsigned char>(text[i]);
    if (first < 0x80) {
      out += static_cast<char>(small_letter(first));
    } else if (within(first, 0xc3, 0xdf) && i + 1 < text.size()) {
      const auto second = static_cast<unsigned char>(text[++i]);
      const auto c = small_letter((first & 0x1fu) << 6 | (second & 0x3fu));
      out += static_cast<char>(0xc0 | c >> 6);
      out += static_cast<char>((second & 0xc0) | (c & 0x3f));
    } else {
      out += static_cast<char>(first);
    }
  }
  return out;
}

search_words::search_words(std::string_view typed) {
  const auto text = folded(typed);
  constexpr std::string_view space = " \t\r\n";
  for (std::size_t at = text.find_first_not_of(space); at != text.npos;) {
    const auto end = std::min(text.find_first_of(space, at), text.size());
    words_.push_back(text.substr(at, end - at));
    at = text.find_first_not_of(space, end);
  }
}

bool search_words::match(std::string_view text) const {
  if (words_.empty()) return true;
  const auto place = folded(text);
  return std::all_of(words_.begin(), words_.end(),
                     [&](const std::string& word) { return place.find(word) != place.npos; });
}

}  // namespace model
