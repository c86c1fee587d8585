#pragma once
#include <atomic>
#include <cstdint>
#include <memory>

namespace net::contents {

/// So many of a kind at one time: a place is taken before the work begins and free again when its holder
/// goes.
class places {
 public:
  explicit places(int most) : free_(std::make_shared<std::atomic<int>>(most)), most_(most) {}
  /// Null when all are taken. From any thread.
  std::shared_ptr<void> take() {
    auto free = free_->load();
    while (free > 0 && !free_->compare_exchange_weak(free, free - 1)) {
    }
    if (free <= 0) return nullptr;
    return {static_cast<void*>(this), [held = free_](void*) { ++*held; }};
  }
  int taken() const { return most_ - free_->load(); }

 private:
  std::shared_ptr<std::atomic<int>> free_;
  int most_;
};

/// What the streamed answers of one node share: how many there may be, and what became of them.
struct streams {
  places exports{16};
  places downloads{256};
  std::atomic<std::uint64_t> bytes{0};   ///< pushed
  std::atomic<std::uint64_t> broken{0};  ///< that could not be brought to their end
};

}  // namespace net::contents
