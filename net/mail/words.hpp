#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace net::mail {

// The stored form of a value in, British English out; nothing for what is not in the stored form.

/// `2026-11-21` → `21 November 2026`
std::optional<std::string> day_words(std::string_view day);
/// RFC 3339 → `21 November 2026 at 09:40 (GMT)` in that zone; in UTC where the machine knows no such zone.
std::optional<std::string> moment_words(std::string_view instant, const std::string& time_zone);

}  // namespace net::mail
