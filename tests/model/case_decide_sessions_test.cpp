#include <boost/test/unit_test.hpp>

#include "tests/model/case_world.hpp"

using namespace model_tests;

namespace {

std::vector<session_view> sessions_in(const workspace_view& seen) {
  return std::visit([](const auto& w) { return w.sessions; }, seen);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(case_sessions, case_world)

BOOST_AUTO_TEST_CASE(R21_a_session_is_kept_as_it_was_given) {
  add_session cmd{now,
                  now + std::chrono::hours{1},
                  session_type::accompaniment,
                  std::vector<name_text>{{"Tess Tenant"}, {"Dr Grey"}},
                  session_status::delivered,
                  text<20000, 0>{"Went well"}};
  const auto made = std::get<session_added>(done(fay, cmd).at(0)).session;
  const auto seen = view_session(made);
  BOOST_TEST((seen.attendees == std::vector<std::string>{"Tess Tenant", "Dr Grey"}));
  BOOST_TEST((seen.ends_at == cmd.ends_at));
  BOOST_TEST((seen.type == session_type::accompaniment));
  BOOST_TEST((seen.status == session_status::delivered));
  BOOST_TEST(seen.outcome_note == "Went well");
  BOOST_TEST(seen.author.full_name == fay.full_name);
}

BOOST_AUTO_TEST_CASE(R21_a_session_ends_after_it_starts) {
  auto cmd = session_at(now);
  cmd.ends_at = now;
  BOOST_TEST(errors(fay, cmd) == "ends_at not_after_start");
  cmd.ends_at = now + std::chrono::seconds{1};
  const auto s = std::get<session_added>(done(fay, cmd).at(0)).session.id;
  BOOST_TEST(errors(fay, edit_session{s, *cmd.ends_at, {}, {}, {}, {}, {}}) == "ends_at not_after_start");
  done(fay, edit_session{s, *cmd.ends_at, {true, {}}, {}, {}, {}, {}});
  BOOST_TEST(!state.find(s)->ends_at.has_value());
}

BOOST_AUTO_TEST_CASE(R21_a_huge_list_of_attendees_is_refused) {
  auto cmd = session_at(now);
  cmd.attendees = std::vector<name_text>(most_attendees + 1, name_text{"Somebody"});
  BOOST_TEST(errors(fay, cmd) == "attendees too_many");
}

BOOST_AUTO_TEST_CASE(R21_context_only_records_and_edits_their_own_and_sees_no_others) {
  const auto hers = session(connie, now);
  const auto other = session(fay, now);
  const auto seen = sessions_in(seen_by(connie));
  BOOST_REQUIRE(seen.size() == 1u);
  BOOST_TEST((seen[0].id == hers));
  done(connie, edit_session{hers, {}, {}, {}, {}, session_status::delivered, {}});
  // Another's is to her as one that does not exist.
  const session_id none{ids.next()};
  BOOST_TEST((refused(connie, edit_session{other, {}, {}, {}, {}, session_status::missed, {}}) ==
              refused(connie, edit_session{none, {}, {}, {}, {}, session_status::missed, {}})));
  for (const auto& who : {admin, manager, fay}) BOOST_TEST(sessions_in(seen_by(who)).size() == 2u);
  done(fay, edit_session{hers, {}, {}, {}, {}, session_status::cancelled, {}});
}

BOOST_AUTO_TEST_CASE(R21_the_latest_to_start_come_first_whenever_they_were_recorded) {
  const auto later = session(fay, now + std::chrono::hours{48});
  const auto sooner = session(fay, now + std::chrono::hours{24});
  auto seen = sessions_in(seen_by(admin));
  BOOST_TEST((seen.at(0).id == later));
  BOOST_TEST((seen.at(1).id == sooner));
  done(fay, edit_session{sooner, now + std::chrono::hours{72}, {}, {}, {}, {}, {}});
  seen = sessions_in(seen_by(admin));
  BOOST_TEST((seen.at(0).id == sooner));
}

BOOST_AUTO_TEST_CASE(the_latest_fifty_stay_at_hand_and_a_context_only_persons_own_beside_them) {
  const auto hers = session(connie, now - std::chrono::hours{1});
  for (std::size_t i = 0; i < 2 * workspace_list_length; ++i) session(fay, now);
  BOOST_TEST(state.sessions.size() == workspace_list_length + 1);
  BOOST_TEST((state.find(hers) != nullptr));
  BOOST_TEST(sessions_in(seen_by(connie)).size() == 1u);
  BOOST_TEST(sessions_in(seen_by(fay)).size() == workspace_list_length);
  BOOST_TEST(!state.outgrown);
  done(fay, edit_session{state.sessions.back()->id, now - std::chrono::hours{99}, {}, {}, {}, {}, {}});
  BOOST_TEST(state.outgrown);
}

BOOST_AUTO_TEST_CASE(sessions_do_not_move_what_collaborators_see_of_activity) {
  const auto before = state.header.shared_activity_at;
  session(fay, now);
  BOOST_TEST((state.header.shared_activity_at == before));
  BOOST_TEST((state.header.last_activity_at > before));
}

BOOST_AUTO_TEST_CASE(R8_a_closed_case_takes_no_sessions) {
  const auto s = session(connie, now);
  done(admin, close_case{});
  BOOST_TEST((code(connie, session_at(now)) == refusal_code::case_closed));
  BOOST_TEST((code(connie, edit_session{s, {}, {}, {}, {}, session_status::missed, {}}) ==
              refusal_code::case_closed));
}

BOOST_AUTO_TEST_SUITE_END()
