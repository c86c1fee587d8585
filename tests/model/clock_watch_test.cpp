#include "model/clock_watch.hpp"

#include <boost/test/unit_test.hpp>

using namespace std::chrono_literals;

namespace {

/// A machine whose clock can be set, with a rehearsal that goes its own way.
struct machine : model::clock {
  model::instant now() const override { return chosen; }
  model::instant real_now() const override { return wall; }
  void pass(std::chrono::microseconds time) {
    wall += time;
    up += time;
  }
  model::clock_watch watch() const {
    return model::clock_watch(*this, [this] { return up; });
  }

  model::instant chosen{model::day{2033y / 11 / 21}};
  model::instant wall{model::day{2026y / 11 / 21}};
  std::chrono::microseconds up = 17min;
};

constexpr std::chrono::days ten_years{3652};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(clock_watch_, machine)

BOOST_AUTO_TEST_CASE(time_that_passes_is_no_jump_however_long_it_is) {
  const auto w = watch();
  BOOST_TEST(!w.was_set());
  for (const std::chrono::microseconds time :
       {1us, std::chrono::microseconds{10h}, std::chrono::microseconds{ten_years}}) {
    pass(time);
    BOOST_TEST(!w.was_set());
  }
}

BOOST_AUTO_TEST_CASE(a_clock_that_jumps_ten_years_ahead_or_back_is_noticed_until_it_is_right_again) {
  const auto w = watch();
  for (const auto jump : {ten_years, -ten_years}) {
    wall += jump;
    BOOST_TEST(w.was_set());
    pass(24h);
    BOOST_TEST(w.was_set());
    wall -= jump;
    BOOST_TEST(!w.was_set());
  }
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_put_right_a_little_is_none_that_was_set) {
  const auto w = watch();
  for (const auto jump : {59min, -59min}) {
    wall += jump;
    BOOST_TEST(!w.was_set());
    wall -= jump;
  }
  // Many small ones are one.
  for (int i = 0; i < 3; ++i) wall += 30min;
  BOOST_TEST(w.was_set());
}

BOOST_AUTO_TEST_CASE(what_a_rehearsal_chooses_is_none_of_its_business) {
  const auto w = watch();
  chosen += ten_years;
  BOOST_TEST(!w.was_set());
}

BOOST_AUTO_TEST_CASE(a_clock_that_was_wrong_from_the_beginning_is_not_noticed) {
  wall += ten_years;
  BOOST_TEST(!watch().was_set());
}

BOOST_AUTO_TEST_CASE(the_machines_own_goes_on) {
  const auto first = model::since_boot();
  BOOST_TEST((first > 0us));
  BOOST_TEST((model::since_boot() >= first));
  BOOST_TEST(!model::clock_watch(model::system_clock()).was_set());
}

BOOST_AUTO_TEST_SUITE_END()
