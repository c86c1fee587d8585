#include "model/case_apply.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/model/case_world.hpp"

using namespace model_tests;

BOOST_FIXTURE_TEST_SUITE(case_apply, case_world)

BOOST_AUTO_TEST_CASE(a_state_before_stays_as_it_was) {
  const auto n = note(fay, stream::shared, "first");
  const auto before = state;
  done(fay, body(n, "second"));
  done(fay, delete_note{n});
  done(admin, end_assignment{fay_row});
  BOOST_TEST(before.find(n)->body == "first");
  BOOST_TEST(!before.find(fay_row)->ended_at.has_value());
}

BOOST_AUTO_TEST_CASE(each_change_is_one_version_however_many_events) {
  const auto n = note(manager, stream::professional, "x");
  const auto version = state.header.version;
  BOOST_TEST(done(manager, edit_note{n, note_text{"y"}, true, {}}).size() == 2u);
  BOOST_TEST(state.header.version == version + 1);
}

BOOST_AUTO_TEST_CASE(the_latest_fifty_of_each_stream_stay_at_hand) {
  const auto first = note(fay, stream::shared, "1");
  for (std::size_t i = 1; i < workspace_list_length; ++i) note(fay, stream::shared, "more");
  BOOST_TEST(!state.more_shared);
  BOOST_TEST((state.find(first) != nullptr));
  const auto last = note(fay, stream::shared, "51");
  BOOST_TEST(state.more_shared);
  BOOST_TEST(!state.more_professional);
  BOOST_TEST(state.shared.size() == workspace_list_length);
  BOOST_TEST((state.find(first) == nullptr));
  BOOST_TEST((state.shared.back()->id == last));
  for (std::size_t i = 0; i <= workspace_list_length; ++i) note(admin, stream::professional, "more");
  BOOST_TEST(state.more_professional);
  BOOST_TEST(state.professional.size() == workspace_list_length);
}

BOOST_AUTO_TEST_CASE(a_recalled_note_is_changed_and_enters_no_window) {
  const auto old = note(fay, stream::shared, "old");
  const auto kept = std::make_shared<const model::note>(at(old));
  for (std::size_t i = 0; i < workspace_list_length; ++i) note(fay, stream::shared, "more");
  state.recalled.note = kept;
  done(fay, body(old, "changed"));
  BOOST_TEST(state.recalled.note->body == "changed");
  BOOST_TEST(state.shared.size() == workspace_list_length);
  for (const auto& n : state.shared) BOOST_TEST((n->id != old));
}

BOOST_AUTO_TEST_CASE(professional_work_does_not_move_what_collaborators_see_of_activity) {
  const auto shared = state.header.shared_activity_at;
  auto when = now;
  const auto n = note(admin, stream::professional, "x");
  BOOST_TEST((state.header.last_activity_at == when));
  when = now;
  done(admin, flag(n, true));
  BOOST_TEST((state.header.last_activity_at == when));
  done(admin, delete_note{n});
  BOOST_TEST((state.header.shared_activity_at == shared));
  when = now;
  note(fay, stream::shared, "y");
  BOOST_TEST((state.header.shared_activity_at == when));
  BOOST_TEST((state.header.last_activity_at == when));
}

BOOST_AUTO_TEST_CASE(work_on_the_team_is_no_activity_on_the_case) {
  const auto before = state.header.last_activity_at;
  done(admin, invitation("new@support.example"));
  done(admin, end_assignment{fay_row});
  BOOST_TEST((state.header.last_activity_at == before));
}

BOOST_AUTO_TEST_CASE(a_clock_that_steps_back_does_not_take_activity_back) {
  const auto before = state.header.last_activity_at;
  now -= std::chrono::hours{100};
  note(fay, stream::shared, "y");
  BOOST_TEST((state.header.last_activity_at == before));
}

BOOST_AUTO_TEST_SUITE_END()
