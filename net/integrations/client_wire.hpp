#pragma once
#include <Poco/Net/Context.h>
#include <Poco/Net/StreamSocket.h>
#include <signal.h>

#include <stdexcept>
#include <string>
#include <string_view>

#include "net/integrations/wire_clock.hpp"

/// Not public beyond net/integrations and net/mail: what clients of other services send and receive with.
namespace net::integrations {

/// The connection broke, was too slow, or what came over it was not what it should be.
class wire_failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A connection to another service, with a limit on every wait: the sockets are non-blocking, so that the
/// limits hold inside TLS too.
class client_wire {
 public:
  /// Tries every address of the host in turn. `whom` stands in the texts of failures: "the mail server".
  /// Throws wire_failure or Poco::Exception, as everything below does.
  client_wire(const std::string& host, std::uint16_t port, const wire_deadline& until, std::string whom);

  /// Speaks TLS from here on. The handshake happens with the next byte either way, certificate and host name
  /// are checked before anything of ours is sent.
  void secure(const std::string& host, const Poco::Net::Context::Ptr& context);

  void send(std::string_view bytes, const wire_deadline& until);
  /// Adds what has come to `into`, and waits where nothing has; false at the end of the connection.
  bool receive(std::string& into, const wire_deadline& until);

  /// Whether a byte of ours may have got to the other end. Those of a handshake do not count.
  bool has_sent() const { return has_sent_; }
  /// Whether the other end is this machine's loopback.
  bool is_local() const;
  /// The address of this end.
  Poco::Net::IPAddress own_address() const;

 private:
  void wait(int result, int fallback_mode, const wire_deadline& until);

  std::string whom_;
  Poco::Net::StreamSocket socket_;
  bool secured_ = false;
  bool has_sent_ = false;
};

/// Authorities to trust, a PEM file or directory (empty: the system's); certificates and host names checked
/// strictly, TLS 1.2 or later.
Poco::Net::Context::Ptr make_client_context(const std::string& authorities);

/// Whether the host is written as this machine itself: `localhost`, `127.x.x.x`, `::1`.
bool is_loopback_name(const std::string& host);

/// A server that hangs up while TLS writes would otherwise end the process: OpenSSL writes without
/// MSG_NOSIGNAL. Blocks SIGPIPE in this thread and takes away one that came meanwhile.
class without_sigpipe {
 public:
  without_sigpipe();
  ~without_sigpipe();
  without_sigpipe(const without_sigpipe&) = delete;
  without_sigpipe& operator=(const without_sigpipe&) = delete;

 private:
  sigset_t pipe_{}, before_{};
};

}  // namespace net::integrations
