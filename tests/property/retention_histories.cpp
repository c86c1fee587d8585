#include "tests/property/retention_histories.hpp"

#include <algorithm>
#include <array>

#include "model/wall_clock.hpp"

namespace rehearsal {
namespace {

using namespace std::chrono;
using model::instant;

// Halves of hours, a skipped day, summer in winter, the month of fasting, changes at midnight.
constexpr std::array odd_zones{
    "Europe/London",     "America/New_York",  "Pacific/Apia",     "Asia/Kolkata",     "Australia/Lord_Howe",
    "Europe/Dublin",     "Africa/Casablanca", "Asia/Gaza",        "America/Santiago", "America/Nuuk",
    "Antarctica/Troll",  "Pacific/Chatham",   "America/St_Johns", "Africa/Cairo",     "Pacific/Kwajalein",
    "Asia/Kathmandu",    "Asia/Jerusalem",    "Asia/Tehran",      "Asia/Beirut",      "America/Scoresbysund",
    "America/Sao_Paulo", "America/Havana",    "America/Caracas",  "Asia/Pyongyang",   "Pacific/Easter"};

/// What may follow: a case that opens and closes, notes that are there, flagged or deleted.
class story {
 public:
  std::vector<happening> next_steps() const {
    std::vector<happening> out{{{}, closed_ ? happened::reopened : happened::closed}};
    if (!closed_ && notes_.size() < 4) out.push_back({{}, happened::noted, static_cast<int>(notes_.size())});
    for (int i = 0; const auto& n : notes_) {
      if (!n.deleted) out.push_back({{}, n.flagged ? happened::unflagged : happened::flagged, i});
      if (!n.deleted && !closed_) out.push_back({{}, happened::deleted, i});
      ++i;
    }
    return out;
  }

  void follow(const happening& h) {
    if (h.what == happened::closed || h.what == happened::reopened) closed_ = h.what == happened::closed;
    if (h.what == happened::noted) notes_.emplace_back();
    const auto note = static_cast<std::size_t>(h.note);
    if (h.what == happened::flagged || h.what == happened::unflagged)
      notes_.at(note).flagged = h.what == happened::flagged;
    if (h.what == happened::deleted) notes_.at(note).deleted = true;
  }

  bool closed() const { return closed_; }

 private:
  struct state_of_note {
    bool flagged = false;
    bool deleted = false;
  };
  bool closed_ = false;
  std::vector<state_of_note> notes_;
};

}  // namespace

std::string to_text(const history& h) {
  std::string out;
  for (const auto& e : h) {
    out += model::to_text(e.at) + ' ' + std::string(model::to_text(e.what));
    if (e.note >= 0) out += " note " + std::to_string(e.note);
    if (e.what == happened::settings)
      out += ' ' + e.zone + ' ' + std::to_string(e.windows.default_) + ' ' +
             std::to_string(e.windows.safeguarding);
    out += '\n';
  }
  return out;
}

history_maker::history_maker(std::uint64_t seed, std::vector<std::string> zones)
    : random_(seed), zones_(std::move(zones)) {}

int history_maker::between(int least, int most) {
  return std::uniform_int_distribution<int>(least, most)(random_);
}

happening history_maker::settings(instant at) {
  happening h{at, happened::settings, -1, {}, {}};
  h.windows.default_ = one_in(3) ? between(1, 100) : between(1, 12);
  h.windows.safeguarding =
      one_in(3) ? h.windows.default_
                : between(h.windows.default_, one_in(2) ? 100 : std::min(100, h.windows.default_ + 25));
  h.zone = one_in(2) ? odd_zones[static_cast<std::size_t>(between(0, odd_zones.size() - 1))]
                     : zones_[static_cast<std::size_t>(between(0, static_cast<int>(zones_.size()) - 1))];
  return h;
}

instant history_maker::any_time() {
  return instant{sys_days{1995y / January / 1}} + days{between(0, 65 * 365)} +
         microseconds{std::uniform_int_distribution<std::int64_t>(0, 86'399'999'999)(random_)};
}

/// From 28 February to 1 March of a leap year, by the zone's clocks.
instant history_maker::leap_time(std::string_view zone) {
  const auto eve = local_days{year{1996 + 4 * between(0, 16)} / February / 28};
  return model::wall_clock::of(zone).when(eve + days{one_in(2) ? 1 : between(0, 2)} +
                                          minutes{between(0, 1439)});
}

/// A time which clocks will show about when they are changed, so many years later.
instant history_maker::change_of_clocks(std::string_view zone, int years_later) {
  const auto& clock = model::wall_clock::of(zone);
  auto change = clock.span_at(floor<seconds>(any_time() + days{between(0, 365 * years_later)})).end;
  if (zone == "Pacific/Apia" && one_in(2)) change = sys_days{2011y / December / 30} + 10h;
  const auto before = clock.shown_at(change - 1us), after = clock.shown_at(change);
  const auto around = std::min(before, after) - 30min +
                      seconds{between(0, static_cast<int>(ceil<seconds>(abs(after - before) + 1h).count()))};
  const auto midnight = floor<days>(around);
  const auto date = year_month_day{midnight} - years{years_later};
  if (!date.ok() || date.year() < 1971y || date.year() > 2100y) return any_time();
  return clock.when(local_days{date} + (around - midnight));
}

instant history_maker::time_for(const happening& last_settings) {
  const auto& windows = last_settings.windows;
  const auto& zone = last_settings.zone;
  switch (between(0, 4)) {
    case 0:
      return any_time();
    case 1:
      return leap_time(zone);
    default:
      return change_of_clocks(zone, one_in(2) ? windows.default_ : windows.safeguarding);
  }
}

std::vector<instant> history_maker::times_for(const happening& last_settings) {
  std::vector<instant> times;
  for (int left = between(2, 12); left > 0; --left) {
    times.push_back(time_for(last_settings));
    // Things that happen on one another's heels, or at once.
    if (one_in(4)) times.push_back(times.back() + minutes{between(0, 1500)});
    if (one_in(20)) times.push_back(times.back());
  }
  std::sort(times.begin(), times.end());
  return times;
}

history history_maker::next() {
  const auto last_settings = settings({});
  const auto times = times_for(last_settings);
  history out{one_in(2) ? settings(times.front()) : last_settings};
  out.front().at = times.front();
  story so_far;
  for (const auto at : times) {
    if (one_in(8)) out.push_back(settings(at));
    const auto steps = so_far.next_steps();
    auto step = steps[static_cast<std::size_t>(between(0, static_cast<int>(steps.size()) - 1))];
    step.at = at;
    so_far.follow(step);
    out.push_back(step);
  }
  if (!so_far.closed() && !one_in(6))
    out.push_back({std::max(time_for(last_settings), times.back()), happened::closed});
  out.push_back(last_settings);
  out.back().at = out[out.size() - 2].at + 1s;
  return out;
}

}  // namespace rehearsal
