#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace model {

/// A moment in UTC, to the microsecond, as PostgreSQL keeps it.
using instant = std::chrono::sys_time<std::chrono::microseconds>;
/// A calendar day without a time zone.
using day = std::chrono::sys_days;

/// RFC 3339 in UTC, with fractional seconds only where there are any: `2026-11-21T09:30:00Z`.
std::string to_text(instant t);
/// `2026-11-21`
std::string to_text(day d);

/// RFC 3339 with `Z` or a numeric offset; nothing for anything else, days that do not exist included.
std::optional<instant> parse_instant(std::string_view text);
/// `2026-11-21`; nothing for anything else, days that do not exist included. Years 1900 to 9999.
std::optional<day> parse_day(std::string_view text);

}  // namespace model
