#include "net/mail/words.hpp"

#include <date/tz.h>

#include <array>
#include <stdexcept>
#include <utility>

#include "model/time.hpp"

namespace net::mail {
namespace {

std::string day_text(model::day day) {
  static constexpr std::array months{"January", "February", "March",     "April",   "May",      "June",
                                     "July",    "August",   "September", "October", "November", "December"};
  const std::chrono::year_month_day date{day};
  return std::to_string(unsigned{date.day()}) + " " + months[unsigned{date.month()} - 1] + " " +
         std::to_string(int{date.year()});
}

/// A moment as a wall clock shows it, and the clock's name.
std::pair<model::instant, std::string> wall_clock(model::instant at, const std::string& time_zone) {
  try {
    const auto info = date::locate_zone(time_zone)->get_info(std::chrono::floor<std::chrono::seconds>(at));
    return {at + info.offset, info.abbrev};
  } catch (const std::runtime_error&) {
    // no time zone database on this machine, or no such zone in it: UTC, and the words say so
    return {at, "UTC"};
  }
}

}  // namespace

std::optional<std::string> day_words(std::string_view day) {
  const auto parsed = model::parse_day(day);
  return parsed ? std::optional<std::string>{day_text(*parsed)} : std::nullopt;
}

std::optional<std::string> moment_words(std::string_view instant, const std::string& time_zone) {
  using namespace std::chrono;
  const auto parsed = model::parse_instant(instant);
  if (!parsed) return std::nullopt;
  const auto [local, zone] = wall_clock(*parsed, time_zone);
  const auto midnight = floor<days>(local);
  const hh_mm_ss time{floor<minutes>(local - midnight)};
  const auto two_digits = [](auto count) {
    const auto text = std::to_string(count);
    return text.size() == 1 ? "0" + text : text;
  };
  return day_text(midnight) + " at " + two_digits(time.hours().count()) + ":" +
         two_digits(time.minutes().count()) + " (" + zone + ")";
}

}  // namespace net::mail
