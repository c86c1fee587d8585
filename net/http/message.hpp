#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace net::http {

class outflow;
class spooled;

/// Names one request on one connection. An answer to a connection that is gone or has moved on is dropped.
struct exchange {
  std::uint32_t listener = 0;
  std::uint64_t connection = 0;
  std::uint64_t sequence = 0;
};

struct header {
  std::string name;
  std::string value;
};

/// One whole request, its body included, that has passed the guard.
struct request {
  std::string method;
  std::string path;   ///< percent-encoded, as sent; begins with '/'
  std::string query;  ///< percent-encoded, as sent, without the '?'
  std::vector<http::header> headers;
  std::string body;  ///< empty where the body is in `file`
  std::string peer;  ///< the client's IP address as text
  /// The body, where it is larger than the listener's `spool_above`; null otherwise.
  std::shared_ptr<const spooled> file = nullptr;

  /// The value of the first header of that name, whatever its case; empty where there is none.
  std::string_view header(std::string_view name) const;
  /// How many headers bear that name; credentials sent twice are for the caller to refuse.
  std::size_t count(std::string_view name) const;
};

/// One answer. Content-Length, Transfer-Encoding, Connection and Date are the listener's: naming one of them,
/// a line break in a value, a status outside 200…599, a body beside a stream, or a stream that another answer
/// has used is a programmer's error and sends a 500 instead.
struct response {
  unsigned status = 200;
  std::vector<http::header> headers;
  std::shared_ptr<const std::string> body;  ///< shared, never copied; null is an empty body
  bool close = false;                       ///< ends the connection after this answer
  /// The body, as it is made; see outflow.hpp. Where it has no length it is sent chunked, to HTTP/1.0
  /// clients up to the end of the connection. Where no body is sent (HEAD, 204, 304) its reader is gone
  /// at once.
  std::shared_ptr<outflow> stream = nullptr;
};

/// Equal but for the case of ASCII letters.
bool same_name(std::string_view a, std::string_view b);
/// The standard phrase of a status code, such as "Not Found"; "Unknown" for one without.
std::string_view reason(unsigned status);

}  // namespace net::http
