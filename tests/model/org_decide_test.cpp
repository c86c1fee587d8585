#include "model/org_decide.hpp"

#include <boost/test/unit_test.hpp>

#include "model/json.hpp"
#include "tests/model/org_world.hpp"

using namespace model_tests;
using rc = refusal_code;

namespace {

change_settings retention(std::optional<std::int32_t> default_, std::optional<std::int32_t> safeguarding) {
  change_settings out;
  out.support_retention_years = retention_years_input{default_, safeguarding};
  out.due = due_counts{};
  return out;
}

change_settings officers(std::vector<email_text> emails) {
  change_settings out;
  out.housing_officer_emails = std::move(emails);
  return out;
}

change_settings zone(std::string name) {
  change_settings out;
  out.time_zone = name_text{std::move(name)};
  return out;
}

add_member invite(std::string email, member_role role = member_role::property_manager) {
  add_member out;
  out.email.value = std::move(email);
  out.full_name.value = "New Member";
  out.role = role;
  out.person = known_person{};
  return out;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(org_decide, org_world)

BOOST_AUTO_TEST_CASE(R12_an_outsider_is_told_that_there_is_nothing_whatever_they_ask) {
  const auto t = tenancy_at(north_house);
  change_tenant tenant_change;
  tenant_change.tenant = t.tenants[0].id;
  change_property property_change;
  property_change.property = north_house;
  const std::vector<org_command> all{change_settings{},
                                     invite("x"),
                                     remove_member{admin.user},
                                     retry_mail{{}, mail_state::failed},
                                     add_landlord{},
                                     rename_landlord{north, {}},
                                     add_property{north, {}},
                                     property_change,
                                     terms(north_house),
                                     tenant_change,
                                     open_case{t.tenancy.id, {}, {}},
                                     add_template{},
                                     change_template{},
                                     set_organisation_hold{true, {"x"}},
                                     run_retention{},
                                     preview_digest{},
                                     resend_digest{}};
  BOOST_REQUIRE(all.size() == std::variant_size_v<org_command>);
  for (const auto& command : all) BOOST_TEST((refused(outsider, command) == refusal::not_found()));
}

BOOST_AUTO_TEST_CASE(R3_settings_members_and_landlords_are_the_admins_alone) {
  const std::vector<org_command> all{zone("UTC"), invite("x@example.org"), remove_member{admin.user},
                                     add_landlord{{"East"}}, rename_landlord{north, {"x"}}};
  for (const auto& command : all) BOOST_TEST((code(north_manager, command) == rc::not_permitted));
}

BOOST_AUTO_TEST_CASE(R1_settings_change_with_what_was_before) {
  change_settings cmd = retention(5, 30);
  cmd.name = name_text{"Agency Two"};
  cmd.support_notes_visible_to_housing_officer = true;
  const auto e = added<settings_changed>(cmd);
  BOOST_TEST(e.before.name == "Agency");
  BOOST_TEST(e.after.name == "Agency Two");
  BOOST_TEST((e.after.support_retention_years == retention_years{5, 30}));
  BOOST_TEST(state.settings.support_notes_visible_to_housing_officer);
}

BOOST_AUTO_TEST_CASE(a_change_of_nothing_makes_no_event) {
  BOOST_TEST(done(admin, change_settings{}).empty());
  BOOST_TEST(done(admin, retention(7, 25)).empty());
  BOOST_TEST(done(admin, rename_landlord{north, {"North"}}).empty());
  change_property same_place;
  same_place.property = north_house;
  same_place.landlord_id = north;
  BOOST_TEST(done(admin, same_place).empty());
  change_tenant same_tenant;
  same_tenant.tenant = tenancy_at(north_house).tenants[0].id;
  same_tenant.full_name = name_text{"Tess Tenant"};
  BOOST_TEST(done(admin, same_tenant).empty());
}

BOOST_AUTO_TEST_CASE(R29_windows_are_1_to_100_years_and_safeguarding_is_no_shorter) {
  BOOST_TEST(errors(admin, retention(0, {})) == "support_retention_years.default out_of_range");
  BOOST_TEST(
      errors(admin, retention(101, 101)) ==
      "support_retention_years.default out_of_range, support_retention_years.safeguarding out_of_range");
  BOOST_TEST(errors(admin, retention({}, 6)) == "support_retention_years.safeguarding out_of_range");
  BOOST_TEST(errors(admin, retention(26, {})) == "support_retention_years.safeguarding out_of_range");
  BOOST_TEST(
      errors(admin, retention(-2'000'000'000, -2'000'000'000)) ==
      "support_retention_years.default out_of_range, support_retention_years.safeguarding out_of_range");
  BOOST_TEST(done(admin, retention(1, 1)).size() == 1u);
  BOOST_TEST(done(admin, retention(100, 100)).size() == 1u);
}

BOOST_AUTO_TEST_CASE(R1_a_time_zone_has_to_be_one) {
  BOOST_TEST(errors(admin, zone("Europe/Londinium")) == "time_zone unknown");
  BOOST_TEST(added<settings_changed>(zone("Europe/Paris")).after.time_zone == "Europe/Paris");
}

BOOST_AUTO_TEST_CASE(R33_housing_officers_are_kept_normalised_and_once) {
  const auto e = added<settings_changed>(officers({{" Officer@Council.GOV.uk"}, {"b@council.gov.uk"}}));
  BOOST_TEST((e.after.housing_officer_emails ==
              std::vector<std::string>{"officer@council.gov.uk", "b@council.gov.uk"}));
  BOOST_TEST(errors(admin, officers({{"a@b.cd"}, {"nobody"}, {"A@B.CD"}})) ==
             "housing_officer_emails[1] email, housing_officer_emails[2] duplicate");
  BOOST_TEST(errors(admin, officers(std::vector<email_text>(201, {"a@b.cd"}))) ==
             "housing_officer_emails too_many");
  BOOST_TEST(added<settings_changed>(officers({})).after.housing_officer_emails.empty());
}

BOOST_AUTO_TEST_CASE(a_new_member_gets_a_user_a_link_for_7_days_and_a_mail) {
  auto cmd = invite(" New@Example.org");
  cmd.landlord_ids = {south};
  const auto e = added<member_added>(cmd);
  BOOST_TEST(e.member.email == "new@example.org");
  BOOST_TEST((e.member.landlords == std::vector{south}));
  BOOST_TEST((e.created && e.created->user == e.member.user && !e.created->container));
  BOOST_TEST((e.link.purpose == link_purpose::member_invite && e.link.user == e.member.user));
  BOOST_TEST((e.link.expires_at == now + std::chrono::hours{7 * 24} && e.link.org == state.settings.id));
  BOOST_TEST(e.link.secret.token_hash == "hash1");
  BOOST_TEST(!e.mail.is_nil());
}

BOOST_AUTO_TEST_CASE(R2_a_known_address_keeps_its_user) {
  auto cmd = invite("known@example.org");
  cmd.person = known_person{outsider.user, 0};
  const auto e = added<member_added>(cmd);
  BOOST_TEST((e.member.user == outsider.user));
  BOOST_TEST(!e.created.has_value());
}

BOOST_AUTO_TEST_CASE(without_knowing_the_person_nobody_is_added) {
  auto cmd = invite("known@example.org");
  cmd.person.reset();
  BOOST_TEST((code(admin, cmd) == rc::unavailable));
}

BOOST_AUTO_TEST_CASE(a_member_is_not_added_twice) {
  BOOST_TEST((code(admin, invite("NORTH@example.org")) == rc::already_member));
  auto cmd = invite("other-address@example.org");
  cmd.person = known_person{north_manager.user, 0};
  BOOST_TEST((code(admin, cmd) == rc::already_member));
}

BOOST_AUTO_TEST_CASE(R3_only_managers_have_landlords_and_those_have_to_exist) {
  auto cmd = invite("x@example.org", member_role::org_admin);
  cmd.landlord_ids = {north};
  BOOST_TEST(errors(admin, cmd) == "landlord_ids not_allowed");
  cmd.role = member_role::property_manager;
  cmd.landlord_ids = {north, landlord_id{}, north};
  cmd.email.value = "nobody";
  BOOST_TEST(errors(admin, cmd) == "email email, landlord_ids[1] unknown, landlord_ids[2] duplicate");
}

BOOST_AUTO_TEST_CASE(R36_the_quota_of_users_counts_members) {
  state.settings.tier = "professional";
  done(admin, invite("four@example.org"));
  done(admin, invite("five@example.org"));
  const auto no = refused(admin, invite("six@example.org"));
  BOOST_TEST((no.code == rc::upgrade_required));
  BOOST_TEST((no.upgrade == upgrade_offer{"users", "business", 9900}));
  done(admin, remove_member{idle_manager.user});
  BOOST_TEST(done(admin, invite("six@example.org")).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_tier_that_is_not_in_the_catalogue_allows_nothing_more) {
  state.settings.tier = "gone";
  BOOST_TEST((code(admin, invite("x@example.org")) == rc::upgrade_required));
  BOOST_TEST((code(admin, terms(north_house)) == rc::upgrade_required));
}

BOOST_AUTO_TEST_CASE(the_last_admin_cannot_be_removed) {
  BOOST_TEST((code(admin, remove_member{admin.user}) == rc::last_admin));
  const auto second = member("second@example.org", member_role::org_admin, {});
  done(admin, remove_member{admin.user});
  BOOST_TEST((code(admin, remove_member{second.user}) == rc::not_found));
  BOOST_TEST((code(second, remove_member{second.user}) == rc::last_admin));
  BOOST_TEST((code(second, remove_member{outsider.user}) == rc::not_found));
}

BOOST_AUTO_TEST_CASE(a_landlord_who_is_not_there_is_not_renamed) {
  BOOST_TEST((code(admin, rename_landlord{landlord_id{}, {"x"}}) == rc::not_found));
}

BOOST_AUTO_TEST_CASE(R3_a_manager_adds_and_changes_properties_of_assigned_landlords_only) {
  const address_input place{{"3 New Lane"}, text<200, 0>{"Flat 4"}, {"Leeds"}, {"LS2"}};
  const auto e = std::get<property_added>(done(north_manager, add_property{north, place}).at(0));
  BOOST_TEST(e.property.address.line2 == "Flat 4");
  BOOST_TEST((refused(north_manager, add_property{south, place}) ==
              refused(admin, add_property{landlord_id{}, place})));
  BOOST_TEST((code(idle_manager, add_property{north, place}) == rc::not_found));
  change_property move;
  move.property = south_house;
  move.address = place;
  BOOST_TEST((code(north_manager, move) == rc::not_found));
  move.property = north_house;
  BOOST_TEST(done(north_manager, move).size() == 1u);
  move.landlord_id = south;
  BOOST_TEST((code(north_manager, move) == rc::not_found));
  BOOST_TEST(done(admin, move).size() == 1u);
  BOOST_TEST((standing_of(state, north_manager.user, state.find(north_house)->landlord) == standing::none));
}

BOOST_AUTO_TEST_SUITE_END()
