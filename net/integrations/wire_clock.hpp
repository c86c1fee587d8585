#pragma once
#include <algorithm>
#include <chrono>

namespace net::integrations {

/// A moment on the steady clock until which something on the wire may take. The one place of these clients
/// that reads a clock: sockets wait in real time, whatever the service's own clock says.
class wire_deadline {
 public:
  explicit wire_deadline(std::chrono::milliseconds from_now)
      : at_(std::chrono::steady_clock::now() + from_now) {}

  /// The earlier of this one and another that begins now.
  wire_deadline within(std::chrono::milliseconds from_now) const {
    wire_deadline inner{from_now};
    inner.at_ = std::min(inner.at_, at_);
    return inner;
  }
  /// Not below 0.
  std::chrono::microseconds remaining() const {
    using std::chrono::microseconds;
    return std::max(microseconds{0},
                    std::chrono::duration_cast<microseconds>(at_ - std::chrono::steady_clock::now()));
  }

 private:
  std::chrono::steady_clock::time_point at_;
};

}  // namespace net::integrations
