#include "net/http/deadlines.hpp"

#include <boost/test/unit_test.hpp>
#include <random>
#include <vector>

using net::http::deadlines;
using net::http::timer;

BOOST_AUTO_TEST_SUITE(http_deadlines)

BOOST_AUTO_TEST_CASE(each_is_met_once_and_within_a_tick) {
  std::mt19937 random(1);
  deadlines wheel(0);
  std::vector<timer> timers(500);
  std::vector<std::int64_t> met(timers.size(), -1);
  for (std::size_t i = 0; i < timers.size(); ++i) {
    timers[i].owner = i;
    wheel.set(timers[i], static_cast<std::int64_t>(random() % 300'000));
    wheel.set(timers[i], static_cast<std::int64_t>(random() % 300'000));
  }
  std::int64_t now = 0;
  while (now < 310'000) {
    now += 1 + static_cast<std::int64_t>(random() % 70);
    wheel.advance(now, [&](std::uint64_t owner) {
      BOOST_TEST(met[owner] == -1);
      met[owner] = now;
    });
  }
  for (std::size_t i = 0; i < timers.size(); ++i) {
    BOOST_TEST(met[i] >= timers[i].due);
    BOOST_TEST(met[i] <= timers[i].due + 2 * deadlines::tick + 70);
  }
}

BOOST_AUTO_TEST_CASE(a_long_pause_misses_none) {
  deadlines wheel(1'000'000);
  std::vector<timer> timers(3);
  wheel.set(timers[0], 1'000'001);
  wheel.set(timers[1], 1'100'000);
  wheel.set(timers[2], 9'000'000);
  int met = 0;
  wheel.advance(5'000'000, [&](std::uint64_t) { ++met; });
  BOOST_TEST(met == 2);
  wheel.advance(9'000'100, [&](std::uint64_t) { ++met; });
  BOOST_TEST(met == 3);
}

BOOST_AUTO_TEST_CASE(what_is_gone_is_not_met) {
  deadlines wheel(0);
  {
    timer gone;
    wheel.set(gone, 10);
  }
  timer left;
  wheel.set(left, 10);
  left.leave();
  int met = 0;
  wheel.advance(1000, [&](std::uint64_t) { ++met; });
  BOOST_TEST(met == 0);
}

BOOST_AUTO_TEST_SUITE_END()
