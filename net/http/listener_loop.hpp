#pragma once
#include <Poco/Net/PollSet.h>
#include <Poco/Net/ServerSocket.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/http/connection.hpp"
#include "net/http/deadlines.hpp"
#include "net/http/listener.hpp"
#include "net/http/outbox.hpp"
#include "net/http/response_head.hpp"

namespace net::http {

/// What the listener's one thread does. All but answer(), admit(), ask_stop() and counters() belongs to that
/// thread. The source is in four parts: listener_loop.cpp the rounds and deadlines, listener_accept.cpp new
/// connections, listener_exchange.cpp the requests and answers of one connection, listener_stream.cpp the
/// answers that are sent as they are made.
class listener_loop {
 public:
  listener_loop(listener_options options, handler on_request, const model::clock& clock);

  void bind();
  std::uint16_t port() const { return port_; }
  /// Serves until asked to stop and everything under way is answered or out of time.
  void run();

  void answer(exchange to, response answer);
  void admit(exchange to, std::string owner);
  void ask_stop();
  listener_counters counters() const;

 private:
  /// Enough to catch up with a burst, few enough that connected clients are not kept waiting.
  static constexpr int accepts_per_round = 64;
  /// A connection that only waits for its client to hang up does not hold up a stop for longer.
  static constexpr std::chrono::milliseconds linger_at_stop{500};

  // the rounds
  void round();
  void sleep_and_serve();
  void deliver();
  void begin_stop();
  bool finished() const;
  void on_deadline(connection& c);
  void set_deadline(connection& c, std::chrono::milliseconds from_now);
  /// Watches for what the connection's state can use. Called after each change of state; costs a system
  /// call only where the answer changes.
  void watch(connection& c);
  /// Closes now. The object lives to the end of the round, so that callers up the stack need not know.
  void drop(connection& c) noexcept;
  /// As drop(), by a reset: the kernel keeps nothing of what this client does not take.
  void reset(connection& c);
  /// Runs one connection's step; what it throws ends that connection only.
  template <typename Step>
  void guarded(connection& c, Step step) noexcept;
  connection* find(std::uint64_t id) const;

  // new connections
  void accept_some();
  void adopt(int descriptor, std::string peer);
  bool has_room() const;
  connection& longest_idle() const;
  void on_accept_error(int error);
  void watch_server(bool wanted);

  // one connection
  void on_event(connection& c, int events);
  void on_readable(connection& c);
  std::optional<std::string_view> receive(connection& c, std::size_t limit);
  std::size_t room_ahead(const connection& c) const;
  void go_on(connection& c, std::string_view fresh);
  void await(connection& c);
  void announce(connection& c);
  void let_in(connection& c, const std::string& owner);
  void turn_away(connection& c, response answer, outlet stream = {});
  void dispatch(connection& c);
  void refuse(connection& c, const fault& f);
  /// `stream` is the answer's, claimed.
  void send(connection& c, const response& answer, outlet stream = {});
  void written(connection& c, outgoing::result result);
  void linger(connection& c);

  // streamed answers
  void begin_stream(connection& c, outlet stream, bool chunked);
  void stream_on(connection& c);
  void send_frame(connection& c);
  void write_stream(connection& c);
  void frame_written(connection& c, outgoing::result result);
  void end_stream(connection& c);
  void break_off(connection& c);
  void on_stream_deadline(connection& c);
  void on_hearer(connection& c, std::size_t bytes);
  void release_stream(connection& c) noexcept;

  const listener_options options_;
  const intake_rules rules_;
  const handler on_request_;
  const model::clock& clock_;
  const std::uint32_t id_;
  response_head heads_;
  outbox outbox_;
  std::atomic<bool> stop_asked_{false};

  Poco::Net::ServerSocket server_;
  Poco::Net::StreamSocket wake_;
  Poco::Net::PollSet polled_;
  std::uint16_t port_ = 0;
  bool accepting_ = false;
  bool stopping_ = false;
  std::int64_t stop_by_ = 0;
  std::int64_t accept_again_ = 0;  ///< not before, after the system ran out of something

  std::int64_t now_;  ///< milliseconds, read once a round
  deadlines deadlines_;
  list_node idle_;  ///< connections between requests, the longest idle first
  std::size_t capacity_;
  std::size_t open_ = 0;
  std::uint64_t generation_ = 0;
  std::vector<std::unique_ptr<connection>> connections_;  ///< by descriptor
  std::vector<std::unique_ptr<connection>> dropped_;      ///< in this round
  std::vector<outbox::item> delivered_;
  std::vector<std::uint64_t> ready_;  ///< connections whose streams have something new
  std::string head_;                  ///< the answer's head being rendered
  std::vector<char> buffer_;          ///< what was just read; shared by all connections

  struct {
    std::atomic<std::uint64_t> open{0}, accepted{0}, refused{0}, requests{0}, bytes_in{0}, bytes_out{0},
        streams{0};
  } counted_;
};

template <typename Step>
void listener_loop::guarded(connection& c, Step step) noexcept {
  try {
    step();
  } catch (...) {
    // Out of memory, or the system refusing a socket call: whatever it was, it was this connection's.
    drop(c);
  }
}

}  // namespace net::http
