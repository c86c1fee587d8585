#include "model/month.hpp"

#include <algorithm>
#include <array>

#include "model/wall_clock.hpp"

namespace model {
namespace {

using namespace std::chrono;

constexpr hours sent_at{7};

year_month calendar(const month& m) {
  const year_month_day date{m.first};
  return date.year() / date.month();
}
month from_calendar(const year_month& m) { return {day{m / std::chrono::day{1}}}; }

/// When clocks show that time of the day.
instant moment_of(const month& m, hours time, std::string_view zone) {
  return wall_clock::of(zone).when(wall_time{m.first.time_since_epoch() + time});
}

}  // namespace

std::string to_text(const month& m) { return to_text(m.first).substr(0, 7); }

std::string in_words(const month& m) {
  static constexpr std::array names{"January", "February", "March",     "April",   "May",      "June",
                                    "July",    "August",   "September", "October", "November", "December"};
  const auto date = calendar(m);
  return std::string(names.at(unsigned{date.month()} - 1)) + ' ' + std::to_string(int{date.year()});
}

std::optional<month> parse_month(std::string_view text) {
  const auto first = parse_day(std::string(text) + "-01");
  return first ? std::optional{month{*first}} : std::nullopt;
}

month month_of(day d) {
  const year_month_day date{d};
  return from_calendar(date.year() / date.month());
}
month month_after(const month& m) { return from_calendar(calendar(m) + months{1}); }
month month_before(const month& m) { return from_calendar(calendar(m) - months{1}); }

month month_at(instant at, std::string_view zone) {
  const auto shown = floor<days>(wall_clock::of(zone).shown_at(at));
  return month_of(day{shown.time_since_epoch()});
}

month_period period_of(const month& m, std::string_view zone) {
  return {moment_of(m, hours{0}, zone), moment_of(month_after(m), hours{0}, zone)};
}

instant digest_due(const month& m, std::string_view zone) { return moment_of(month_after(m), sent_at, zone); }

month next_digest(const digest_progress& so_far, std::string_view zone) {
  // Done with or not: what was due before `since` is not sent. A database that was restored says so.
  auto first = month_before(month_at(so_far.since, zone));
  if (so_far.done) first = std::max(first, month_after(*so_far.done));
  while (digest_due(first, zone) < so_far.since) first = month_after(first);
  return first;
}

std::vector<month> digests_due(const digest_progress& so_far, instant now, std::string_view zone,
                               std::size_t most) {
  std::vector<month> due;
  for (auto m = next_digest(so_far, zone); due.size() < most && digest_due(m, zone) <= now;
       m = month_after(m))
    due.push_back(m);
  return due;
}

}  // namespace model
