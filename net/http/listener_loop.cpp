#include "net/http/listener_loop.hpp"

#include <Poco/Net/StreamSocketImpl.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "net/http/socket_clock.hpp"

namespace net::http {
namespace {
using Poco::Net::PollSet;
using state = connection::state;

constexpr std::size_t read_size = 64 * 1024;
constexpr fault slow_request{408, "request_timeout", "The request did not arrive in time."};
constexpr fault slow_answer{503, "unavailable", "No answer could be made in time; try again."};

std::atomic<std::uint32_t> last_listener{0};

/// Connections this process can hold open beside its files, databases and other sockets.
std::size_t capacity(std::size_t wanted) {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur == RLIM_INFINITY) return wanted;
  const auto reserve = std::min<std::size_t>(256, files.rlim_cur / 4);
  return std::max<std::size_t>(1, std::min<std::size_t>(wanted, files.rlim_cur - reserve));
}

/// The outbox keeps its own descriptor: this one, of the same event, is closed by Poco.
Poco::Net::StreamSocket watchable(int descriptor) {
  struct raw : Poco::Net::StreamSocket {
    explicit raw(int d) : StreamSocket(new Poco::Net::StreamSocketImpl(d)) {}
  };
  const int copy = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
  if (copy < 0)
    throw std::system_error(errno, std::generic_category(),
                            "cannot make the HTTP listener's wake descriptor");
  return raw(copy);
}

void check(const listener_options& o) {
  using namespace std::chrono_literals;
  for (const auto d : {o.head_deadline, o.body_deadline, o.answer_deadline, o.write_deadline,
                       o.linger_deadline, o.idle, o.stop_deadline, o.stall_deadline})
    if (d <= 0ms) throw std::invalid_argument("the HTTP listener's deadlines must be longer than nothing");
  if (o.max_head < 64 || o.max_head > read_size)
    throw std::invalid_argument("the HTTP listener's largest head must be between 64 bytes and 64 KiB");
  if (o.max_connections == 0 || o.write_rate == 0 || o.read_rate == 0)
    throw std::invalid_argument("the HTTP listener needs at least one connection and rates above nothing");
  if (!o.spool_directory.empty() && !std::filesystem::is_directory(o.spool_directory))
    throw std::invalid_argument("there is no directory " + o.spool_directory +
                                " for large uploads; make it or name another");
}

intake_rules rules(const listener_options& o) {
  return {o.max_head,
          o.max_body,
          o.body_limit,
          o.spool_above,
          o.spool_directory.empty() ? std::filesystem::temp_directory_path().string() : o.spool_directory,
          o.max_spooled,
          std::make_shared<spool_budget>(),
          o.spooled_each,
          o.spooled_bytes_each,
          static_cast<bool>(o.on_large_body)};
}
}  // namespace

listener_loop::listener_loop(listener_options options, handler on_request, const model::clock& clock)
    : options_((check(options), std::move(options))),
      rules_(rules(options_)),
      on_request_(std::move(on_request)),
      clock_(clock),
      id_(++last_listener),
      heads_(options_.always),
      wake_(watchable(outbox_.descriptor())),
      now_(socket_milliseconds()),
      deadlines_(now_),
      capacity_(capacity(options_.max_connections)),
      buffer_(read_size) {
  // A round can drop all that were open and all that it accepted, and dropping must not fail.
  dropped_.reserve(capacity_ + accepts_per_round);
  if (!on_request_) throw std::invalid_argument("the HTTP listener needs a handler");
}

void listener_loop::answer(exchange to, response answer) {
  outbox::item item(to, std::move(answer));
  if (to.listener == id_) outbox_.push(std::move(item));
}

void listener_loop::admit(exchange to, std::string owner) {
  if (to.listener == id_) outbox_.push({to, std::move(owner)});
}

void listener_loop::ask_stop() {
  stop_asked_ = true;
  outbox_.wake();
}

listener_counters listener_loop::counters() const {
  return {counted_.open,     counted_.accepted,  counted_.refused, counted_.requests,
          counted_.bytes_in, counted_.bytes_out, counted_.streams, rules_.spooling->bytes};
}

void listener_loop::run() {
  // A file that may not grow is an error to write to, answered like a full disk, and not the process's end.
  sigset_t file_size;
  sigemptyset(&file_size);
  sigaddset(&file_size, SIGXFSZ);
  ::pthread_sigmask(SIG_BLOCK, &file_size, nullptr);
  while (!finished()) {
    try {
      round();
    } catch (const std::exception&) {
      // Only memory can run out here, between connections; what they need they ask for again.
    }
  }
  for (auto& c : connections_)
    if (c) drop(*c);
  dropped_.clear();
  outbox_.close();
}

void listener_loop::round() {
  dropped_.clear();
  if (stop_asked_ && !stopping_) begin_stop();
  if (!stopping_ && !accepting_ && now_ >= accept_again_ && has_room()) watch_server(true);
  sleep_and_serve();
  deliver();
  deadlines_.advance(now_, [this](std::uint64_t owner) {
    if (auto* c = find(owner)) guarded(*c, [&] { on_deadline(*c); });
  });
}

void listener_loop::sleep_and_serve() {
  const bool watched = open_ > 0 || !accepting_ || stopping_;
  const std::int64_t longest = watched ? deadlines::tick : 1000;
  const auto events = polled_.poll(Poco::Timespan(outbox_.may_sleep() ? longest * 1000 : 0));
  now_ = socket_milliseconds();
  for (const auto& [socket, mode] : events) {
    if (socket == wake_) {
      outbox_.woken();
    } else if (socket == server_) {
      accept_some();
    } else if (const auto d = socket.impl()->sockfd(); d >= 0) {
      // A descriptor closed earlier in this round is -1 here, even where a new connection has its number.
      auto& c = connections_[static_cast<std::size_t>(d)];
      if (c) guarded(*c, [&, &found = *c] { on_event(found, mode); });
    }
  }
}

void listener_loop::deliver() {
  outbox_.drain(delivered_, ready_);
  for (auto& item : delivered_) {
    auto* c = find(item.to.connection);
    if (!c || c->sequence != item.to.sequence) continue;
    guarded(*c, [&] {
      if (c->now == state::admitting && item.owner)
        let_in(*c, *item.owner);
      else if (c->now == state::admitting)
        turn_away(*c, std::move(item.answer), std::move(item.stream));
      else if (c->now == state::serving && !item.owner)
        send(*c, item.answer, std::move(item.stream));
    });
  }
  delivered_.clear();
  for (const auto id : ready_)
    if (auto* c = find(id)) guarded(*c, [&] { stream_on(*c); });
}

connection* listener_loop::find(std::uint64_t id) const {
  const auto slot = connection::slot(id);
  if (slot >= connections_.size() || !connections_[slot] || connections_[slot]->id != id) return nullptr;
  return connections_[slot].get();
}

void listener_loop::begin_stop() {
  stopping_ = true;
  stop_by_ = now_ + options_.stop_deadline.count();
  watch_server(false);
  server_.close();
  for (auto& c : connections_) {
    if (!c) continue;
    if (c->now == state::reading || c->now == state::admitting)
      drop(*c);
    else if (c->now == state::lingering)
      set_deadline(*c, linger_at_stop);
    else if (c->now == state::streaming && c->stream.open_ended())
      guarded(*c, [this, &one = *c] {
        one.stream.finish();
        stream_on(one);
      });
  }
}

bool listener_loop::finished() const { return stopping_ && (open_ == 0 || now_ >= stop_by_); }

void listener_loop::on_deadline(connection& c) {
  switch (c.now) {
    case state::reading:
      return c.in.now() == intake::phase::between ? drop(c) : refuse(c, slow_request);
    case state::admitting:
      return turn_away(c, to_response(slow_answer));
    case state::serving:
      return send(c, to_response(slow_answer));
    case state::writing:
      return reset(c);
    case state::streaming:
      return on_stream_deadline(c);
    case state::lingering:
      return drop(c);
    case state::gone:
      return;
  }
}

void listener_loop::set_deadline(connection& c, std::chrono::milliseconds from_now) {
  deadlines_.set(c.deadline, now_ + from_now.count());
}

void listener_loop::watch(connection& c) {
  int wanted = 0;
  if (c.now == state::gone) return;
  const bool streaming = c.now == state::streaming;
  const bool must_listen =
      c.now == state::reading || c.now == state::lingering || (streaming && c.stream.open_ended());
  if (must_listen || room_ahead(c) > 0) wanted = PollSet::POLL_READ;
  if (c.now == state::writing || (streaming && (c.frame_stuck || c.stream_ahead)))
    wanted |= PollSet::POLL_WRITE;
  if (wanted == c.interest) return;
  polled_.update(c.socket, wanted);
  c.interest = wanted;
}

void listener_loop::drop(connection& c) noexcept {
  if (c.now == state::gone) return;
  c.now = state::gone;
  c.deadline.leave();
  c.idle.leave();
  release_stream(c);
  try {
    polled_.remove(c.socket);
  } catch (const Poco::Exception&) {
    // It was not watched yet; closing it is all that is left to do.
  }
  auto& slot = connections_[static_cast<std::size_t>(c.descriptor)];
  c.socket.close();
  --open_;
  counted_.open = open_;
  dropped_.push_back(std::move(slot));
}

void listener_loop::reset(connection& c) {
  const ::linger at_once{1, 0};
  ::setsockopt(c.descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  drop(c);
}

}  // namespace net::http
