#include "model/case_decide.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/model/case_world.hpp"

using namespace model_tests;
using rc = refusal_code;

namespace {

/// One command of each kind about what is there.
std::vector<case_command> one_of_each(case_world& w) {
  const auto n = w.note(w.fay, stream::shared, "by Fay");
  const auto g = w.goal(w.fay, "by Fay");
  const auto s = w.session(w.fay, w.now);
  const auto d = w.document(w.fay);
  return {edit_context_summary{{"New"}},
          close_case{},
          reopen_case{},
          add_note{stream::shared, {"x"}, {}},
          case_world::body(n, "y"),
          delete_note{n},
          case_world::invitation("new@support.example"),
          edit_contact{w.card_row, name_text{"Dr Green"}, {}, {}, {}, {}},
          end_assignment{w.fay_row},
          resend_invite{w.fay_row},
          accept_invite{w.fay_row},
          report_invite_mail{w.fay_row, {}, mail_fate::bounced, w.now, {}},
          add_goal{{"x"}, {}, {}, {}},
          edit_goal{g, name_text{"y"}, {}, {}, {}},
          add_progress{g, {"x"}},
          case_world::session_at(w.now),
          edit_session{s, {}, {}, {}, {}, session_status::missed, {}},
          case_world::draft_of(document_type::letter, "x"),
          edit_document{d, name_text{"y"}, {}, {}},
          attach_file{d, {}},
          upload_document{case_world::draft_of(document_type::letter, ""), {}},
          submit_document{d},
          return_document{d, {"x"}},
          approve_document{d},
          send_document{d, {{"x"}, {"x@mail.example"}}, {}},
          record_signature{d, signing_status::signed_},
          settle_signature{d, signing_status::signed_, {}, {}, {}},
          void_document{d, {"x"}},
          set_legal_hold{true, {"x"}},
          make_export{}};
}

template <class... Commands>
bool is_one_of(const case_command& command) {
  return (std::holds_alternative<Commands>(command) || ...);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(case_decide, case_world)

BOOST_AUTO_TEST_CASE(R12_an_outsider_is_told_that_there_is_nothing_whatever_they_ask) {
  const auto all = one_of_each(*this);
  BOOST_REQUIRE(all.size() == std::variant_size_v<case_command>);
  for (const auto& command : all) BOOST_TEST((refused(outsider, command) == refusal::not_found()));
}

BOOST_AUTO_TEST_CASE(R12_a_worker_sees_the_case_but_is_not_permitted_what_operators_do) {
  const auto all = one_of_each(*this);
  for (const auto& command : all) {
    const bool operators = is_one_of<edit_context_summary, close_case, reopen_case, add_to_team, edit_contact,
                                     end_assignment, resend_invite, return_document, approve_document,
                                     send_document, record_signature, set_legal_hold, make_export>(command);
    if (operators) BOOST_TEST((code(fay, command) == rc::not_permitted));
    // Connie records sessions of her own; another's is nothing to her.
    if (is_one_of<accept_invite, report_invite_mail, add_session, settle_signature>(command)) continue;
    const auto expected = is_one_of<edit_session>(command) ? rc::not_found : rc::not_permitted;
    BOOST_TEST((code(connie, command) == expected));
  }
}

BOOST_AUTO_TEST_CASE(R7_close_and_reopen_move_closed_at) {
  const auto when = now;
  done(manager, close_case{reason_text{"Moved on"}});
  BOOST_TEST((state.header.closed_at == when));
  BOOST_TEST((code(admin, close_case{}) == rc::case_closed));
  const auto events = done(admin, reopen_case{});
  BOOST_TEST((std::get<case_reopened>(events.at(0)).was_closed_at == when));
  BOOST_TEST(!state.header.closed_at.has_value());
  BOOST_TEST((code(admin, reopen_case{}) == rc::case_not_closed));
  const auto again = now;
  done(admin, close_case{});
  BOOST_TEST((state.header.closed_at == again));
}

BOOST_AUTO_TEST_CASE(R8_a_closed_case_is_read_only_but_for_reopen_ending_and_the_flag) {
  const auto shared = note(admin, stream::shared, "shared");
  const auto professional = note(admin, stream::professional, "professional");
  const auto invited = added<collaborator_invited>(invitation("late@support.example")).collaborator;
  const caller late{*invited.user, "Late", *invited.email, standing::none};
  done(admin, close_case{});
  const std::vector<std::pair<caller, case_command>> read_only{
      {admin, edit_context_summary{{"New"}}},
      {admin, add_note{stream::shared, {"x"}, {}}},
      {fay, add_note{stream::shared, {"x"}, {}}},
      {admin, body(shared, "other")},
      {admin, delete_note{shared}},
      {admin, invitation("new@support.example")},
      {admin, card("New", "new@surgery.example")},
      {admin, edit_contact{card_row, name_text{"Dr Green"}, {}, {}, {}, {}}},
      {admin, resend_invite{invited.id}},
      {late, accept_invite{invited.id}}};
  for (const auto& [who, command] : read_only) {
    BOOST_TEST_CONTEXT("command " << command.index()) BOOST_TEST((code(who, command) == rc::case_closed));
  }
  done(manager, flag(professional, true));
  BOOST_TEST(at(professional).safeguarding);
  done(admin, flag(professional, false, "Looked into"));
  done(manager, end_assignment{fay_row});
  BOOST_TEST((role_of(state, fay) == role::none));
  done(manager, reopen_case{});
  BOOST_TEST(!state.is_closed());
}

BOOST_AUTO_TEST_CASE(R8_an_edit_with_a_body_and_a_flag_on_a_closed_case_does_neither) {
  const auto n = note(admin, stream::professional, "professional");
  done(admin, close_case{});
  BOOST_TEST((code(admin, edit_note{n, note_text{"other"}, true, {}}) == rc::case_closed));
}

BOOST_AUTO_TEST_CASE(R9_the_context_summary_is_written_by_operators) {
  const auto events = done(manager, edit_context_summary{{"Working on budgeting."}});
  BOOST_TEST(std::get<context_summary_edited>(events.at(0)).before == "Settling in.");
  BOOST_TEST(state.header.context_summary == "Working on budgeting.");
  BOOST_TEST(done(manager, edit_context_summary{{"Working on budgeting."}}).empty());
}

BOOST_AUTO_TEST_CASE(R10_a_note_is_its_authors_to_edit) {
  const auto n = note(fay, stream::shared, "first");
  BOOST_TEST((code(admin, body(n, "put in her mouth")) == rc::not_permitted));
  BOOST_TEST((code(connie, body(n, "x")) == rc::not_permitted));
  const auto when = now;
  const auto events = done(fay, body(n, "second"));
  const auto& e = std::get<note_edited>(events.at(0));
  BOOST_TEST(e.before.body == "first");
  BOOST_TEST((e.before.replaced_by == fay.user));
  BOOST_TEST(at(n).body == "second");
  BOOST_TEST((at(n).edited_at == when));
  BOOST_TEST((at(n).author == fay.user));
  BOOST_TEST((at(n).stream == stream::shared));
  BOOST_TEST(done(fay, body(n, "second")).empty());
  BOOST_TEST((code(fay, body(note_id{ids.next()}, "x")) == rc::not_found));
}

BOOST_AUTO_TEST_CASE(R10_an_author_deletes_and_an_org_admin_deletes_any) {
  const auto hers = note(fay, stream::shared, "hers");
  const auto theirs = note(manager, stream::professional, "theirs");
  BOOST_TEST((code(manager, delete_note{hers}) == rc::not_permitted));
  BOOST_TEST((code(fay, delete_note{theirs}) == rc::not_found));
  done(fay, delete_note{hers});
  done(admin, delete_note{theirs});
  BOOST_TEST((at(theirs).deleted_by == admin.user));
}

BOOST_AUTO_TEST_CASE(R10_a_worker_cannot_tell_a_professional_note_from_none) {
  const auto n = note(admin, stream::professional, "secret");
  const note_id nothing{ids.next()};
  BOOST_TEST((refused(fay, body(n, "x")) == refused(fay, body(nothing, "x"))));
  BOOST_TEST((refused(fay, delete_note{n}) == refused(fay, delete_note{nothing})));
  BOOST_TEST((code(fay, add_note{stream::professional, {"x"}, {}}) == rc::not_permitted));
}

BOOST_AUTO_TEST_CASE(R10_safeguarding_is_for_professional_notes_only) {
  BOOST_TEST(errors(admin, add_note{stream::shared, {"x"}, true}) == "safeguarding professional_only");
  const auto shared = note(admin, stream::shared, "x");
  BOOST_TEST(errors(admin, flag(shared, true)) == "safeguarding professional_only");
  BOOST_TEST(done(admin, flag(shared, false)).empty());
  const auto when = now;
  const auto flagged = note(manager, stream::professional, "y", true);
  BOOST_TEST(at(flagged).safeguarding);
  BOOST_TEST((at(flagged).flagged_at == when));
}

BOOST_AUTO_TEST_CASE(R10_an_operator_flags_what_another_wrote) {
  const auto n = note(admin, stream::professional, "x");
  done(manager, flag(n, true));
  BOOST_TEST(at(n).safeguarding);
  BOOST_TEST(at(n).body == "x");
  BOOST_TEST(done(manager, flag(n, true)).empty());
}

BOOST_AUTO_TEST_CASE(R11_a_deleted_note_is_a_tombstone_and_its_body_a_revision) {
  const auto n = note(fay, stream::shared, "told in confidence");
  const auto when = now;
  const auto events = done(fay, delete_note{n});
  const auto& e = std::get<note_deleted>(events.at(0));
  BOOST_TEST(e.before.body == "told in confidence");
  BOOST_TEST(e.after.body.empty());
  BOOST_TEST((at(n).deleted_at == when));
  BOOST_TEST(at(n).deleted_by_name.value() == fay.full_name);
  BOOST_TEST((code(fay, delete_note{n}) == rc::note_deleted));
  BOOST_TEST((code(fay, body(n, "back")) == rc::note_deleted));
}

BOOST_AUTO_TEST_CASE(R32_unflagging_needs_an_org_admin_and_a_reason) {
  const auto n = note(manager, stream::professional, "x", true);
  BOOST_TEST((code(manager, flag(n, false, "Looked into")) == rc::not_permitted));
  BOOST_TEST(errors(admin, flag(n, false)) == "reason required");
  BOOST_TEST(at(n).safeguarding);
  const auto events = done(admin, flag(n, false, "Looked into"));
  BOOST_TEST(std::get<note_unflagged>(events.at(0)).reason == "Looked into");
  BOOST_TEST(!at(n).safeguarding);
  BOOST_TEST(!at(n).flagged_at.has_value());
}

BOOST_AUTO_TEST_CASE(one_edit_changes_body_and_flag_together) {
  const auto n = note(manager, stream::professional, "x");
  const auto events = done(manager, edit_note{n, note_text{"y"}, true, {}});
  BOOST_REQUIRE(events.size() == 2u);
  const auto& last = std::get<note_flagged>(events.at(1)).after;
  BOOST_TEST(last.body == "y");
  BOOST_TEST(at(n).body == "y");
  BOOST_TEST(at(n).safeguarding);
}

BOOST_AUTO_TEST_CASE(R14_workers_do_not_invite) {
  BOOST_TEST((code(fay, invitation("new@support.example")) == rc::not_permitted));
  BOOST_TEST((code(fay, card("New", "new@surgery.example")) == rc::not_permitted));
  BOOST_TEST((code(connie, invitation("new@support.example")) == rc::not_permitted));
}

BOOST_AUTO_TEST_CASE(R14_each_mode_takes_its_own_fields_and_no_others) {
  add_to_team nothing;
  BOOST_TEST(errors(admin, nothing) == "full_name required, email required");
  nothing.participation = participation::reference_only;
  BOOST_TEST(errors(admin, nothing) == "contact_name required, contact_email required");
  auto worker = invitation("new@support.example", participation::context_only);
  worker.contact_name = name_text{"x"};
  worker.contact_email = email_text{"x@example.org"};
  worker.contact_phone = phone_text{"+447700900100"};
  worker.contact_organisation_name = name_text{"x"};
  worker.contact_role_label = name_text{"x"};
  BOOST_TEST(errors(admin, worker) ==
             "contact_name not_accepted, contact_email not_accepted, contact_phone not_accepted, "
             "contact_organisation_name not_accepted, contact_role_label not_accepted");
  auto contact = card("Dr Grey", "x@surgery.example");
  contact.full_name = name_text{"x"};
  contact.email = email_text{"x@example.org"};
  BOOST_TEST(errors(admin, contact) == "full_name not_accepted, email not_accepted");
  contact = card("Dr Green", "x");
  contact.contact_email.reset();
  contact.contact_phone = phone_text{"+447700900100"};
  const auto row = added<contact_added>(contact).collaborator;
  BOOST_TEST(row.contact_phone.value() == "+447700900100");
}

BOOST_AUTO_TEST_CASE(R15_an_invite_makes_a_user_only_for_a_new_address) {
  const auto fresh = added<collaborator_invited>(invitation("new@support.example"));
  BOOST_REQUIRE(fresh.created.has_value());
  BOOST_TEST(fresh.created->email == "new@support.example");
  BOOST_TEST(fresh.created->container.has_value());
  BOOST_TEST((fresh.collaborator.user == fresh.created->user));
  BOOST_TEST((fresh.link.purpose == link_purpose::case_invite));
  BOOST_TEST((fresh.link.user == fresh.created->user));
  BOOST_TEST((fresh.link.collaborator == fresh.collaborator.id));
  BOOST_TEST((fresh.link.expires_at - fresh.link.created_at == std::chrono::hours{7 * 24}));
  auto known = invitation("known@support.example");
  known.person = known_person{ids.make<user_id>(), 3};
  const auto again = added<collaborator_invited>(known);
  BOOST_TEST(!again.created.has_value());
  BOOST_TEST((again.collaborator.user == known.person->user));
  const auto contact = added<contact_added>(card("Dr Green", "green@surgery.example"));
  BOOST_TEST(!contact.collaborator.user.has_value());
  BOOST_TEST(!contact.collaborator.invited_at.has_value());
}

BOOST_AUTO_TEST_CASE(R16_access_begins_with_acceptance_and_ends_with_the_end) {
  const auto row = added<collaborator_invited>(invitation("new@support.example")).collaborator;
  const caller worker{*row.user, "New", *row.email, standing::none};
  BOOST_TEST((role_of(state, worker) == role::none));
  BOOST_TEST((code(fay, accept_invite{row.id}) == rc::not_found));
  BOOST_TEST((code(admin, accept_invite{row.id}) == rc::not_found));
  BOOST_TEST((code(worker, accept_invite{card_row}) == rc::not_found));
  done(worker, accept_invite{row.id});
  BOOST_TEST((role_of(state, worker) == role::full));
  BOOST_TEST(done(worker, accept_invite{row.id}).empty());
  const auto when = now;
  done(manager, end_assignment{row.id});
  BOOST_TEST((role_of(state, worker) == role::none));
  BOOST_TEST((at(row.id).ended_at == when));
  BOOST_TEST((at(row.id).ended_by == manager.user));
  BOOST_TEST((code(worker, accept_invite{row.id}) == rc::link_expired));
  BOOST_TEST((code(manager, end_assignment{row.id}) == rc::already_ended));
}

BOOST_AUTO_TEST_CASE(R16_history_keeps_its_authorship_after_the_end) {
  const auto n = note(fay, stream::shared, "hers");
  done(admin, end_assignment{fay_row});
  BOOST_TEST((at(n).author == fay.user));
  BOOST_TEST((code(fay, body(n, "x")) == rc::not_found));
}

BOOST_AUTO_TEST_CASE(R16_an_invite_is_sent_again_until_it_is_accepted) {
  const auto row = added<collaborator_invited>(invitation("new@support.example")).collaborator;
  const auto when = now;
  const auto again = added<invite_resent>(resend_invite{row.id});
  BOOST_TEST((again.after.invited_at == when));
  BOOST_TEST((again.link.expires_at == when + std::chrono::hours{7 * 24}));
  BOOST_TEST((code(admin, resend_invite{fay_row}) == rc::already_accepted));
  BOOST_TEST((code(admin, resend_invite{card_row}) == rc::not_found));
  done(admin, end_assignment{row.id});
  BOOST_TEST((code(admin, resend_invite{row.id}) == rc::already_ended));
}

BOOST_AUTO_TEST_CASE(R17_an_active_address_is_refused_a_second_time) {
  const auto second = refused(admin, invitation("fay@support.example", participation::context_only));
  BOOST_TEST((second.code == rc::already_assigned));
  BOOST_TEST((code(admin, card("Fay", "fay@support.example")) == rc::already_assigned));
  BOOST_TEST((code(admin, invitation("grey@surgery.example")) == rc::already_assigned));
  done(admin, end_assignment{fay_row});
  const auto row =
      added<collaborator_invited>(invitation("fay@support.example", participation::context_only));
  BOOST_TEST((row.collaborator.participation == participation::context_only));
}

BOOST_AUTO_TEST_CASE(R17_only_contact_cards_are_edited) {
  edit_contact change{card_row, {}, email_text{"new@surgery.example"}, {}, {}, {}};
  done(manager, change);
  BOOST_TEST(at(card_row).contact_email.value() == "new@surgery.example");
  BOOST_TEST(at(card_row).contact_name.value() == "Dr Grey");
  BOOST_TEST(done(manager, change).empty());
  change.contact_email = email_text{"connie@council.example"};
  BOOST_TEST((code(manager, change) == rc::already_assigned));
  change.row = fay_row;
  BOOST_TEST((code(manager, change) == rc::not_permitted));
  change.row = collaborator_id{ids.next()};
  BOOST_TEST((code(manager, change) == rc::not_found));
  done(manager, end_assignment{card_row});
  change.row = card_row;
  BOOST_TEST((code(manager, change) == rc::already_ended));
}

BOOST_AUTO_TEST_CASE(R18_above_500_tenants_an_invite_carries_a_warning) {
  auto busy = invitation("busy@support.example");
  busy.person = known_person{ids.make<user_id>(), 499};
  BOOST_TEST(!added<collaborator_invited>(busy).over_soft_cap);
  auto busier = invitation("busier@support.example");
  busier.person = known_person{ids.make<user_id>(), 500};
  BOOST_TEST(added<collaborator_invited>(busier).over_soft_cap);
}

BOOST_AUTO_TEST_SUITE_END()
