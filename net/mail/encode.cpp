#include "net/mail/encode.hpp"

#include <algorithm>
#include <cstdint>

namespace net::mail {
namespace {

/// 39 octets make 52 of base64; with "=?UTF-8?B?" and "?=" 64, which leaves room for "Subject: " in 76.
constexpr std::size_t word_octets = 39;
/// Plain ASCII up to this length fits on the header's first line; longer text goes into encoded words, which
/// fold without depending on where the spaces are.
constexpr std::size_t plain_octets = 60;

std::uint8_t octet(char c) { return static_cast<std::uint8_t>(c); }
bool is_continuation(char c) { return (octet(c) & 0xC0) == 0x80; }

/// The octets of the UTF-8 character at the front; 0 where it is malformed.
std::size_t character_length(std::string_view s) {
  const auto at = [&](std::size_t i) -> unsigned { return i < s.size() ? octet(s[i]) : 0; };
  const auto more = [&](std::size_t i) { return i < s.size() && is_continuation(s[i]); };
  const unsigned lead = at(0), next = at(1);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return more(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const bool overlong = lead == 0xE0 && next < 0xA0;
    const bool surrogate = lead == 0xED && next > 0x9F;
    return more(1) && more(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const bool overlong = lead == 0xF0 && next < 0x90;
    const bool beyond = lead == 0xF4 && next > 0x8F;
    return more(1) && more(2) && more(3) && !overlong && !beyond ? 4 : 0;
  }
  return 0;
}

bool is_plain(std::string_view text) {
  return text.size() <= plain_octets && text.find("=?") == std::string_view::npos &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; }) &&
         (text.empty() || (text.front() != ' ' && text.back() != ' '));
}

std::string encoded_words(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    auto take = std::min(text.size(), word_octets);
    while (take < text.size() && take > 1 && is_continuation(text[take])) --take;
    if (!out.empty()) out += "\r\n ";
    out += "=?UTF-8?B?" + base64(text.substr(0, take)) + "?=";
    text.remove_prefix(take);
  }
  return out;
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto length = character_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool has_control_characters(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return octet(c) < 0x20 || octet(c) == 0x7F; });
}

std::string header_text(std::string_view text) {
  return is_plain(text) ? std::string(text) : encoded_words(text);
}

std::string header_phrase(std::string_view name) {
  if (!is_plain(name)) return encoded_words(name);
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' || c == '-';
  };
  const bool words =
      std::all_of(name.begin(), name.end(), is_word) && name.find("  ") == std::string_view::npos;
  if (words) return std::string(name);
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

std::string quoted_printable(std::string_view text) {
  static constexpr char hex[] = "0123456789ABCDEF";
  std::string out, line;
  const auto put = [&](std::string_view piece) {
    if (line.size() + piece.size() > 75) {  // the soft break's own '=' is the 76th
      out += line + "=\r\n";
      line.clear();
    }
    line += piece;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\r' || c == '\n') {
      if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
      out += line + "\r\n";
      line.clear();
      continue;
    }
    const bool at_end = i + 1 == text.size() || text[i + 1] == '\r' || text[i + 1] == '\n';
    const bool as_is = (c > ' ' && c <= '~' && c != '=') || (c == ' ' && !at_end);
    const char code[] = {'=', hex[octet(c) >> 4], hex[octet(c) & 15]};
    put(as_is ? std::string_view(&c, 1) : std::string_view(code, 3));
  }
  if (!line.empty()) out += line + "\r\n";
  return out;
}

std::string base64(std::string_view bytes) {
  static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto at = [&](std::size_t k) -> std::uint32_t { return k < bytes.size() ? octet(bytes[k]) : 0; };
    const std::uint32_t three = at(i) << 16 | at(i + 1) << 8 | at(i + 2);
    out += digits[three >> 18];
    out += digits[three >> 12 & 63];
    out += i + 1 < bytes.size() ? digits[three >> 6 & 63] : '=';
    out += i + 2 < bytes.size() ? digits[three & 63] : '=';
  }
  return out;
}

std::string base64_lines(std::string_view bytes) {
  constexpr std::size_t bytes_a_line = 57;  // 76 digits
  std::string out;
  out.reserve(bytes.size() / bytes_a_line * 78 + 80);
  for (std::size_t at = 0; at < bytes.size(); at += bytes_a_line)
    out += base64(bytes.substr(at, bytes_a_line)) + "\r\n";
  return out;
}

}  // namespace net::mail
