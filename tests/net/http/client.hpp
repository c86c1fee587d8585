#pragma once
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "net/http/listener.hpp"

namespace net::http::testing {

/// An answer as it came over the wire.
struct answer {
  unsigned status = 0;
  std::string head;
  std::string body;
  bool whole = true;  ///< false where the connection ended before the body did

  std::string header(std::string_view name) const;
};

/// A client that sends exactly the bytes it is told to. Waits at most `patience` for anything.
class client {
 public:
  static constexpr int patience = 10'000;  // milliseconds

  /// `receive_buffer` limits how much the system reads ahead for this client; 0 leaves it alone.
  explicit client(std::uint16_t port, int receive_buffer = 0);
  ~client();
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  /// False when the other side has gone.
  bool send(std::string_view bytes);
  /// Shuts down the sending side only.
  void finish();
  /// The next answer; status 0 when the connection ended instead. `bodiless` for answers to HEAD.
  answer read(bool bodiless = false);
  /// The next answer's head alone.
  answer read_head();
  /// Gives the chunks of a body as they come; false when the connection ended before the last.
  bool read_chunks(const std::function<void(std::string_view)>& part);
  /// One chunk; empty for the last, or when the connection ended.
  std::string read_chunk();
  /// Reads until bytes hold `mark`; everything read so far.
  std::string read_to(std::string_view mark);
  /// Whether anything is to be read, or the end, within so many milliseconds.
  bool readable_within(int milliseconds) const;
  /// Whether the connection ends in order (no reset) with nothing more to read.
  bool ended();
  /// Whether the connection has been reset.
  bool was_reset() const { return reset_; }

 private:
  bool more();
  bool chunk(std::string& into);

  int socket_;
  bool reset_ = false;
  std::string read_;
};

/// A listener whose requests are kept for the test to look at and, unless told otherwise, answered at once
/// with `METHOD path?query body`.
class served {
 public:
  using on_request = std::function<void(served&, exchange, const request&)>;

  explicit served(listener_options options = {}, on_request answer_with = echo);
  ~served();

  static void echo(served& self, exchange to, const request& r);
  static void hold(served&, exchange, const request&) {}

  std::uint16_t port() const { return listener_->port(); }
  net::http::listener& listener() { return *listener_; }
  void answer(exchange to, std::string body);
  /// Lets go of all requests so far.
  void forget();
  /// All requests so far.
  std::vector<request> requests() const;
  /// Waits until that many requests have come; the exchange of the last of them.
  exchange wait_for(std::size_t count);
  /// Waits until `condition` holds for the counters; false when it does not in time.
  bool eventually(const std::function<bool(const listener_counters&)>& condition) const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable came_;
  std::vector<request> requests_;
  std::vector<exchange> exchanges_;
  std::unique_ptr<net::http::listener> listener_;
};

}  // namespace net::http::testing
