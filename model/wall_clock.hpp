#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "model/posix_rule.hpp"
#include "model/time.hpp"

namespace model {

/// What a clock on a wall shows, without its time zone.
using wall_time = std::chrono::local_time<std::chrono::microseconds>;

/// A stretch of time through which a zone's clocks stay `offset` ahead of UTC; `end` is the first moment
/// after it.
struct offset_span {
  std::chrono::sys_seconds begin;
  std::chrono::sys_seconds end;
  std::chrono::seconds offset;
};

/// The clocks of one time zone, by the system's time zone files. Reads these itself, since the date library
/// ends its summer times with 2037, and what is due lies up to a century ahead.
class wall_clock {
 public:
  /// The clocks of an IANA zone; read once, then kept for as long as the program runs. Throws
  /// std::invalid_argument for a name that is none, std::runtime_error where its file cannot be read.
  static const wall_clock& of(std::string_view zone);

  /// Takes the content of a time zone file (RFC 8536, version 2 or later). Throws std::runtime_error.
  explicit wall_clock(std::string_view file);

  wall_time shown_at(instant t) const;
  /// When clocks show this. Of two such moments (clocks were turned back) the later; where there is none
  /// (clocks were turned on) the first moment after the gap.
  instant when(wall_time shown) const;

  offset_span span_at(std::chrono::sys_seconds t) const;

 private:
  std::chrono::seconds offset_before_{};
  std::vector<offset_change> changes_;
  std::optional<posix_rule> rule_;
};

}  // namespace model
