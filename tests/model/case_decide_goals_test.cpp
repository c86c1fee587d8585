#include <boost/test/unit_test.hpp>

#include "tests/model/case_world.hpp"

using namespace model_tests;

BOOST_FIXTURE_TEST_SUITE(case_goals, case_world)

BOOST_AUTO_TEST_CASE(R20_a_goal_shows_its_latest_progress) {
  const auto g = goal(fay, "Cook twice a week");
  BOOST_TEST(!at(g).progress.has_value());
  done(fay, add_progress{g, {"Made soup"}});
  const auto when = now;
  done(manager, add_progress{g, {"Made a stew"}});
  BOOST_TEST(at(g).progress.value() == "Made a stew");
  BOOST_TEST((at(g).progress_at.value() == when));
  BOOST_TEST(at(g).progress_by.value() == manager.full_name);
}

BOOST_AUTO_TEST_CASE(R20_only_what_is_given_changes_and_null_takes_the_date_away) {
  const auto g = std::get<goal_added>(
                     done(fay, add_goal{{"Cook"}, text<5000, 0>{"At home"}, on(2026, 12, 24), {}}).at(0))
                     .goal.id;
  done(fay, edit_goal{g, {}, {}, {}, goal_status::achieved});
  BOOST_TEST(at(g).description == "At home");
  BOOST_TEST((at(g).target_date == on(2026, 12, 24)));
  BOOST_TEST((at(g).status == goal_status::achieved));
  done(fay, edit_goal{g, {}, {}, {true, {}}, {}});
  BOOST_TEST(!at(g).target_date.has_value());
  BOOST_TEST(done(fay, edit_goal{g, name_text{"Cook"}, {}, {}, {}}).empty());
}

BOOST_AUTO_TEST_CASE(R20_context_only_sees_goals_and_writes_none) {
  const auto g = goal(fay, "Cook");
  BOOST_TEST(std::get<context_workspace>(seen_by(connie)).goals.size() == 1u);
  BOOST_TEST((code(connie, add_goal{{"Mine"}, {}, {}, {}}) == refusal_code::not_permitted));
  BOOST_TEST((code(connie, edit_goal{g, name_text{"Mine"}, {}, {}, {}}) == refusal_code::not_permitted));
  BOOST_TEST((code(connie, add_progress{g, {"Mine"}}) == refusal_code::not_permitted));
}

BOOST_AUTO_TEST_CASE(R12_an_outsider_learns_of_no_goal) {
  const auto g = goal(fay, "Cook");
  const goal_id none{ids.next()};
  BOOST_TEST((refused(outsider, edit_goal{g, {}, {}, {}, {}}) ==
              refused(outsider, edit_goal{none, {}, {}, {}, {}})));
  BOOST_TEST((code(fay, edit_goal{none, {}, {}, {}, {}}) == refusal_code::not_found));
}

BOOST_AUTO_TEST_CASE(R8_a_closed_case_takes_no_goals) {
  const auto g = goal(fay, "Cook");
  done(admin, close_case{});
  BOOST_TEST((code(fay, add_goal{{"More"}, {}, {}, {}}) == refusal_code::case_closed));
  BOOST_TEST((code(fay, edit_goal{g, name_text{"More"}, {}, {}, {}}) == refusal_code::case_closed));
  BOOST_TEST((code(admin, add_progress{g, {"More"}}) == refusal_code::case_closed));
}

BOOST_AUTO_TEST_CASE(ten_thousand_goals_do_not_grow_the_state) {
  goal(fay, "first");
  for (int i = 0; i < 10'000; ++i) goal(fay, "more");
  BOOST_TEST(state.goals.size() == workspace_list_length);
}

BOOST_AUTO_TEST_SUITE_END()
