#pragma once
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "net/http/outflow.hpp"

namespace net::http::testing {

/// A stream and what its producer was told; waits at most `client::patience`.
class producer {
 public:
  explicit producer(outflow::options options = {});

  const std::shared_ptr<outflow>& flow() const { return flow_; }
  outflow* operator->() const { return flow_.get(); }
  /// Also called with each call of on_room, before this takes note of it.
  void and_then(std::function<void()> also);

  /// Pushes the parts that `next` gives, as a well-behaved producer does, until it gives an empty one or
  /// nobody reads any more; the most that ever waited.
  std::size_t push_all(const std::function<std::string()>& next);
  /// Waits until the stream has taken all that there is room for, and no room comes within so many
  /// milliseconds.
  bool full_for(int milliseconds);
  /// Whether the producer is told in time that nobody reads any more.
  bool told_gone();
  /// How often it was told that there is room, and that there is no reader.
  std::size_t rooms() const;
  std::size_t goodbyes() const;

 private:
  struct notes {
    std::mutex mutex;
    std::condition_variable changed;
    std::size_t rooms = 0;
    std::size_t goodbyes = 0;
    std::function<void()> also;
  };

  std::shared_ptr<notes> notes_ = std::make_shared<notes>();
  std::shared_ptr<outflow> flow_;
};

}  // namespace net::http::testing
