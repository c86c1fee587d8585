#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "net/integrations/client_wire.hpp"

namespace net::mail {

using integrations::wire_deadline;
using integrations::wire_failure;

/// A server's answer: RFC 5321 §4.2.
struct smtp_reply {
  int code = 0;
  std::vector<std::string> lines;  ///< without the code
  int kind() const { return code / 100; }
};

/// One connection to a mail server, with a limit on every wait and on every size.
///
/// Poco's own SMTPClientSession is not used: its time limit is per read, so that a server that drips one byte
/// at a time holds it for ever; the number of lines in a reply is unbounded; and what arrived in the clear
/// before STARTTLS has to be known to be refused.
class smtp_wire {
 public:
  /// Tries every address of the host in turn. Throws wire_failure or Poco::Exception.
  smtp_wire(const std::string& host, std::uint16_t port, const wire_deadline& until);

  /// Speaks TLS from here on. The handshake happens with the next byte either way, certificate and host name
  /// are checked before anything of ours is sent. Throws where clear text is waiting: whoever sent it would
  /// have it taken for the secured server's.
  void secure(const std::string& host, const Poco::Net::Context::Ptr& context);

  /// Sends a command line; the line must not hold line ends itself (std::invalid_argument).
  void send_line(std::string_view line, const wire_deadline& until);
  void send(std::string_view bytes, const wire_deadline& until) { wire_.send(bytes, until); }
  smtp_reply receive(const wire_deadline& until);

  /// Whether the other end is this machine's loopback.
  bool is_local() const { return wire_.is_local(); }
  /// This end as RFC 5321 writes it in EHLO: `[192.0.2.1]`, `[IPv6:2001:db8::1]`.
  std::string own_literal() const;

 private:
  std::string receive_line(const wire_deadline& until);

  integrations::client_wire wire_;
  std::string buffered_;
};

/// The message as DATA carries it: a line's leading dot doubled, `.` on the last line (RFC 5321 §4.5.2).
std::string dot_stuffed(std::string_view message);

}  // namespace net::mail
