#include <boost/test/unit_test.hpp>

#include "model/audit.hpp"
#include "model/json.hpp"
#include "model/org_view.hpp"
#include "model/starter_pack.hpp"
#include "model/templates.hpp"
#include "tests/model/org_world.hpp"

using namespace model_tests;
using rc = refusal_code;

namespace {

add_template letter(std::string text = "Dear {{tenant.full_name}}, {{field.news}}") {
  add_template out;
  out.type = document_type::letter;
  out.name.value = "A letter";
  out.text_.value = std::move(text);
  return out;
}

change_template change(template_id id) {
  change_template out;
  out.template_id = id;
  return out;
}

template_id starter(document_type type) { return starter_pack().at(static_cast<std::size_t>(type))->id; }

struct with_templates : org_world {
  template_added adds(add_template what) { return added<template_added>(what); }
  document_template_view shown(template_id id) {
    return std::get<document_template_view>(view_document_template(state, admin, id));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(org_templates, with_templates)

BOOST_AUTO_TEST_CASE(R22_an_organisation_adds_templates_of_its_own) {
  auto cmd = letter();
  cmd.tenures = {tenure_type::secure};
  const auto e = adds(cmd);
  BOOST_TEST((e.row->org == state.settings.id));
  BOOST_TEST((e.row->created_at == now));
  BOOST_TEST(state.templates.size() == 1u);
  BOOST_TEST(pack_of(state).size() == 10u);
  BOOST_TEST((pack_for(state, tenure_type::secure).back() == e.row));
  BOOST_TEST(pack_for(state, tenure_type::assured).size() == 8u);
  const auto view = shown(e.row->id);
  BOOST_TEST(!view.built_in);
  BOOST_TEST((view.fields == std::vector<std::string>{"news"}));
}

BOOST_AUTO_TEST_CASE(R22_an_unknown_field_is_refused_when_the_template_is_saved) {
  auto no = refused(admin, letter("Dear\n{{tenant.nickname}}"));
  BOOST_TEST((no.code == rc::invalid));
  BOOST_REQUIRE(no.errors.size() == 1u);
  BOOST_TEST(no.errors[0].field == "text");
  BOOST_TEST(no.errors[0].message.starts_with("Line 2: There is no field {{tenant.nickname}}."));
  auto other = change(starter(document_type::checklist));
  other.text_ = text<20000>{"{{#today}}"};
  BOOST_TEST(errors(admin, other) == "text not_allowed");
  BOOST_TEST(state.templates.empty());
}

BOOST_AUTO_TEST_CASE(all_that_is_wrong_with_a_template_is_told_at_once) {
  auto cmd = letter("{{x}}");
  cmd.tenures = {tenure_type::secure, tenure_type::secure};
  cmd.due_every_months = 3;
  BOOST_TEST(errors(admin, cmd) ==
             "tenures[1] duplicate, text unknown_field, due_every_months recurring_only");
  auto review = letter("x");
  review.type = document_type::recurring_assessment;
  for (const int months : {0, -1, 61}) {
    review.due_every_months = months;
    BOOST_TEST(errors(admin, review) == "due_every_months out_of_range");
  }
}

BOOST_AUTO_TEST_CASE(R22_a_changed_starter_template_takes_the_place_of_the_built_in_one) {
  const auto id = starter(document_type::recurring_assessment);
  BOOST_TEST(shown(id).built_in);
  auto cmd = change(id);
  cmd.name = name_text{"Monthly review"};
  cmd.due_every_months = {true, 1};
  const auto e = added<template_changed>(cmd);
  BOOST_TEST(e.of_starter_pack);
  BOOST_TEST((e.row->changed_at == now));
  BOOST_TEST(e.row->text == starter_template(id)->text);
  BOOST_TEST(starter_template(id)->name == "Quarterly needs and risk review");
  BOOST_TEST(pack_of(state).size() == 9u);
  BOOST_TEST(!shown(id).built_in);
  BOOST_TEST(shown(id).name == "Monthly review");
  // The second change is of its own row.
  cmd.due_every_months = {true, std::nullopt};
  const auto second = added<template_changed>(cmd);
  BOOST_TEST(!second.of_starter_pack);
  BOOST_TEST(!shown(id).due_every_months.has_value());
  BOOST_TEST(state.templates.size() == 1u);
}

BOOST_AUTO_TEST_CASE(R24_what_is_signed_may_be_signed_on_a_form_of_the_signing_service) {
  auto cmd = letter();
  cmd.type = document_type::agreement;
  cmd.signing_template = 1'000'001;
  const auto e = adds(cmd);
  BOOST_TEST(shown(e.row->id).signing_template.value() == 1'000'001);
  BOOST_TEST(audit_detail(org_event{e}).find(R"("signing_template":1000001)") != std::string::npos);
  auto other = change(e.row->id);
  other.signing_template = {true, 7};
  done(admin, other);
  BOOST_TEST(shown(e.row->id).signing_template.value() == 7);
  done(admin, change(e.row->id));
  BOOST_TEST(shown(e.row->id).signing_template.value() == 7);
  other.signing_template = {true, std::nullopt};
  done(admin, other);
  BOOST_TEST(!shown(e.row->id).signing_template.has_value());
  auto of_pack = change(starter(document_type::acknowledgement));
  of_pack.signing_template = {true, 8};
  BOOST_TEST(added<template_changed>(of_pack).row->signing_template.value() == 8);
}

BOOST_AUTO_TEST_CASE(R24_a_form_that_there_cannot_be_is_refused) {
  auto cmd = letter();
  cmd.signing_template = 7;
  BOOST_TEST(errors(admin, cmd) == "signing_template not_signable");
  cmd.type = document_type::agreement;
  for (const std::int64_t number : {std::int64_t{0}, std::int64_t{-7}, std::int64_t{9'007'199'254'740'992}}) {
    cmd.signing_template = number;
    BOOST_TEST(errors(admin, cmd) == "signing_template out_of_range");
  }
  auto other = change(starter(document_type::checklist));
  other.signing_template = {true, 7};
  BOOST_TEST(errors(admin, other) == "signing_template not_signable");
  BOOST_TEST(state.templates.empty());
}

BOOST_AUTO_TEST_CASE(R22_a_retired_template_is_offered_no_more) {
  auto cmd = change(starter(document_type::reference));
  cmd.retired = true;
  done(admin, cmd);
  BOOST_TEST(pack_of(state).size() == 9u);
  BOOST_TEST(pack_for(state, tenure_type::licence_agreement).size() == 8u);
  cmd.retired = false;
  done(admin, cmd);
  BOOST_TEST(pack_for(state, tenure_type::licence_agreement).size() == 9u);
}

BOOST_AUTO_TEST_CASE(a_change_that_changes_nothing_leaves_no_event) {
  const auto id = starter(document_type::checklist);
  BOOST_TEST(done(admin, change(id)).empty());
  auto same = change(id);
  same.text_ = text<20000>{starter_template(id)->text};
  same.retired = false;
  BOOST_TEST(done(admin, same).empty());
  BOOST_TEST(shown(id).built_in);
}

BOOST_AUTO_TEST_CASE(R3_templates_are_the_admins_to_write_and_every_members_to_read) {
  const auto id = starter(document_type::checklist);
  for (const auto& command : {org_command{letter()}, org_command{change(id)}}) {
    BOOST_TEST((code(north_manager, command) == rc::not_permitted));
    BOOST_TEST((code(idle_manager, command) == rc::not_permitted));
    BOOST_TEST((code(outsider, command) == rc::not_found));
  }
  BOOST_TEST((code(admin, change(template_id{})) == rc::not_found));
  BOOST_TEST(view_document_template(state, idle_manager, id).index() == 0u);
  BOOST_TEST(std::get<0>(view_document_templates(state, idle_manager, {})).items.size() == 9u);
  BOOST_TEST((std::get<refusal>(view_document_templates(state, outsider, {})).code == rc::not_found));
  BOOST_TEST((std::get<refusal>(view_document_template(state, outsider, id)).code == rc::not_found));
  BOOST_TEST((std::get<refusal>(view_document_template(state, admin, template_id{})).code == rc::not_found));
}

BOOST_AUTO_TEST_CASE(an_organisation_keeps_at_most_two_hundred_of_its_own) {
  for (std::size_t i = 0; i < most_templates; ++i) adds(letter("x"));
  BOOST_TEST(errors(admin, letter("x")) == "name too_many");
  auto cmd = change(starter(document_type::checklist));
  cmd.retired = true;
  BOOST_TEST(done(admin, cmd).size() == 1u);
  BOOST_TEST(pack_of(state).size() == most_templates + 9);
  const auto first = std::get<0>(view_document_templates(state, admin, {200, ""}));
  BOOST_TEST(first.items.size() == 200u);
  BOOST_TEST(std::get<0>(view_document_templates(state, admin, {200, *first.next})).items.size() == 9u);
}

BOOST_AUTO_TEST_CASE(R26_the_log_tells_a_templates_text_by_its_length_and_digest) {
  const auto e = adds(letter("Größe {{today}}"));
  const auto detail = audit_detail(org_event{e});
  BOOST_TEST(audit_kind(org_event{e}) == "template.added");
  BOOST_TEST(detail.find("Größe") == std::string::npos);
  BOOST_TEST(detail.find(R"("text_length":15,"text_sha256":")" + plain_digest("Größe {{today}}")) !=
             std::string::npos);
  BOOST_TEST(detail.find(R"({"after":{"id":")" + to_text(e.row->id)) == 0u);
  BOOST_TEST((audit_subject(org_event{e}) == e.row->id.value));
  auto cmd = change(e.row->id);
  cmd.text_ = text<20000>{"other"};
  const auto changed = added<template_changed>(cmd);
  BOOST_TEST(changed.before.text_sha256 == plain_digest("Größe {{today}}"));
  BOOST_TEST(changed.after.text_sha256 == plain_digest("other"));
  BOOST_TEST(audit_kind(org_event{changed}) == "template.changed");
  BOOST_TEST(audit_detail(org_event{changed}).find(R"({"before":{)") == 0u);
  BOOST_TEST((audit_subject(org_event{changed}) == e.row->id.value));
}

BOOST_AUTO_TEST_CASE(a_command_is_answered_with_the_whole_template) {
  const org_command command = letter();
  const auto events = done(admin, command);
  const auto view = view_change(state, admin, command, events);
  BOOST_REQUIRE(view.has_value());
  const auto text = to_json(*view);
  BOOST_TEST(
      text.find(
          R"("type":"letter","name":"A letter","tenures":[],"text":"Dear {{tenant.full_name}}, )"
          R"({{field.news}}","fields":["news"],"due_every_months":null,"signing_template":null,"retired":false,)"
          R"("built_in":false,)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(R22_a_case_has_the_pack_of_its_tenure_in_its_place) {
  auto t = terms(north_house);
  t.tenure_type = tenure_type::licence_agreement;
  t.end_date = on(2027, 5, 31);
  const auto made = added<tenancy_created>(t);
  const auto opened = added<case_opened>(open_case{made.tenancy.id, {}, {}}).opened;
  const auto before = place_of(state, opened.id).value();
  BOOST_TEST((before.templates == starter_pack()));
  BOOST_TEST((before == place_of(state, opened.id).value()));
  adds(letter());
  const auto after = place_of(state, opened.id).value();
  BOOST_TEST(after.templates.size() == 10u);
  BOOST_TEST((after != before));
  const auto known = values_of(after, opened.reference, on(2026, 11, 21), on(2026, 11, 22), "Ada", {}).known;
  const auto value = [&](std::string_view name) {
    return std::ranges::find(known, name, [](const auto& f) { return std::string_view(f.first); })->second;
  };
  BOOST_TEST(value("tenant.full_name") == "Tess Tenant");
  BOOST_TEST(value("tenant.email") == "tenant0@example.org");
  BOOST_TEST(value("tenancy.end_date") == "31 May 2027");
  BOOST_TEST(value("tenancy.rent") == "£650.00");
  BOOST_TEST(value("property.landlord") == "North");
  BOOST_TEST(value("property.address") == "1 High Street, Leeds, LS1 1AA");
}

BOOST_AUTO_TEST_SUITE_END()
