#include "actors/rate_limit.hpp"

namespace actors {

std::optional<std::int64_t> rate_limit::refuse(const std::string& key, model::instant now) {
  if (counts_.size() >= most_keys && !counts_.contains(key)) {
    std::erase_if(counts_, [&](const auto& c) { return c.second.since + window_ <= now; });
    if (counts_.size() >= most_keys) counts_.clear();
  }
  auto& c = counts_[key];
  if (c.seen == 0 || c.since + window_ <= now) c = {now, 0};
  if (++c.seen <= most_) return std::nullopt;
  return std::chrono::ceil<std::chrono::seconds>(c.since + window_ - now).count();
}

}  // namespace actors
