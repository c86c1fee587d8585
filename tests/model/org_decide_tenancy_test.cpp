#include <boost/test/unit_test.hpp>

#include "model/org_decide.hpp"
#include "tests/model/org_world.hpp"

using namespace model_tests;
using rc = refusal_code;

BOOST_FIXTURE_TEST_SUITE(org_decide_tenancy, org_world)

BOOST_AUTO_TEST_CASE(R4_a_joint_tenancy_has_its_tenants_and_R5_a_mail_for_each) {
  auto cmd = terms(north_house, {"Tess", "Tom"});
  cmd.tenants[0].phone = phone_text{"07700 900100"};
  cmd.tenants[1].email.value = "TOM@Example.org";
  cmd.deposit = deposit_input{50'000, deposit_scheme::dps};
  const auto e = std::get<tenancy_created>(done(north_manager, cmd).at(0));
  BOOST_REQUIRE(e.tenants.size() == 2u);
  BOOST_TEST(*e.tenants[0].phone == "+447700900100");
  BOOST_TEST(e.tenants[1].email == "tom@example.org");
  BOOST_TEST((e.tenants[0].tenancy == e.tenancy.id && e.tenants[0].id != e.tenants[1].id));
  BOOST_TEST((e.mails.size() == 2u && e.mails[0] != e.mails[1]));
  BOOST_TEST((e.tenancy.deposit_pence == 50'000 && e.tenancy.deposit_scheme == deposit_scheme::dps));
  BOOST_TEST((e.tenants[0].housing_officer_note_visibility == note_visibility::inherit));
}

BOOST_AUTO_TEST_CASE(R4_the_usual_tenure_changes_on_1_May_2026) {
  auto cmd = terms(north_house);
  cmd.start_date = on(2026, 4, 30);
  BOOST_TEST((added<tenancy_created>(cmd).tenancy.tenure_type == tenure_type::assured_shorthold));
  cmd.start_date = on(2026, 5, 1);
  BOOST_TEST((added<tenancy_created>(cmd).tenancy.tenure_type == tenure_type::assured_periodic));
  cmd.tenure_type = tenure_type::licence_agreement;
  BOOST_TEST((added<tenancy_created>(cmd).tenancy.tenure_type == tenure_type::licence_agreement));
}

BOOST_AUTO_TEST_CASE(R4_terms_that_cannot_be_are_told_all_at_once) {
  auto cmd = terms(north_house, {"A", "B"});
  cmd.tenants[1].email.value = "nobody";
  cmd.tenants[1].phone = phone_text{"call me"};
  cmd.end_date = cmd.start_date - std::chrono::days{1};
  cmd.rent_pence = 0;
  cmd.deposit = deposit_input{-1, deposit_scheme::other};
  BOOST_TEST(errors(admin, cmd) ==
             "end_date out_of_range, rent_pence out_of_range, deposit.pence out_of_range, "
             "tenants[1].email email, tenants[1].phone phone");
  cmd = terms(north_house, {});
  BOOST_TEST(errors(admin, cmd) == "tenants required");
  cmd = terms(north_house, std::vector<std::string>(21, "T"));
  BOOST_TEST(errors(admin, cmd) == "tenants too_many");
  cmd = terms(north_house, std::vector<std::string>(20, "T"));
  cmd.end_date = cmd.start_date;
  BOOST_TEST(added<tenancy_created>(cmd).tenants.size() == 20u);
}

BOOST_AUTO_TEST_CASE(R3_tenancies_are_made_where_one_has_standing) {
  BOOST_TEST((code(north_manager, terms(south_house)) == rc::not_found));
  BOOST_TEST((code(admin, terms(property_id{})) == rc::not_found));
}

BOOST_AUTO_TEST_CASE(R36_the_quota_counts_tenancies_that_have_not_ended) {
  state.settings.tier = "starter";
  for (int i = 0; i < 4; ++i) tenancy_at(north_house);
  auto ending = terms(north_house);
  ending.end_date = on(2026, 11, 21);
  added<tenancy_created>(ending);
  const auto no = refused(admin, terms(north_house));
  BOOST_TEST((no.code == rc::upgrade_required));
  BOOST_TEST((no.upgrade == upgrade_offer{"tenancies", "landlord", 1900}));
  now += std::chrono::hours{24};
  BOOST_TEST(done(admin, terms(north_house)).size() == 1u);
}

BOOST_AUTO_TEST_CASE(input_is_checked_before_the_quota) {
  state.settings.tier = "gone";
  auto cmd = terms(north_house);
  cmd.rent_pence = -1;
  BOOST_TEST((code(admin, cmd) == rc::invalid));
}

BOOST_AUTO_TEST_CASE(a_tenant_s_details_change) {
  change_tenant cmd;
  cmd.tenant = tenancy_at(north_house).tenants[0].id;
  cmd.email = email_text{"NEW@example.org"};
  cmd.phone = phone_text{"+44 20 7946 0018"};
  cmd.housing_officer_note_visibility = note_visibility::visible;
  const auto e = std::get<tenant_changed>(done(north_manager, cmd).at(0));
  BOOST_TEST(e.before.email == "tenant0@example.org");
  BOOST_TEST(e.after.email == "new@example.org");
  BOOST_TEST(*e.after.phone == "+442079460018");
  BOOST_TEST(e.after.full_name == "Tess Tenant");
  cmd.phone = phone_text{"x"};
  BOOST_TEST(errors(admin, cmd) == "phone phone");
  cmd.tenant = tenancy_at(south_house).tenants[0].id;
  BOOST_TEST((code(north_manager, cmd) == rc::not_found));
}

BOOST_AUTO_TEST_CASE(R6_a_case_opens_about_the_only_tenant) {
  const auto t = tenancy_at(north_house);
  const auto e = std::get<case_opened>(
      done(north_manager, open_case{t.tenancy.id, {}, text<20000, 0>{"Came in May."}}).at(0));
  BOOST_TEST((e.opened.tenant == t.tenants[0].id && e.opened.tenancy == t.tenancy.id));
  BOOST_TEST(e.opened.reference == "SC-00001");
  BOOST_TEST(e.opened.context_summary == "Came in May.");
  BOOST_TEST(e.opened.version == 1u);
  BOOST_TEST(
      (e.opened.opened_at == now && e.opened.last_activity_at == now && e.opened.shared_activity_at == now));
  BOOST_TEST(!e.opened.closed_at.has_value());
}

BOOST_AUTO_TEST_CASE(R6_the_tenancy_need_not_be_active) {
  auto past = terms(north_house);
  past.end_date = on(2026, 7, 1);
  const auto t = added<tenancy_created>(past);
  BOOST_TEST(done(admin, open_case{t.tenancy.id, t.tenants[0].id, {}}).size() == 1u);
}

BOOST_AUTO_TEST_CASE(R6_a_joint_tenancy_needs_the_tenant_named) {
  const auto t = tenancy_at(north_house, {"Tess", "Tom"});
  BOOST_TEST(errors(admin, open_case{t.tenancy.id, {}, {}}) == "tenant_id required");
  const auto other = tenancy_at(north_house);
  BOOST_TEST(errors(admin, open_case{t.tenancy.id, other.tenants[0].id, {}}) == "tenant_id unknown");
  BOOST_TEST(added<case_opened>(open_case{t.tenancy.id, t.tenants[0].id, {}}).opened.reference == "SC-00001");
  BOOST_TEST(added<case_opened>(open_case{t.tenancy.id, t.tenants[1].id, {}}).opened.reference == "SC-00002");
}

BOOST_AUTO_TEST_CASE(R6_a_second_case_is_refused_and_names_the_first) {
  const auto t = tenancy_at(north_house);
  const auto first = added<case_opened>(open_case{t.tenancy.id, {}, {}}).opened.id;
  const auto no = refused(north_manager, open_case{t.tenancy.id, {}, {}});
  BOOST_TEST((no.code == rc::case_exists));
  BOOST_TEST((no.existing == first.value));
  BOOST_TEST((refused(idle_manager, open_case{t.tenancy.id, {}, {}}) == refusal::not_found()));
}

BOOST_AUTO_TEST_CASE(R12_a_tenancy_out_of_scope_is_as_one_that_does_not_exist) {
  const auto t = tenancy_at(south_house);
  BOOST_TEST((refused(north_manager, open_case{t.tenancy.id, {}, {}}) ==
              refused(north_manager, open_case{tenancy_id{}, {}, {}})));
}

BOOST_AUTO_TEST_CASE(R36_opening_a_case_needs_the_tier_that_includes_it) {
  const auto t = tenancy_at(north_house);
  state.settings.tier = "business";
  const auto no = refused(admin, open_case{t.tenancy.id, {}, {}});
  BOOST_TEST((no.code == rc::upgrade_required));
  BOOST_TEST((no.upgrade == upgrade_offer{"support_cases", "enterprise", 19'900}));
  BOOST_TEST((code(outsider, open_case{t.tenancy.id, {}, {}}) == rc::not_found));
}

BOOST_AUTO_TEST_CASE(R9_references_grow_beyond_five_digits) {
  state.cases_opened = 99'999;
  const auto t = tenancy_at(north_house);
  BOOST_TEST(added<case_opened>(open_case{t.tenancy.id, {}, {}}).opened.reference == "SC-100000");
}

BOOST_AUTO_TEST_SUITE_END()
