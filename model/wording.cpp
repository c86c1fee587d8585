#include "model/wording.hpp"

#include <algorithm>

namespace model {

std::string money(std::int64_t pence) {
  const auto rest = pence % 100;
  return "£" + std::to_string(pence / 100) + (rest < 10 ? ".0" : ".") + std::to_string(rest);
}

std::string words(std::string_view name, char between) {
  std::string out(name);
  std::ranges::replace(out, '_', between);
  return out;
}

}  // namespace model
