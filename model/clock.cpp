#include "model/clock.hpp"

namespace model {
namespace {
class machine_clock final : public clock {
 public:
  instant now() const override {
    return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
  }
};
}  // namespace

const clock& system_clock() {
  static const machine_clock the_clock;
  return the_clock;
}

}  // namespace model
