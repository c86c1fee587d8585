#include "tests/net/http/producer.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "tests/net/http/client.hpp"

namespace net::http::testing {
namespace {
constexpr std::chrono::milliseconds patience{client::patience};
}

producer::producer(outflow::options options) {
  // The stream does not outlive itself by what it calls.
  const auto weak = std::make_shared<std::weak_ptr<outflow>>();
  options.on_room = [notes = notes_, weak] {
    const auto flow = weak->lock();
    std::function<void()> also;
    {
      const std::lock_guard guard(notes->mutex);
      also = notes->also;
    }
    if (also) also();
    const std::lock_guard guard(notes->mutex);
    ++(!flow || flow->gone() ? notes->goodbyes : notes->rooms);
    notes->changed.notify_all();
  };
  flow_ = std::make_shared<outflow>(std::move(options));
  *weak = flow_;
}

void producer::and_then(std::function<void()> also) {
  const std::lock_guard guard(notes_->mutex);
  notes_->also = std::move(also);
}

std::size_t producer::push_all(const std::function<std::string()>& next) {
  std::size_t most = 0;
  for (auto part = next(); !part.empty(); part = next()) {
    auto seen = rooms();
    while (flow_->waiting() + part.size() > outflow::high_water && !flow_->gone()) {
      std::unique_lock guard(notes_->mutex);
      const auto told = [&] { return notes_->rooms > seen || notes_->goodbyes > 0; };
      if (!notes_->changed.wait_for(guard, patience, told))
        throw std::runtime_error("there was no room in the stream in time");
      seen = notes_->rooms;
    }
    if (!flow_->push(std::move(part))) return most;
    most = std::max(most, flow_->waiting());
  }
  return most;
}

bool producer::full_for(int milliseconds) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < until) {
    std::unique_lock guard(notes_->mutex);
    const auto seen = notes_->rooms;
    const auto told = [&] { return notes_->rooms > seen; };
    if (!notes_->changed.wait_for(guard, std::chrono::milliseconds(milliseconds), told))
      return flow_->waiting() >= outflow::low_water;
  }
  return false;
}

bool producer::told_gone() {
  std::unique_lock guard(notes_->mutex);
  return notes_->changed.wait_for(guard, patience, [&] { return notes_->goodbyes > 0; });
}

std::size_t producer::rooms() const {
  const std::lock_guard guard(notes_->mutex);
  return notes_->rooms;
}

std::size_t producer::goodbyes() const {
  const std::lock_guard guard(notes_->mutex);
  return notes_->goodbyes;
}

}  // namespace net::http::testing
