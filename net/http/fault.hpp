#pragma once
#include <string_view>

#include "net/http/message.hpp"

namespace net::http {

/// Why the listener itself refuses a request, before anybody else has seen it. All text is fixed, so that
/// nothing a client sent comes back in an error.
struct fault {
  unsigned status = 400;
  std::string_view code;    ///< stable, snake_case
  std::string_view detail;  ///< what is wrong and what to send instead
};

/// The fault as `application/problem+json` (RFC 9457); it closes the connection.
response to_response(const fault& f);

}  // namespace net::http
