#include "net/cli/rehearsal.hpp"

#include <boost/test/unit_test.hpp>

#include "net/cli/command_line.hpp"

using namespace net::cli;

BOOST_AUTO_TEST_SUITE(rehearsal)

BOOST_AUTO_TEST_CASE(a_clock_is_an_instant_and_perhaps_a_speed) {
  BOOST_TEST(!parse_clock("").has_value());
  const auto start = *model::parse_instant("2033-11-21T02:59:00Z");
  BOOST_TEST((parse_clock("2033-11-21T02:59:00Z")->start == start));
  BOOST_TEST(parse_clock("2033-11-21T02:59:00Z")->speed == 1);
  BOOST_TEST((parse_clock("2033-11-21T03:59:00+01:00,60")->start == start));
  BOOST_TEST(parse_clock("2033-11-21T03:59:00+01:00,60")->speed == 60);
  BOOST_TEST(parse_clock("2033-11-21T02:59:00Z,100000")->speed == 100'000);
}

BOOST_AUTO_TEST_CASE(what_is_no_time_is_refused) {
  for (const char* wrong : {"now", "2033-11-21", "2033-11-31T00:00:00Z", "2033-11-21T02:59:00Z,",
                            "2033-11-21T02:59:00Z,0", "2033-11-21T02:59:00Z,-1", "2033-11-21T02:59:00Z,1.5",
                            "2033-11-21T02:59:00Z,100001", "2033-11-21T02:59:00Z,60 ", ",60"})
    BOOST_CHECK_THROW(parse_clock(wrong), usage_error);
}

BOOST_AUTO_TEST_SUITE_END()
