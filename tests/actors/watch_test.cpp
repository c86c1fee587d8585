#include <boost/test/unit_test.hpp>

#include "actors/services.hpp"
#include "tests/actors/world.hpp"

using namespace actor_tests;
using namespace actors;
using namespace model;
using rc = refusal_code;

namespace actors {
inline std::ostream& operator<<(std::ostream& out, case_news n) { return out << model::to_text(n); }
}  // namespace actors

namespace {

using kinds = std::vector<std::string>;

/// Kinds that the stream's client learns of, in their order.
kinds told(const heard& h) {
  kinds out;
  for (const auto& n : *h.news) out.insert(out.end(), n.kinds.begin(), n.kinds.end());
  return out;
}

case_news last(const heard& h) {
  BOOST_REQUIRE(!h.news->empty());
  return h.news->back().what;
}

struct watched_world : world {
  explicit watched_world(const actors::limits& l = {}) : world(schedule::by_hand, l) {}

  std::string version(const caller& who) { return ask(who, north_case, view_workspace{}).answer().etag; }
  asked end(const std::string& email) {
    return ask(admin, north_case, case_command{end_assignment{row_of(north_case, email)}});
  }

  heard of_admin = watch(admin, north_case), of_manager = watch(manager, north_case),
        of_fay = watch(fay, north_case), of_connie = watch(connie, north_case);
};

/// Room for one case in memory.
limits one_case() {
  limits l;
  l.resident_cases = 1;
  return l;
}
struct narrow_world : watched_world {
  narrow_world() : watched_world(one_case()) {}
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(watching_a_case, watched_world)

BOOST_AUTO_TEST_CASE(each_opening_is_answered_with_the_version_that_this_caller_sees) {
  for (const auto& [h, who] : {std::pair{&of_admin, &admin}, {&of_fay, &fay}, {&of_connie, &connie}}) {
    BOOST_TEST(h->opened.answer().etag == version(*who));
    BOOST_TEST(h->opened.text().empty());
  }
}

BOOST_AUTO_TEST_CASE(R12_who_may_not_see_the_case_may_not_watch_it) {
  BOOST_TEST((watch(outsider, north_case).opened.refusal() ==
              ask(outsider, case_id{ids.next()}, view_workspace{}).refusal()));
  BOOST_TEST(watch(manager, south_case).opened.code() == rc::not_found);
  auto liar = outsider;
  liar.operator_standing = standing::org_admin;
  BOOST_TEST(watch(liar, north_case).opened.code() == rc::not_found);
}

BOOST_AUTO_TEST_CASE(R10_a_professional_note_is_told_to_operators_alone) {
  ask(manager, north_case, note("SECRET", stream::professional)).answer();
  BOOST_TEST(told(of_admin) == kinds{"note.created"});
  BOOST_TEST(told(of_manager) == kinds{"note.created"});
  BOOST_TEST(of_admin.news->back().version == version(admin));
  BOOST_TEST(of_admin.news->back().version != of_admin.opened.answer().etag);
  for (const auto* h : {&of_fay, &of_connie}) {
    BOOST_TEST(told(*h).empty());
    for (const auto& n : *h->news) BOOST_TEST(n.version == h->opened.answer().etag);
  }
}

BOOST_AUTO_TEST_CASE(each_is_told_what_they_see_of_a_change_with_their_own_version) {
  ask(fay, north_case, note("hello")).answer();
  for (const auto& [h, who] :
       {std::pair{&of_admin, &admin}, {&of_manager, &manager}, {&of_fay, &fay}, {&of_connie, &connie}}) {
    BOOST_TEST(told(*h) == kinds{"note.created"});
    BOOST_TEST(h->news->back().version == version(*who));
  }
  BOOST_TEST(of_fay.news->back().version != of_connie.news->back().version);
}

BOOST_AUTO_TEST_CASE(a_change_that_is_refused_or_changes_nothing_is_not_told) {
  BOOST_TEST(ask(connie, north_case, note("x")).code() == rc::not_permitted);
  const auto made = ask(fay, north_case, note("same")).made<note_id>();
  const auto before = told(of_admin);
  ask(fay, north_case, case_command{edit_note{made, note_text{"same"}, {}, {}}}).answer();
  BOOST_TEST(told(of_admin) == before);
}

BOOST_AUTO_TEST_CASE(a_change_on_another_case_is_not_told) {
  ask(admin, south_case, note("x")).answer();
  BOOST_TEST(of_admin.news->empty());
}

BOOST_AUTO_TEST_CASE(R16_with_its_end_an_assignment_hears_nothing_more) {
  hold(false, true);
  const auto ended = end("fay@support.example");
  BOOST_TEST(of_fay.news->empty());
  hold_nothing();
  BOOST_TEST(ended.kind() == answer_kind::ok);
  BOOST_TEST(last(of_fay) == case_news::ended);
  BOOST_TEST(told(of_fay).empty());
  BOOST_TEST(told(of_connie) == kinds{"collaborator.ended"});
  const auto so_far = of_fay.news->size();
  ask(admin, north_case, note("after")).answer();
  BOOST_TEST(of_fay.news->size() == so_far);
  BOOST_TEST(watch_again(of_fay, fay, north_case).code() == rc::not_found);
}

BOOST_AUTO_TEST_CASE(R3_a_removed_member_has_to_ask_again_and_is_refused) {
  ask_org(admin, org_command{remove_member{manager.user}}).answer();
  BOOST_TEST(last(of_manager) == case_news::ask_again);
  const auto so_far = of_manager.news->size();
  ask(admin, north_case, note("SECRET", stream::professional)).answer();
  BOOST_TEST(of_manager.news->size() == so_far);
  BOOST_TEST(watch_again(of_manager, manager, north_case).code() == rc::not_found);
  // So have the others, who are let in.
  BOOST_TEST(watch_again(of_fay, fay, north_case).answer().etag == version(fay));
  ask(admin, north_case, note("x")).answer();
  BOOST_TEST(told(of_fay) == kinds{"note.created"});
}

BOOST_AUTO_TEST_CASE(R3_a_property_that_moves_to_another_landlord_takes_the_managers_ear_away) {
  change_property move;
  move.property = north_house;
  move.landlord_id = south;
  ask_org(admin, org_command{move}).answer();
  BOOST_TEST(last(of_manager) == case_news::ask_again);
  BOOST_TEST(watch_again(of_manager, manager, north_case).code() == rc::not_found);
}

BOOST_AUTO_TEST_CASE(R36_a_downgrade_is_asked_about_at_once_and_ends_it) {
  set_tier("business");
  tell_organisation_changed();
  BOOST_TEST(last(of_admin) == case_news::ask_again);
  BOOST_TEST(last(of_fay) == case_news::ask_again);
  BOOST_TEST(watch_again(of_admin, admin, north_case).code() == rc::upgrade_required);
  BOOST_TEST(watch_again(of_fay, fay, north_case).code() == rc::not_found);
}

BOOST_AUTO_TEST_CASE(a_change_of_the_organisation_that_is_nobodys_standing_disturbs_nobody) {
  ask_org(admin, org_command{add_landlord{{"East"}}}).answer();
  for (const auto* h : {&of_admin, &of_manager, &of_fay, &of_connie}) BOOST_TEST(h->news->empty());
}

BOOST_AUTO_TEST_CASE(a_tenants_new_name_makes_everybody_ask_what_they_see_now) {
  change_tenant change;
  change.tenant = north_tenant;
  change.full_name = name_text{"Noreen Tenant"};
  ask_org(admin, org_command{change}).answer();
  BOOST_TEST(last(of_connie) == case_news::ask_again);
  const auto now = watch_again(of_connie, connie, north_case).answer().etag;
  BOOST_TEST(now != of_connie.opened.answer().etag);
  BOOST_TEST(now == version(connie));
}

BOOST_AUTO_TEST_CASE(who_was_let_in_before_a_standing_changed_is_sent_to_the_door_again) {
  clock.turn(std::chrono::hours{1});  // so that a reading is noted again, which takes its time
  hold(true, false);
  const auto late = watch(manager, north_case);
  BOOST_REQUIRE(late.opened.pending());
  tell_organisation_changed();
  hold_nothing();
  BOOST_TEST(late.opened.kind() == answer_kind::ok);
  BOOST_TEST(last(late) == case_news::ask_again);
  ask(admin, north_case, note("SECRET", stream::professional)).answer();
  BOOST_TEST(told(late).empty());
  BOOST_TEST(watch_again(late, manager, north_case).kind() == answer_kind::ok);
}

BOOST_AUTO_TEST_CASE(what_nobody_knows_makes_everybody_ask_again) {
  cut_database();
  BOOST_TEST(ask(fay, north_case, note("x")).code() == rc::unavailable);
  BOOST_TEST(last(of_admin) == case_news::ask_again);
  mend_database();
  BOOST_TEST(watch_again(of_admin, admin, north_case).answer().etag == version(admin));
}

BOOST_AUTO_TEST_CASE(a_case_that_crashes_tells_that_it_has_left) {
  ids.broken = true;
  BOOST_TEST(ask(fay, north_case, note("x")).code() == rc::unavailable);
  ids.broken = false;
  BOOST_TEST(last(of_fay) == case_news::left);
  BOOST_TEST(watch_again(of_fay, fay, north_case).answer().etag == of_fay.opened.answer().etag);
}

BOOST_AUTO_TEST_CASE(so_does_one_whose_organisation_dies) {
  kill_organisation();
  BOOST_TEST(last(of_admin) == case_news::left);
  BOOST_TEST(watch_again(of_admin, admin, north_case).kind() == answer_kind::ok);
}

BOOST_AUTO_TEST_CASE(an_idle_case_leaves_and_asking_now_and_then_keeps_it) {
  const auto idle = limits{}.idle_case;
  for (int i = 0; i < 3; ++i) {
    pass(idle / 2);
    BOOST_TEST(watch_again(of_fay, fay, north_case).answer().etag == of_fay.opened.answer().etag);
  }
  BOOST_TEST(of_fay.news->empty());
  pass(2 * idle);
  BOOST_TEST(last(of_fay) == case_news::left);
}

BOOST_AUTO_TEST_CASE(a_stream_that_has_gone_is_not_told) {
  unwatch(of_fay, north_case);
  ask(admin, north_case, note("x")).answer();
  BOOST_TEST(of_fay.news->empty());
  BOOST_TEST(told(of_connie) == kinds{"note.created"});
  unwatch(of_fay, case_id{ids.next()});
}

BOOST_AUTO_TEST_CASE(opening_a_stream_is_reading_the_case_and_keeping_it_open_is_not) {
  const auto readers = [&] {
    const auto text = ask(admin, north_case, view_reads{}).text();
    std::size_t found = 0;
    for (auto at = text.find(to_text(fay.user)); at != text.npos; at = text.find(to_text(fay.user), at + 1))
      ++found;
    return found;
  };
  BOOST_TEST(readers() == 1u);
  pass(std::chrono::hours{2});
  watch_again(of_fay, fay, north_case).answer();
  BOOST_TEST(readers() == 1u);
  watch(fay, north_case).opened.answer();
  BOOST_TEST(readers() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(watching_without_room, narrow_world)

BOOST_AUTO_TEST_CASE(a_watched_case_makes_room_and_comes_back) {
  ask(admin, south_case, view_workspace{}).answer();
  BOOST_TEST(last(of_fay) == case_news::left);
  ask(admin, north_case, note("while nobody listened")).answer();
  BOOST_TEST(told(of_fay).empty());
  const auto back = watch_again(of_fay, fay, north_case).answer().etag;
  BOOST_TEST(back == version(fay));
  BOOST_TEST(back != of_fay.opened.answer().etag);
}

BOOST_AUTO_TEST_SUITE_END()
