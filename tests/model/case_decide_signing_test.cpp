#include <boost/test/unit_test.hpp>

#include "model/audit.hpp"
#include "model/fields.hpp"
#include "model/signing.hpp"
#include "tests/model/case_world.hpp"

using namespace model_tests;

namespace {

struct some_bytes final : file_source {
  std::uint64_t size() const override { return 4; }
  std::string read(std::uint64_t, std::size_t) const override { return "%PDF"; }
};

uploaded_file pdf(std::string type = "application/pdf") {
  return {{}, std::move(type), plain_digest("%PDF"), std::make_shared<some_bytes>()};
}

struct signing_world : case_world {
  signing_world() { signs_online = true; }

  document_id sent(bool sign = true, document_type type = document_type::agreement) {
    const auto d = document(fay, type);
    done(fay, submit_document{d});
    done(admin, approve_document{d});
    last_sent = std::get<document_sent>(done(admin, to_tess(d, sign)).at(0));
    return d;
  }
  static send_document to_tess(document_id d, bool sign) {
    return {d, {{"Tess Tenant"}, {"tess@mail.example"}}, sign};
  }
  static settle_signature told(document_id d, signing_status what) { return {d, what, {}, {}, {}}; }
  std::vector<case_event> service(const settle_signature& what) { return done(signing_service(), what); }

  /// Made from a template that is signed on the form 7.
  document_created on_form() {
    auto t = std::make_shared<document_template>();
    t->id = ids.make<template_id>();
    t->type = document_type::agreement;
    t->text = "{{tenant.full_name}} meets us on {{field.day}}.";
    t->signing_template = 7;
    state.place.templates = {t};
    create_document cmd;
    cmd.type = t->type;
    cmd.title = {"Support agreement"};
    cmd.template_id_ = t->id;
    cmd.fields = named_texts{{{"day", "Mondays"}}};
    return std::get<document_created>(done(fay, cmd).at(0));
  }
  bool is_on_form(document_id d) {
    BOOST_TEST(at(d).signing_template.has_value() == at(d).signing_values_sha256.has_value());
    return at(d).signing_template == 7;
  }

  document_sent last_sent;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(case_signing, signing_world)

BOOST_AUTO_TEST_CASE(R24_with_a_service_what_is_to_be_signed_goes_there_and_not_by_mail) {
  const auto d = sent();
  BOOST_TEST(last_sent.signature.has_value());
  BOOST_TEST(mails_of(last_sent, state.place, admin).empty());
  BOOST_TEST((at(d).signing == signing_status::requested));
  sent(false);
  BOOST_TEST(!last_sent.signature.has_value());
  BOOST_TEST(mails_of(last_sent, state.place, admin).size() == 1u);
}

BOOST_AUTO_TEST_CASE(R24_without_a_service_it_goes_by_mail) {
  signs_online = false;
  sent();
  BOOST_TEST(!last_sent.signature.has_value());
  BOOST_TEST(mails_of(last_sent, state.place, admin).size() == 1u);
}

BOOST_AUTO_TEST_CASE(R24_nobody_but_the_service_settles) {
  const auto d = sent();
  for (const auto& who : {admin, manager, fay, connie, outsider})
    BOOST_TEST((refused(who, told(d, signing_status::signed_)) == refusal::not_found()));
  auto mailer = signing_service();
  mailer.part = service_part::mailer;
  BOOST_TEST((code(mailer, told(d, signing_status::signed_)) == refusal_code::not_found));
  BOOST_TEST((at(d).signing == signing_status::requested));
}

BOOST_AUTO_TEST_CASE(R24_the_service_tells_of_documents_that_went_there) {
  const document_id none{ids.next()};
  BOOST_TEST((code(signing_service(), told(none, signing_status::signed_)) == refusal_code::not_found));
  const auto letter = sent(false, document_type::letter);
  BOOST_TEST((code(signing_service(), told(letter, signing_status::signed_)) == refusal_code::not_found));
}

BOOST_AUTO_TEST_CASE(R24_each_outcome_is_taken_once) {
  for (const auto outcome : {signing_status::signed_, signing_status::declined, signing_status::expired}) {
    const auto d = sent();
    BOOST_TEST(service(told(d, outcome)).size() == 1u);
    BOOST_TEST((at(d).signing == outcome));
    BOOST_TEST(service(told(d, outcome)).empty());
  }
}

BOOST_AUTO_TEST_CASE(R24_what_the_service_refused_says_why_until_somebody_knows_better) {
  const auto d = sent();
  auto no = told(d, signing_status::failed);
  no.error = "The address is none";
  service(no);
  BOOST_TEST((at(d).signing == signing_status::failed));
  BOOST_TEST(at(d).signing_error.value() == "The address is none");
  BOOST_TEST(view_document(at(d)).signing_error.value() == "The address is none");
  done(admin, record_signature{d, signing_status::signed_});
  BOOST_TEST(!at(d).signing_error.has_value());
}

BOOST_AUTO_TEST_CASE(R24_what_an_operator_recorded_yields_to_a_signature_alone) {
  const std::vector<std::pair<signing_status, bool>> lines{{signing_status::signed_, true},
                                                           {signing_status::declined, false},
                                                           {signing_status::expired, false},
                                                           {signing_status::failed, false}};
  for (const auto& [outcome, yields] : lines) {
    const auto d = sent();
    const auto before = signing_status::declined;
    done(admin, record_signature{d, before});
    service(told(d, outcome));
    BOOST_TEST((at(d).signing == (yields ? outcome : before)));
  }
  BOOST_TEST(!takes_from_service(signing_status::signed_, signing_status::declined));
  BOOST_TEST(takes_from_service(signing_status::failed, signing_status::expired));
  BOOST_TEST(!takes_from_service(signing_status::failed, signing_status::requested));
}

BOOST_AUTO_TEST_CASE(R24_an_operator_records_no_outcome_that_only_the_service_knows) {
  const auto d = sent();
  for (const auto outcome : {signing_status::expired, signing_status::failed, signing_status::requested})
    BOOST_TEST(errors(admin, record_signature{d, outcome}) == "status not_allowed");
}

BOOST_AUTO_TEST_CASE(R24_the_files_are_kept_as_they_come_and_once) {
  const auto d = sent();
  auto first = told(d, signing_status::signed_);
  first.signed_copy = pdf();
  const auto both = service(first);
  BOOST_TEST_REQUIRE(both.size() == 2u);
  const auto& kept = std::get<document_signed_copy_kept>(both.at(1));
  BOOST_TEST((kept.signed_copy == first.signed_copy->bytes));
  BOOST_TEST(!kept.signing_audit);
  BOOST_TEST((kept.after.signing == signing_status::signed_));
  BOOST_TEST(at(d).signed_sha256.value() == plain_digest("%PDF"));
  BOOST_TEST(at(d).signed_size.value() == 4);
  BOOST_TEST(!at(d).signing_audit_file.has_value());
  auto second = first;
  second.signing_audit = pdf();
  const auto before = at(d).signed_file.value();
  BOOST_TEST(service(second).size() == 1u);
  BOOST_TEST((at(d).signed_file.value() == before));
  BOOST_TEST((at(d).signing_audit_file.value() != before));
  BOOST_TEST(service(second).empty());
}

BOOST_AUTO_TEST_CASE(R24_what_is_no_pdf_or_of_no_signed_document_is_not_kept) {
  const auto d = sent();
  auto declined = told(d, signing_status::declined);
  declined.signed_copy = pdf();
  BOOST_TEST(service(declined).size() == 1u);
  auto wrong = told(d, signing_status::signed_);
  wrong.signed_copy = pdf("text/html");
  wrong.signing_audit = uploaded_file{{}, "application/pdf", "", nullptr};
  BOOST_TEST(service(wrong).size() == 1u);
  BOOST_TEST(!at(d).signed_file.has_value());
  BOOST_TEST(!at(d).signing_audit_file.has_value());
}

BOOST_AUTO_TEST_CASE(R24_what_was_signed_is_not_lost_with_the_case_closed) {
  const auto d = sent();
  done(admin, close_case{});
  auto signed_now = told(d, signing_status::signed_);
  signed_now.signed_copy = pdf();
  BOOST_TEST(service(signed_now).size() == 2u);
  BOOST_TEST((at(d).signing == signing_status::signed_));
  BOOST_TEST((code(admin, record_signature{d, signing_status::declined}) == refusal_code::case_closed));
}

BOOST_AUTO_TEST_CASE(R24_a_document_is_signed_on_the_form_that_its_template_names) {
  const auto made = on_form();
  BOOST_TEST(made.body.value() == "Tess Tenant meets us on Mondays.\n");
  BOOST_TEST((decode_fields(made.signing_values.value()) ==
              fields{{"tenant.full_name", "Tess Tenant"}, {"field.day", "Mondays"}}));
  BOOST_TEST(made.after.signing_values_sha256.value() == plain_digest(*made.signing_values));
  const auto d = made.after.id;
  state.place.templates.clear();
  done(fay, submit_document{d});
  done(admin, return_document{d, {"Look again"}});
  done(fay, submit_document{d});
  done(admin, approve_document{d});
  const auto e = done(admin, to_tess(d, true)).at(0);
  BOOST_TEST(is_on_form(d));
  BOOST_TEST(view_document(at(d)).signing_template.value() == 7);
  const auto told_of = audit_detail(e);
  BOOST_TEST(told_of.find(R"("signing_template":7,"signing_values_sha256":")" +
                          *made.after.signing_values_sha256) != std::string::npos);
  BOOST_TEST(told_of.find("Mondays") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(R24_what_is_another_text_than_the_templates_is_signed_as_it_is) {
  const auto d = on_form().after.id;
  edit_document same{d, name_text{"Another title"}, document_body{"Tess Tenant meets us on Mondays.\n"}, {}};
  done(fay, same);
  BOOST_TEST(is_on_form(d));
  auto other = same;
  other.body = document_body{"Tess Tenant meets us on Tuesdays.\n"};
  done(fay, other);
  BOOST_TEST(!is_on_form(d));
  done(fay, same);
  BOOST_TEST(!is_on_form(d));
  const auto with_file = on_form().after.id;
  done(fay, attach_file{with_file, pdf()});
  BOOST_TEST(!is_on_form(with_file));
}

BOOST_AUTO_TEST_CASE(R24_an_upload_is_signed_as_it_is_whatever_it_was_made_from) {
  on_form();
  create_document cmd;
  cmd.type = document_type::agreement;
  cmd.title = {"A scan"};
  cmd.template_id_ = state.place.templates.front()->id;
  const auto happened = done(fay, upload_document{cmd, pdf()});
  const auto& made = std::get<document_created>(happened.at(0));
  BOOST_TEST(!made.signing_values.has_value());
  BOOST_TEST(!made.after.signing_template.has_value());
  BOOST_TEST(!is_on_form(made.after.id));
}

BOOST_AUTO_TEST_SUITE_END()
