#pragma once
#include <chrono>
#include <map>

#include "model/time.hpp"

namespace actors {

/// What was said in the log lately: what stays wrong is said once, and then hourly.
template <class What>
class said_lately {
 public:
  /// Whether it is to be said of `what` now, and from now on it is said. `now` is the machine's time, as the
  /// log's is.
  bool is_news(const What& what, model::instant now) {
    std::erase_if(said_, [now](const auto& s) { return now >= s.second + for_long || now < s.second; });
    return said_.emplace(what, now).second;
  }

 private:
  static constexpr std::chrono::hours for_long{1};
  std::map<What, model::instant> said_;
};

}  // namespace actors
