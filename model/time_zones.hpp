#pragma once
#include <string_view>

namespace model {

/// Whether this is the name of a time zone in the IANA database, spelled as there: `Europe/London`.
bool is_time_zone(std::string_view name);

}  // namespace model
