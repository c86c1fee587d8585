#include "model/templates.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "model/starter_pack.hpp"
#include "model/utf8.hpp"
#include "tests/model/org_world.hpp"

using namespace model_tests;

namespace {

case_place place() {
  case_place p;
  p.organisation_name = "Agency";
  p.tenant_name = "Tess Tenant";
  p.tenant_email = "tess@example.org";
  p.tenant_phone = "+447700900100";
  p.property = "1 High Street, Leeds, LS1 1AA";
  p.landlord_name = "North";
  p.tenure_type = tenure_type::licence_agreement;
  p.start_date = on(2026, 6, 1);
  p.rent_pence = 65'005;
  p.rent_period = rent_period::four_weekly;
  return p;
}

merge_values values(fields answers = {}) {
  return values_of(place(), "SC-00001", on(2026, 6, 2), on(2026, 11, 21), "Ada Admin", std::move(answers));
}

document_template with(std::string text) {
  document_template t;
  t.text = std::move(text);
  return t;
}

std::string merged(std::string text, fields answers = {}) {
  return merge(with(std::move(text)), values(std::move(answers)));
}

/// `code message` of the only error.
std::string error(std::string_view text) {
  const auto found = check_template(text);
  BOOST_REQUIRE_MESSAGE(found.size() == 1, text << " has " << found.size() << " errors");
  BOOST_TEST(found[0].field == "text");
  return found[0].code + ' ' + found[0].message;
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

}  // namespace

BOOST_AUTO_TEST_SUITE(templates)

BOOST_AUTO_TEST_CASE(R22_every_merge_field_has_a_value_and_a_description) {
  const auto known = values().known;
  BOOST_REQUIRE(known.size() == merge_fields().size());
  for (std::size_t i = 0; i < known.size(); ++i) {
    const auto& f = merge_fields()[i];
    BOOST_TEST(known[i].first == f.name);
    BOOST_TEST(!known[i].second.empty(), f.name);
    BOOST_TEST(!f.description.empty(), f.name);
    BOOST_TEST(check_template("{{" + std::string(f.name) + "}}").empty(), f.name);
    BOOST_TEST(!has(merged("{{" + std::string(f.name) + "}}"), "{{"), f.name);
  }
}

BOOST_AUTO_TEST_CASE(the_documentation_lists_every_merge_field) {
  std::ifstream file(KEYWORK_SOURCE_DIR "/docs/templates.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  for (const auto& f : merge_fields())
    BOOST_TEST(has(page, "| `{{" + std::string(f.name) + "}}` | " + std::string(f.description) + " |"),
               f.name);
}

BOOST_AUTO_TEST_CASE(R22_fields_are_filled_in_words_for_people) {
  BOOST_TEST(merged("{{tenant.full_name}} pays {{tenancy.rent}} {{ tenancy.rent_period }}\nfrom "
                    "{{tenancy.start_date}}: {{tenancy.tenure}}, {{tenancy.end_date}}; {{today}}") ==
             "Tess Tenant pays £650.05 four-weekly\n"
             "from 1 June 2026: licence agreement, no fixed end date; 21 November 2026\n");
  BOOST_TEST(merged("{{tenant.email}} {{tenant.phone}} {{case.reference}} {{case.opened_on}}") ==
             "tess@example.org +447700900100 SC-00001 2 June 2026\n");
}

BOOST_AUTO_TEST_CASE(R22_what_has_no_value_is_a_line_to_write_on) {
  BOOST_TEST(merged("Mood: {{field.mood}}\n") == "Mood: ________\n");
  BOOST_TEST(merged("Mood: {{field.mood}}\n", {{"mood", " \n "}}) == "Mood: ________\n");
  BOOST_TEST(merged("Mood: {{field.mood}}\n", {{"mood", "good"}}) == "Mood: good\n");
  auto without = place();
  without.tenant_phone.reset();
  BOOST_TEST(merge(with("{{tenant.phone}}"), values_of(without, "", {}, {}, "", {})) == "________\n");
}

BOOST_AUTO_TEST_CASE(R22_an_unknown_field_is_named_with_its_line) {
  const auto text = error("# Title\n\nDear {{tenant.name}},");
  BOOST_TEST(text.starts_with("unknown_field Line 3: There is no field {{tenant.name}}."));
  BOOST_TEST(has(text, "{{tenant.full_name}}"));
  BOOST_TEST(has(text, "{{field.a_name}}"));
  for (const auto* other : {"{{}}", "{{ }}", "{{tenant}}", "{{Tenant.full_name}}", "{{tenant.full_name.x}}",
                            "{{.}}", "{{tenant full_name}}", "{{field}}"})
    BOOST_TEST(error(other).starts_with("unknown_field Line 1:"), other);
  // Each line break counts once, whichever it is.
  BOOST_TEST(error("a\r\nb\n\n{{x}}").starts_with("unknown_field Line 4:"));
}

BOOST_AUTO_TEST_CASE(R22_a_questions_name_is_snake_case) {
  for (const auto* good : {"{{field.a}}", "{{field.what_was_1}}"})
    BOOST_TEST(check_template(good).empty(), good);
  for (const auto& bad :
       {std::string("{{field.}}"), std::string("{{field.A}}"), std::string("{{field.1a}}"),
        std::string("{{field.a-b}}"), std::string("{{field._a}}"), std::string("{{field.a.b}}"),
        "{{field." + std::string(61, 'a') + "}}", std::string("{{field.é}}")})
    BOOST_TEST(error(bad).starts_with("invalid_name Line 1:"), bad);
}

BOOST_AUTO_TEST_CASE(nothing_else_of_mustache_is_let_in) {
  for (const auto* other : {"{{#tenant.full_name}}", "{{/tenant.full_name}}", "{{^today}}", "{{>header}}",
                            "{{! a note }}", "{{=<% %>=}}", "{{&today}}", "{{{today}}}"})
    BOOST_TEST(error(std::string("one\n") + other + " three").starts_with("not_allowed Line 2:"), other);
}

BOOST_AUTO_TEST_CASE(braces_have_their_counterparts_on_the_same_line) {
  BOOST_TEST(error("a {{today").starts_with("unbalanced Line 1:"));
  BOOST_TEST(error("{{").starts_with("unbalanced Line 1:"));
  BOOST_TEST(error("a }} b").starts_with("unbalanced Line 1:"));
  BOOST_TEST(error("}}{{today}}").starts_with("unbalanced Line 1:"));
  BOOST_TEST(check_template("{{today\n}}").size() == 2u);
  for (const auto* plain : {"", "{", "}", "{ {today} }", "{today}", "{{today}}}", "a } b {"})
    BOOST_TEST(check_template(plain).empty(), plain);
  BOOST_TEST(merged("{today} {{today}}}") == "{today} 21 November 2026}\n");
}

BOOST_AUTO_TEST_CASE(all_faults_are_told_at_once_up_to_twenty) {
  const auto found = check_template("{{a}} {{#b}}\n{{c}}\n}}");
  BOOST_REQUIRE(found.size() == 4u);
  BOOST_TEST(found[2].message.starts_with("Line 2: "));
  std::string hostile;
  for (int i = 0; i < 10'000; ++i) hostile += "{{x" + std::to_string(i) + "}}\n";
  BOOST_TEST(check_template(hostile).size() == most_template_errors);
}

BOOST_AUTO_TEST_CASE(ten_thousand_fields_are_read_and_too_many_questions_refused) {
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += "{{today}}{{field.a}} ";
  BOOST_TEST(check_template(many).empty());
  BOOST_TEST((questions_of(many) == std::vector<std::string>{"a"}));
  std::string questions;
  for (int i = 0; i < 100; ++i) questions += "{{field.q" + std::to_string(i) + "}}";
  BOOST_TEST(check_template(questions).empty());
  for (int i = 100; i < 10'000; ++i) questions += "{{field.q" + std::to_string(i) + "}}";
  BOOST_TEST(error(questions).starts_with("too_many Line 1:"));
}

BOOST_AUTO_TEST_CASE(a_long_name_is_cut_between_characters) {
  std::string name;
  for (int i = 0; i < 5'000; ++i) name += "é";
  const auto found = check_template("x{{" + name + "}}");
  BOOST_REQUIRE(found.size() == 1u);
  BOOST_TEST(is_clean_text(found[0].message));
  BOOST_TEST(found[0].message.size() < 700u);
  BOOST_TEST(is_clean_text(check_template("{{field.a" + name + "}}").at(0).message));
}

BOOST_AUTO_TEST_CASE(R22_values_are_text_and_no_markup) {
  const auto said = [](std::string value) {
    auto out = merged("{{field.a}}", {{"a", std::move(value)}});
    out.pop_back();
    return out;
  };
  BOOST_TEST(said("**Bob**") == R"(\*\*Bob\*\*)");
  BOOST_TEST(said("_x_ `y` [z](http://a) <b> |~") == R"(\_x\_ \`y\` \[z\](http://a) \<b\> \|\~)");
  BOOST_TEST(said(R"(back\slash)") == R"(back\\slash)");
  BOOST_TEST(said("# Heading") == R"(\# Heading)");
  BOOST_TEST(said("   # Heading") == R"(\# Heading)");
  BOOST_TEST(said("- a\n+ b\n1. c\n2) d\n===\n---\n> e") ==
             "\\- a\\\n\\+ b\\\n1\\. c\\\n2\\) d\\\n\\===\\\n\\---\\\n\\> e");
  BOOST_TEST(said("+447700900100, 12.5 & 3") == "+447700900100, 12.5 & 3");
  BOOST_TEST(said("&lt; &#60; R&D") == R"(\&lt; \&#60; R\&D)");
  BOOST_TEST(said("a\r\nb\n\nc") == "a\\\nb\\\n\\\nc");
  BOOST_TEST(said("{{today}} {{#x}}") == "{{today}} {{#x}}");
  BOOST_TEST(said("<script>alert('&')</script>") == R"(\<script\>alert('&')\</script\>)");
}

BOOST_AUTO_TEST_CASE(a_row_of_a_table_stays_one_row) {
  BOOST_TEST(merged("| Name | {{field.a}} |", {{"a", "one | two\nthree\n\n| four"}}) ==
             "| Name | one \\| two three  \\| four |\n");
}

BOOST_AUTO_TEST_CASE(R22_only_answers_to_the_templates_own_questions_are_taken) {
  const auto t = with("{{field.a}} {{field.b}}");
  BOOST_TEST(check_values(t, values({{"a", "x"}})).empty());
  const auto found = check_values(t, values({{"a", "x"}, {"c", "y"}, {"today", "z"}}));
  BOOST_REQUIRE(found.size() == 2u);
  BOOST_TEST(found[0].field == "fields.c");
  BOOST_TEST(found[0].code == "unknown_field");
  BOOST_TEST(found[1].field == "fields.today");
}

BOOST_AUTO_TEST_CASE(a_document_that_would_be_too_long_is_refused_before_it_is_made) {
  std::string text;
  for (int i = 0; i < 1'000; ++i) text += "{{field.a}}\n";
  const auto t = with(text);
  BOOST_TEST(check_values(t, values({{"a", std::string(98, 'x')}})).empty());
  const auto found = check_values(t, values({{"a", std::string(5'000, '*')}}));
  BOOST_REQUIRE(found.size() == 1u);
  BOOST_TEST(found[0].code == "too_long");
}

BOOST_AUTO_TEST_CASE(an_unchecked_text_is_an_error_and_no_gap) {
  BOOST_CHECK_THROW(merged("{{tenant.name}}"), std::invalid_argument);
  BOOST_CHECK_THROW(merged("{{today"), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(R24_what_fills_a_form_is_what_stands_in_the_text) {
  const auto t =
      with("{{tenant.full_name}} and {{ field.day }}, {{tenant.full_name}}\n{{field.news}} {{today}}");
  const fields wanted{{"tenant.full_name", "Tess Tenant"},
                      {"field.day", "Mon\nday"},
                      {"field.news", ""},
                      {"today", "21 November 2026"}};
  BOOST_TEST((values_in_text(t, values({{"day", "  Mon\nday "}, {"news", " \n"}})) == wanted));
  BOOST_TEST(values_in_text(with("No field"), values()).empty());
  // An answer is no merge field, whatever it is called, and the other way round.
  BOOST_TEST((values_in_text(with("{{field.today}}"), values()) == fields{{"field.today", ""}}));
}

BOOST_AUTO_TEST_CASE(R24_the_names_that_a_form_may_ask_for) {
  for (const auto& f : merge_fields()) BOOST_TEST(is_field_name(f.name));
  BOOST_TEST(is_field_name("field.day_2"));
  for (const auto* other :
       {"", "Signature", "tenant", "tenant.full_name ", "field.", "field.Day", "field.a b"})
    BOOST_TEST(!is_field_name(other), other);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(starter_pack_, org_world)

BOOST_AUTO_TEST_CASE(R22_the_starter_pack_has_one_template_of_each_type) {
  std::size_t n = 0;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<document_type>>([&](auto d) {
    BOOST_REQUIRE(n < starter_pack().size());
    BOOST_TEST((starter_pack()[n]->type == d.value), d.name);
    ++n;
  });
  BOOST_TEST(n == starter_pack().size());
  for (const auto& t : starter_pack()) {
    BOOST_TEST(t->due_every_months.value_or(0) == (t->type == document_type::recurring_assessment ? 3 : 0));
    BOOST_TEST((starter_template(t->id) == t));
    BOOST_TEST(t->org.is_nil());
  }
  BOOST_TEST(to_text(starter_pack()[0]->id) == "00000000-0000-7000-8000-000000000001");
  BOOST_TEST(!starter_template(template_id{}));
}

BOOST_AUTO_TEST_CASE(R22_every_starter_template_can_be_saved_and_merged_without_leftovers) {
  for (const auto& t : starter_pack()) {
    BOOST_TEST(check_template(t->text).empty(), t->name);
    BOOST_TEST(length_in_characters(t->text) > 1'000u, t->name);
    BOOST_TEST(length_in_characters(t->text) <= longest_template, t->name);
    fields answers;
    for (const auto& q : questions_of(t->text)) answers.emplace_back(q, "an answer");
    BOOST_TEST(answers.size() <= most_questions, t->name);
    BOOST_TEST(check_values(*t, values(answers)).empty(), t->name);
    for (const auto& text : {merge(*t, values(answers)), merge(*t, values())}) {
      BOOST_TEST(!has(text, "{{"), t->name);
      BOOST_TEST(!has(text, "}}"), t->name);
      BOOST_TEST(has(text, "Tess Tenant"), t->name);
      BOOST_TEST(!text.starts_with("#"), t->name);
    }
  }
}

BOOST_AUTO_TEST_CASE(R22_tables_of_the_starter_pack_have_as_many_cells_in_every_row) {
  for (const auto& t : starter_pack()) {
    std::ptrdiff_t columns = 0;
    std::string_view text = t->text;
    while (!text.empty()) {
      const auto line = text.substr(0, text.find('\n'));
      text.remove_prefix(line.size() + 1);
      const auto bars = std::count(line.begin(), line.end(), '|');
      if (columns > 0 && bars > 0) BOOST_TEST(bars == columns, t->name << ": " << line);
      columns = bars;
    }
  }
}

BOOST_AUTO_TEST_CASE(R22_the_licence_agreement_letter_is_for_licences_alone) {
  const auto has_letter = [&](tenure_type tenure) {
    const auto pack = pack_for(state, tenure);
    return std::ranges::any_of(pack, [](const auto& t) { return t->type == document_type::letter; });
  };
  BOOST_TEST(has_letter(tenure_type::licence_agreement));
  BOOST_TEST(!has_letter(tenure_type::assured_periodic));
  BOOST_TEST(pack_for(state, tenure_type::assured_periodic).size() == 8u);
  BOOST_TEST(pack_of(state).size() == 9u);
}

BOOST_AUTO_TEST_SUITE_END()
