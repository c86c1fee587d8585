#include "model/org_view.hpp"

#include <boost/test/unit_test.hpp>

#include "model/json.hpp"
#include "tests/model/org_world.hpp"

using namespace model_tests;
using rc = refusal_code;

namespace {

template <class View>
rc code_of(const seen<View>& answer) {
  const auto* no = std::get_if<refusal>(&answer);
  BOOST_REQUIRE(no);
  return no->code;
}

template <class View>
std::size_t count(const seen<list_view<View>>& answer) {
  BOOST_REQUIRE(answer.index() == 0);
  return std::get<0>(answer).items.size();
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(org_view, org_world)

BOOST_AUTO_TEST_CASE(R3_settings_billing_and_members_are_the_admins_alone) {
  for (const auto& [who, expected] :
       {std::pair{&north_manager, rc::not_permitted}, std::pair{&outsider, rc::not_found}}) {
    BOOST_TEST((code_of(view_organisation(state, *who)) == expected));
    BOOST_TEST((code_of(view_billing(state, *who, default_catalogue())) == expected));
    BOOST_TEST((code_of(view_members(state, *who, {})) == expected));
    BOOST_TEST((code_of(view_member(state, *who, admin.user)) == expected));
  }
  BOOST_TEST(count(view_members(state, admin, {})) == 3u);
  BOOST_TEST((code_of(view_member(state, admin, outsider.user)) == rc::not_found));
}

BOOST_AUTO_TEST_CASE(settings_are_shown_under_the_names_of_the_API) {
  state.settings.housing_officer_emails = {"o@council.gov.uk"};
  const auto text = to_json(std::get<organisation_admin_view>(view_organisation(state, admin)));
  BOOST_TEST(
      text ==
      R"({"id":")" + to_text(state.settings.id) +
          R"(","name":"Agency","tier":"enterprise","time_zone":"Europe/London",)"
          R"("support_retention_years":{"default":7,"safeguarding":25},)"
          R"("support_notes_visible_to_housing_officer":false,"housing_officer_emails":["o@council.gov.uk"],)"
          R"("created_at":"1970-01-01T00:00:00Z","legal_hold":false,"legal_hold_since":null,)"
          R"("legal_hold_reason":null})");
}

BOOST_AUTO_TEST_CASE(R36_billing_shows_the_tier_its_features_and_all_prices) {
  const auto shown = std::get<billing_admin_view>(view_billing(state, admin, default_catalogue()));
  BOOST_TEST(shown.tier == "enterprise");
  BOOST_TEST((shown.features == std::vector<std::string>{"support_cases"}));
  BOOST_TEST(shown.plans.size() == 5u);
}

BOOST_AUTO_TEST_CASE(R3_a_manager_sees_the_things_of_assigned_landlords_and_no_others) {
  const auto mine = tenancy_at(north_house);
  const auto theirs = tenancy_at(south_house);
  BOOST_TEST(count(view_landlords(state, admin, {})) == 2u);
  BOOST_TEST(count(view_landlords(state, north_manager, {})) == 1u);
  BOOST_TEST(count(view_properties(state, north_manager, {})) == 1u);
  BOOST_TEST(count(view_tenancies(state, north_manager, {})) == 1u);
  BOOST_TEST(count(view_tenancies(state, idle_manager, {})) == 0u);
  BOOST_TEST((view_tenancy(state, north_manager, mine.tenancy.id).index() == 0));
  BOOST_TEST((code_of(view_landlord(state, north_manager, south)) == rc::not_found));
  BOOST_TEST((code_of(view_property(state, north_manager, south_house)) == rc::not_found));
  BOOST_TEST((code_of(view_tenancy(state, north_manager, theirs.tenancy.id)) == rc::not_found));
  BOOST_TEST((code_of(view_tenant(state, north_manager, theirs.tenants[0].id)) == rc::not_found));
}

BOOST_AUTO_TEST_CASE(R12_an_outsider_sees_nothing) {
  const auto t = tenancy_at(north_house);
  BOOST_TEST((code_of(view_landlords(state, outsider, {})) == rc::not_found));
  BOOST_TEST((code_of(view_properties(state, outsider, {})) == rc::not_found));
  BOOST_TEST((code_of(view_tenancies(state, outsider, {})) == rc::not_found));
  BOOST_TEST((code_of(view_landlord(state, outsider, north)) == rc::not_found));
  BOOST_TEST((code_of(view_property(state, outsider, north_house)) == rc::not_found));
  BOOST_TEST((code_of(view_tenancy(state, outsider, t.tenancy.id)) == rc::not_found));
  BOOST_TEST((code_of(view_tenant(state, outsider, t.tenants[0].id)) == rc::not_found));
}

BOOST_AUTO_TEST_CASE(the_picker_leaves_out_tenancies_whose_tenants_all_have_a_case) {
  const auto one = tenancy_at(north_house);
  const auto joint = tenancy_at(north_house, {"Tess", "Tom"});
  tenancy_query without{true, "", {}};
  BOOST_TEST(count(view_tenancies(state, admin, without)) == 2u);
  added<case_opened>(open_case{one.tenancy.id, {}, {}});
  const auto opened = added<case_opened>(open_case{joint.tenancy.id, joint.tenants[0].id, {}}).opened;
  const auto left = std::get<0>(view_tenancies(state, admin, without));
  BOOST_REQUIRE(left.items.size() == 1u);
  BOOST_TEST((left.items[0].tenants[0].case_id == opened.id && !left.items[0].tenants[1].case_id));
  added<case_opened>(open_case{joint.tenancy.id, joint.tenants[1].id, {}});
  BOOST_TEST(count(view_tenancies(state, admin, without)) == 0u);
  BOOST_TEST(count(view_tenancies(state, admin, {})) == 2u);
}

BOOST_AUTO_TEST_CASE(the_picker_finds_by_names_addresses_and_places) {
  tenancy_at(north_house, {"\u00c1ine O'Neill"});
  tenancy_at(south_house, {"Bob"});
  for (const auto& [q, hits] : std::vector<std::pair<std::string, std::size_t>>{{"\u00e1INE", 1u},
                                                                                {"high o'neill", 1u},
                                                                                {"yo1", 1u},
                                                                                {"tenant0@", 2u},
                                                                                {"bob high", 0u},
                                                                                {"' OR 1=1 --", 0u}})
    BOOST_TEST(count(view_tenancies(state, admin, {false, q, {}})) == hits, q);
  BOOST_TEST(count(view_tenancies(state, north_manager, {false, "bob", {}})) == 0u);
}

BOOST_AUTO_TEST_CASE(lists_come_newest_first_page_by_page_and_each_thing_once) {
  for (int i = 0; i < 5; ++i) done(admin, add_landlord{{"L" + std::to_string(i)}});
  std::string names, cursor;
  do {
    const auto page = std::get<0>(view_landlords(state, admin, {2, cursor}));
    for (const auto& l : page.items) names += l.name + ' ';
    cursor = page.next.value_or("");
  } while (!cursor.empty());
  BOOST_TEST(names == "L4 L3 L2 L1 L0 South North ");
}

BOOST_AUTO_TEST_CASE(limits_and_cursors_that_cannot_be_are_refused) {
  for (const std::int64_t limit : {0, -1, 201})
    BOOST_TEST((code_of(view_landlords(state, admin, {limit, ""})) == rc::invalid));
  BOOST_TEST((code_of(view_landlords(state, admin, {10, "'; drop table"})) == rc::invalid));
  BOOST_TEST(count(view_landlords(state, admin, {200, ""})) == 2u);
}

BOOST_AUTO_TEST_CASE(a_command_is_answered_with_the_whole_of_what_it_made) {
  const org_command add = terms(north_house, {"Tess", "Tom"});
  const auto events = done(north_manager, add);
  const auto made = view_change(state, north_manager, add, events);
  BOOST_REQUIRE((made && std::holds_alternative<tenancy_view>(*made)));
  const auto& shown = std::get<tenancy_view>(*made);
  BOOST_TEST(shown.tenants.size() == 2u);
  BOOST_TEST(shown.property == "1 High Street, Leeds, LS1 1AA");
  BOOST_TEST(!shown.tenants[1].id.is_nil());
  const org_command add_one = add_landlord{{"East"}};
  BOOST_TEST(std::get<landlord_view>(*view_change(state, admin, add_one, done(admin, add_one))).name ==
             "East");
}

BOOST_AUTO_TEST_CASE(a_command_without_events_is_answered_with_what_it_named) {
  const org_command same = rename_landlord{north, {"North"}};
  const auto events = done(admin, same);
  BOOST_TEST(events.empty());
  BOOST_TEST(std::get<landlord_view>(*view_change(state, admin, same, events)).name == "North");
}

BOOST_AUTO_TEST_CASE(a_removal_leaves_nothing_to_show) {
  const org_command remove = remove_member{idle_manager.user};
  BOOST_TEST(!view_change(state, admin, remove, done(admin, remove)).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
