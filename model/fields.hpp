#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace model {

/// Named texts, as a mail template takes them.
using fields = std::vector<std::pair<std::string, std::string>>;

/// One `name=value` a line, with `\\`, `\n` and `\r` escaped: how the outbox keeps them in one column.
std::string encode(const fields& all);
/// The other way; throws std::invalid_argument for what `encode` cannot have written.
fields decode_fields(std::string_view text);

}  // namespace model
