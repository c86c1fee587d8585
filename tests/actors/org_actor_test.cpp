#include <boost/test/unit_test.hpp>

#include "actors/services.hpp"
#include "tests/actors/world.hpp"

using namespace actor_tests;
using namespace actors;
using namespace model;
using rc = refusal_code;

BOOST_FIXTURE_TEST_SUITE(org_actor_, world)

BOOST_AUTO_TEST_CASE(R3_a_manager_sees_the_cases_of_their_landlords_only) {
  BOOST_TEST(ask(manager, north_case, view_workspace{}).kind() == answer_kind::ok);
  const auto out_of_scope = ask(manager, south_case, view_workspace{});
  const auto nothing = ask(manager, case_id{ids.next()}, view_workspace{});
  BOOST_TEST((out_of_scope.refusal() == nothing.refusal()));
  BOOST_TEST(ask(manager, south_case, note("x")).code() == rc::not_found);
}

BOOST_AUTO_TEST_CASE(a_standing_that_a_request_claims_for_itself_counts_for_nothing) {
  auto liar = outsider;
  liar.operator_standing = standing::org_admin;
  BOOST_TEST(ask(liar, north_case, view_workspace{}).code() == rc::not_found);
  liar = fay;
  liar.operator_standing = standing::org_admin;
  BOOST_TEST(ask(liar, north_case, view_notes{stream::professional, {}}).code() == rc::not_permitted);
  liar = outsider;
  liar.operator_standing = standing::org_admin;
  BOOST_TEST(ask_org(liar, view_organisation{}).code() == rc::not_found);
}

BOOST_AUTO_TEST_CASE(R36_out_of_tier_operators_are_told_what_unlocks_it_and_workers_nothing) {
  ask(fay, north_case, note("kept")).answer();
  ask(fay, north_case, view_workspace{}).answer();
  set_tier("business");
  BOOST_TEST(ask(fay, north_case, view_workspace{}).kind() == answer_kind::ok);
  tell_organisation_changed();
  const auto told = ask(admin, north_case, view_workspace{});
  BOOST_TEST(told.code() == rc::upgrade_required);
  BOOST_TEST(told.refusal().upgrade->tier == "enterprise");
  BOOST_TEST(told.refusal().upgrade->price_pence_per_month == 19'900);
  BOOST_TEST(ask(manager, north_case, note("x")).code() == rc::upgrade_required);
  BOOST_TEST(ask(manager, south_case, view_workspace{}).code() == rc::not_found);
  BOOST_TEST((ask(fay, north_case, view_workspace{}).refusal() == refusal::not_found()));
  BOOST_TEST((ask(connie, north_case, view_workspace{}).refusal() == refusal::not_found()));
  BOOST_TEST(ask_org(admin, org_command{open_case{north_tenancy, {}, {}}}).code() == rc::upgrade_required);
  set_tier("enterprise");
  tell_organisation_changed();
  BOOST_TEST(ask(fay, north_case, view_workspace{}).holds("kept"));
}

BOOST_AUTO_TEST_CASE(a_change_told_while_the_organisation_is_being_read_is_not_missed) {
  tell_organisation_changed();
  hold_answers();
  const auto early = ask(fay, north_case, view_workspace{});
  BOOST_REQUIRE(held() == 1u);
  // What the store has found is older than the change that is told before it arrives.
  set_tier("business");
  tell_organisation_changed();
  hold_nothing();
  BOOST_TEST(early.code() == rc::not_found);
  BOOST_TEST(ask(fay, north_case, view_workspace{}).code() == rc::not_found);
}

BOOST_AUTO_TEST_CASE(R6_a_second_case_of_a_tenant_names_the_first) {
  const auto again = ask_org(admin, org_command{open_case{north_tenancy, {}, {}}});
  BOOST_TEST(again.code() == rc::case_exists);
  BOOST_TEST((again.refusal().existing == north_case.value));
  BOOST_TEST(ask_org(outsider, org_command{open_case{north_tenancy, {}, {}}}).code() == rc::not_found);
}

BOOST_AUTO_TEST_CASE(a_tenants_new_name_reaches_the_case_in_memory) {
  ask(fay, north_case, view_workspace{}).answer();
  change_tenant change;
  change.tenant = north_tenant;
  change.full_name = name_text{"Noreen Tenant"};
  BOOST_TEST(ask_org(admin, org_command{change}).kind() == answer_kind::ok);
  BOOST_TEST(ask(fay, north_case, view_workspace{}).holds("Noreen Tenant"));
  change_settings settings;
  settings.name = name_text{"Northgate Homes"};
  ask_org(admin, org_command{settings}).answer();
  BOOST_TEST(ask(connie, north_case, view_workspace{}).holds("Northgate Homes"));
}

BOOST_AUTO_TEST_CASE(a_new_name_that_comes_during_a_commit_of_the_case_stays) {
  ask(fay, north_case, view_workspace{}).answer();
  hold(false, true);
  const auto written = ask(fay, north_case, note("x"));
  change_tenant change;
  change.tenant = north_tenant;
  change.full_name = name_text{"Noreen Tenant"};
  ask_org(admin, org_command{change}).answer();
  hold_nothing();
  BOOST_TEST(written.kind() == answer_kind::created);
  BOOST_TEST(ask(fay, north_case, view_workspace{}).holds("Noreen Tenant"));
}

BOOST_AUTO_TEST_CASE(a_property_that_moves_to_another_landlord_moves_its_cases_scope) {
  change_property move;
  move.property = north_house;
  move.landlord_id = south;
  ask_org(admin, org_command{move}).answer();
  BOOST_TEST(ask(manager, north_case, view_workspace{}).code() == rc::not_found);
}

BOOST_AUTO_TEST_CASE(a_removed_member_has_no_standing_from_the_answer_on) {
  ask(manager, north_case, view_workspace{}).answer();
  BOOST_TEST(ask_org(admin, org_command{remove_member{manager.user}}).kind() == answer_kind::no_content);
  BOOST_TEST(ask(manager, north_case, view_workspace{}).code() == rc::not_found);
  BOOST_TEST(ask_org(manager, view_properties{}).code() == rc::not_found);
}

BOOST_AUTO_TEST_CASE(a_case_that_was_just_opened_can_be_asked_at_once) {
  create_tenancy t;
  t.property = north_house;
  t.tenants = {{{"Third Tenant"}, {"third@mail.example"}, {}}};
  t.start_date = *parse_day("2026-06-01");
  t.rent_pence = 1;
  const auto tenancy = ask_org(manager, org_command{t}).made<tenancy_id>();
  const auto opened = ask_org(manager, org_command{open_case{tenancy, {}, {}}});
  BOOST_TEST(opened.kind() == answer_kind::created);
  BOOST_TEST(opened.holds("\"tenancy_id\":\"" + to_text(tenancy) + "\""));
  BOOST_TEST(ask(manager, opened.made<case_id>(), view_workspace{}).holds("Third Tenant"));
}

BOOST_AUTO_TEST_CASE(questions_about_the_organisation_are_answered_by_standing) {
  BOOST_TEST(ask_org(admin, view_organisation{}).holds("Northgate"));
  BOOST_TEST(ask_org(admin, view_members{}).holds("max@northgate.example"));
  BOOST_TEST(ask_org(admin, view_billing{}).kind() == answer_kind::ok);
  BOOST_TEST(ask_org(manager, view_billing{}).code() == rc::not_permitted);
  BOOST_TEST(ask_org(manager, view_members{}).code() == rc::not_permitted);
  const auto properties = ask_org(manager, view_properties{});
  BOOST_TEST(properties.holds("1 High Street"));
  BOOST_TEST(!properties.holds("2 Low Road"));
  const auto free = ask_org(manager, view_tenancies{true, "", {}});
  BOOST_TEST(!free.holds("Nora"));
  for (const org_request& what :
       std::vector<org_request>{view_organisation{}, view_billing{}, view_members{}, view_landlords{},
                                view_properties{}, view_tenancies{}})
    for (const auto& who : {fay, outsider}) BOOST_TEST(ask_org(who, what).code() == rc::not_found);
}

BOOST_AUTO_TEST_CASE(an_organisation_without_its_database_says_so_and_recovers) {
  tell_organisation_changed();
  cut_database();
  BOOST_TEST(ask(fay, north_case, view_workspace{}).code() == rc::unavailable);
  BOOST_TEST(ask_org(admin, view_organisation{}).code() == rc::unavailable);
  mend_database();
  BOOST_TEST(ask(fay, north_case, view_workspace{}).kind() == answer_kind::ok);
  BOOST_TEST(ask_org(admin, view_organisation{}).kind() == answer_kind::ok);
}

BOOST_AUTO_TEST_CASE(an_idempotency_key_holds_for_commands_of_the_organisation) {
  const conditions given{"r", {}, {}, "k", "f"};
  const auto one = ask_org(admin, org_command{add_landlord{{"East"}}}, given);
  const auto two = ask_org(admin, org_command{add_landlord{{"East"}}}, given);
  BOOST_TEST(one.text() == two.text());
  BOOST_TEST((one.answer().made == two.answer().made));
  BOOST_TEST(session->load_organisation(org)->landlords.size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_lost_version_race_of_the_organisation_is_decided_again) {
  sql("UPDATE keywork.org_sequence SET version = version + 1");
  BOOST_TEST(ask_org(admin, org_command{add_landlord{{"East"}}}).kind() == answer_kind::created);
}

BOOST_AUTO_TEST_CASE(the_gateway_finds_an_organisation_by_every_id) {
  BOOST_TEST((locate({org}) == org));
  BOOST_TEST((locate({north_case}) == org));
  BOOST_TEST((locate({north_house}) == org));
  BOOST_TEST((locate({north_tenant}) == org));
  BOOST_TEST(!locate({org_id{ids.next()}}).has_value());
  BOOST_TEST(!locate({case_id{ids.next()}}).has_value());
  BOOST_TEST(!locate({case_id{org.value}}).has_value());
  BOOST_TEST(!locate({tenant_id{}}).has_value());
}

BOOST_AUTO_TEST_CASE(lists_hold_what_the_caller_may_see) {
  const auto all = ask_lists(admin, list_cases{});
  BOOST_TEST(all.holds("Nora Tenant"));
  BOOST_TEST(all.holds("Sam Tenant"));
  const auto scoped = ask_lists(manager, list_cases{});
  BOOST_TEST(scoped.holds("Nora Tenant"));
  BOOST_TEST(!scoped.holds("Sam Tenant"));
  BOOST_TEST(ask_lists(fay, list_cases{}).code() == rc::not_permitted);
  BOOST_TEST(ask_lists(admin, list_cases{org_id{ids.next()}, {}, {}, {}}).code() == rc::not_found);
  const auto load = ask_lists(fay, list_caseload{});
  BOOST_TEST(load.holds("Nora Tenant"));
  BOOST_TEST(load.holds("Northgate"));
  BOOST_TEST(ask_lists(outsider, list_caseload{}).holds("\"items\":[]"));
  BOOST_TEST(ask_lists(fay, view_me{"csrf"}).holds("\"landing\":\"/support/tenants\""));
  BOOST_TEST(ask_lists(admin, view_me{"csrf"}).holds("\"landing\":\"/support-cases\""));
  set_tier("business");
  BOOST_TEST(ask_lists(admin, list_cases{}).code() == rc::upgrade_required);
  BOOST_TEST(ask_lists(fay, list_caseload{}).holds("\"items\":[]"));
  BOOST_TEST(ask_lists(admin, search_texts{"boiler", {}, {}}).code() == rc::upgrade_required);
  BOOST_TEST(ask_lists(admin, list_tasks{}).code() == rc::upgrade_required);
  BOOST_TEST(ask_lists(fay, search_texts{"boiler", {}, {}}).holds("\"items\":[]"));
  BOOST_TEST(ask_lists(fay, list_tasks{}).holds("\"items\":[]"));
}

BOOST_AUTO_TEST_CASE(lists_lead_from_page_to_page) {
  const auto first = ask_lists(admin, list_cases{{}, {}, {}, {1, {}}});
  BOOST_TEST(first.holds("Sam Tenant"));
  BOOST_TEST(!first.holds("Nora Tenant"));
  const auto second = ask_lists(admin, list_cases{{}, {}, {}, {1, south_case.value}});
  BOOST_TEST(second.holds("Nora Tenant"));
  BOOST_TEST(second.holds("\"next\":null"));
}

BOOST_AUTO_TEST_SUITE_END()
