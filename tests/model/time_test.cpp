#include "model/time.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/model/text_of.hpp"

using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(time_)

namespace {

std::string again(std::string_view text) {
  const auto t = model::parse_instant(text);
  return t ? model::to_text(*t) : "-";
}
std::string day_again(std::string_view text) {
  const auto d = model::parse_day(text);
  return d ? model::to_text(*d) : "-";
}

}  // namespace

BOOST_AUTO_TEST_CASE(instants_are_written_in_UTC_with_fractions_only_where_there_are_any) {
  const model::instant t{model::day{2026y / 11 / 21} + 9h + 30min};
  BOOST_TEST(model::to_text(t) == "2026-11-21T09:30:00Z");
  BOOST_TEST(model::to_text(t + 250ms) == "2026-11-21T09:30:00.25Z");
  BOOST_TEST(model::to_text(t + 1us) == "2026-11-21T09:30:00.000001Z");
}

BOOST_AUTO_TEST_CASE(instants_before_1970_are_written_right) {
  BOOST_TEST(model::to_text(model::instant{-1us}) == "1969-12-31T23:59:59.999999Z");
}

BOOST_AUTO_TEST_CASE(instants_with_an_offset_become_UTC) {
  BOOST_TEST(again("2026-11-21T09:30:00Z") == "2026-11-21T09:30:00Z");
  BOOST_TEST(again("2026-11-21T00:30:00+01:00") == "2026-11-20T23:30:00Z");
  BOOST_TEST(again("2026-11-21t00:30:00.1234567-05:30") == "2026-11-21T06:00:00.123456Z");
}

BOOST_AUTO_TEST_CASE(what_is_no_instant_is_refused) {
  for (const auto* text :
       {"", "2026-11-21", "2026-11-21 09:30:00Z", "2026-11-21T09:30:00", "2026-11-21T09:30Z",
        "2026-11-21T24:00:00Z", "2026-11-21T09:60:00Z", "2026-11-21T09:30:60Z", "2026-02-29T09:30:00Z",
        "2026-11-21T09:30:00.Z", "2026-11-21T09:30:00+1:00", "2026-11-21T09:30:00+01:00x",
        "2026-11-21T09:30:00Zz", "2026-11-21T09:30:00+24:00", "1899-12-31T00:00:00Z", "+2026-11-21T09:30:00Z",
        "2026-11-21T09:30:00+0100", "2026-11-21T-9:30:00Z"})
    BOOST_TEST(again(text) == "-", text);
}

BOOST_AUTO_TEST_CASE(days_are_read_and_written) {
  BOOST_TEST(day_again("2028-02-29") == "2028-02-29");
  BOOST_TEST(day_again("1900-01-01") == "1900-01-01");
  BOOST_TEST(day_again("9999-12-31") == "9999-12-31");
}

BOOST_AUTO_TEST_CASE(days_that_do_not_exist_are_refused) {
  for (const auto* text :
       {"", "2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-4-1", "26-04-01", "2026-04-01 ",
        "1899-12-31", "10000-01-01", "2026/04/01", "20260401", "2026-04-0x"})
    BOOST_TEST(day_again(text) == "-", text);
}

BOOST_AUTO_TEST_SUITE_END()
