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

/// Takes one whole request, a large body in its `file`. Called on the listener's thread: it must not block.
/// What it throws is answered with a 500 and ends that connection.
using handler = std::function<void(exchange, request&&)>;

struct listener_options {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;              ///< 0 takes any free port
  std::size_t max_head = 16 * 1024;    ///< bytes of request line and headers
  std::size_t max_body = 1024 * 1024;  ///< bytes, where there is no body_limit
  /// How many bytes the body of this request may have, asked once its head is complete and judged and before
  /// any of the body is kept. On the listener's thread: it must not block.
  std::function<std::size_t(const request& head)> body_limit;
  std::size_t spool_above = 1024 * 1024;  ///< bytes; a larger body goes to a file, see request::file
  std::string spool_directory;  ///< on a disk rather than in memory; empty: the system's temporary one
  /// Bytes of spooled bodies at one time, as announced by their heads, until the handler lets go of them.
  /// What would go beyond, and what finds no room on the disk, is answered with 503.
  std::uint64_t max_spooled = 512ull * 1024 * 1024;
  /// Asked with the head alone whether a body that would go to a file may come: admit() lets it in, an answer
  /// refuses it and ends the connection, and until then nothing of it is kept. Without this, each may come.
  handler on_large_body;
  /// Spooled bodies of one owner at one time, and the bytes announced for them: what goes beyond gets 429.
  /// One body of the largest size has to find room in it.
  std::uint64_t spooled_each = 4;
  std::uint64_t spooled_bytes_each = 64ull * 1024 * 1024;
  std::chrono::milliseconds stall_deadline{10'000};  ///< between two pieces of a body that goes to a file
  std::chrono::milliseconds head_deadline{10'000};   ///< from the head's first byte to its end
  std::chrono::milliseconds body_deadline{30'000};   ///< from the head's end to the body's …
  std::size_t read_rate = 16 * 1024;  ///< … and a second more for every so many bytes that have come
  /// For the handler to answer; then 503. Also for the producer of a streamed answer to push its next part,
  /// unless it is open-ended; then it is broken off.
  std::chrono::milliseconds answer_deadline{60'000};
  std::chrono::milliseconds write_deadline{30'000};  ///< for the client to take an answer …
  /// … and a second more for every so many bytes of it. A streamed answer has no size: there the client must
  /// take something within each `write_deadline` in which there is something to take.
  std::size_t write_rate = 16 * 1024;
  std::chrono::milliseconds linger_deadline{3'000};  ///< for the client to see a refusal and hang up
  std::chrono::milliseconds idle{75'000};            ///< between requests of one connection
  std::chrono::milliseconds stop_deadline{10'000};   ///< for answers under way when stopping
  /// Also bounded by the process's limit of open files, less a reserve for everybody else. When it is
  /// reached the connections idle longest make room; where none is idle, new ones wait to be accepted.
  std::size_t max_connections = 10'000;
  std::vector<header> always;  ///< headers that every answer carries, refusals included
};

/// A moment's view of the listener's counters; all but `open`, `streams` and `spooled` only grow.
struct listener_counters {
  std::uint64_t open = 0;      ///< connections now
  std::uint64_t accepted = 0;  ///< connections
  std::uint64_t refused = 0;   ///< requests refused or timed out before the handler saw them
  std::uint64_t requests = 0;  ///< handed to the handler
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t streams = 0;  ///< answers being streamed now
  std::uint64_t spooled = 0;  ///< bytes announced for the large bodies that are kept in files now
};

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
  /// Lets in the body that an exchange has asked `on_large_body` for; `owner` is on whose account it goes,
  /// for `spooled_each` and its like. From any thread. Dropped, like an answer, where the connection is gone
  /// or was answered.
  void admit(exchange to, std::string owner);
  /// Accepts no more, lets requests under way be answered and streams come to their end within
  /// `stop_deadline`, finishes open-ended streams at once, and joins the thread.
  /// Answers that come later are dropped. Not from within the handler.
  void stop();
  /// From any thread.
  listener_counters counters() const;

 private:
  class impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace net::http
