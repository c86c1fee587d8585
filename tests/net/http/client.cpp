#include "tests/net/http/client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

namespace net::http::testing {
namespace {
bool wait_for_event(int socket, short event, int milliseconds = client::patience) {
  pollfd p{socket, event, 0};
  return ::poll(&p, 1, milliseconds) == 1;
}
}  // namespace

std::string answer::header(std::string_view name) const {
  for (std::size_t at = head.find("\r\n"); at != std::string::npos; at = head.find("\r\n", at + 2)) {
    const auto line = std::string_view(head).substr(at + 2, head.find("\r\n", at + 2) - at - 2);
    const auto colon = line.find(": ");
    if (colon != std::string_view::npos && same_name(line.substr(0, colon), name))
      return std::string(line.substr(colon + 2));
  }
  return {};
}

client::client(std::uint16_t port, int receive_buffer)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (socket_ < 0) throw std::system_error(errno, std::generic_category(), "socket");
  if (receive_buffer > 0)
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) {
    const int error = errno;
    ::close(socket_);
    throw std::system_error(error, std::generic_category(), "connect");
  }
}

client::~client() { ::close(socket_); }

bool client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(n));
    } else if ((errno != EAGAIN && errno != EWOULDBLOCK) || !wait_for_event(socket_, POLLOUT)) {
      return false;
    }
  }
  return true;
}

void client::finish() { ::shutdown(socket_, SHUT_WR); }

bool client::more() {
  if (!wait_for_event(socket_, POLLIN)) throw std::runtime_error("the server said nothing in time");
  char buffer[16 * 1024];
  const auto n = ::recv(socket_, buffer, sizeof buffer, 0);
  if (n > 0) read_.append(buffer, static_cast<std::size_t>(n));
  if (n < 0) reset_ = true;
  return n > 0;
}

answer client::read_head() {
  answer out;
  std::size_t end = 0;
  while ((end = read_.find("\r\n\r\n")) == std::string::npos)
    if (!more()) return out;
  out.head = read_.substr(0, end + 2);
  read_.erase(0, end + 4);
  out.status = static_cast<unsigned>(std::stoul(out.head.substr(9, 3)));
  return out;
}

answer client::read(bool bodiless) {
  answer out = read_head();
  if (out.status == 0) return out;
  if (!bodiless && out.header("Transfer-Encoding") == "chunked") {
    out.whole = read_chunks([&](std::string_view part) { out.body.append(part); });
    return out;
  }
  const auto length = out.header("Content-Length");
  const std::size_t size = bodiless || length.empty() ? 0 : std::stoul(length);
  while (out.whole && read_.size() < size) out.whole = more();
  out.body = read_.substr(0, size);
  read_.erase(0, size);
  return out;
}

/// False where the connection ended within the chunk.
bool client::chunk(std::string& into) {
  std::size_t line = 0;
  while ((line = read_.find("\r\n")) == std::string::npos)
    if (!more()) return false;
  const std::size_t size = std::stoul(read_.substr(0, line), nullptr, 16);
  while (read_.size() < line + 2 + size + 2)
    if (!more()) return false;
  if (read_.compare(line + 2 + size, 2, "\r\n") != 0) throw std::runtime_error("a chunk without its end");
  into = read_.substr(line + 2, size);
  read_.erase(0, line + 2 + size + 2);
  // Who measures the server's memory does not want to see the client's.
  if (read_.empty()) std::string().swap(read_);
  return true;
}

bool client::read_chunks(const std::function<void(std::string_view)>& part) {
  std::string got;
  while (chunk(got)) {
    if (got.empty()) return true;
    part(got);
  }
  return false;
}

std::string client::read_chunk() {
  std::string got;
  return chunk(got) ? got : std::string();
}

std::string client::read_to(std::string_view mark) {
  while (read_.find(mark) == std::string::npos)
    if (!more()) break;
  return std::exchange(read_, {});
}

bool client::readable_within(int milliseconds) const { return wait_for_event(socket_, POLLIN, milliseconds); }

bool client::ended() {
  if (!read_.empty()) return false;
  while (more())
    if (!read_.empty()) return false;
  return !reset_;
}

served::served(listener_options options, on_request answer_with) {
  listener_ =
      std::make_unique<net::http::listener>(std::move(options), [this, answer_with](exchange e, request&& r) {
        answer_with(*this, e, r);
        const std::lock_guard guard(mutex_);
        requests_.push_back(std::move(r));
        exchanges_.push_back(e);
        came_.notify_all();
      });
  listener_->start();
}

served::~served() { listener_->stop(); }

void served::echo(served& self, exchange to, const request& r) {
  self.answer(to, r.method + " " + r.path + "?" + r.query + " " + r.body);
}

void served::answer(exchange to, std::string body) {
  response out;
  out.body = std::make_shared<const std::string>(std::move(body));
  listener_->answer(to, std::move(out));
}

void served::forget() {
  const std::lock_guard guard(mutex_);
  requests_.clear();
}

std::vector<request> served::requests() const {
  const std::lock_guard guard(mutex_);
  return requests_;
}

exchange served::wait_for(std::size_t count) {
  std::unique_lock guard(mutex_);
  const auto enough = [&] { return requests_.size() >= count; };
  if (!came_.wait_for(guard, std::chrono::milliseconds(client::patience), enough))
    throw std::runtime_error("the request did not reach the handler in time");
  return exchanges_[count - 1];
}

bool served::eventually(const std::function<bool(const listener_counters&)>& condition) const {
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(client::patience);
  while (!condition(listener_->counters())) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace net::http::testing
