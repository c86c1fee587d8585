#pragma once
#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/describe.hpp"
#include "model/time.hpp"

/// Calendar months by the clocks of a time zone, and when each month's digest is sent (R34, R35).
namespace model {

/// A calendar month, by its first day.
struct month {
  day first;
  friend auto operator<=>(const month&, const month&) = default;
};
BOOST_DESCRIBE_STRUCT(month, (), (first))

/// `2026-10`
std::string to_text(const month& m);
/// `October 2026`
std::string in_words(const month& m);
/// `2026-10`; nothing for anything else. Years 1900 to 9999.
std::optional<month> parse_month(std::string_view text);

month month_of(day d);
month month_after(const month& m);
month month_before(const month& m);
/// The month that it is at `at`. Throws std::invalid_argument for a zone that does not exist, as the others
/// do.
month month_at(instant at, std::string_view zone);

/// The moments of a month: from `from` on, before `to`. The months of a zone follow each other without a gap.
struct month_period {
  instant from;
  instant to;
  bool holds(instant at) const { return from <= at && at < to; }
};
month_period period_of(const month& m, std::string_view zone);

/// When the digest of a month is sent: at 07:00 on the first day of the next month.
instant digest_due(const month& m, std::string_view zone);

/// What an organisation's digests were sent for.
struct digest_progress {
  /// Nothing that was due before this is ever sent: there was no organisation, or nobody who would have sent
  /// it.
  instant since;
  /// The last month that is done with.
  std::optional<month> done;
};

/// The first month that is not done with.
month next_digest(const digest_progress& so_far, std::string_view zone);
/// The months to be sent at `now`, the oldest first, `most` of them at most: each one that was missed, too.
std::vector<month> digests_due(const digest_progress& so_far, instant now, std::string_view zone,
                               std::size_t most);

}  // namespace model
