#include "net/http/outbox.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

namespace net::http {

outbox::outbox() : descriptor_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (descriptor_ < 0)
    throw std::system_error(errno, std::generic_category(),
                            "cannot make the HTTP listener's wake descriptor");
}

outbox::~outbox() { ::close(descriptor_); }

void outbox::signal() {
  const std::uint64_t one = 1;
  // The only failure is a full counter, and then the descriptor is readable already.
  [[maybe_unused]] const auto written = ::write(descriptor_, &one, sizeof one);
}

void outbox::push(item answer) {
  bool asleep = false;
  {
    const std::lock_guard guard(mutex_);
    if (closed_) return;
    items_.push_back(std::move(answer));
    asleep = std::exchange(sleeping_, false);
  }
  if (asleep) signal();
}

void outbox::ready(std::uint64_t connection) {
  bool asleep = false;
  {
    const std::lock_guard guard(mutex_);
    ready_.push_back(connection);
    asleep = std::exchange(sleeping_, false);
  }
  if (asleep) signal();
}

void outbox::wake() {
  bool asleep = false;
  {
    const std::lock_guard guard(mutex_);
    wake_asked_ = true;
    asleep = std::exchange(sleeping_, false);
  }
  if (asleep) signal();
}

void outbox::close() {
  std::vector<item> dropped;
  const std::lock_guard guard(mutex_);
  closed_ = true;
  dropped.swap(items_);
}

void outbox::drain(std::vector<item>& answers, std::vector<std::uint64_t>& ready) {
  answers.clear();
  ready.clear();
  const std::lock_guard guard(mutex_);
  sleeping_ = false;
  answers.swap(items_);
  ready.swap(ready_);
}

bool outbox::may_sleep() {
  const std::lock_guard guard(mutex_);
  sleeping_ = items_.empty() && ready_.empty() && !std::exchange(wake_asked_, false);
  return sleeping_;
}

void outbox::woken() {
  std::uint64_t count = 0;
  // Nothing to read is fine: then there was nothing to clear.
  [[maybe_unused]] const auto got = ::read(descriptor_, &count, sizeof count);
}

}  // namespace net::http
