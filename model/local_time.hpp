#pragma once
#include <string>
#include <string_view>

#include "model/time.hpp"

namespace model {

/// The calendar day that it is at `at` in a time zone (`Europe/London`). Throws std::invalid_argument for a
/// zone that does not exist.
day local_day(instant at, std::string_view zone);
/// The same day of a later month, or that month's last day where it has no such day.
day months_later(day from, int months);
/// `21 November 2026 at 09:30` by the zone's clocks, for people.
std::string in_words(instant at, std::string_view zone);
/// `21 November 2026`
std::string in_words(day d);

}  // namespace model
