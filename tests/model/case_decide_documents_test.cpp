#include <boost/test/unit_test.hpp>

#include "tests/model/case_world.hpp"

using namespace model_tests;

namespace {

struct some_bytes final : file_source {
  std::uint64_t size() const override { return 4; }
  std::string read(std::uint64_t, std::size_t) const override { return "%PDF"; }
};

struct documents_world : case_world {
  static attach_file file(document_id id, std::string type = "application/pdf") {
    return {id, {"plan.pdf", std::move(type), plain_digest("%PDF"), std::make_shared<some_bytes>()}};
  }
  static send_document to_tess(document_id id, bool sign = false) {
    return {id, {{"Tess Tenant"}, {"tess@mail.example"}}, sign};
  }
  document_id approved(document_type type = document_type::letter) {
    const auto d = document(fay, type);
    done(fay, submit_document{d});
    done(admin, approve_document{d});
    return d;
  }
  std::string status(document_id id) const { return std::string(to_text(at(id).status)); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(case_documents, documents_world)

BOOST_AUTO_TEST_CASE(R23_the_way_from_draft_to_sent) {
  const auto d = document(fay);
  BOOST_TEST(status(d) == "draft");
  done(fay, submit_document{d});
  BOOST_TEST(status(d) == "submitted");
  BOOST_TEST(at(d).submitted_by.value() == fay.full_name);
  done(manager, return_document{d, {"The date is wrong"}});
  BOOST_TEST(status(d) == "draft");
  BOOST_TEST(at(d).return_reason.value() == "The date is wrong");
  done(fay, submit_document{d});
  BOOST_TEST(!at(d).return_reason.has_value());
  done(manager, approve_document{d});
  BOOST_TEST(at(d).approved_by.value() == manager.full_name);
  const auto sent = done(manager, to_tess(d));
  BOOST_TEST(status(d) == "sent");
  BOOST_TEST(at(d).sent_to_email.value() == "tess@mail.example");
  BOOST_TEST(std::holds_alternative<document_sent>(sent.at(0)));
}

BOOST_AUTO_TEST_CASE(R12_a_file_is_refused_before_it_comes_as_it_would_be_afterwards) {
  const auto d = document(fay);
  const auto agrees = [&](const caller& who) {
    const auto ahead = refuse_upload(state, who, at(d));
    const auto later = ask(who, file(d));
    const auto* no = std::get_if<refusal>(&later);
    BOOST_TEST(((no ? std::optional{*no} : std::nullopt) == ahead));
    return ahead ? std::optional{ahead->code} : std::nullopt;
  };
  for (const auto& who : {admin, manager, fay}) {
    BOOST_TEST(!agrees(who).has_value());
    BOOST_TEST(!refuse_upload(state, who).has_value());
  }
  BOOST_TEST((agrees(connie) == refusal_code::not_permitted));
  BOOST_TEST((refuse_upload(state, connie).value().code == refusal_code::not_permitted));
  BOOST_TEST((agrees(outsider) == refusal_code::not_found));
  BOOST_TEST((refuse_upload(state, outsider).value().code == refusal_code::not_found));
  done(fay, submit_document{d});
  BOOST_TEST((agrees(fay) == refusal_code::wrong_status));
  BOOST_TEST(!refuse_upload(state, fay).has_value());
  done(admin, close_case{});
  BOOST_TEST((agrees(fay) == refusal_code::case_closed));
  BOOST_TEST((refuse_upload(state, fay).value().code == refusal_code::case_closed));
}

BOOST_AUTO_TEST_CASE(R23_every_wrong_step_says_in_which_state_it_is) {
  const auto wrong = [&](const case_command& step, const char* state_words) {
    const auto no = refused(admin, step);
    BOOST_TEST((no.code == refusal_code::wrong_status));
    BOOST_TEST(no.detail.find(state_words) != std::string::npos);
  };
  const auto d = document(fay);
  wrong(return_document{d, {"x"}}, "a draft");
  wrong(approve_document{d}, "a draft");
  wrong(to_tess(d), "a draft");
  done(fay, submit_document{d});
  wrong(submit_document{d}, "submitted");
  wrong(edit_document{d, name_text{"Other"}, {}, {}}, "submitted");
  wrong(file(d), "submitted");
  wrong(to_tess(d), "submitted");
  done(admin, approve_document{d});
  wrong(approve_document{d}, "approved");
  wrong(return_document{d, {"x"}}, "approved");
  done(admin, to_tess(d));
  wrong(to_tess(d), "sent");
  wrong(void_document{d, {"x"}}, "sent");
  const auto other = document(fay);
  done(admin, void_document{other, {"x"}});
  BOOST_TEST(status(other) == "void");
  wrong(submit_document{other}, "void");
  wrong(void_document{other, {"x"}}, "void");
}

BOOST_AUTO_TEST_CASE(R23_submitting_freezes_the_content_and_keeps_its_digest) {
  const auto d = document(fay, document_type::letter, "first words");
  BOOST_TEST(at(d).content_sha256.value() == plain_digest("first words"));
  done(fay, edit_document{d, {}, document_body{"last words"}, {}});
  done(fay, submit_document{d});
  BOOST_TEST(at(d).content_sha256.value() == plain_digest("last words"));
}

BOOST_AUTO_TEST_CASE(R23_an_empty_document_is_not_submitted) {
  const auto d = document(fay, document_type::letter, "");
  BOOST_TEST((code(fay, submit_document{d}) == refusal_code::no_content));
  done(fay, file(d));
  BOOST_TEST(at(d).file_name.value() == "plan.pdf");
  done(fay, submit_document{d});
}

BOOST_AUTO_TEST_CASE(R23_only_operators_approve_return_send_and_void_what_was_submitted) {
  const auto d = document(fay);
  done(fay, submit_document{d});
  BOOST_TEST((code(fay, approve_document{d}) == refusal_code::not_permitted));
  BOOST_TEST((code(fay, return_document{d, {"x"}}) == refusal_code::not_permitted));
  BOOST_TEST((code(fay, void_document{d, {"x"}}) == refusal_code::not_permitted));
  done(admin, approve_document{d});
  BOOST_TEST((code(fay, to_tess(d)) == refusal_code::not_permitted));
  done(fay, void_document{document(fay), {"Written twice"}});
}

BOOST_AUTO_TEST_CASE(R22_context_only_has_no_documents) {
  const auto d = document(fay);
  BOOST_TEST((code(connie, draft_of(document_type::letter, "x")) == refusal_code::not_permitted));
  BOOST_TEST((code(connie, submit_document{d}) == refusal_code::not_permitted));
  const document_id none{ids.next()};
  BOOST_TEST((refused(connie, submit_document{none}) == refused(connie, submit_document{d})));
  BOOST_TEST((refused(outsider, submit_document{d}) == refusal::not_found()));
}

BOOST_AUTO_TEST_CASE(R24_only_agreements_and_acknowledgements_are_sent_for_signature) {
  const auto letter = approved();
  BOOST_TEST(errors(admin, to_tess(letter, true)) == "for_signature not_signable");
  for (const auto type : {document_type::agreement, document_type::acknowledgement}) {
    const auto d = approved(type);
    done(admin, to_tess(d, true));
    BOOST_TEST((at(d).signing.value() == signing_status::requested));
    BOOST_TEST(errors(admin, record_signature{d, signing_status::requested}) == "status not_allowed");
    done(manager, record_signature{d, signing_status::signed_});
    BOOST_TEST((at(d).signing.value() == signing_status::signed_));
    BOOST_TEST((code(fay, record_signature{d, signing_status::declined}) == refusal_code::not_permitted));
  }
  done(admin, to_tess(letter));
  BOOST_TEST((code(admin, record_signature{letter, signing_status::signed_}) == refusal_code::wrong_status));
}

BOOST_AUTO_TEST_CASE(R5_what_names_the_case_is_not_sent_to_the_tenant) {
  state.place.tenant_email = "tess@mail.example";
  const auto d = approved();
  state.recalled.body = "About " + state.header.reference;
  BOOST_TEST(errors(admin, to_tess(d)) == "to.email names_the_case");
  done(admin, send_document{d, {{"Dr Grey"}, {"grey@surgery.example"}}, {}});
}

BOOST_AUTO_TEST_CASE(R24_what_cannot_be_a_pdf_is_not_sent) {
  const auto d = document(fay, document_type::letter, "");
  done(fay, file(d, "application/vnd.oasis.opendocument.text"));
  done(fay, submit_document{d});
  done(admin, approve_document{d});
  BOOST_TEST((code(admin, to_tess(d)) == refusal_code::not_printable));
}

BOOST_AUTO_TEST_CASE(R25_recurring_assessments_are_due_months_from_now_and_again_from_their_approval) {
  auto cmd = draft_of(document_type::recurring_assessment, "Needs");
  cmd.due_every_months = 3;
  const auto d = std::get<document_created>(done(fay, cmd).at(0)).after.id;
  BOOST_TEST((at(d).due_on == on(2027, 2, 21)));
  now += std::chrono::days{10};
  done(fay, submit_document{d});
  done(admin, approve_document{d});
  BOOST_TEST((at(d).due_on == on(2027, 3, 1)));
  for (const auto months : {0, -1, 61}) {
    cmd.due_every_months = months;
    BOOST_TEST(errors(fay, cmd) == "due_every_months out_of_range");
  }
  auto letter = draft_of(document_type::letter, "x");
  letter.due_every_months = 3;
  BOOST_TEST(errors(fay, letter) == "due_every_months recurring_only");
}

BOOST_AUTO_TEST_CASE(R22_templates_that_are_not_there_or_make_something_else_are_refused) {
  create_document cmd = draft_of(document_type::letter, "x");
  cmd.template_id_ = template_id{ids.next()};
  BOOST_TEST(errors(fay, cmd) == "body not_accepted");
  cmd.body.reset();
  BOOST_TEST(errors(fay, cmd) == "template_id unknown_template");
  cmd.template_id_.reset();
  cmd.fields = named_texts{};
  BOOST_TEST(errors(fay, cmd) == "fields not_accepted");
}

BOOST_AUTO_TEST_CASE(R22_an_uploaded_document_is_made_with_its_file_in_one_change) {
  create_document making;
  making.title = {"A scan"};
  const upload_document upload{making,
                               {"", "application/pdf", plain_digest("%PDF"), std::make_shared<some_bytes>()}};
  const auto version = state.header.version;
  const auto happened = done(fay, upload);
  BOOST_TEST_REQUIRE(happened.size() == 2u);
  const auto& made = std::get<document_created>(happened[0]);
  const auto& attached = std::get<document_file_attached>(happened[1]);
  BOOST_TEST(state.header.version == version + 1);
  BOOST_TEST(!made.body.has_value());
  BOOST_TEST(!made.after.content_sha256.has_value());
  BOOST_TEST((attached.before.id == made.after.id));
  BOOST_TEST((attached.bytes == upload.file.bytes));
  const auto& d = at(made.after.id);
  BOOST_TEST(d.file_name.value() == "A scan.pdf");
  BOOST_TEST(d.content_size == 4);
  BOOST_TEST(!d.edited_at.has_value());
  BOOST_TEST(status(d.id) == "draft");
  const auto shown = view_change(state, fay, upload, happened);
  BOOST_TEST(std::get<document_view>(shown).file_name.value() == "A scan.pdf");
}

BOOST_AUTO_TEST_CASE(R22_an_uploaded_document_that_cannot_be_leaves_nothing) {
  const auto held = state.documents.size();
  const uploaded_file pdf{"", "application/pdf", plain_digest("%PDF"), std::make_shared<some_bytes>()};
  create_document making;
  making.title = {"A scan"};
  BOOST_TEST((code(fay, upload_document{making, {}}) == refusal_code::unavailable));
  making.due_every_months = 3;
  BOOST_TEST(errors(fay, upload_document{making, pdf}) == "due_every_months recurring_only");
  BOOST_TEST(errors(fay, upload_document{draft_of(document_type::letter, "x"), pdf}) == "body not_accepted");
  making.due_every_months.reset();
  done(admin, close_case{});
  BOOST_TEST((code(fay, upload_document{making, pdf}) == refusal_code::case_closed));
  BOOST_TEST(state.documents.size() == held);
}

BOOST_AUTO_TEST_CASE(R8_R32_a_closed_case_is_exported_and_held_and_takes_no_documents) {
  const auto d = document(fay);
  done(admin, close_case{});
  BOOST_TEST((code(fay, submit_document{d}) == refusal_code::case_closed));
  BOOST_TEST((code(fay, draft_of(document_type::letter, "x")) == refusal_code::case_closed));
  done(manager, make_export{export_content::notes, export_format::pdf});
  done(manager, set_legal_hold{true, {"A claim"}});
  BOOST_TEST(state.header.hold_reason.value() == "A claim");
  BOOST_TEST(done(admin, set_legal_hold{true, {"Again"}}).empty());
  done(admin, set_legal_hold{false, {"Settled"}});
  BOOST_TEST(!state.header.held_since.has_value());
  for (const auto& who : {fay, connie}) {
    BOOST_TEST((code(who, make_export{}) == refusal_code::not_permitted));
    BOOST_TEST((code(who, set_legal_hold{true, {"x"}}) == refusal_code::not_permitted));
  }
}

BOOST_AUTO_TEST_SUITE_END()
