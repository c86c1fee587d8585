#pragma once
#include <string>
#include <vector>

#include "model/time.hpp"
#include "net/http/message.hpp"

namespace net::http {

/// What the connection asks of an answer's head.
struct head_needs {
  bool close = false;      ///< say that the connection ends
  bool head_only = false;  ///< the request was HEAD: the length without the body
  bool chunked = false;    ///< a stream without a length goes in chunks, not up to the connection's end
};

/// Renders the heads of answers. Knows the headers that every answer carries and keeps the Date line of
/// the current second.
class response_head {
 public:
  /// @throws std::invalid_argument when one of `always` cannot stand in a head.
  explicit response_head(const std::vector<header>& always);

  /// Renders into `out`; false, with `out` unspecified, when the answer cannot be sent (see `response`).
  bool render(const response& answer, head_needs needs, model::instant now, std::string& out);

  /// Whether a body follows a head of this status at all.
  static bool has_body(unsigned status) { return status != 204 && status != 304; }

 private:
  std::string_view date_line(model::instant now);

  std::string always_;
  std::int64_t second_ = -1;
  std::string date_line_;
};

}  // namespace net::http
