#include "model/support_case.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/model/case_world.hpp"

using namespace model_tests;

BOOST_FIXTURE_TEST_SUITE(support_case_, case_world)

BOOST_AUTO_TEST_CASE(R3_standing_in_the_organisation_is_the_role) {
  BOOST_TEST((role_of(state, admin) == role::org_admin));
  BOOST_TEST((role_of(state, manager) == role::property_manager));
  BOOST_TEST((role_of(state, outsider) == role::none));
}

BOOST_AUTO_TEST_CASE(R16_an_accepted_assignment_that_has_not_ended_is_the_role) {
  BOOST_TEST((role_of(state, fay) == role::full));
  BOOST_TEST((role_of(state, connie) == role::context_only));
  done(admin, end_assignment{fay_row});
  BOOST_TEST((role_of(state, fay) == role::none));
  done(admin, invitation("later@support.example"));
  const auto& row = *state.team.back();
  BOOST_TEST((role_of(state, {*row.user, "Later", "later@support.example", standing::none}) == role::none));
}

BOOST_AUTO_TEST_CASE(R16_a_second_assignment_counts_after_the_first_has_ended) {
  done(admin, end_assignment{fay_row});
  auto again = invitation("fay@support.example", participation::context_only);
  again.person = known_person{fay.user, 0};
  const auto row = added<collaborator_invited>(again).collaborator.id;
  BOOST_TEST((role_of(state, fay) == role::none));
  done(fay, accept_invite{row});
  BOOST_TEST((role_of(state, fay) == role::context_only));
}

BOOST_AUTO_TEST_CASE(standing_goes_before_an_assignment) {
  auto both = connie;
  both.operator_standing = standing::property_manager;
  BOOST_TEST((role_of(state, both) == role::property_manager));
}

BOOST_AUTO_TEST_CASE(a_contact_card_is_nobody) {
  // The nil id stands for nobody signed in: it must not match the absent user of a card.
  BOOST_TEST((role_of(state, caller{}) == role::none));
  auto odd = at(card_row);
  odd.user = outsider.user;
  odd.accepted_at = now;
  state.team.push_back(std::make_shared<const collaborator>(odd));
  BOOST_TEST((role_of(state, outsider) == role::none));
}

BOOST_AUTO_TEST_CASE(notes_and_rows_are_found_by_id) {
  const auto shared = note(fay, stream::shared, "x");
  const auto professional = note(admin, stream::professional, "y");
  BOOST_TEST(state.find(shared)->body == "x");
  BOOST_TEST(state.find(professional)->body == "y");
  BOOST_TEST((state.find(note_id{}) == nullptr));
  BOOST_TEST((state.find(collaborator_id{}) == nullptr));
  BOOST_TEST(state.find(card_row)->contact_name.value() == "Dr Grey");
}

BOOST_AUTO_TEST_SUITE_END()
