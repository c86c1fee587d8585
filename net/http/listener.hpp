#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "model/clock.hpp"
#include "net/http/message.hpp"

namespace net::http {

struct listener_options {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;                             ///< 0 takes any free port
  std::size_t max_head = 16 * 1024;                   ///< bytes of request line and headers
  std::size_t max_body = 1024 * 1024;                 ///< bytes
  std::chrono::milliseconds head_deadline{10'000};    ///< from the head's first byte to its end
  std::chrono::milliseconds body_deadline{30'000};    ///< from the head's end to the body's
  std::chrono::milliseconds answer_deadline{60'000};  ///< for the handler to answer; then 503
  std::chrono::milliseconds write_deadline{30'000};   ///< for the client to take an answer …
  std::size_t write_rate = 16 * 1024;                 ///< … and a second more for every so many bytes of it
  std::chrono::milliseconds linger_deadline{3'000};   ///< for the client to see a refusal and hang up
  std::chrono::milliseconds idle{75'000};             ///< between requests of one connection
  std::chrono::milliseconds stop_deadline{10'000};    ///< for answers under way when stopping
  /// Also bounded by the process's limit of open files, less a reserve for everybody else. When it is
  /// reached the connections idle longest make room; where none is idle, new ones wait to be accepted.
  std::size_t max_connections = 10'000;
  std::vector<header> always;  ///< headers that every answer carries, refusals included
};

/// A moment's view of the listener's counters; all but `open` only grow.
struct listener_counters {
  std::uint64_t open = 0;      ///< connections now
  std::uint64_t accepted = 0;  ///< connections
  std::uint64_t refused = 0;   ///< requests refused or timed out before the handler saw them
  std::uint64_t requests = 0;  ///< handed to the handler
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
};

/// Takes one whole request. Called on the listener's thread: it must not block. What it throws is answered
/// with a 500 and ends that connection.
using handler = std::function<void(exchange, request&&)>;

/// The door of HTTP/1.1: one thread that takes in requests, refuses what is not one, and writes answers.
/// Each request gets one answer, from any thread, later; requests of one connection are served in order.
class listener {
 public:
  /// `clock` dates the answers. @throws std::invalid_argument for options that cannot be.
  listener(listener_options options, handler on_request, const model::clock& clock = model::system_clock());
  /// Stops.
  ~listener();
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;

  /// Binds and begins to serve. @throws std::runtime_error naming the address, the reason and the remedy.
  void start();
  /// The port listened on, once started.
  std::uint16_t port() const;
  /// Sends the answer to a request; from any thread, and also within the handler. The first answer counts;
  /// one to a connection that is gone or has moved on is dropped.
  void answer(exchange to, response answer);
  /// Accepts no more, lets requests under way be answered within `stop_deadline`, and joins the thread.
  /// Answers that come later are dropped. Not from within the handler.
  void stop();
  /// From any thread.
  listener_counters counters() const;

 private:
  class impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace net::http
