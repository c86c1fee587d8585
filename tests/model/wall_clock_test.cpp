#include "model/wall_clock.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>
#include <string>

#include "model/time.hpp"

using namespace model;
using namespace std::chrono;

namespace {

std::string shown(std::string_view zone, std::string_view at) {
  const auto wall = wall_clock::of(zone).shown_at(parse_instant(at).value());
  auto text = to_text(instant{wall.time_since_epoch()});
  text.pop_back();
  return text;
}

std::string number(std::uint64_t value, int bytes) {
  std::string out;
  while (bytes-- > 0) out += static_cast<char>(value >> (8 * bytes) & 0xff);
  return out;
}

std::string header(unsigned changes) {
  return "TZif2" + std::string(15, '\0') + number(0, 4) + number(0, 4) + number(0, 4) + number(changes, 4) +
         number(2, 4) + number(4, 4);
}

/// UTC, one hour ahead from 2001-09-09T01:46:40Z on, then the rule.
std::string file(const std::string& rule, unsigned kind = 1) {
  const auto kinds = number(0, 6) + number(3600, 4) + number(0, 2) + std::string("UTC\0", 4);
  return header(0) + kinds + header(1) + number(1'000'000'000, 8) + number(kind, 1) + kinds + "\n" + rule +
         "\n";
}

/// Where the clocks are changed in 2040, as UTC and seconds ahead.
std::string changes_of_2040(const std::string& rule) {
  const wall_clock clock(file(rule));
  std::string out;
  for (sys_seconds t = sys_days{2040y / January / 1}; t < sys_days{2041y / January / 1};) {
    t = clock.span_at(t).end;
    if (t < sys_days{2041y / January / 1})
      out += to_text(instant{t}) + ' ' + std::to_string(clock.span_at(t).offset.count()) + ' ';
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(wall_clock_)

BOOST_AUTO_TEST_CASE(clocks_show_the_zones_time) {
  BOOST_TEST(shown("Europe/London", "2026-01-01T12:00:00Z") == "2026-01-01T12:00:00");
  BOOST_TEST(shown("Europe/London", "2026-07-01T12:00:00.5Z") == "2026-07-01T13:00:00.5");
  BOOST_TEST(shown("Asia/Kolkata", "2026-07-01T12:00:00Z") == "2026-07-01T17:30:00");
  BOOST_TEST(shown("America/New_York", "1900-01-01T12:00:00Z") == "1900-01-01T07:00:00");
  BOOST_TEST(shown("Etc/GMT+5", "2090-07-01T12:00:00Z") == "2090-07-01T07:00:00");
}

BOOST_AUTO_TEST_CASE(summer_time_does_not_end_with_2037) {
  BOOST_TEST(shown("Europe/London", "2037-07-01T12:00:00Z") == "2037-07-01T13:00:00");
  BOOST_TEST(shown("Europe/London", "2038-07-01T12:00:00Z") == "2038-07-01T13:00:00");
  BOOST_TEST(shown("Europe/London", "2125-07-01T12:00:00Z") == "2125-07-01T13:00:00");
  BOOST_TEST(shown("Australia/Lord_Howe", "2126-01-01T00:00:00Z") == "2126-01-01T11:00:00");
  BOOST_TEST(shown("Australia/Lord_Howe", "2126-07-01T00:00:00Z") == "2126-07-01T10:30:00");
  // Summer is the standard in Ireland, and winter the exception.
  BOOST_TEST(shown("Europe/Dublin", "2126-07-01T12:00:00Z") == "2126-07-01T13:00:00");
  BOOST_TEST(shown("Europe/Dublin", "2126-01-01T12:00:00Z") == "2126-01-01T12:00:00");
}

BOOST_AUTO_TEST_CASE(a_span_lasts_from_change_to_change) {
  const auto& london = wall_clock::of("Europe/London");
  for (const int y : {2026, 2037, 2038, 2100}) {
    const auto summer = london.span_at(sys_days{year{y} / July / 1});
    BOOST_TEST(to_text(instant{summer.begin}) ==
               to_text(instant{sys_days{year{y} / March / Sunday[last]} + 1h}));
    BOOST_TEST(to_text(instant{summer.end}) ==
               to_text(instant{sys_days{year{y} / October / Sunday[last]} + 1h}));
    BOOST_TEST(london.span_at(summer.begin - 1s).offset.count() == 0);
    BOOST_TEST(london.span_at(summer.end).offset.count() == 0);
    BOOST_TEST(to_text(instant{london.span_at(summer.end - 1s).end}) == to_text(instant{summer.end}));
  }
}

BOOST_AUTO_TEST_CASE(every_form_of_a_rule_is_understood) {
  BOOST_TEST(changes_of_2040("WET0WEST,M3.5.0/1,M10.5.0") ==
             "2040-03-25T01:00:00Z 3600 2040-10-28T01:00:00Z 0 ");
  BOOST_TEST(changes_of_2040("<+00>0<+0030>-0:30,M3.1.6/-1:30,M4.2.1/26") ==
             "2040-03-02T22:30:00Z 1800 2040-04-10T01:30:00Z 0 ");
  // 21 March is the 80th day that is not a leap day, and the 81st day of a leap year.
  BOOST_TEST(changes_of_2040("AAA0BBB,J80/0,J263/24") == "2040-03-21T00:00:00Z 3600 2040-09-20T23:00:00Z 0 ");
  BOOST_TEST(changes_of_2040("AAA0BBB,80/0,0/2") == "2040-01-01T01:00:00Z 0 2040-03-21T00:00:00Z 3600 ");
  BOOST_TEST(changes_of_2040("UTC-1") == "");
  BOOST_TEST(changes_of_2040("") == "");
}

BOOST_AUTO_TEST_CASE(what_is_no_rule_is_refused) {
  for (const auto* rule : {"0", "<A0", "UTC", "UTC+", "AAA0BBB", "AAA0BBB,M3.5.0", "AAA0BBB,M13.1.0,M4.1.0",
                           "AAA0BBB,M3.0.0,M4.1.0", "AAA0BBB,M3.1.7,M4.1.0", "AAA0BBB,J0,J5", "AAA0BBB,1,366",
                           "AAA0BBB,1/168,2", "AAA0BBB,1,2 "})
    BOOST_CHECK_THROW(wall_clock{file(rule)}, std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_cut_off_is_refused) {
  const auto whole = file("WET0WEST,M3.5.0/1,M10.5.0");
  BOOST_CHECK_NO_THROW(wall_clock{whole});
  for (std::size_t length = 0; length < whole.size(); ++length)
    BOOST_CHECK_THROW(wall_clock{whole.substr(0, length)}, std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_something_else_is_refused) {
  BOOST_CHECK_THROW(wall_clock{"#!/bin/sh\n" + std::string(200, 'x')}, std::runtime_error);
  BOOST_CHECK_THROW(wall_clock{file("", 2)}, std::runtime_error);
  auto first_version = file("");
  first_version[4] = '\0';
  BOOST_CHECK_THROW(wall_clock{first_version}, std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_name_that_is_no_zone_is_refused) {
  for (const auto* name : {"", "Mars/Olympus", "../../../etc/passwd", "Europe"})
    BOOST_CHECK_THROW(wall_clock::of(name), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
