#pragma once
#include "model/time.hpp"

namespace model {

/// Where the time comes from. Nothing else in the house reads a clock, so that a rehearsal can choose the
/// time.
class clock {
 public:
  virtual ~clock() = default;
  virtual instant now() const = 0;
};

/// The machine's clock.
const clock& system_clock();

}  // namespace model
