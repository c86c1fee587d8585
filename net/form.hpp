#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace net {

/// Names and values in their order, decoded.
using pairs = std::vector<std::pair<std::string, std::string>>;

/// `%41` is `A`; nothing where an escape is malformed or the result is no clean UTF-8. `plus_is_space` as in
/// forms.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);

/// `application/x-www-form-urlencoded`, a query's form too; nothing where an escape is malformed or what it
/// stands for is no clean UTF-8.
std::optional<pairs> parse_form(std::string_view text);

/// The first value of that name; null where there is none.
const std::string* find(const pairs& all, std::string_view name);

/// The cookie's value out of a Cookie header; empty where there is none.
std::string_view cookie_value(std::string_view header, std::string_view name);

}  // namespace net
