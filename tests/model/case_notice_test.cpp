#include "model/case_notice.hpp"

#include <boost/mp11.hpp>
#include <boost/test/unit_test.hpp>
#include <map>
#include <string>

#include "model/audit.hpp"
#include "tests/model/case_world.hpp"

using namespace model;
using namespace model_tests;

namespace {

const user_id connie{*parse_uuid("0190a000-0000-7000-8000-0000000000c1")};
const user_id somebody{*parse_uuid("0190a000-0000-7000-8000-0000000000c2")};

/// The roles that are told, by their letters in DOMAIN §3; `who` is each of them in turn.
std::string told(const case_event& e, user_id who = connie) {
  const std::vector events{e};
  const auto notices = notices_of(events);
  std::string out;
  for (const auto& [letter, as] : {std::pair{'A', role::org_admin},
                                   {'P', role::property_manager},
                                   {'F', role::full},
                                   {'C', role::context_only},
                                   {'-', role::none}})
    if (!kinds_for(as, who, notices).empty()) out += letter;
  return out;
}

/// Who is told of an event that is about nothing in particular: notes are shared ones, sessions somebody
/// else's.
const std::map<std::string_view, std::string_view> golden{
    {"case.context_summary_edited", "APFC"},
    {"case.closed", "APFC"},
    {"case.reopened", "APFC"},
    {"case.legal_hold_set", "AP"},
    {"case.legal_hold_lifted", "AP"},
    {"note.created", "APFC"},
    {"note.edited", "APFC"},
    {"note.deleted", "APFC"},
    {"note.safeguarding_flagged", "AP"},
    {"note.safeguarding_unflagged", "AP"},
    {"collaborator.invited", "APFC"},
    {"collaborator.invite_resent", "APF"},
    {"collaborator.mail_reported", "AP"},
    {"collaborator.accepted", "APF"},
    {"collaborator.ended", "APFC"},
    {"contact.added", "AP"},
    {"contact.edited", "AP"},
    {"goal.created", "APFC"},
    {"goal.edited", "APFC"},
    {"goal.progress_added", "APFC"},
    {"session.created", "APF"},
    {"session.edited", "APF"},
    {"document.created", "APF"},
    {"document.edited", "APF"},
    {"document.file_attached", "APF"},
    {"document.submitted", "APF"},
    {"document.returned", "APF"},
    {"document.approved", "APF"},
    {"document.sent", "APF"},
    {"document.signature_recorded", "APF"},
    {"document.signed_copy_kept", "APF"},
    {"document.voided", "APF"},
    {"export.made", "AP"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(case_notice_)

BOOST_AUTO_TEST_CASE(every_event_is_told_to_those_who_may_see_it_and_to_nobody_else) {
  std::size_t events = 0;
  boost::mp11::mp_for_each<boost::mp11::mp_transform<boost::mp11::mp_identity, case_event>>([&](auto i) {
    using event = typename decltype(i)::type;
    ++events;
    const auto expected = golden.find(event::kind);
    BOOST_REQUIRE_MESSAGE(expected != golden.end(), event::kind << " is not in the golden list");
    BOOST_TEST(told(event{}) == expected->second, event::kind);
  });
  BOOST_TEST(events == golden.size());
}

BOOST_AUTO_TEST_CASE(R10_what_happens_to_a_professional_note_is_the_operators) {
  note n;
  n.stream = stream::professional;
  BOOST_TEST(told(note_added{n}) == "AP");
  BOOST_TEST(told(note_edited{n, {}}) == "AP");
  BOOST_TEST(told(note_deleted{n, {}}) == "AP");
}

BOOST_AUTO_TEST_CASE(R14_the_end_of_a_contact_card_is_the_operators_to_hear) {
  collaborator card;
  card.participation = participation::reference_only;
  BOOST_TEST(told(collaborator_ended{card}) == "AP");
}

BOOST_AUTO_TEST_CASE(a_context_only_collaborator_is_told_of_their_own_sessions) {
  support_session own;
  own.author = connie;
  BOOST_TEST(told(session_added{own}) == "APFC");
  BOOST_TEST(told(session_edited{own, own}) == "APFC");
  BOOST_TEST(told(session_added{own}, somebody) == "APF");
}

BOOST_AUTO_TEST_CASE(kinds_stand_once_in_their_order_and_without_what_is_not_to_be_known) {
  note secret;
  secret.stream = stream::professional;
  const std::vector<case_event> events{goal_added{}, note_added{secret}, note_added{}, goal_added{}};
  const auto notices = notices_of(events);
  const auto full = kinds_for(role::full, connie, notices);
  BOOST_TEST((full == std::vector<std::string_view>{"goal.created", "note.created"}));
  BOOST_TEST(kinds_for(role::none, connie, notices).empty());
}

BOOST_AUTO_TEST_CASE(the_notices_of_real_changes_bear_the_kinds_of_the_audit_log) {
  case_world w;
  w.note(w.admin, stream::professional, "x");
  w.note(w.fay, stream::shared, "y");
  for (const auto& e : w.kinds) {
    const std::vector events{e};
    BOOST_TEST(notices_of(events).at(0).kind == audit_kind(e));
  }
}

BOOST_AUTO_TEST_SUITE_END()
