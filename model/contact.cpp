#include "model/contact.hpp"

#include <algorithm>

namespace model {
namespace {

constexpr std::size_t longest_email = 254;
constexpr std::size_t longest_local_part = 64;
constexpr std::size_t longest_label = 63;
// Fifteen digits with all the marks between that anybody writes.
constexpr std::size_t longest_phone = 40;
constexpr char british[] = "44";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  const auto first = text.find_first_not_of(space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

/// RFC 5321's dot-string, ASCII only: what every mail server takes without extensions.
bool is_local_part(std::string_view text) {
  if (text.empty() || text.size() > longest_local_part) return false;
  if (text.front() == '.' || text.back() == '.' || text.find("..") != text.npos) return false;
  static constexpr std::string_view marks = ".!#$%&'*+-/=?^_`{|}~";
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return is_letter(c) || is_digit(c) || marks.find(c) != marks.npos; });
}

bool is_domain_label(std::string_view label) {
  if (label.empty() || label.size() > longest_label || label.front() == '-' || label.back() == '-')
    return false;
  return std::all_of(label.begin(), label.end(),
                     [](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
}

/// At least two labels, the last not a number: an address literal or a host of the local net is no place for
/// mail.
bool is_domain(std::string_view text) {
  std::size_t labels = 0;
  for (std::size_t start = 0;; ++labels) {
    const auto dot = text.find('.', start);
    const auto label = text.substr(start, dot == text.npos ? dot : dot - start);
    if (!is_domain_label(label)) return false;
    if (dot == text.npos) return labels > 0 && !std::all_of(label.begin(), label.end(), is_digit);
    start = dot + 1;
  }
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Digits and a leading plus, without the marks people write between; nothing where something else is in it.
std::optional<std::string> without_punctuation(std::string_view text) {
  std::string out;
  for (const char c : trimmed(text)) {
    if (is_digit(c) || (c == '+' && out.empty()))
      out.push_back(c);
    else if (std::string_view(" -.()/").find(c) == std::string_view::npos)
      return std::nullopt;
  }
  return out;
}

/// The British number after 44: ten digits, or nine in some places and on some freephone numbers.
bool is_british_number(std::string_view digits) {
  if (digits.starts_with('0')) return false;
  return digits.size() == 10 || (digits.size() == 9 && (digits.front() == '1' || digits.front() == '8'));
}

/// Country's code and number, together at most 15 digits.
bool is_e164(std::string_view digits) {
  if (digits.size() < 8 || digits.size() > 15 || digits.front() == '0') return false;
  return !digits.starts_with(british) || is_british_number(digits.substr(2));
}

}  // namespace

std::optional<std::string> normalise_email(std::string_view text) {
  text = trimmed(text);
  const auto at = text.find('@');
  if (text.size() > longest_email || at == text.npos) return std::nullopt;
  if (!is_local_part(text.substr(0, at)) || !is_domain(text.substr(at + 1))) return std::nullopt;
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

std::optional<std::string> normalise_phone(std::string_view text) {
  text = trimmed(text);
  if (text.size() > longest_phone) return std::nullopt;
  std::string written(text);
  // `(0)` is the national prefix written into an international number, where it is not dialled.
  const auto hint = written.find("(0)");
  const bool international = text.starts_with('+') || text.starts_with("(+") || text.starts_with("00");
  if (international && hint != written.npos) written.erase(hint, 3);
  const auto plain = without_punctuation(written);
  if (!plain) return std::nullopt;
  std::string digits;
  if (plain->starts_with('+'))
    digits = plain->substr(1);
  else if (plain->starts_with("00"))
    digits = plain->substr(2);
  else if (plain->starts_with('0'))
    digits = british + plain->substr(1);
  // The hint again, without brackets: no British number begins with 0 after the country's code.
  if (digits.starts_with("440")) digits.erase(2, 1);
  return is_e164(digits) ? std::optional<std::string>{"+" + digits} : std::nullopt;
}

}  // namespace model
