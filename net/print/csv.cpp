#include "net/print/csv.hpp"

#include <algorithm>
#include <array>

namespace net::print {
namespace {

// clang-format off
/// What a spreadsheet may skip before a formula: white space and what is not seen, in UTF-8.
constexpr std::array<std::string_view, 29> skipped{
    " ", "\t", "\r", "\n", "\v", "\f",
    "\u0085", "\u00A0", "\u00AD", "\u1680", "\u180E", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005",
    "\u2006", "\u2007", "\u2008", "\u2009", "\u200A", "\u200B", "\u200E", "\u200F", "\u202F", "\u205F",
    "\u3000", "\uFEFF"};

/// `=`, `+`, `-`, `@` and their full-width and small forms.
constexpr std::array<std::string_view, 12> begins_formula{
    "=", "+", "-", "@",
    "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20",
    "\uFE66", "\uFE62", "\uFE63", "\uFE6B"};
// clang-format on

template <class Prefixes>
std::size_t matched(std::string_view text, const Prefixes& prefixes) {
  const auto found = std::ranges::find_if(prefixes, [&](auto prefix) { return text.starts_with(prefix); });
  return found == prefixes.end() ? 0 : found->size();
}

/// Control characters, NUL among them, are not seen either.
std::size_t skipped_length(std::string_view text) {
  if (text.empty()) return 0;
  if (static_cast<unsigned char>(text[0]) < 0x20 || text[0] == 0x7F) return 1;
  return matched(text, skipped);
}

bool would_run(std::string_view text) {
  if (text.starts_with('\t') || text.starts_with('\r') || text.starts_with('\n')) return true;
  while (const auto length = skipped_length(text)) text.remove_prefix(length);
  return matched(text, begins_formula) > 0;
}

bool needs_quotes(std::string_view text) {
  if (text.empty()) return false;
  return text.find_first_of(",\"\r\n;\t") != std::string_view::npos || text.front() == ' ' ||
         text.back() == ' ';
}

void append_cell(std::string& out, std::string_view text) {
  if (!needs_quotes(text)) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

template <class Cells, class TextOf>
std::string row_of(const Cells& cells, TextOf&& text_of) {
  std::string out;
  bool first = true;
  for (const auto& cell : cells) {
    if (!first) out += ',';
    first = false;
    append_cell(out, text_of(cell));
  }
  // A single empty cell would be an empty line, which readers skip.
  if (cells.size() == 1 && out.empty()) out = "\"\"";
  return out + "\r\n";
}

}  // namespace

std::string without_formula(std::string_view text) {
  std::string out(would_run(text) ? "'" : "");
  return out += text;
}

std::string csv_row(std::span<const std::string> cells) {
  return row_of(cells, [](const std::string& text) { return without_formula(text); });
}

std::string csv_row(std::span<const csv_cell> cells) {
  return row_of(cells,
                [](const csv_cell& cell) { return cell.safe ? cell.text : without_formula(cell.text); });
}

}  // namespace net::print
