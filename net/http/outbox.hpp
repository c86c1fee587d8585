#pragma once
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "net/http/message.hpp"
#include "net/http/outlet.hpp"

namespace net::http {

/// Answers on their way to the listener's thread. Any number of them cost one wake, and none while the
/// thread is awake anyway.
class outbox {
 public:
  struct item {
    /// Claims the answer's stream, so that its producer learns of every way in which it may come to nothing.
    item(exchange to_, response answer_) : to(to_), answer(std::move(answer_)), stream(answer.stream) {}

    /// Lets the body in that this exchange announced, on the account of `owner_`.
    item(exchange to_, std::string owner_) : to(to_), owner(std::move(owner_)) {}

    exchange to;
    response answer;
    outlet stream;
    std::optional<std::string> owner;
  };

  /// @throws std::system_error when the system has no descriptor left for the wake.
  outbox();
  ~outbox();
  outbox(const outbox&) = delete;
  outbox& operator=(const outbox&) = delete;

  /// Any thread.
  void push(item answer);
  /// Any thread: the stream of that connection has something new.
  void ready(std::uint64_t connection);
  /// Any thread: ends the current or the next sleep without an answer.
  void wake();

  /// Any thread: whatever waits or comes later is dropped.
  void close();

  /// The listener's thread: takes everything that waits.
  void drain(std::vector<item>& answers, std::vector<std::uint64_t>& ready);
  /// The listener's thread, before it sleeps; false when something waits already.
  bool may_sleep();
  /// The listener's thread, when the descriptor is readable.
  void woken();
  /// Readable when the thread must wake; owned by this.
  int descriptor() const { return descriptor_; }

 private:
  void signal();

  std::mutex mutex_;
  std::vector<item> items_;
  std::vector<std::uint64_t> ready_;
  bool sleeping_ = false;
  bool wake_asked_ = false;
  bool closed_ = false;
  int descriptor_;
};

}  // namespace net::http
