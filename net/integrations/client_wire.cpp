#include "net/integrations/client_wire.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/DNS.h>
#include <Poco/Net/HostEntry.h>
#include <Poco/Net/RejectCertificateHandler.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <pthread.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <ctime>
#include <vector>

namespace net::integrations {
namespace {

Poco::Timespan timespan(std::chrono::microseconds t) { return Poco::Timespan(t.count()); }

std::vector<Poco::Net::IPAddress> addresses_of(const std::string& host) {
  Poco::Net::IPAddress literal;
  if (Poco::Net::IPAddress::tryParse(host, literal)) return {literal};
  auto all = Poco::Net::DNS::hostByName(host).addresses();
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

}  // namespace

client_wire::client_wire(const std::string& host, std::uint16_t port, const wire_deadline& until,
                         std::string whom)
    : whom_(std::move(whom)) {
  std::string last = "no address found for " + host;
  for (const auto& address : addresses_of(host)) {
    try {
      if (until.remaining().count() == 0) break;
      Poco::Net::StreamSocket socket;
      socket.connect(Poco::Net::SocketAddress(address, port), timespan(until.remaining()));
      socket.setBlocking(false);
      socket.setNoDelay(true);
      socket_ = socket;
      return;
    } catch (const Poco::Exception& e) {
      last = e.displayText();
    }
  }
  throw wire_failure("cannot connect: " + last);
}

void client_wire::secure(const std::string& host, const Poco::Net::Context::Ptr& context) {
  socket_ = Poco::Net::SecureStreamSocket::attach(socket_, host, context);
  secured_ = true;
}

void client_wire::wait(int result, int fallback_mode, const wire_deadline& until) {
  using secure_socket = Poco::Net::SecureStreamSocket;
  auto mode = fallback_mode;
  if (secured_ && result == secure_socket::ERR_SSL_WANT_READ) mode = Poco::Net::Socket::SELECT_READ;
  if (secured_ && result == secure_socket::ERR_SSL_WANT_WRITE) mode = Poco::Net::Socket::SELECT_WRITE;
  const auto left = until.remaining();
  if (left.count() == 0 || !socket_.poll(timespan(left), mode)) throw wire_failure(whom_ + " took too long");
}

void client_wire::send(std::string_view bytes, const wire_deadline& until) {
  // TLS wants the same buffer again after WANT_READ and WANT_WRITE: `bytes` stays in place
  while (!bytes.empty()) {
    const int sent =
        socket_.sendBytes(bytes.data(), static_cast<int>(std::min<std::size_t>(bytes.size(), 16'384)));
    if (sent <= 0) {
      wait(sent, Poco::Net::Socket::SELECT_WRITE, until);
      continue;
    }
    has_sent_ = true;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
    // who takes a little at a time never lets it come to a wait: the limit has to be looked at here as well
    if (!bytes.empty() && until.remaining().count() == 0) throw wire_failure(whom_ + " took too long");
  }
}

bool client_wire::receive(std::string& into, const wire_deadline& until) {
  std::array<char, 16'384> piece;
  while (true) {
    const int got = socket_.receiveBytes(piece.data(), static_cast<int>(piece.size()));
    if (got == 0) return false;
    if (got > 0) {
      into.append(piece.data(), static_cast<std::size_t>(got));
      // the same for who sends a byte at a time
      if (until.remaining().count() == 0) throw wire_failure(whom_ + " took too long");
      return true;
    }
    wait(got, Poco::Net::Socket::SELECT_READ, until);
  }
}

bool client_wire::is_local() const { return socket_.peerAddress().host().isLoopback(); }
Poco::Net::IPAddress client_wire::own_address() const { return socket_.address().host(); }

Poco::Net::Context::Ptr make_client_context(const std::string& authorities) {
  using Poco::Net::Context;
  Context::Ptr context = new Context(Context::TLS_CLIENT_USE, authorities, Context::VERIFY_STRICT, 9,
                                     /*loadDefaultCAs*/ authorities.empty());
  context->requireMinimumProtocol(Context::PROTO_TLSV1_2);
  context->enableExtendedCertificateVerification(true);  // the host name
  context->setInvalidCertificateHandler(new Poco::Net::RejectCertificateHandler(false));
  return context;
}

bool is_loopback_name(const std::string& host) {
  Poco::Net::IPAddress literal;
  return host == "localhost" || (Poco::Net::IPAddress::tryParse(host, literal) && literal.isLoopback());
}

without_sigpipe::without_sigpipe() {
  sigemptyset(&pipe_);
  sigaddset(&pipe_, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
}

without_sigpipe::~without_sigpipe() {
  if (sigismember(&before_, SIGPIPE)) return;
  const timespec at_once{};
  while (sigtimedwait(&pipe_, nullptr, &at_once) == SIGPIPE) continue;
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace net::integrations
