#include "model/organisation.hpp"

#include <boost/test/unit_test.hpp>

#include "model/starter_pack.hpp"
#include "tests/model/org_world.hpp"

using namespace model_tests;

BOOST_FIXTURE_TEST_SUITE(organisation_, org_world)

BOOST_AUTO_TEST_CASE(an_address_in_one_line_has_the_parts_that_are_there) {
  BOOST_TEST(one_line({"1 High Street", "", "Leeds", "LS1 1AA"}) == "1 High Street, Leeds, LS1 1AA");
  BOOST_TEST(one_line({"", "", "", ""}) == "");
}

BOOST_AUTO_TEST_CASE(R3_standing_at_large_is_the_membership) {
  BOOST_TEST((standing_of(state, admin.user) == standing::org_admin));
  BOOST_TEST((standing_of(state, idle_manager.user) == standing::property_manager));
  BOOST_TEST((standing_of(state, outsider.user) == standing::none));
}

BOOST_AUTO_TEST_CASE(R3_a_manager_stands_only_over_assigned_landlords) {
  BOOST_TEST((standing_of(state, north_manager.user, north) == standing::property_manager));
  BOOST_TEST((standing_of(state, north_manager.user, south) == standing::none));
  BOOST_TEST((standing_of(state, admin.user, south) == standing::org_admin));
  BOOST_TEST((standing_of(state, admin.user, landlord_id{}) == standing::none));
}

BOOST_AUTO_TEST_CASE(R3_standing_over_a_tenant_follows_the_property) {
  const auto there = tenancy_at(north_house).tenants[0].id;
  const auto elsewhere = tenancy_at(south_house).tenants[0].id;
  BOOST_TEST((standing_of(state, north_manager.user, there) == standing::property_manager));
  BOOST_TEST((standing_of(state, north_manager.user, elsewhere) == standing::none));
  BOOST_TEST((standing_of(state, admin.user, elsewhere) == standing::org_admin));
  BOOST_TEST((standing_of(state, outsider.user, there) == standing::none));
  BOOST_TEST((standing_of(state, admin.user, tenant_id{}) == standing::none));
}

BOOST_AUTO_TEST_CASE(a_case_has_its_place) {
  const auto t = tenancy_at(north_house);
  const auto opened = added<case_opened>(open_case{t.tenancy.id, {}, {}}).opened;
  case_place expected{state.settings.id, "Agency",     t.tenants[0].id,
                      "Tess Tenant",     t.tenancy.id, "1 High Street, Leeds, LS1 1AA"};
  expected.tenant_email = "tenant0@example.org";
  expected.landlord_name = "North";
  expected.start_date = on(2026, 6, 1);
  expected.rent_pence = 65'000;
  expected.templates = pack_for(state, tenure_type::assured_periodic);
  BOOST_TEST((place_of(state, opened.id) == expected));
  BOOST_TEST(!place_of(state, case_id{}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
