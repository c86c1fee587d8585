#include "net/speakable.hpp"

#include <algorithm>

namespace net {

std::string speakable(std::string_view words) {
  constexpr std::size_t most = 160;
  std::string out;
  for (std::size_t at = 0; at < words.size() && out.size() < most;) {
    const auto end = std::min(words.find(' ', at), words.size());
    const auto word = words.substr(at, end - at);
    if (!out.empty()) out += ' ';
    out += word.find('@') == word.npos ? std::string(word) : "(an address)";
    at = end + 1;
  }
  out.resize(std::min(out.size(), most));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return out;
}

}  // namespace net
