#include "net/http/outflow.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace net::http {
namespace {
// A silent stream gives a grown buffer back.
constexpr std::size_t keep_capacity = 1024;
}  // namespace

outflow::outflow(options o) : on_room_(std::move(o.on_room)), length_(o.length), open_ended_(o.open_ended) {
  if (open_ended_ && length_) throw std::invalid_argument("a stream without an end has no length");
}

bool outflow::push(std::string part) {
  const std::lock_guard guard(mutex_);
  if (gone_ || ending_ != ending::none) return false;
  const bool too_much = length_ && part.size() > *length_ - pushed_;
  if (too_much || part.size() > hard_cap - std::min(hard_cap, queued() + flying_)) {
    end_as(ending::failed);
    return false;
  }
  pushed_ += part.size();
  if (queue_.empty()) {
    queue_ = std::move(part);
  } else {
    queue_.append(part);
  }
  if (queued() > 0) tell();
  return true;
}

void outflow::finish() { end(ending::finished); }

void outflow::fail() { end(ending::failed); }

void outflow::end(ending how) {
  const std::lock_guard guard(mutex_);
  if (gone_ || ending_ != ending::none) return;
  const bool short_of_it = length_ && pushed_ < *length_;
  end_as(short_of_it ? ending::failed : how);
}

/// With the lock held.
void outflow::end_as(ending how) {
  ending_ = how;
  if (how == ending::failed) {
    std::string().swap(queue_);
    used_ = 0;
  }
  tell();
}

/// With the lock held.
void outflow::tell() {
  if (told_ || !wake_) return;
  wake_();
  told_ = true;
}

std::size_t outflow::waiting() const {
  const std::lock_guard guard(mutex_);
  return queued() + flying_;
}

bool outflow::gone() const {
  const std::lock_guard guard(mutex_);
  return gone_;
}

bool outflow::claim() {
  const std::lock_guard guard(mutex_);
  return !std::exchange(claimed_, true);
}

void outflow::wake_with(std::function<void()> wake) {
  const std::lock_guard guard(mutex_);
  wake_ = std::move(wake);
}

outflow::view outflow::look() {
  const std::lock_guard guard(mutex_);
  told_ = false;
  return {queued(), ending_ == ending::finished, ending_ == ending::failed};
}

std::size_t outflow::take(std::string& out, std::size_t size) {
  const std::lock_guard guard(mutex_);
  size = std::min(size, queued());
  out.append(queue_, used_, size);
  used_ += size;
  flying_ += size;
  if (queued() > 0) {
    // What is left is at most as long as what is thrown away, so that each byte is moved about once.
    if (used_ >= queued()) queue_.erase(0, std::exchange(used_, 0));
    return size;
  }
  used_ = 0;
  if (queue_.capacity() > keep_capacity) {
    std::string().swap(queue_);
  } else {
    queue_.clear();
  }
  return size;
}

void outflow::written(std::size_t size) {
  bool room = false;
  {
    const std::lock_guard guard(mutex_);
    const auto before = queued() + flying_;
    flying_ -= size;
    room = before >= low_water && before - size < low_water && ending_ == ending::none;
  }
  if (room && on_room_) on_room_();
}

void outflow::leave() noexcept {
  {
    const std::lock_guard guard(mutex_);
    if (std::exchange(gone_, true)) return;
    wake_ = nullptr;
    std::string().swap(queue_);
    used_ = flying_ = 0;
  }
  const auto last_call = std::exchange(on_room_, nullptr);
  if (!last_call) return;
  try {
    last_call();
  } catch (...) {
    // The producer's own failure, and there is nobody left whom it concerns.
  }
}

}  // namespace net::http
