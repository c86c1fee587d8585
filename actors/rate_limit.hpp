#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <unordered_map>

#include "model/time.hpp"

namespace actors {

/// So many per key and window. Bounded: when it is full, what has run out is thrown away, and if that is not
/// enough everything, since a flood of keys must not fill memory.
class rate_limit {
 public:
  rate_limit(int most, std::chrono::seconds window) : most_(most), window_(window) {}

  /// Counts one; the seconds to wait if it is one too many.
  std::optional<std::int64_t> refuse(const std::string& key, model::instant now);

 private:
  struct count {
    model::instant since;
    int seen = 0;
  };
  static constexpr std::size_t most_keys = 100'000;
  int most_;
  std::chrono::seconds window_;
  std::unordered_map<std::string, count> counts_;
};

}  // namespace actors
