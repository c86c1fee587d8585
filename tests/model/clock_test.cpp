#include "model/clock.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>

#include "tests/model/text_of.hpp"

using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(clock_)

namespace {

const model::instant far = model::instant{model::day{2033y / 11 / 21} + 2h + 59min};

/// Both clocks, read until `passed` has gone by on the machine's.
template <class Clock>
std::chrono::microseconds how_much_of(const Clock& clock, std::chrono::milliseconds passed) {
  const auto first = clock.now();
  const auto end = std::chrono::steady_clock::now() + passed;
  auto last = first;
  while (std::chrono::steady_clock::now() < end) {
    const auto next = clock.now();
    BOOST_REQUIRE(next >= last);
    last = next;
  }
  return clock.now() - first;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_machines_clock_is_real) {
  const auto before = model::system_clock().now();
  const auto real = model::system_clock().real_now();
  BOOST_TEST((before <= real && real - before < 1min));
}

BOOST_AUTO_TEST_CASE(a_rehearsal_begins_where_it_was_told_and_goes_on) {
  const model::rehearsal_clock clock(far);
  BOOST_TEST((clock.now() >= far && clock.now() < far + 1min));
  const auto went = how_much_of(clock, 20ms);
  BOOST_TEST((went >= 20ms && went < 1min));
}

BOOST_AUTO_TEST_CASE(a_rehearsal_runs_as_fast_as_it_was_told) {
  const model::rehearsal_clock clock(far, 86'400);
  const auto went = how_much_of(clock, 20ms);
  BOOST_TEST((went >= 20ms * 86'400 && went < 1min * 86'400));
}

BOOST_AUTO_TEST_CASE(a_rehearsal_knows_what_time_it_really_is) {
  const model::rehearsal_clock clock(far, 1000);
  const auto before = model::system_clock().now();
  const auto real = clock.real_now();
  BOOST_TEST((before <= real && real - before < 1min));
}

BOOST_AUTO_TEST_CASE(a_rehearsal_neither_stands_nor_goes_back_nor_bolts) {
  for (const int speed : {0, -1, model::rehearsal_clock::fastest + 1})
    BOOST_CHECK_THROW(model::rehearsal_clock(far, speed), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
