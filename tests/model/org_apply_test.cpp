#include "model/org_apply.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/model/org_world.hpp"

using namespace model_tests;

BOOST_FIXTURE_TEST_SUITE(org_apply, org_world)

BOOST_AUTO_TEST_CASE(several_events_are_one_version) {
  const std::vector<org_event> two{landlord_added{{ids.make<landlord_id>(), state.settings.id, "A", now}},
                                   landlord_added{{ids.make<landlord_id>(), state.settings.id, "B", now}}};
  const auto next = after(state, two);
  BOOST_TEST(next.version == state.version + 1);
  BOOST_TEST(next.landlords.size() == state.landlords.size() + 2);
  BOOST_TEST(state.landlords.size() == 2u);
}

BOOST_AUTO_TEST_CASE(apply_leaves_the_version) {
  const auto before = state.version;
  apply(state, landlord_added{{ids.make<landlord_id>(), state.settings.id, "A", now}});
  BOOST_TEST(state.version == before);
}

BOOST_AUTO_TEST_CASE(changes_replace_what_was_there) {
  done(admin, rename_landlord{north, {"Norther"}});
  BOOST_TEST(state.find(north)->name == "Norther");
  BOOST_TEST(state.landlords.size() == 2u);
  const auto who = tenancy_at(north_house).tenants[0].id;
  change_tenant change;
  change.tenant = who;
  change.housing_officer_note_visibility = note_visibility::hidden;
  done(admin, change);
  BOOST_TEST((state.find(who)->housing_officer_note_visibility == note_visibility::hidden));
  BOOST_TEST(state.tenants.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_removed_member_is_gone) {
  done(admin, remove_member{idle_manager.user});
  BOOST_TEST((state.find(idle_manager.user) == nullptr));
  BOOST_TEST((standing_of(state, idle_manager.user) == standing::none));
}

BOOST_AUTO_TEST_CASE(an_opened_case_is_counted_and_found) {
  const auto t = tenancy_at(north_house);
  const auto opened = added<case_opened>(open_case{t.tenancy.id, {}, {}}).opened;
  BOOST_TEST(state.cases_opened == 1u);
  BOOST_TEST(state.find(opened.id)->reference == "SC-00001");
  BOOST_TEST((state.case_of(t.tenants[0].id)->id == opened.id));
}

BOOST_AUTO_TEST_SUITE_END()
