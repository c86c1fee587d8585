#include "model/local_time.hpp"

#include <array>

#include "model/wall_clock.hpp"

namespace model {
namespace {

std::string two_digits(std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); }

}  // namespace

day local_day(instant at, std::string_view zone) {
  const auto shown = wall_clock::of(zone).shown_at(at);
  return day{std::chrono::floor<std::chrono::days>(shown).time_since_epoch()};
}

day months_later(day from, int months) {
  const std::chrono::year_month_day f{from};
  const auto month = f.year() / f.month() + std::chrono::months{months};
  const auto wanted = month / f.day();
  return wanted.ok() ? day{wanted} : day{month / std::chrono::last};
}

std::string in_words(day d) {
  static constexpr std::array names = {"January", "February", "March",     "April",   "May",      "June",
                                       "July",    "August",   "September", "October", "November", "December"};
  const std::chrono::year_month_day f{d};
  return std::to_string(static_cast<unsigned>(f.day())) + ' ' +
         names.at(static_cast<unsigned>(f.month()) - 1) + ' ' + std::to_string(static_cast<int>(f.year()));
}

std::string in_words(instant at, std::string_view zone) {
  const auto shown = wall_clock::of(zone).shown_at(at).time_since_epoch();
  const auto today = std::chrono::floor<std::chrono::days>(shown);
  const auto minutes = std::chrono::floor<std::chrono::minutes>(shown - today).count();
  return in_words(day{today}) + " at " + two_digits(minutes / 60) + ':' + two_digits(minutes % 60);
}

}  // namespace model
