#include "model/audit.hpp"

#include <boost/test/unit_test.hpp>

#include "model/signing.hpp"
#include "model/starter_pack.hpp"
#include "tests/model/case_world.hpp"

using namespace model_tests;

namespace {

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

struct five_bytes final : file_source {
  std::uint64_t size() const override { return 5; }
  std::string read(std::uint64_t, std::size_t) const override { return "12345"; }
};

/// A case to which everything happened that can happen.
struct busy_world : case_world {
  busy_world() {
    const auto n = note(fay, stream::shared, "BODY-ONE");
    done(fay, body(n, "BODY-TWO"));
    done(fay, delete_note{n});
    const auto p = note(admin, stream::professional, "BODY-THREE");
    done(admin, flag(p, true));
    done(admin, flag(p, false, "Looked into"));
    done(admin, edit_contact{card_row, name_text{"Dr Green"}, {}, {}, {}, {}});
    const auto row = added<collaborator_invited>(invitation("late@support.example")).collaborator.id;
    done(admin, resend_invite{row});
    done(mailer(),
         report_invite_mail{row, at(row).invite_mail.value(), mail_fate::bounced, now, "no such box"});
    done(admin, end_assignment{row});
    done(admin, edit_context_summary{{"Working on budgeting."}});
    const auto g = goal(fay, "Cook twice a week");
    done(fay, edit_goal{g, name_text{"Cook three times a week"}, {}, {}, {}});
    done(fay, add_progress{g, {"Made soup"}});
    const auto s = session(connie, now);
    done(connie, edit_session{s, {}, {}, {}, {}, session_status::delivered, text<20000, 0>{"BODY-SIX"}});
    done(connie, edit_session{s, {}, {}, {}, {}, {}, text<20000, 0>{"BODY-SEVEN"}});
    auto told = session_at(now);
    told.outcome_note = text<20000, 0>{"BODY-EIGHT"};
    done(fay, told);
    const auto d = document(fay, document_type::agreement, "BODY-FOUR");
    done(fay, edit_document{d, {}, document_body{"BODY-FIVE"}, {}});
    done(fay,
         attach_file{d, {"plan.pdf", "application/pdf", plain_digest("x"), std::make_shared<five_bytes>()}});
    done(fay, submit_document{d});
    done(admin, return_document{d, {"The date is wrong"}});
    done(fay, submit_document{d});
    done(admin, approve_document{d});
    done(admin, send_document{d, {{"Tess Tenant"}, {"tess@mail.example"}}, true});
    done(admin, record_signature{d, signing_status::signed_});
    const uploaded_file copy{{}, "application/pdf", plain_digest("x"), std::make_shared<five_bytes>()};
    done(signing_service(), settle_signature{d, signing_status::signed_, {}, copy, {}});
    done(admin, void_document{document(fay), {"Written twice"}});
    done(admin, set_legal_hold{true, {"A claim"}});
    done(admin, set_legal_hold{false, {"Settled"}});
    done(admin, make_export{});
    done(admin, close_case{reason_text{"Moved on"}});
    done(admin, reopen_case{});
  }

  template <class Event>
  case_event one() const {
    for (const auto& e : kinds)
      if (std::holds_alternative<Event>(e)) return e;
    throw std::logic_error("this did not happen");
  }
  std::vector<mail_request> mails(const case_event& e) const { return mails_of(e, state.place, admin); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(audit, busy_world)

BOOST_AUTO_TEST_CASE(R26_every_event_has_a_kind_of_its_own_and_a_detail) {
  BOOST_REQUIRE(kinds.size() == std::variant_size_v<case_event>);
  std::set<std::string_view> seen;
  for (const auto& e : kinds) {
    const auto kind = audit_kind(e);
    BOOST_TEST_CONTEXT(kind) {
      BOOST_TEST((kind.find('.') != std::string_view::npos));
      BOOST_TEST(seen.insert(kind).second);
      const auto detail = audit_detail(e);
      BOOST_TEST(detail.front() == '{');
      BOOST_TEST(detail.back() == '}');
    }
  }
}

BOOST_AUTO_TEST_CASE(R26_the_kinds_are_the_words_of_the_log) {
  std::set<std::string_view> seen;
  for (const auto& e : kinds) seen.insert(audit_kind(e));
  const std::set<std::string_view> expected{"case.context_summary_edited",
                                            "case.closed",
                                            "case.reopened",
                                            "note.created",
                                            "note.edited",
                                            "note.safeguarding_flagged",
                                            "note.safeguarding_unflagged",
                                            "note.deleted",
                                            "collaborator.invited",
                                            "collaborator.invite_resent",
                                            "collaborator.mail_reported",
                                            "collaborator.accepted",
                                            "collaborator.ended",
                                            "contact.added",
                                            "contact.edited",
                                            "goal.created",
                                            "goal.edited",
                                            "goal.progress_added",
                                            "session.created",
                                            "session.edited",
                                            "document.created",
                                            "document.edited",
                                            "document.file_attached",
                                            "document.submitted",
                                            "document.returned",
                                            "document.approved",
                                            "document.sent",
                                            "document.signature_recorded",
                                            "document.signed_copy_kept",
                                            "document.voided",
                                            "case.legal_hold_set",
                                            "case.legal_hold_lifted",
                                            "export.made"};
  BOOST_TEST((seen == expected));
}

BOOST_AUTO_TEST_CASE(R11_no_detail_holds_a_body) {
  for (const auto& e : kinds) BOOST_TEST(!has(audit_detail(e), "BODY-"));
  auto told = session_at(now);
  told.outcome_note = text<20000, 0>{"BODY-NINE"};
  const auto made = done(fay, told).at(0);
  BOOST_TEST(!has(audit_detail(made), "BODY-"));
  const auto id = std::get<session_added>(made).session.id;
  const auto changed = done(fay, edit_session{id, {}, {}, {}, {}, {}, text<20000, 0>{"BODY-TEN"}}).at(0);
  BOOST_TEST(!has(audit_detail(changed), "BODY-"));
}

BOOST_AUTO_TEST_CASE(R11_of_an_outcome_note_the_log_tells_length_and_digest) {
  auto told = session_at(now);
  told.outcome_note = text<20000, 0>{"Wént well"};
  const auto made = std::get<session_added>(done(fay, told).at(0));
  BOOST_TEST(
      has(audit_detail(made), R"("outcome_length":9,"outcome_sha256":")" + plain_digest("Wént well") + '"'));
  const auto changed = audit_detail(
      done(fay, edit_session{made.session.id, {}, {}, {}, {}, session_status::missed, {{""}}}).at(0));
  BOOST_TEST(has(changed, plain_digest("Wént well")));
  BOOST_TEST(has(changed, R"("outcome_length":0,"outcome_sha256":null)"));
  BOOST_TEST(has(changed, R"("status":"missed")"));
  BOOST_TEST(has(changed, R"({"before":{"id":)"));
}

BOOST_AUTO_TEST_CASE(R11_the_detail_of_an_edit_leads_to_what_was_said_before) {
  const auto edited = std::get<note_edited>(one<note_edited>());
  BOOST_TEST(has(audit_detail(edited), to_text(edited.before.id)));
  const auto deleted = std::get<note_deleted>(one<note_deleted>());
  BOOST_TEST(has(audit_detail(deleted), to_text(deleted.before.id)));
  BOOST_TEST(has(audit_detail(deleted), to_text(deleted.after.id)));
}

BOOST_AUTO_TEST_CASE(R37_no_detail_and_no_mail_holds_a_links_secret) {
  for (const auto& e : kinds) {
    BOOST_TEST(!has(audit_detail(e), "hash"));
    BOOST_TEST(!has(audit_detail(e), "nonce"));
    for (const auto& mail : mails(e))
      for (const auto& [name, value] : mail.values) {
        BOOST_TEST(!has(value, "hash"));
        BOOST_TEST(!has(value, "nonce"));
      }
  }
}

BOOST_AUTO_TEST_CASE(details_tell_before_and_after) {
  BOOST_TEST(audit_detail(one<context_summary_edited>()) ==
             R"({"before":"Settling in.","after":"Working on budgeting."})");
  const auto contact = audit_detail(one<contact_edited>());
  BOOST_TEST(has(contact, "Dr Grey"));
  BOOST_TEST(has(contact, "Dr Green"));
  BOOST_TEST(has(audit_detail(one<note_unflagged>()), "\"reason\":\"Looked into\""));
  BOOST_TEST(has(audit_detail(one<case_closed>()), "\"reason\":\"Moved on\""));
  BOOST_TEST(has(audit_detail(one<note_flagged>()), "\"stream\":\"professional\",\"safeguarding\":true"));
}

BOOST_AUTO_TEST_CASE(R18_the_soft_cap_warning_stands_in_the_log) {
  auto busy = invitation("busy@support.example");
  busy.person = known_person{ids.make<user_id>(), 500};
  BOOST_TEST(has(audit_detail(added<collaborator_invited>(busy)), "\"warnings\":[\"caseload_soft_cap\"]"));
  BOOST_TEST(has(audit_detail(one<collaborator_invited>()), "\"warnings\":[]"));
}

BOOST_AUTO_TEST_CASE(R15_R24_invites_and_documents_that_are_sent_are_mailed_and_nothing_else_is) {
  for (const auto& e : kinds) {
    const bool invite =
        std::holds_alternative<collaborator_invited>(e) || std::holds_alternative<invite_resent>(e);
    const bool mailed = invite || std::holds_alternative<document_sent>(e);
    BOOST_TEST_CONTEXT(audit_kind(e)) {
      BOOST_TEST(mails(e).size() == (mailed ? 1u : 0u));
      BOOST_TEST((link_of(e) != nullptr) == invite);
    }
  }
  const auto invited = std::get<collaborator_invited>(one<collaborator_invited>());
  const auto mail = mails(invited).at(0);
  BOOST_TEST((mail.id == invited.mail));
  BOOST_TEST((mail.link == invited.link.id));
  BOOST_TEST(mail.to_address == invited.collaborator.email.value());
  BOOST_TEST(mail.to_name == invited.collaborator.full_name.value());
  BOOST_TEST(mail.template_name == "invite");
}

BOOST_AUTO_TEST_CASE(an_invite_mail_names_neither_the_tenant_nor_the_case) {
  const auto e = one<collaborator_invited>();
  const auto mail = mails(e).at(0);
  for (const auto& [name, value] : mail.values) {
    BOOST_TEST(!has(value, "Tess"));
    BOOST_TEST(!has(value, "High Street"));
    BOOST_TEST(!has(value, state.header.reference));
  }
}

BOOST_AUTO_TEST_CASE(R15_the_user_of_a_new_address_is_there_to_be_written) {
  const auto invited = one<collaborator_invited>();
  BOOST_REQUIRE((user_made_by(invited) != nullptr));
  auto known = invitation("known@support.example");
  known.person = known_person{ids.make<user_id>(), 0};
  BOOST_TEST((user_made_by(case_event{added<collaborator_invited>(known)}) == nullptr));
  BOOST_TEST((user_made_by(one<note_added>()) == nullptr));
}

BOOST_AUTO_TEST_CASE(R5_each_tenant_gets_an_information_sheet_that_hints_at_nothing) {
  org_world org;
  const auto made = org.tenancy_at(org.north_house, {"Tess Tenant", "Tom Tenant"});
  const auto sheets = mails_of(made, org.state, org.admin);
  BOOST_REQUIRE(sheets.size() == 2u);
  BOOST_TEST(sheets.at(1).to_name == "Tom Tenant");
  BOOST_TEST(sheets.at(0).template_name == "tenancy_info");
  BOOST_TEST(!sheets.at(0).link.has_value());
  for (const auto& sheet : sheets)
    for (const auto& [name, value] : sheet.values) {
      BOOST_TEST(!has(name + value, "support"));
      BOOST_TEST(!has(name + value, "case"));
      if (name == "rent") BOOST_TEST(value == "£650.00");
    }
}

BOOST_AUTO_TEST_CASE(R26_every_event_of_an_organisation_has_a_kind_and_a_detail) {
  org_world org;
  const auto t = org.tenancy_at(org.north_house);
  change_tenant renamed;
  renamed.tenant = t.tenants.at(0).id;
  renamed.full_name = name_text{"Theresa Tenant"};
  add_member addition;
  addition.email = {"new@example.org"};
  addition.full_name = {"New"};
  addition.person = known_person{};
  change_settings settings;
  settings.name = name_text{"Another"};
  change_property moved;
  moved.property = org.north_house;
  moved.landlord_id = org.south;
  change_template retired;
  retired.template_id = starter_pack().front()->id;
  retired.retired = true;
  const preview_digest previewed{
      month_of(model::day{std::chrono::year{2026} / 1 / 1}), {}, std::vector<digest_preview_line>{}};
  resend_facts was_sent;
  was_sent.entry.state = digest_state::sent;
  was_sent.has_something_to_say = true;
  std::vector<org_event> events{t};
  for (const org_command& command : std::vector<org_command>{
           settings, addition, remove_member{org.idle_manager.user}, add_landlord{{"East"}},
           rename_landlord{org.north, {"Far North"}}, add_property{org.south, {{"3"}, {}, {"York"}, {"YO1"}}},
           moved, renamed, open_case{t.tenancy.id, {}, {}},
           add_template{document_type::letter, {"Letter"}, {}, {"Dear {{tenant.full_name}}"}, {}}, retired,
           set_organisation_hold{true, {"A court order."}}, set_organisation_hold{false, {"It is over."}},
           run_retention{}, retry_mail{org.ids.make<mail_id>(), mail_state::failed}, previewed,
           resend_digest{org.ids.make<digest_id>(), was_sent}})
    for (auto& e : org.done(org.admin, command)) events.push_back(std::move(e));
  std::set<std::string_view> seen;
  for (const auto& e : events) {
    BOOST_TEST((audit_kind(e).find('.') != std::string_view::npos));
    BOOST_TEST(audit_detail(e).front() == '{');
    BOOST_TEST(!has(audit_detail(e), "nonce"));
    seen.insert(audit_kind(e));
  }
  BOOST_TEST(seen.size() == std::variant_size_v<org_event>);
}

BOOST_AUTO_TEST_SUITE_END()
