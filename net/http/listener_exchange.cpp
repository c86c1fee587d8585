#include <Poco/Net/PollSet.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "net/http/listener_loop.hpp"

namespace net::http {
namespace {
using Poco::Net::PollSet;
using state = connection::state;
using phase = intake::phase;

// How much a refused client may still send before its answer is sacrificed to a reset.
// More than the largest upload of an honest one, who looks for an answer only after the last byte.
constexpr std::size_t max_discard = 32 * 1024 * 1024;

constexpr fault incomplete{400, "incomplete_request", "The connection was closed within the request."};
constexpr fault internal{500, "internal_error", "The request could not be answered."};
}  // namespace

void listener_loop::on_event(connection& c, int events) {
  if (events & PollSet::POLL_ERROR) return drop(c);
  if (events & PollSet::POLL_WRITE && c.now == state::writing) {
    written(c, c.out.go_on(c.descriptor));
  } else if (events & PollSet::POLL_WRITE && c.now == state::streaming) {
    write_stream(c);
  }
  if (events & PollSet::POLL_READ && c.interest & PollSet::POLL_READ) on_readable(c);
}

/// What the client sent, at most `limit` bytes; empty when it has shut down its side; nothing when there
/// is nothing or the connection is gone.
std::optional<std::string_view> listener_loop::receive(connection& c, std::size_t limit) {
  const auto n = ::recv(c.descriptor, buffer_.data(), std::min(limit, buffer_.size()), MSG_DONTWAIT);
  if (n >= 0) {
    counted_.bytes_in += static_cast<std::uint64_t>(n);
    return std::string_view(buffer_.data(), static_cast<std::size_t>(n));
  }
  if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) drop(c);
  return std::nullopt;
}

/// How many bytes of later requests may still be taken in while one is being served.
std::size_t listener_loop::room_ahead(const connection& c) const {
  if (c.peer_done || c.in.kept() >= options_.max_head) return 0;
  return options_.max_head - c.in.kept();
}

void listener_loop::on_readable(connection& c) {
  if (c.now == state::gone) return;
  const bool hearing = c.now == state::streaming && c.stream.open_ended();
  const bool ahead = c.now == state::admitting || c.now == state::serving || c.now == state::writing ||
                     (c.now == state::streaming && !hearing);
  const auto fresh = receive(c, ahead ? room_ahead(c) : buffer_.size());
  if (!fresh) return;
  if (hearing) return on_hearer(c, fresh->size());
  if (c.now == state::lingering) {
    c.discarded += fresh->size();
    if (fresh->empty() || c.discarded > max_discard) drop(c);
    return;
  }
  if (fresh->empty()) c.peer_done = true;
  if (!ahead) return fresh->empty() ? await(c) : go_on(c, *fresh);
  c.in.keep(*fresh);
  watch(c);
}

void listener_loop::go_on(connection& c, std::string_view fresh) {
  auto result = intake::result::refused;
  try {
    result = c.in.advance(fresh);
  } catch (...) {
    // Memory, or the failure of whoever was asked for the body's limit.
    return refuse(c, internal);
  }
  switch (result) {
    case intake::result::more:
      return await(c);
    case intake::result::announced:
      return announce(c);
    case intake::result::complete:
      return dispatch(c);
    case intake::result::refused:
      return refuse(c, c.in.why());
  }
}

/// Waits for more of a request, or for the next one.
void listener_loop::await(connection& c) {
  const auto now = c.in.now();
  if (c.peer_done) return now == phase::between ? drop(c) : refuse(c, incomplete);
  if (stopping_) return drop(c);
  if (c.in.wants_continue()) {
    constexpr std::string_view go = "HTTP/1.1 100 Continue\r\n\r\n";
    const auto sent = ::send(c.descriptor, go.data(), go.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    // Everything before has been taken by the socket; one without room for this line is not being read.
    if (sent != static_cast<ssize_t>(go.size())) return drop(c);
    counted_.bytes_out += go.size();
  }
  if (c.timed_phase != now) {
    c.timed_phase = now;
    if (now == phase::between) {
      c.idle.join(idle_);
      c.idle_since = now_;
      set_deadline(c, options_.idle);
    } else {
      c.idle.leave();
      c.body_since = now_;
      if (now == phase::head) set_deadline(c, options_.head_deadline);
    }
  }
  // More time for what has come, not for what is announced: a promise alone holds nobody up.
  if (now == phase::body) {
    const auto spent = std::chrono::milliseconds(now_ - c.body_since);
    const auto earned = std::chrono::seconds(c.in.received() / options_.read_rate);
    const auto left = options_.body_deadline + earned - spent;
    set_deadline(c,
                 c.in.spools() ? std::min<std::chrono::milliseconds>(left, options_.stall_deadline) : left);
  }
  watch(c);
}

/// Has it asked whether the large body may come; until then what comes of it waits with the client.
void listener_loop::announce(connection& c) {
  c.now = state::admitting;
  c.timed_phase.reset();
  c.idle.leave();
  ++c.sequence;
  set_deadline(c, options_.answer_deadline);
  watch(c);
  auto head = c.in.head();
  head.peer = c.peer;
  try {
    options_.on_large_body({id_, c.id, c.sequence}, std::move(head));
  } catch (...) {
    turn_away(c, to_response(internal));
  }
}

void listener_loop::let_in(connection& c, const std::string& owner) {
  c.now = state::reading;
  if (c.in.admit(owner) == intake::result::refused) return refuse(c, c.in.why());
  go_on(c, {});
}

/// The answer instead of the body: what comes of that must not be taken for a request.
void listener_loop::turn_away(connection& c, response answer, outlet stream) {
  ++counted_.refused;
  c.in.forget();
  answer.close = true;
  send(c, answer, std::move(stream));
}

void listener_loop::dispatch(connection& c) {
  c.now = state::serving;
  c.timed_phase.reset();
  c.idle.leave();
  ++c.sequence;
  ++counted_.requests;
  set_deadline(c, options_.answer_deadline);
  watch(c);
  auto request = c.in.take();
  request.peer = c.peer;
  try {
    on_request_({id_, c.id, c.sequence}, std::move(request));
  } catch (...) {
    // The handler's own failure; it may have answered already, and that answer now comes too late.
    send(c, to_response(internal));
  }
}

void listener_loop::refuse(connection& c, const fault& f) {
  ++counted_.refused;
  c.timed_phase.reset();
  c.idle.leave();
  const auto answer = to_response(f);
  c.in.forget();
  send(c, answer);
}

void listener_loop::send(connection& c, const response& answer, outlet stream) {
  if (answer.stream && (!stream || stream.failed())) return send(c, to_response(internal));
  c.now = state::writing;
  c.close_after = answer.close || !c.in.keep_alive() || stopping_ || stream.open_ended();
  const bool head_only = c.in.head_only();
  const bool chunked = stream && !answer.stream->length() && c.in.knows_chunks();
  if (!heads_.render(answer, {c.close_after, head_only, chunked}, clock_.now(), head_))
    return send(c, to_response(internal));
  const bool bodiless = head_only || !response_head::has_body(answer.status);
  if (stream && !bodiless) return begin_stream(c, std::move(stream), chunked);
  const auto result = c.out.start(c.descriptor, head_, bodiless ? nullptr : answer.body);
  if (result == outgoing::result::blocked) {
    const auto size = answer.body ? answer.body->size() : 0;
    set_deadline(c, options_.write_deadline + std::chrono::seconds(size / options_.write_rate));
  }
  written(c, result);
}

void listener_loop::written(connection& c, outgoing::result result) {
  counted_.bytes_out += c.out.take_written();
  if (result == outgoing::result::broken) return drop(c);
  if (result == outgoing::result::blocked) return watch(c);
  if (c.close_after) return linger(c);
  c.now = state::reading;
  go_on(c, {});
}

void listener_loop::linger(connection& c) {
  if (c.peer_done) return drop(c);
  ::shutdown(c.descriptor, SHUT_WR);
  c.now = state::lingering;
  c.in.forget();
  set_deadline(c, stopping_ ? std::min(linger_at_stop, options_.linger_deadline) : options_.linger_deadline);
  watch(c);
}

}  // namespace net::http
