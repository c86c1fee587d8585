#include "net/content/file_name.hpp"

#include <algorithm>
#include <vector>

#include "model/file_type.hpp"
#include "model/utf8.hpp"

namespace net::contents {
namespace {

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_';
}

/// Control characters, C1's among them (U+0080 to U+009F), line and paragraph separators, and what turns the
/// direction of writing, by which a name can look like another.
bool has_unseen(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0;
    if (c < 0x20 || c == 0x7F || (c == 0xC2 && next >= 0x80 && next < 0xA0)) return true;
  }
  for (const std::string_view unseen : {"\u2028", "\u2029", "\u200E", "\u200F", "\u202A", "\u202B", "\u202C",
                                        "\u202D", "\u202E", "\u2066", "\u2067", "\u2068", "\u2069"})
    if (text.find(unseen) != text.npos) return true;
  return false;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

}  // namespace

std::optional<std::string> file_name_of(std::string_view path) {
  if (!model::is_clean_text(path) || has_unseen(path)) return std::nullopt;
  auto name = path.substr(path.find_last_of("/\\") + 1);
  while (name.starts_with(' ')) name.remove_prefix(1);
  while (name.ends_with(' ')) name.remove_suffix(1);
  if (name == "." || name == ".." || model::is_blank(name) ||
      model::length_in_characters(name) > longest_file_name)
    return std::nullopt;
  return std::string(name);
}

std::string with_extension(std::string_view name, std::string_view media_type) {
  const auto* type = model::find_file_type(media_type);
  std::vector<std::string_view> usual;
  if (type) usual.push_back(type->extension);
  if (media_type == model::jpeg_type) usual.insert(usual.end(), {".jpeg", ".jpe"});
  if (media_type == model::plain_text_type) usual.insert(usual.end(), {".text", ".log", ".md", ".csv"});
  const auto given = lower(name);
  const bool has_it =
      usual.empty() || std::ranges::any_of(usual, [&](auto extension) { return given.ends_with(extension); });
  return std::string(name) + (has_it ? "" : std::string(usual.front()));
}

std::string attachment_named(std::string_view name) {
  std::string plain, escaped;
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (const char c : name) {
    plain += is_plain(c) || c == ' ' ? c : '_';
    if (is_plain(c)) {
      escaped += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      escaped.append({'%', digits[byte >> 4], digits[byte & 15]});
    }
  }
  return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + escaped;
}

}  // namespace net::contents
