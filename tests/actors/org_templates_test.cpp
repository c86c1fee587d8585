#include <boost/test/unit_test.hpp>

#include "model/starter_pack.hpp"
#include "tests/actors/world.hpp"

using namespace actor_tests;
using namespace actors;
using namespace model;
using rc = refusal_code;

namespace {

org_command letter(std::string text) {
  return add_template{document_type::letter, {"A letter of our own"}, {}, {std::move(text)}, {}};
}

org_command retire(template_id id) {
  change_template out;
  out.template_id = id;
  out.retired = true;
  return out;
}

conditions if_match(std::string etag) { return {"r", std::move(etag), {}, {}, ""}; }

}  // namespace

BOOST_FIXTURE_TEST_SUITE(org_templates, world)

BOOST_AUTO_TEST_CASE(R22_a_new_template_is_there_for_a_case_that_is_open_already) {
  BOOST_TEST(!ask(fay, north_case, actors::view_templates{}).holds("A letter of our own"));
  const auto made = ask_org(admin, letter("Dear {{tenant.full_name}}, {{field.news}}"));
  BOOST_TEST(made.kind() == answer_kind::created);
  BOOST_TEST(made.holds(R"("fields":["news"])"));
  BOOST_TEST(ask(fay, north_case, actors::view_templates{}).holds("A letter of our own"));
  const auto one = ask_org(manager, actors::view_document_template{made.made<template_id>()});
  BOOST_TEST(one.text() == made.text());
  BOOST_TEST(ask_org(admin, retire(made.made<template_id>())).kind() == answer_kind::ok);
  BOOST_TEST(!ask(fay, north_case, actors::view_templates{}).holds("A letter of our own"));
  // What was kept is what is read again.
  tell_organisation_changed();
  BOOST_TEST(
      ask_org(manager, actors::view_document_template{made.made<template_id>()}).holds(R"("retired":true)"));
  BOOST_TEST(ask_org(manager, actors::view_document_templates{}).holds("Key-work log"));
}

BOOST_AUTO_TEST_CASE(R22_a_document_is_made_from_the_organisations_own_template) {
  const auto made = ask_org(admin, letter("Dear {{tenant.full_name}}, {{field.news}}")).made<template_id>();
  create_document wanted;
  wanted.type = document_type::letter;
  wanted.title = {"Good news"};
  wanted.template_id_ = made;
  wanted.fields = named_texts{{{"news", "**rent** paid"}}};
  const auto document = ask(fay, north_case, case_command{wanted});
  BOOST_TEST(document.kind() == answer_kind::created);
  wanted.fields = named_texts{{{"olds", "x"}}};
  BOOST_TEST(ask(fay, north_case, case_command{wanted}).refusal().errors.at(0).field == "fields.olds");
}

BOOST_AUTO_TEST_CASE(R22_templates_are_the_admins_to_write) {
  const auto id = starter_pack().front()->id;
  for (const auto& command : {letter("x"), retire(id)}) {
    BOOST_TEST(ask_org(manager, command).code() == rc::not_permitted);
    for (const auto& who : {fay, outsider}) BOOST_TEST(ask_org(who, command).code() == rc::not_found);
  }
  for (const auto& who : {fay, outsider}) {
    BOOST_TEST(ask_org(who, actors::view_document_templates{}).code() == rc::not_found);
    BOOST_TEST(ask_org(who, actors::view_document_template{id}).code() == rc::not_found);
  }
}

BOOST_AUTO_TEST_CASE(a_template_that_somebody_changed_meanwhile_is_read_again_first) {
  const auto id = starter_pack().front()->id;
  const auto etag = ask_org(admin, actors::view_document_template{id}).answer().etag;
  BOOST_TEST(ask_org(admin, retire(id), if_match(etag)).kind() == answer_kind::ok);
  BOOST_TEST(ask_org(admin, retire(id), if_match(etag)).code() == rc::version_mismatch);
}

BOOST_AUTO_TEST_SUITE_END()
