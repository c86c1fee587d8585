#include "net/print/markdown_lines.hpp"

#include <algorithm>
#include <cstddef>

namespace net::print {
namespace {

/// Indentation deeper than this means nothing in a list with one list inside.
constexpr std::size_t deepest = 7;
constexpr int most_containers = 4;
constexpr int most_columns = 16;

bool is_punctuation(char c) {
  return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool consists_of(std::string_view text, char c) {
  return !text.empty() && std::ranges::all_of(text, [c](char other) { return other == c; });
}

/// `---`, `- - -`, `***`: at least three of one sign and nothing else but spaces.
bool is_rule(std::string_view text) {
  if (text.empty() || (text[0] != '-' && text[0] != '*')) return false;
  const char sign = text[0];
  const bool alone = std::ranges::all_of(text, [&](char c) { return c == sign || c == ' ' || c == '\t'; });
  return alone && std::ranges::count(text, sign) >= 3;
}

/// How many bytes open a quotation or a list item: `> `, `- `, `* `, `12. `, `12) `; 0 for anything else.
std::size_t container_length(std::string_view rest) {
  if (rest.empty()) return 0;
  if (rest[0] == '>') return 1;
  std::size_t sign = 0;
  while (sign < rest.size() && sign < 9 && is_digit(rest[sign])) ++sign;
  if (sign == rest.size()) return 0;
  const bool numbered = sign > 0 && (rest[sign] == '.' || rest[sign] == ')');
  const bool pointed = sign == 0 && (rest[0] == '-' || rest[0] == '*');
  if (!numbered && !pointed) return 0;
  if (sign + 1 == rest.size()) return sign + 1;
  return rest[sign + 1] == ' ' || rest[sign + 1] == '\t' ? sign + 1 : 0;
}

/// Takes the white space off the front and answers how many columns it was, at most `deepest`.
std::size_t take_indent(std::string_view& line) {
  std::size_t columns = 0, at = 0;
  for (; at < line.size() && (line[at] == ' ' || line[at] == '\t'); ++at)
    columns += line[at] == ' ' ? 1 : 4 - columns % 4;
  line.remove_prefix(at);
  return std::min(columns, deepest);
}

void append_words(std::string& out, std::string_view words) {
  int columns = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const char c = words[i];
    if (c == '\\' && i + 1 < words.size() && is_punctuation(words[i + 1])) {
      out += c;
      out += words[++i];
      continue;
    }
    const bool other = c == '[' || c == ']' || c == '<' || c == '&' || c == '`' || c == '~' || c == '_';
    const bool beyond = c == '|' && ++columns > most_columns + 1;
    if (other || beyond) out += '\\';
    out += c;
  }
}

void append_rest(std::string& out, std::string_view rest) {
  const auto words = trimmed(rest);
  if (is_rule(words)) {
    out += "***";  // a `---` under a paragraph would make it a heading
  } else if (consists_of(words, '_') && words.size() >= 3) {
    std::string line;
    append_words(line, words);
    out += "\n\n" + line + "\n";
  } else {
    const bool underlines = consists_of(words, '=') || consists_of(words, '-');
    if (underlines || rest.starts_with('+')) out += '\\';
    append_words(out, rest);
  }
}

/// Puts a backslash into what would open one more quotation or list.
void append_literal_marker(std::string& out, std::string_view rest, std::size_t length) {
  out += rest.substr(0, length - 1);
  out += '\\';
  out += rest[length - 1];
}

void append_line(std::string& out, std::string_view line) {
  for (int depth = 0;; ++depth) {
    out.append(take_indent(line), ' ');
    const auto length = is_rule(trimmed(line)) ? 0 : container_length(line);
    if (length == 0) break;
    if (depth == most_containers) {
      append_literal_marker(out, line, length);
      line.remove_prefix(length);
      break;
    }
    out += line.substr(0, length);
    line.remove_prefix(length);
  }
  append_rest(out, line);
}

}  // namespace

std::string tame_markdown(std::string_view clean) {
  std::string out;
  out.reserve(clean.size() + clean.size() / 8);
  bool was_blank = false;
  while (!clean.empty()) {
    const auto end = std::min(clean.find('\n'), clean.size());
    const auto line = clean.substr(0, end);
    clean.remove_prefix(std::min(end + 1, clean.size()));
    const bool blank = trimmed(line).empty();
    // Many blank lines mean what one does.
    if (!blank) append_line(out, line);
    if (!blank || !was_blank) out += '\n';
    was_blank = blank;
  }
  return out;
}

}  // namespace net::print
