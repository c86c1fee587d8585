#include "net/mail/smtp_wire.hpp"

#include <stdexcept>

namespace net::mail {
namespace {

constexpr std::size_t longest_line = 4096;  // RFC 5321 asks for 512
constexpr std::size_t most_lines = 128;

}  // namespace

smtp_wire::smtp_wire(const std::string& host, std::uint16_t port, const wire_deadline& until)
    : wire_(host, port, until, "the mail server") {}

void smtp_wire::secure(const std::string& host, const Poco::Net::Context::Ptr& context) {
  if (!buffered_.empty()) throw wire_failure("clear text after STARTTLS");
  wire_.secure(host, context);
}

void smtp_wire::send_line(std::string_view line, const wire_deadline& until) {
  if (line.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) {
    throw std::invalid_argument("an SMTP command holds a line end");
  }
  send(std::string(line) + "\r\n", until);
}

std::string smtp_wire::receive_line(const wire_deadline& until) {
  while (true) {
    const auto end = buffered_.find('\n');
    if (end != std::string::npos) {
      auto line = buffered_.substr(0, end);
      buffered_.erase(0, end + 1);
      if (!line.empty() && line.back() == '\r') line.pop_back();
      return line;
    }
    if (buffered_.size() > longest_line) throw wire_failure("the mail server's reply is too long");
    if (!wire_.receive(buffered_, until)) throw wire_failure("the mail server closed the connection");
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

std::string smtp_wire::own_literal() const {
  const auto host = wire_.own_address();
  const bool v6 = host.family() == Poco::Net::AddressFamily::IPv6;
  return std::string(v6 ? "[IPv6:" : "[") + host.toString() + "]";
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
