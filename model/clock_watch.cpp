#include "model/clock_watch.hpp"

#include <time.h>

#include <system_error>

namespace model {

using std::chrono::microseconds;

microseconds since_boot() {
  timespec up{};
  // std::chrono has no clock that goes on while the machine sleeps.
  if (clock_gettime(CLOCK_BOOTTIME, &up) != 0)
    throw std::system_error(errno, std::generic_category(), "CLOCK_BOOTTIME");
  return std::chrono::seconds{up.tv_sec} +
         std::chrono::duration_cast<microseconds>(std::chrono::nanoseconds{up.tv_nsec});
}

clock_watch::clock_watch(const clock& watched, uptime up)
    : watched_(watched), up_(std::move(up)), at_first_(time_of_boot()) {}

bool clock_watch::was_set() const {
  return std::chrono::abs(time_of_boot() - at_first_) > std::chrono::hours{1};
}

}  // namespace model
