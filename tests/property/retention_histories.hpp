#pragma once
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "model/organisation.hpp"
#include "model/time.hpp"

namespace rehearsal {

enum class happened { settings, closed, reopened, noted, flagged, unflagged, deleted };
BOOST_DESCRIBE_ENUM(happened, settings, closed, reopened, noted, flagged, unflagged, deleted)

/// Something that happened to a case or its organisation. `note` counts from 0; windows and zone come with
/// `settings`.
struct happening {
  model::instant at;
  happened what = happened::settings;
  int note = -1;
  model::retention_years windows = {};
  std::string zone = {};
};

using history = std::vector<happening>;

/// One line per happening.
std::string to_text(const history& h);

/// Histories that may happen, in the order of their time, beginning with settings. Many of their times are
/// chosen for what may go wrong: leap days, and days on which clocks are changed when something is due.
class history_maker {
 public:
  history_maker(std::uint64_t seed, std::vector<std::string> zones);
  history next();

 private:
  int between(int least, int most);
  bool one_in(int n) { return between(1, n) == 1; }
  happening settings(model::instant at);
  model::instant any_time();
  model::instant leap_time(std::string_view zone);
  model::instant change_of_clocks(std::string_view zone, int years);
  model::instant time_for(const happening& last_settings);
  std::vector<model::instant> times_for(const happening& last_settings);

  std::mt19937_64 random_;
  std::vector<std::string> zones_;
};

}  // namespace rehearsal
