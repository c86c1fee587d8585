#include "net/mail/address.hpp"

#include <algorithm>

namespace net::mail {
namespace {

bool is_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
bool is_atext(char c) {
  return is_alnum(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

/// Every dot-separated part satisfies `part_ok`; empty parts never do.
template <class Check>
bool all_parts(std::string_view text, Check part_ok) {
  while (true) {
    const auto dot = text.find('.');
    if (!part_ok(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(), [](char c) { return is_alnum(c) || c == '-'; });
}

}  // namespace

bool is_wire_address(std::string_view text) {
  const auto at = text.rfind('@');
  if (at == std::string_view::npos || at == 0 || at > 64 || text.size() > 254) return false;
  return all_parts(text.substr(0, at),
                   [](std::string_view atom) {
                     return !atom.empty() && std::all_of(atom.begin(), atom.end(), is_atext);
                   }) &&
         all_parts(text.substr(at + 1), is_label);
}

std::string_view domain_of(std::string_view address) { return address.substr(address.rfind('@') + 1); }

}  // namespace net::mail
