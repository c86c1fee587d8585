#include "model/json.hpp"

#include <charconv>
#include <cmath>
#include <cstring>

namespace model {
namespace {

/// 0 for bytes that stand for themselves, the letter of a short escape, or `u` for the long one.
constexpr auto escapes = [] {
  std::array<char, 256> table{};
  for (int c = 0; c < 0x20; ++c) table[static_cast<std::size_t>(c)] = 'u';
  table['\b'] = 'b';
  table['\f'] = 'f';
  table['\n'] = 'n';
  table['\r'] = 'r';
  table['\t'] = 't';
  table['"'] = '"';
  table['\\'] = '\\';
  return table;
}();

constexpr char hex_digits[] = "0123456789abcdef";

void append_escape(std::string& out, unsigned char c) {
  const char kind = escapes[c];
  if (kind == 'u') {
    const char long_form[] = {'\\', 'u', '0', '0', hex_digits[c >> 4], hex_digits[c & 15]};
    out.append(long_form, sizeof long_form);
  } else {
    const char short_form[] = {'\\', kind};
    out.append(short_form, sizeof short_form);
  }
}

/// Whether none of these eight bytes needs an escape. It may say no where the answer is yes, never the other
/// way.
bool eight_plain(const char* bytes) {
  constexpr std::uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;
  std::uint64_t x;
  std::memcpy(&x, bytes, sizeof x);
  const std::uint64_t quote = x ^ (ones * '"'), backslash = x ^ (ones * '\\');
  const auto below = [](std::uint64_t all, std::uint64_t limit) { return (all - ones * limit) & ~all; };
  return ((below(x, 0x20) | below(quote, 1) | below(backslash, 1)) & tops) == 0;
}

template <class T>
void append_digits(std::string& out, T value) {
  std::array<char, 32> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  out.append(buffer.data(), end);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out.push_back('"');
  // Runs without anything to escape are appended whole: nearly all text is one such run.
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    while (i + 8 <= text.size() && eight_plain(text.data() + i)) i += 8;
    if (i == text.size()) break;
    const auto c = static_cast<unsigned char>(text[i]);
    if (escapes[c] == 0) [[likely]]
      continue;
    out.append(text, start, i - start);
    append_escape(out, c);
    start = i + 1;
  }
  out.append(text, start);
  out.push_back('"');
}

void append_json_number(std::string& out, std::int64_t value) { append_digits(out, value); }
void append_json_number(std::string& out, std::uint64_t value) { append_digits(out, value); }

void append_json_number(std::string& out, double value) {
  if (std::isfinite(value))
    append_digits(out, value);
  else
    out.append("null");
}

void append_json_object(std::string& out, const fields& all) {
  out.push_back('{');
  for (const auto& [name, value] : all) {
    append_json_string(out, name);
    out.push_back(':');
    append_json_string(out, value);
    out.push_back(',');
  }
  json_detail::close(out, '}');
}

}  // namespace model
