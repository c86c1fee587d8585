#include "model/case_view.hpp"

#include <boost/test/unit_test.hpp>

#include "model/json.hpp"
#include "tests/model/case_world.hpp"

using namespace model_tests;

namespace {

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// A case with something in it that each kind of caller may or may not see.
struct told_world : case_world {
  told_world() {
    shared = note(fay, stream::shared, "SHARED-WORDS");
    secret = note(manager, stream::professional, "SECRET-WORDS", true);
  }
  std::string json(const caller& who) const { return to_json(seen_by(who)); }
  std::string team_json(const caller& who) const {
    return to_json(std::get<team_view>(view_team(state, who)));
  }
  std::string id(const auto& of) const { return to_text(of); }
  note_id shared, secret;
};

/// The names of the members of one JSON object that was written by us, one level deep, in their order.
std::string names_in(const std::string& json, std::size_t from = 0) {
  std::string out;
  int depth = 0;
  bool in_text = false, name = true;
  for (auto i = from; i < json.size(); ++i) {
    const char c = json[i];
    if (in_text) {
      if (c == '\\') ++i;
      if (c == '"') in_text = false;
      if (c != '"' && depth == 1 && name) out += c;
      continue;
    }
    if (c == '"') {
      in_text = true;
      if (depth == 1 && name && !out.empty()) out += ' ';
    }
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) break;
    if (depth == 1 && c == ':') name = false;
    if (depth == 1 && c == ',') name = true;
  }
  return out;
}
std::string names_of(const std::string& json, std::string_view member) {
  return names_in(json, json.find('{', json.find('"' + std::string(member) + "\":")));
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(case_view, told_world)

BOOST_AUTO_TEST_CASE(R12_who_may_not_see_the_case_gets_what_does_not_exist) {
  BOOST_TEST((std::get<refusal>(view(state, outsider)) == refusal::not_found()));
  BOOST_TEST((std::get<refusal>(view_team(state, outsider)) == refusal::not_found()));
  BOOST_TEST((refuse_reading(state, outsider, stream::shared) == refusal::not_found()));
  BOOST_TEST((refuse_reading(state, outsider, stream::professional) == refusal::not_found()));
  done(admin, end_assignment{fay_row});
  BOOST_TEST((std::get<refusal>(view(state, fay)) == refusal::not_found()));
}

BOOST_AUTO_TEST_CASE(the_names_of_an_operators_workspace) {
  const auto text = json(admin);
  BOOST_TEST(names_in(text) == "case permissions notes goals sessions team documents");
  BOOST_TEST(
      names_of(text, "case") ==
      "id reference organisation tenant tenancy_id property status context_summary opened_at closed_at "
      "last_activity_at");
  BOOST_TEST(names_of(text, "notes") == "shared professional");
  BOOST_TEST(names_of(text, "shared") == "id stream body safeguarding author created_at edited_at deleted");
  BOOST_TEST(names_of(text, "author") == "id full_name");
  BOOST_TEST(names_of(text, "team") ==
             "id participation user_id full_name email contact_name contact_email contact_phone "
             "contact_organisation_name contact_role_label created_at invited_at accepted_at ended_at mail "
             "warnings");
  BOOST_TEST(json(manager).substr(0, 300) == text.substr(0, 300));
}

BOOST_AUTO_TEST_CASE(the_names_of_a_full_workers_workspace) {
  const auto text = json(fay);
  BOOST_TEST(names_in(text) == "case permissions notes goals sessions team documents");
  BOOST_TEST(names_of(text, "notes") == "shared");
  BOOST_TEST(names_of(text, "team") ==
             "id participation user_id full_name email invited_at accepted_at ended_at");
}

BOOST_AUTO_TEST_CASE(the_names_of_a_context_only_workspace) {
  const auto text = json(connie);
  BOOST_TEST(names_in(text) == "case permissions notes goals sessions team");
  BOOST_TEST(names_of(text, "notes") == "shared");
  BOOST_TEST(names_of(text, "team") == "participation full_name");
}

BOOST_AUTO_TEST_CASE(R10_no_trace_of_a_professional_note_reaches_a_collaborator) {
  for (const auto& who : {fay, connie}) {
    const auto text = json(who);
    BOOST_TEST(has(text, "SHARED-WORDS"));
    BOOST_TEST(!has(text, "SECRET-WORDS"));
    BOOST_TEST(!has(text, id(secret)));
    BOOST_TEST(!has(text, "professional"));
    BOOST_TEST((refuse_reading(state, who, stream::professional)->code == refusal_code::not_permitted));
    BOOST_TEST(!refuse_reading(state, who, stream::shared).has_value());
  }
  BOOST_TEST(has(json(admin), "SECRET-WORDS"));
  BOOST_TEST(!refuse_reading(state, manager, stream::professional).has_value());
}

BOOST_AUTO_TEST_CASE(R10_a_professional_note_changes_not_one_byte_of_what_collaborators_get) {
  const auto full = json(fay), context = json(connie);
  const auto n = note(admin, stream::professional, "another", true);
  done(admin, flag(n, false, "Looked into"));
  done(admin, delete_note{n});
  BOOST_TEST(json(fay) == full);
  BOOST_TEST(json(connie) == context);
  BOOST_TEST(has(json(admin), to_text(state.header.last_activity_at)));
  BOOST_TEST(!has(json(fay), to_text(state.header.last_activity_at)));
}

BOOST_AUTO_TEST_CASE(R14_contact_cards_are_the_operators) {
  for (const auto& who : {fay, connie})
    for (const auto& text : {json(who), team_json(who)}) {
      BOOST_TEST(!has(text, "Dr Grey"));
      BOOST_TEST(!has(text, "grey@surgery.example"));
      BOOST_TEST(!has(text, id(card_row)));
      BOOST_TEST(!has(text, "reference_only"));
      BOOST_TEST(!has(text, "contact_"));
    }
  BOOST_TEST(has(json(manager), "grey@surgery.example"));
  BOOST_TEST(has(team_json(manager), "Dr Grey"));
}

BOOST_AUTO_TEST_CASE(context_only_reads_names_and_modes_alone) {
  for (const auto& text : {json(connie), team_json(connie)}) {
    BOOST_TEST(has(text, fay.full_name));
    // The name in this world holds the address: it must not stand there by itself.
    BOOST_TEST(!has(text, '"' + fay.email + '"'));
    BOOST_TEST(!has(text, id(fay_row)));
    BOOST_TEST(!has(text, "accepted_at"));
  }
  BOOST_TEST(has(json(fay), "\"connie@council.example\""));
}

BOOST_AUTO_TEST_CASE(R11_a_deleted_note_stays_as_a_tombstone_for_those_who_read_its_stream) {
  done(fay, delete_note{shared});
  for (const auto& who : {admin, fay, connie}) {
    const auto text = json(who);
    BOOST_TEST(has(text, id(shared)));
    BOOST_TEST(!has(text, "SHARED-WORDS"));
  }
  const auto seen = view_note(at(shared));
  BOOST_TEST(!seen.body.has_value());
  BOOST_REQUIRE(seen.deleted.has_value());
  BOOST_TEST((seen.deleted->by.id == fay.user));
  BOOST_TEST(seen.deleted->by.full_name == fay.full_name);
  BOOST_TEST(has(to_json(seen), "\"body\":null"));
  done(admin, delete_note{secret});
  BOOST_TEST(!has(json(fay), id(secret)));
  BOOST_TEST(has(json(manager), id(secret)));
}

BOOST_AUTO_TEST_CASE(a_body_left_in_a_deleted_note_is_not_shown) {
  auto odd = at(shared);
  odd.deleted_at = now;
  BOOST_TEST(!view_note(odd).body.has_value());
}

BOOST_AUTO_TEST_CASE(notes_stand_newest_first_and_fifty_at_most) {
  for (int i = 0; i < 60; ++i) note(fay, stream::shared, "note " + std::to_string(i));
  const auto seen = std::get<full_workspace>(seen_by(fay));
  BOOST_REQUIRE(seen.notes.shared.size() == workspace_list_length);
  BOOST_TEST(seen.notes.shared.front().body.value() == "note 59");
  BOOST_TEST(seen.notes.shared.back().body.value() == "note 10");
}

BOOST_AUTO_TEST_CASE(a_workspace_shows_fifty_of_the_team_and_the_team_list_all) {
  for (int i = 0; i < 60; ++i) done(admin, invitation("w" + std::to_string(i) + "@support.example"));
  const auto seen = std::get<operator_workspace>(seen_by(admin));
  BOOST_TEST(seen.team.size() == workspace_list_length);
  BOOST_TEST(seen.team.front().email.value() == "w59@support.example");
  BOOST_TEST(std::get<team_list>(std::get<team_view>(view_team(state, admin))).items.size() == 63u);
  BOOST_TEST(std::get<colleague_list>(std::get<team_view>(view_team(state, fay))).items.size() == 62u);
  BOOST_TEST(std::get<colleague_name_list>(std::get<team_view>(view_team(state, connie))).items.size() ==
             62u);
}

BOOST_AUTO_TEST_CASE(permissions_tell_what_the_role_may_do) {
  const auto of = [&](const caller& who) {
    return std::visit([](const auto& v) { return v.permissions; }, seen_by(who));
  };
  BOOST_TEST(of(admin) == access::permissions(role::org_admin), boost::test_tools::per_element());
  BOOST_TEST(of(manager) == access::permissions(role::property_manager), boost::test_tools::per_element());
  BOOST_TEST(of(fay) == access::permissions(role::full), boost::test_tools::per_element());
  BOOST_TEST(of(connie) == access::permissions(role::context_only), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_header_tells_open_from_closed) {
  BOOST_TEST(has(json(fay), "\"status\":\"open\""));
  done(admin, close_case{});
  BOOST_TEST(has(json(fay), "\"status\":\"closed\""));
  BOOST_TEST(has(json(fay), "\"closed_at\":\"2026-11-21T"));
}

BOOST_AUTO_TEST_CASE(a_change_is_answered_with_the_whole_of_what_it_made) {
  const auto answer = [&](const caller& who, const case_command& command) {
    const auto events = done(who, command);
    return view_change(state, who, command, events);
  };
  BOOST_TEST(std::get<note_view>(answer(fay, body(shared, "again"))).body.value() == "again");
  BOOST_TEST(std::get<note_view>(answer(fay, body(shared, "again"))).body.value() == "again");
  BOOST_TEST(std::get<note_view>(answer(fay, add_note{stream::shared, {"new"}, {}})).body.value() == "new");
  auto busy = invitation("busy@support.example");
  busy.person = known_person{ids.make<user_id>(), 500};
  const auto invited = std::get<team_row_view>(answer(admin, busy));
  BOOST_REQUIRE(invited.warnings.size() == 1u);
  BOOST_TEST(invited.warnings.at(0) == "caseload_soft_cap");
  BOOST_TEST(std::get<team_row_view>(answer(admin, resend_invite{invited.id})).warnings.empty());
  BOOST_TEST(std::get<team_row_view>(answer(admin, end_assignment{invited.id})).ended_at.has_value());
  BOOST_TEST(std::get<team_row_view>(answer(admin, card("Dr Green", "green@surgery.example")))
                 .contact_name.value() == "Dr Green");
  BOOST_TEST((std::get<case_header_view>(answer(admin, close_case{})).status == case_status::closed));
}

BOOST_AUTO_TEST_SUITE_END()
