#include <Poco/Net/StreamSocketImpl.h>
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <utility>

#include "net/http/listener_loop.hpp"

namespace net::http {
namespace {
using Poco::Net::PollSet;

constexpr int backlog = 1024;
constexpr std::int64_t pause_after_shortage = 100;  // milliseconds
// A connection this young may have its request on the way; taking its place for the next would serve nobody.
constexpr std::int64_t settled_after = 100;  // milliseconds

struct adopted_socket : Poco::Net::StreamSocket {
  explicit adopted_socket(int d) : StreamSocket(new Poco::Net::StreamSocketImpl(d)) {}
};

/// The address as text; an IPv4 client of an IPv6 socket is named by its IPv4 address.
std::string address_text(const sockaddr_storage& from) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (from.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(from);
    ::inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
  } else if (from.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(from);
    if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {
      ::inet_ntop(AF_INET, v6.sin6_addr.s6_addr + 12, text.data(), text.size());
    } else {
      ::inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
    }
  }
  return text.data();
}
}  // namespace

void listener_loop::bind() {
  const auto where = options_.address + ":" + std::to_string(options_.port);
  try {
    const Poco::Net::SocketAddress address(options_.address, options_.port);
    // Never SO_REUSEPORT: a second server on the same port must fail, not share its clients.
    if (address.family() == Poco::Net::SocketAddress::IPv6) {
      server_.bind6(address, true, false, false);
    } else {
      server_.bind(address, true, false);
    }
    server_.listen(backlog);
    server_.setBlocking(false);
    server_.setNoDelay(true);  // accepted sockets inherit it
    ::fcntl(server_.impl()->sockfd(), F_SETFD, FD_CLOEXEC);
    port_ = server_.address().port();
    polled_.add(wake_, PollSet::POLL_READ);
    watch_server(true);
  } catch (const Poco::Exception& e) {
    throw std::runtime_error("cannot listen on " + where + ": " + e.displayText() +
                             "; choose an address of this machine and a free port");
  }
}

void listener_loop::watch_server(bool wanted) {
  if (wanted == accepting_) return;
  if (wanted) {
    polled_.add(server_, PollSet::POLL_READ);
  } else {
    polled_.remove(server_);
  }
  accepting_ = wanted;
}

bool listener_loop::has_room() const {
  if (open_ < capacity_) return true;
  return idle_.listed() && now_ - longest_idle().idle_since >= settled_after;
}

connection& listener_loop::longest_idle() const {
  return *static_cast<connection::idle_node*>(idle_.next)->owner;
}

void listener_loop::accept_some() {
  for (int i = 0; i < accepts_per_round; ++i) {
    if (!has_room()) return watch_server(false);
    sockaddr_storage from{};
    socklen_t size = sizeof from;
    const int d = ::accept4(server_.impl()->sockfd(), reinterpret_cast<sockaddr*>(&from), &size,
                            SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (d < 0) return on_accept_error(errno);
    if (open_ >= capacity_) drop(longest_idle());
    adopt(d, address_text(from));
  }
}

void listener_loop::on_accept_error(int error) {
  if (error == EAGAIN || error == EWOULDBLOCK) return;
  // A client that gave up while it waited: the next may be fine, and the socket is still readable if so.
  if (error == EINTR || error == ECONNABORTED || error == EPROTO || error == EPERM) return;
  // Out of descriptors or memory. The waiting client stays readable, so asking at once again would spin.
  if (idle_.listed()) drop(longest_idle());
  watch_server(false);
  accept_again_ = now_ + pause_after_shortage;
}

void listener_loop::adopt(int descriptor, std::string peer) {
  adopted_socket socket(descriptor);
  const auto slot = static_cast<std::size_t>(descriptor);
  if (slot >= connections_.size()) connections_.resize(slot + 64);
  auto made = std::make_unique<connection>(socket, connection::make_id(descriptor, ++generation_),
                                           std::move(peer), rules_);
  auto& c = *(connections_[slot] = std::move(made));
  counted_.open = ++open_;
  ++counted_.accepted;
  guarded(c, [&] {
    polled_.add(c.socket, PollSet::POLL_READ);
    c.interest = PollSet::POLL_READ;
    // A client that connects and says nothing is not owed the patience of one that has asked before.
    c.timed_phase = intake::phase::between;
    c.idle.join(idle_);
    c.idle_since = now_;
    set_deadline(c, options_.head_deadline);
  });
}

}  // namespace net::http
