#include "net/mail/smtp_wire.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/DNS.h>
#include <Poco/Net/HostEntry.h>
#include <Poco/Net/RejectCertificateHandler.h>
#include <Poco/Net/SecureStreamSocket.h>

#include <algorithm>
#include <array>

namespace net::mail {
namespace {

constexpr std::size_t longest_line = 4096;  // RFC 5321 asks for 512
constexpr std::size_t most_lines = 128;

Poco::Timespan timespan(std::chrono::microseconds t) { return Poco::Timespan(t.count()); }

std::vector<Poco::Net::IPAddress> addresses_of(const std::string& host) {
  Poco::Net::IPAddress literal;
  if (Poco::Net::IPAddress::tryParse(host, literal)) return {literal};
  auto all = Poco::Net::DNS::hostByName(host).addresses();
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

}  // namespace

smtp_wire::smtp_wire(const std::string& host, std::uint16_t port, const wire_deadline& until) {
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

void smtp_wire::secure(const std::string& host, const Poco::Net::Context::Ptr& context) {
  if (!buffered_.empty()) throw wire_failure("clear text after STARTTLS");
  socket_ = Poco::Net::SecureStreamSocket::attach(socket_, host, context);
  secured_ = true;
}

void smtp_wire::wait(int result, int fallback_mode, const wire_deadline& until) {
  using secure_socket = Poco::Net::SecureStreamSocket;
  auto mode = fallback_mode;
  if (secured_ && result == secure_socket::ERR_SSL_WANT_READ) mode = Poco::Net::Socket::SELECT_READ;
  if (secured_ && result == secure_socket::ERR_SSL_WANT_WRITE) mode = Poco::Net::Socket::SELECT_WRITE;
  const auto left = until.remaining();
  if (left.count() == 0 || !socket_.poll(timespan(left), mode)) {
    throw wire_failure("the mail server took too long");
  }
}

void smtp_wire::send_line(std::string_view line, const wire_deadline& until) {
  if (line.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) {
    throw std::invalid_argument("an SMTP command holds a line end");
  }
  send(std::string(line) + "\r\n", until);
}

void smtp_wire::send(std::string_view bytes, const wire_deadline& until) {
  // TLS wants the same buffer again after WANT_READ and WANT_WRITE: `bytes` stays in place
  while (!bytes.empty()) {
    const int sent =
        socket_.sendBytes(bytes.data(), static_cast<int>(std::min<std::size_t>(bytes.size(), 16'384)));
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else {
      wait(sent, Poco::Net::Socket::SELECT_WRITE, until);
    }
  }
}

std::string smtp_wire::receive_line(const wire_deadline& until) {
  std::array<char, 2048> piece{};
  while (true) {
    const auto end = buffered_.find('\n');
    if (end != std::string::npos) {
      auto line = buffered_.substr(0, end);
      buffered_.erase(0, end + 1);
      if (!line.empty() && line.back() == '\r') line.pop_back();
      return line;
    }
    if (buffered_.size() > longest_line) throw wire_failure("the mail server's reply is too long");
    const int got = socket_.receiveBytes(piece.data(), static_cast<int>(piece.size()));
    if (got == 0) throw wire_failure("the mail server closed the connection");
    if (got > 0) {
      buffered_.append(piece.data(), static_cast<std::size_t>(got));
      // a byte at a time never waits in poll(): the limit has to be looked at here as well
      if (until.remaining().count() == 0) throw wire_failure("the mail server took too long");
    } else {
      wait(got, Poco::Net::Socket::SELECT_READ, until);
    }
  }
}

smtp_reply smtp_wire::receive(const wire_deadline& until) {
  smtp_reply reply;
  while (reply.lines.size() < most_lines) {
    const auto line = receive_line(until);
    const auto digit = [&](std::size_t i) { return i < line.size() && line[i] >= '0' && line[i] <= '9'; };
    const bool well_formed = digit(0) && digit(1) && digit(2) && line[0] >= '2' && line[0] <= '5' &&
                             (line.size() == 3 || line[3] == ' ' || line[3] == '-');
    if (!well_formed) throw wire_failure("the server's reply is no SMTP");
    const int code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    if (reply.code != 0 && reply.code != code) throw wire_failure("the server's reply contradicts itself");
    reply.code = code;
    reply.lines.push_back(line.size() > 4 ? line.substr(4) : std::string{});
    if (line.size() == 3 || line[3] == ' ') return reply;
  }
  throw wire_failure("the mail server's reply is too long");
}

bool smtp_wire::is_local() const { return socket_.peerAddress().host().isLoopback(); }

std::string smtp_wire::own_literal() const {
  const auto host = socket_.address().host();
  const bool v6 = host.family() == Poco::Net::AddressFamily::IPv6;
  return std::string(v6 ? "[IPv6:" : "[") + host.toString() + "]";
}

Poco::Net::Context::Ptr make_client_context(const std::string& authorities) {
  using Poco::Net::Context;
  Context::Ptr context = new Context(Context::TLS_CLIENT_USE, authorities, Context::VERIFY_STRICT, 9,
                                     /*loadDefaultCAs*/ authorities.empty());
  context->requireMinimumProtocol(Context::PROTO_TLSV1_2);
  context->enableExtendedCertificateVerification(true);  // the host name
  context->setInvalidCertificateHandler(new Poco::Net::RejectCertificateHandler(false));
  return context;
}

std::string dot_stuffed(std::string_view message) {
  std::string out;
  out.reserve(message.size() + message.size() / 64 + 8);
  bool line_start = true;
  for (const char c : message) {
    if (line_start && c == '.') out += '.';
    out += c;
    line_start = c == '\n';
  }
  if (!message.empty() && !message.ends_with("\r\n")) out += "\r\n";
  return out + ".\r\n";
}

}  // namespace net::mail
