#pragma once
#include <functional>

#include "model/clock.hpp"

namespace model {

/// How long this machine has been on, its sleep included: a clock that nobody sets.
std::chrono::microseconds since_boot();

/// Notices that the machine's clock was set by more than an hour since this was made. Nobody can tell from
/// then on what time it is, since a database on the same machine goes by the same clock. A clock that was
/// wrong from the beginning it does not notice.
class clock_watch {
 public:
  using uptime = std::function<std::chrono::microseconds()>;
  /// Watches `real_now()` of this clock.
  explicit clock_watch(const clock& watched, uptime up = since_boot);
  /// False again once the clock has come back to what it should be.
  bool was_set() const;

 private:
  instant time_of_boot() const { return watched_.real_now() - up_(); }
  const clock& watched_;
  uptime up_;
  instant at_first_;
};

}  // namespace model
