#include "model/plans.hpp"

#include <boost/test/unit_test.hpp>

#include "model/json.hpp"

BOOST_AUTO_TEST_SUITE(plans)

BOOST_AUTO_TEST_CASE(R36_the_default_catalogue_is_as_it_is_sold) {
  BOOST_TEST(
      model::to_json(model::default_catalogue()) ==
      R"({"plans":[)"
      R"({"tier":"starter","price_pence_per_month":0,"price_pence_per_year":0,"tenancies":5,"users":1,"features":[]},)"
      R"({"tier":"landlord","price_pence_per_month":1900,"price_pence_per_year":18200,"tenancies":15,"users":2,"features":[]},)"
      R"({"tier":"professional","price_pence_per_month":4900,"price_pence_per_year":47000,"tenancies":75,"users":5,"features":[]},)"
      R"({"tier":"business","price_pence_per_month":9900,"price_pence_per_year":95000,"tenancies":250,"users":15,"features":[]},)"
      R"({"tier":"enterprise","price_pence_per_month":19900,"price_pence_per_year":191000,"tenancies":750,"users":null,"features":["support_cases"]})"
      R"(]})");
}

BOOST_AUTO_TEST_CASE(R36_support_cases_are_part_of_enterprise_only) {
  const auto& all = model::default_catalogue();
  for (const auto& p : all.plans)
    BOOST_TEST(all.includes(p.tier, model::support_cases_feature) == (p.tier == "enterprise"), p.tier);
  BOOST_TEST(!all.includes("no_such_tier", model::support_cases_feature));
  BOOST_TEST(!all.includes("enterprise", "no_such_feature"));
}

BOOST_AUTO_TEST_CASE(R36_the_refusal_names_the_tier_that_unlocks_and_its_price) {
  const auto no = model::default_catalogue().upgrade_for_feature(model::support_cases_feature);
  BOOST_TEST((no.code == model::refusal_code::upgrade_required));
  BOOST_TEST((no.upgrade == model::upgrade_offer{"support_cases", "enterprise", 19900}));
  BOOST_TEST(
      (model::default_catalogue().upgrade_for_feature("teleport").code == model::refusal_code::unavailable));
}

BOOST_AUTO_TEST_CASE(R36_a_quota_offers_the_cheapest_tier_that_allows_one_more) {
  const auto& all = model::default_catalogue();
  BOOST_TEST(all.upgrade_for_quota("tenancies", 5).upgrade->tier == "landlord");
  BOOST_TEST(all.upgrade_for_quota("tenancies", 15).upgrade->tier == "professional");
  BOOST_TEST(all.upgrade_for_quota("users", 15).upgrade->tier == "enterprise");
  const auto no = all.upgrade_for_quota("tenancies", 750);
  BOOST_TEST((no.code == model::refusal_code::upgrade_required));
  BOOST_TEST(!no.upgrade.has_value());
}

BOOST_AUTO_TEST_CASE(the_order_of_a_configured_catalogue_does_not_matter) {
  const model::plan_catalogue mine{{{"big", 900, 9000, {}, {}, {"x"}}, {"small", 100, 1000, 9, 9, {"x"}}}};
  BOOST_TEST(mine.upgrade_for_feature("x").upgrade->tier == "small");
  BOOST_TEST(mine.upgrade_for_quota("users", 9).upgrade->tier == "big");
}

BOOST_AUTO_TEST_SUITE_END()
