#pragma once
#include <Poco/Net/StreamSocket.h>

#include <cstdint>
#include <optional>
#include <string>

#include "net/http/deadlines.hpp"
#include "net/http/intake.hpp"
#include "net/http/outgoing.hpp"
#include "net/http/outlet.hpp"

namespace net::http {

/// One client's connection, as the listener's thread sees it.
///
/// reading → serving (the handler has the request) → writing or streaming → reading …, or → lingering (all is
/// said; what the client still sends is thrown away so that it sees the answer and no reset) → gone. A large
/// body waits as `admitting` within reading, until somebody has said whether it may come.
struct connection {
  enum class state { reading, admitting, serving, writing, streaming, lingering, gone };

  connection(Poco::Net::StreamSocket s, std::uint64_t id_, std::string peer_, const intake_rules& rules);

  /// The id holds the descriptor in its low bits, so that finding a connection needs no map, and a
  /// generation above, so that a late answer never meets the next client on the same descriptor.
  static std::uint64_t make_id(int descriptor, std::uint64_t generation);
  static std::size_t slot(std::uint64_t id);

  struct idle_node : list_node {
    connection* owner = nullptr;
  };

  Poco::Net::StreamSocket socket;
  int descriptor;
  std::uint64_t id;
  std::uint64_t sequence = 0;
  std::string peer;
  state now = state::reading;
  bool peer_done = false;                    ///< the client has shut down its sending side
  bool close_after = false;                  ///< the answer being written is the last
  int interest = 0;                          ///< what the PollSet watches for
  std::size_t discarded = 0;                 ///< bytes thrown away while lingering or in an open-ended stream
  std::optional<intake::phase> timed_phase;  ///< whose deadline is running, while reading
  intake in;
  outgoing out;
  outlet stream;              ///< what is being streamed
  bool frame_stuck = false;   ///< the socket has not taken all of a frame of it
  bool stream_ahead = false;  ///< there is more than the frame just written
  bool last_frame = false;    ///< the stream ends with the frame under way
  timer deadline;
  std::int64_t idle_since = 0;  ///< milliseconds
  std::int64_t body_since = 0;  ///< milliseconds; when the head of the body under way was complete
  idle_node idle;
};

}  // namespace net::http
