#include <boost/test/unit_test.hpp>

#include "actors/services.hpp"
#include "tests/actors/world.hpp"

using namespace actor_tests;
using namespace actors;
using namespace model;
using rc = refusal_code;
using std::chrono::milliseconds;

namespace {

limits few_cases(std::int64_t most) {
  limits l;
  l.resident_cases = most;
  return l;
}

/// Room for one case in memory.
struct narrow_world : world {
  narrow_world() : world(schedule::by_hand, few_cases(1)) {}
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(case_crash, world)

BOOST_AUTO_TEST_CASE(a_crash_is_503_for_that_request_and_the_next_gets_a_fresh_actor) {
  ask(fay, north_case, view_workspace{}).answer();
  ids.broken = true;
  BOOST_TEST(ask(fay, north_case, note("x")).code() == rc::unavailable);
  ids.broken = false;
  BOOST_TEST(counted().case_crashes.load() == 1u);
  BOOST_TEST(ask(fay, north_case, note("y")).kind() == answer_kind::created);
  const auto notes = stored(north_case).shared;
  BOOST_REQUIRE(notes.size() == 1u);
  BOOST_TEST(notes.at(0)->body == "y");
}

BOOST_AUTO_TEST_CASE(nobody_who_waited_at_a_crash_is_left_without_an_answer) {
  ask(fay, north_case, view_workspace{}).answer();
  hold(false, true);
  const auto first = ask(fay, north_case, note("one"));
  const auto second = ask(admin, north_case, note("two"));
  const auto third = ask(fay, north_case, note("three"));
  hold(false, false);
  ids.broken = true;
  release();
  ids.broken = false;
  BOOST_TEST(first.kind() == answer_kind::created);
  BOOST_TEST(second.code() == rc::unavailable);
  BOOST_TEST(third.code() == rc::unavailable);
  BOOST_TEST(stored(north_case).shared.size() == 1u);
}

BOOST_AUTO_TEST_CASE(who_waited_for_notes_at_a_crash_is_answered_too) {
  ask(fay, north_case, view_workspace{}).answer();
  hold_answers();
  const auto notes = ask(fay, north_case, view_notes{});
  BOOST_TEST(notes.pending());
  ids.broken = true;
  BOOST_TEST(ask(admin, north_case, note("x")).code() == rc::unavailable);
  ids.broken = false;
  BOOST_TEST(notes.code() == rc::unavailable);
  hold_nothing();
  BOOST_TEST(ask(fay, north_case, view_notes{}).kind() == answer_kind::ok);
}

BOOST_AUTO_TEST_CASE(repeated_crashes_of_a_case_back_off_and_the_others_do_not_notice) {
  const auto crash = [&] {
    ids.broken = true;
    const auto out = ask(fay, north_case, note("x"));
    ids.broken = false;
    return out.code();
  };
  ask(fay, north_case, view_workspace{}).answer();
  BOOST_TEST(crash() == rc::unavailable);
  BOOST_TEST(crash() == rc::unavailable);
  BOOST_TEST(counted().case_crashes.load() == 2u);
  BOOST_TEST(ask(fay, north_case, note("too soon")).code() == rc::unavailable);
  BOOST_TEST(ask(admin, south_case, note("another case")).kind() == answer_kind::created);
  pass(milliseconds{250});
  BOOST_TEST(crash() == rc::unavailable);
  BOOST_TEST(counted().case_crashes.load() == 3u);
  pass(milliseconds{250});
  BOOST_TEST(ask(fay, north_case, view_workspace{}).code() == rc::unavailable);
  pass(milliseconds{250});
  BOOST_TEST(ask(fay, north_case, view_workspace{}).kind() == answer_kind::ok);
  BOOST_TEST(counted().case_crashes.load() == 3u);
}

BOOST_AUTO_TEST_CASE(a_crashed_organisation_is_made_again) {
  ask(fay, north_case, note("before")).answer();
  kill_organisation();
  BOOST_TEST(ask(fay, north_case, view_workspace{}).holds("before"));
  BOOST_TEST(counted().resident_cases.load() == 1);
  BOOST_TEST(counted().resident_organisations.load() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(case_passivation)

BOOST_FIXTURE_TEST_CASE(an_idle_case_leaves_memory_and_comes_back, world) {
  ask(admin, north_case, note("kept")).answer();
  ask(admin, south_case, view_workspace{}).answer();
  BOOST_TEST(counted().resident_cases.load() == 2);
  pass(std::chrono::minutes{9});
  ask(admin, north_case, view_workspace{}).answer();
  pass(std::chrono::minutes{2});
  BOOST_TEST(counted().resident_cases.load() == 1);
  pass(std::chrono::minutes{10});
  BOOST_TEST(counted().resident_cases.load() == 0);
  BOOST_TEST(ask(fay, north_case, view_workspace{}).holds("kept"));
}

BOOST_FIXTURE_TEST_CASE(a_full_memory_lets_go_of_the_longest_unused, narrow_world) {
  ask(admin, north_case, view_workspace{}).answer();
  ask(admin, south_case, view_workspace{}).answer();
  BOOST_TEST(counted().resident_cases.load() == 1);
  hold(true, true);
  BOOST_TEST(ask(admin, south_case, view_workspace{}).kind() == answer_kind::ok);
  const auto gone = ask(admin, north_case, view_workspace{});
  BOOST_TEST(gone.pending());
  hold_nothing();
  BOOST_TEST(gone.kind() == answer_kind::ok);
}

BOOST_FIXTURE_TEST_CASE(what_arrives_while_a_case_leaves_is_held_and_answered, narrow_world) {
  ask(admin, north_case, view_workspace{}).answer();
  hold(false, true);
  const auto busy = ask(admin, north_case, note("on its way"));
  ask(admin, south_case, view_workspace{}).answer();
  // The north case has to go, and cannot before its commit is done.
  const auto read = ask(fay, north_case, view_workspace{});
  const auto written = ask(fay, north_case, note("behind it"));
  BOOST_TEST(read.pending());
  BOOST_TEST(written.pending());
  hold_nothing();
  BOOST_TEST(busy.kind() == answer_kind::created);
  BOOST_TEST(read.holds("on its way"));
  BOOST_TEST(written.kind() == answer_kind::created);
}

BOOST_FIXTURE_TEST_CASE(what_is_held_is_answered_though_the_organisation_is_read_again_meanwhile,
                        narrow_world) {
  ask(admin, north_case, view_workspace{}).answer();
  hold(false, true);
  ask(admin, north_case, note("on its way"));
  ask(admin, south_case, view_workspace{}).answer();
  const auto read = ask(fay, north_case, view_workspace{});
  tell_organisation_changed();
  hold_nothing();
  BOOST_TEST(read.holds("on its way"));
}

BOOST_FIXTURE_TEST_CASE(a_burst_of_cases_does_not_stay_above_the_limit, narrow_world) {
  const auto one = begin(admin, north_case, view_workspace{});
  const auto two = begin(admin, south_case, view_workspace{});
  run();
  BOOST_TEST(one.kind() == answer_kind::ok);
  BOOST_TEST(two.kind() == answer_kind::ok);
  BOOST_TEST(counted().resident_cases.load() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
