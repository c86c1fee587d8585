#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "net/http/fault.hpp"

namespace net::http {

/// Watches the raw bytes of a request's head as they arrive: where it ends, and what a parser would
/// forgive but must not (bare CR or LF, NUL and other control characters, folded lines, a blank first line).
/// Refusing at the first bad byte means that a head that will never be right is not waited for.
class head_scan {
 public:
  /// Looks at what has come since the last call; `head` is everything since the head's first byte.
  /// A fault is final.
  std::optional<fault> look(std::string_view head);
  /// The head's length with its blank line, 0 while it has not ended.
  std::size_t length() const { return length_; }
  /// Still within the request line, which tells a target that is too long from headers that are.
  bool in_request_line() const { return line_start_ == 0; }

 private:
  std::optional<fault> end_line(std::string_view head);

  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  std::size_t length_ = 0;
};

/// What is asked of the framing, judged on the parsed head.
struct framing {
  std::uint64_t content_length = 0;
  bool keep_alive = false;
  bool knows_chunks = false;  ///< the client speaks HTTP/1.1
  bool expects_continue = false;
};

/// The one guard: refuses what the grammar lets pass but two readers might read differently (any
/// Transfer-Encoding, repeated or listed Content-Length, missing, repeated or odd Host, targets that are not
/// a plain ASCII path), and what this server does not serve. `version` is 10 or 11; `target` as sent.
/// On success fills `out`.
std::optional<fault> judge(const request& head, std::string_view target, unsigned version, framing& out);

/// Refuses a body larger than `max_body`; for a head that has been judged.
std::optional<fault> judge_size(const framing& judged, std::uint64_t max_body);

}  // namespace net::http
