#pragma once
#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

namespace model {

/// From `at` on, clocks are `offset` ahead of UTC.
struct offset_change {
  std::chrono::sys_seconds at;
  std::chrono::seconds offset;
};

/// A day of every year and a time of that day, by the clocks until then: `M3.5.0/1`, `J79/24`, `0/0`.
struct yearly_moment {
  enum class counted { month_week_weekday, days_without_leap_day, days } by = counted::days;
  unsigned month = 0, week = 0, weekday = 0;
  unsigned day = 0;
  std::chrono::seconds time = std::chrono::hours{2};

  std::chrono::local_seconds in(std::chrono::year y) const;
};

/// The summer time rule at the end of a time zone file, for the years that its table does not reach: the
/// POSIX form of TZ with the extended hours of RFC 8536.
class posix_rule {
 public:
  /// Nothing for a zone without summer time. Throws std::runtime_error for what is not such a rule.
  static std::optional<posix_rule> parse(std::string_view text);

  /// The changes of this year, of the one before and of the one after, in their order.
  std::vector<offset_change> changes_around(std::chrono::year y) const;

 private:
  std::chrono::seconds standard_{}, summer_{};
  yearly_moment begins_, ends_;
};

}  // namespace model
