#pragma once
#include <cstdint>
#include <string>
#include <string_view>

/// Values as people read them in mails and documents.
namespace model {

/// `£645.00`
std::string money(std::int64_t pence);
/// An enumerator's name with `between` in place of its underscores: `four_weekly` is `four weekly`.
std::string words(std::string_view name, char between = ' ');

}  // namespace model
