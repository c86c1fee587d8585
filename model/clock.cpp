#include "model/clock.hpp"

#include <stdexcept>

namespace model {
namespace {

using std::chrono::microseconds;

class machine_clock final : public clock {
 public:
  instant now() const override {
    return std::chrono::time_point_cast<microseconds>(std::chrono::system_clock::now());
  }
};

}  // namespace

const clock& system_clock() {
  static const machine_clock the_clock;
  return the_clock;
}

rehearsal_clock::rehearsal_clock(instant start, int speed)
    : began_(std::chrono::steady_clock::now()), start_(start), speed_(speed) {
  if (speed < 1 || speed > fastest)
    throw std::invalid_argument("a rehearsal runs 1 to " + std::to_string(fastest) + " times as fast");
}

instant rehearsal_clock::now() const {
  const auto passed = std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now() - began_);
  return start_ + passed * speed_;
}

instant rehearsal_clock::real_now() const { return system_clock().now(); }

}  // namespace model
