#pragma once
#include "model/time.hpp"

namespace model {

/// Where the time comes from. Nothing else in the house reads a clock, so that a rehearsal can choose the
/// time.
class clock {
 public:
  virtual ~clock() = default;
  virtual instant now() const = 0;
  /// What the machine's own clock says, whatever was chosen: to compare with another machine's. The same as
  /// now() unless the time was chosen.
  virtual instant real_now() const { return now(); }
};

/// The machine's clock.
const clock& system_clock();

/// A time that somebody chose: begins at `start` and runs `speed` times as fast as time does. Never goes
/// back, and does not notice when the machine's clock is set.
class rehearsal_clock final : public clock {
 public:
  /// How fast it may run: a day in a little less than a second.
  static constexpr int fastest = 100'000;
  /// `speed`: 1 to fastest.
  explicit rehearsal_clock(instant start, int speed = 1);
  instant now() const override;
  instant real_now() const override;

 private:
  std::chrono::steady_clock::time_point began_;
  instant start_;
  int speed_;
};

}  // namespace model
