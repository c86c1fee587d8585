#pragma once
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace net::integrations {

using http_headers = std::vector<std::pair<std::string, std::string>>;

/// What to ask another service for.
struct http_request {
  std::string method = "GET";  ///< GET, POST, PUT, PATCH or DELETE
  /// `https://host[:port][/path][?query]`, percent-encoded. `http://` to this machine itself only
  /// (localhost, 127.x.x.x, [::1]). No user, no fragment.
  std::string url;
  /// Host, Content-Length and Connection are the client's own. Content-Type is yours.
  http_headers headers = {};
  std::string body = {};
};

/// What the other side answered, whatever its status.
struct http_response {
  unsigned status = 0;
  http_headers headers;
  std::string body;  ///< empty where a sink took it

  /// The first header of that name, whatever its case; empty where there is none.
  std::string_view header(std::string_view name) const;
};

/// There is no whole answer.
struct http_failure {
  /// The other side may have the request: trying again may do the thing twice. False only where not one byte
  /// of it can have been read there.
  bool may_have_arrived = false;
  /// For operators: what happened, with the host, never with the path, a header or the body.
  std::string text;
};

using http_result = std::variant<http_response, http_failure>;

/// How long and how much.
struct http_limits {
  std::chrono::milliseconds connect{10'000};
  /// For all of it, however it drips in; name resolution excepted, which the system bounds.
  std::chrono::milliseconds whole{60'000};
  /// A larger body is a failure, known from Content-Length before it is read.
  std::size_t body = 1024 * 1024;
};

/// Takes a body piece by piece, as it comes in.
using body_sink = std::function<void(std::string_view)>;

/// Asks other services over HTTPS (1.1, a connection for each request). Blocks: for actors with a thread of
/// their own. Follows no redirects. Certificates and host names are checked strictly, TLS 1.2 or later.
/// Several threads may use one client.
///
/// Poco's own HTTPClientSession is not used, for the reasons of decision 5: its time limits are per read, so
/// that a service that drips holds it for ever, and it does not say how much of a request has gone out.
class https_client {
 public:
  /// `authorities`: a PEM file or directory of authorities to trust in place of the system's.
  /// `user_agent`: goes with every request. Throws std::invalid_argument where they cannot be used.
  explicit https_client(std::string user_agent, const std::string& authorities = {});
  ~https_client();
  https_client(https_client&&) noexcept;

  /// With a sink, the body of a 2xx answer goes there; other bodies stay in the answer, up to 1 MiB. What the
  /// sink throws comes through. Throws std::invalid_argument for a request that must not be sent: an address
  /// that is none or not allowed, control characters in it or in a header, a method that is none of the
  /// above.
  http_result send(const http_request& what, const http_limits& limits = {},
                   const body_sink& sink = {}) const;

 private:
  struct parts;
  std::unique_ptr<const parts> parts_;
};

/// Whether `send` takes this address; for settings, when they are read.
bool is_service_address(std::string_view url);

}  // namespace net::integrations
