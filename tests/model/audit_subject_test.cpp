#include <boost/test/unit_test.hpp>

#include "model/audit.hpp"

namespace {

/// An id that nothing else has.
template <class Id>
Id id_number(std::uint8_t n) {
  Id id;
  id.value.data[15] = n;
  return id;
}

template <class Part>
Part part_number(std::uint8_t n) {
  Part part;
  part.id = id_number<decltype(part.id)>(n);
  return part;
}

std::uint8_t subject_of(const auto& event) {
  const auto subject = model::audit_subject(event);
  return subject ? subject->data[15] : 0;
}

std::uint8_t of_case(const model::case_event& event) { return subject_of(event); }
std::uint8_t of_org(const model::org_event& event) { return subject_of(event); }

}  // namespace

BOOST_AUTO_TEST_SUITE(audit_subject_suite)

BOOST_AUTO_TEST_CASE(R26_an_entry_names_what_it_is_about) {
  model::note_edited edited;
  edited.after = part_number<model::note>(1);
  edited.before = part_number<model::note_revision>(2);
  BOOST_TEST(of_case(model::note_added{part_number<model::note>(1)}) == 1);
  BOOST_TEST(of_case(edited) == 1);
  BOOST_TEST(of_case(model::contact_added{part_number<model::collaborator>(3)}) == 3);
  BOOST_TEST(of_case(model::contact_edited{part_number<model::collaborator>(3),
                                           part_number<model::collaborator>(3)}) == 3);
  BOOST_TEST(of_case(model::goal_added{part_number<model::goal>(4)}) == 4);
  BOOST_TEST(
      of_case(model::progress_added{part_number<model::goal>(4), part_number<model::goal_progress>(5)}) == 4);
  BOOST_TEST(of_case(model::session_added{part_number<model::support_session>(6)}) == 6);
  BOOST_TEST(of_case(model::document_submitted{part_number<model::document>(7)}) == 7);
  BOOST_TEST(of_case(model::document_created{part_number<model::document>(7), {}}) == 7);
}

BOOST_AUTO_TEST_CASE(R26_what_is_about_the_case_or_the_organisation_itself_has_no_other_subject) {
  BOOST_TEST(of_case(model::context_summary_edited{"before", "after"}) == 0);
  BOOST_TEST(of_case(model::case_closed{}) == 0);
  BOOST_TEST(of_case(model::export_made{}) == 0);
  BOOST_TEST(of_org(model::settings_changed{part_number<model::organisation>(1),
                                            part_number<model::organisation>(1)}) == 0);
}

BOOST_AUTO_TEST_CASE(R26_an_organisations_entries_name_their_subject_too) {
  model::member_added added;
  added.member.user = id_number<model::user_id>(1);
  BOOST_TEST(of_org(added) == 1);
  BOOST_TEST(of_org(model::member_removed{added.member}) == 1);
  BOOST_TEST(
      of_org(model::landlord_renamed{part_number<model::landlord>(2), part_number<model::landlord>(2)}) == 2);
  BOOST_TEST(of_org(model::property_added{part_number<model::property>(3)}) == 3);
  BOOST_TEST(of_org(model::tenancy_created{part_number<model::tenancy>(4), {}, {}}) == 4);
  BOOST_TEST(of_org(model::tenant_changed{part_number<model::tenant>(5), part_number<model::tenant>(5)}) ==
             5);
  BOOST_TEST(of_org(model::case_opened{part_number<model::case_header>(6)}) == 6);
}

BOOST_AUTO_TEST_SUITE_END()
