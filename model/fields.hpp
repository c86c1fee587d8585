#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace model {

/// Named texts, as a mail template takes them.
using fields = std::vector<std::pair<std::string, std::string>>;

/// The same from outside: a JSON object of texts, each name of at most 100 characters, each text of at most
/// 5,000, no more than 100 of them.
struct named_texts {
  static constexpr std::size_t most = 100, longest_name = 100, longest = 5000;
  fields all;
  friend bool operator==(const named_texts&, const named_texts&) = default;
};

/// One `name=value` a line, with `\\`, `\n` and `\r` escaped: how the outbox keeps them in one column.
std::string encode(const fields& all);
/// The other way; throws std::invalid_argument for what `encode` cannot have written.
fields decode_fields(std::string_view text);

}  // namespace model
