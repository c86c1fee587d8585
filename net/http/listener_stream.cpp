#include <Poco/Net/PollSet.h>
#include <sys/socket.h>

#include <utility>

#include "net/http/listener_loop.hpp"

namespace net::http {
namespace {
using state = connection::state;
}  // namespace

/// With the answer's head rendered in `head_`.
void listener_loop::begin_stream(connection& c, outlet stream, bool chunked) {
  c.now = state::streaming;
  c.stream = std::move(stream);
  ++counted_.streams;
  c.stream.open(chunked, [this, id = c.id] { outbox_.ready(id); });
  // Its connection ends with it, so what the client sends behind its request is for nobody.
  if (c.stream.open_ended()) c.in.forget();
  c.discarded = 0;
  if (stopping_ && c.stream.open_ended()) c.stream.finish();
  send_frame(c);
}

/// Something may have come for the stream; `c` may have gone on since.
void listener_loop::stream_on(connection& c) {
  if (c.now != state::streaming || c.frame_stuck) return;
  head_.clear();
  send_frame(c);
}

/// Sends `head_` and the stream's next frame, which is appended to it.
void listener_loop::send_frame(connection& c) {
  const auto step = c.stream.next(head_);
  if (step == outlet::step::broken) return break_off(c);
  c.last_frame = step == outlet::step::end;
  set_deadline(c, options_.write_deadline);
  frame_written(c, c.out.start(c.descriptor, head_, nullptr));
}

/// Goes on with what the socket did not take of a frame, or with the next frame.
void listener_loop::write_stream(connection& c) {
  if (!c.frame_stuck) return stream_on(c);
  frame_written(c, c.out.go_on(c.descriptor));
}

void listener_loop::frame_written(connection& c, outgoing::result result) {
  const auto sent = c.out.take_written();
  counted_.bytes_out += sent;
  if (result == outgoing::result::broken) return drop(c);
  c.frame_stuck = result == outgoing::result::blocked;
  if (c.frame_stuck) {
    if (sent > 0) set_deadline(c, options_.write_deadline);
    return watch(c);
  }
  c.stream.written();
  if (c.last_frame) return end_stream(c);
  // More at once would let one stream keep all others waiting; the socket tells when it is this one's turn.
  c.stream_ahead = c.stream.ahead();
  set_deadline(c, c.stream_ahead ? options_.write_deadline : options_.answer_deadline);
  watch(c);
}

void listener_loop::end_stream(connection& c) {
  release_stream(c);
  if (c.close_after || stopping_) return linger(c);
  c.now = state::reading;
  go_on(c, {});
}

/// Ends the answer so that the client can tell it is not whole.
void listener_loop::break_off(connection& c) {
  const bool by_close = c.stream.ends_by_close();
  release_stream(c);
  c.out = {};
  // A client that reads up to the end of the connection knows a broken answer only by a reset.
  if (by_close) return reset(c);
  linger(c);
}

void listener_loop::on_stream_deadline(connection& c) {
  if (c.frame_stuck || c.stream_ahead) return reset(c);
  if (!c.stream.open_ended() || c.stream.deserted()) return break_off(c);
  set_deadline(c, options_.answer_deadline);
}

/// Bytes, or the end of them, from a client to whom an open-ended stream goes.
void listener_loop::on_hearer(connection& c, std::size_t bytes) {
  c.discarded += bytes;
  if (bytes == 0 || c.discarded > options_.max_head) drop(c);
}

void listener_loop::release_stream(connection& c) noexcept {
  if (!c.stream) return;
  c.stream = {};
  c.frame_stuck = c.stream_ahead = c.last_frame = false;
  --counted_.streams;
}

}  // namespace net::http
