#include "net/openapi.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <set>

namespace json = boost::json;

namespace {

const json::value& document() {
  static const json::value parsed = json::parse(*net::openapi_document().text);
  return parsed;
}

const json::object& schema(std::string_view name) {
  return document().at("components").at("schemas").at(name).as_object();
}

/// Calls `f` with every `$ref` there is.
template <class Function>
void each_reference(const json::value& v, Function f) {
  if (const auto* o = v.if_object()) {
    for (const auto& [name, member] : *o)
      if (name == "$ref")
        f(member.as_string());
      else
        each_reference(member, f);
  } else if (const auto* a = v.if_array()) {
    for (const auto& item : *a) each_reference(item, f);
  }
}

bool requires_member(const json::object& s, std::string_view name) {
  const auto* required = s.if_contains("required");
  if (!required) return false;
  for (const auto& r : required->as_array())
    if (r.as_string() == name) return true;
  return false;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out) c = static_cast<char>(std::tolower(c));
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(openapi)

BOOST_AUTO_TEST_CASE(every_route_of_the_api_is_described) {
  BOOST_TEST(document().at("openapi").as_string() == "3.1.0");
  const auto& paths = document().at("paths").as_object();
  std::size_t operations = 0, routes = 0;
  for (const auto& [path, methods] : paths) operations += methods.as_object().size();
  for (const auto& r : net::routes().all()) {
    if (r.tag == "pages") continue;
    ++routes;
    BOOST_REQUIRE_MESSAGE(paths.contains(r.path), r.path);
    const auto& operation = paths.at(r.path).at(lower(r.method)).as_object();
    BOOST_TEST(operation.at("operationId").as_string() == r.id);
    BOOST_TEST(operation.at("responses").as_object().contains(std::to_string(r.success)), r.id);
    BOOST_TEST(operation.contains("requestBody") == (r.body != nullptr), r.id);
  }
  BOOST_TEST(operations == routes);
}

BOOST_AUTO_TEST_CASE(no_reference_dangles) {
  std::size_t count = 0;
  each_reference(document(), [&](const json::string& ref) {
    ++count;
    BOOST_REQUIRE(ref.starts_with("#/"));
    json::error_code ec;
    document().find_pointer(std::string_view(ref).substr(1), ec);
    BOOST_TEST(!ec, ref);
  });
  BOOST_TEST(count > 100u);
}

BOOST_AUTO_TEST_CASE(path_parameters_are_named_as_in_the_path) {
  for (const auto& [path, methods] : document().at("paths").as_object())
    for (const auto& [method, operation] : methods.as_object())
      for (const auto& p : operation.at("parameters").as_array())
        if (const auto* in = p.as_object().if_contains("in"); in && in->as_string() == "path")
          BOOST_TEST(path.find("{" + std::string(p.at("name").as_string()) + "}") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(limits_formats_and_choices_come_from_the_types) {
  const auto& note = schema("add_note").at("properties").as_object();
  BOOST_TEST(note.at("body").at("maxLength").as_int64() == 20000);
  BOOST_TEST(note.at("body").at("minLength").as_int64() == 1);
  BOOST_TEST(schema("stream").at("enum").as_array().size() == 2u);
  BOOST_TEST(schema("create_tenancy").at("properties").at("start_date").at("format").as_string() == "date");
  BOOST_TEST(schema("sign_in_input").at("properties").at("email").at("format").as_string() == "email");
  BOOST_TEST(schema("note_view").at("properties").at("id").at("format").as_string() == "uuid");
  BOOST_TEST(schema("note_view").at("properties").at("created_at").at("format").as_string() == "date-time");
}

BOOST_AUTO_TEST_CASE(what_comes_in_is_closed_and_without_what_the_path_names) {
  const auto& edit = schema("edit_note");
  BOOST_TEST(!edit.at("properties").as_object().contains("note"));
  BOOST_TEST(edit.at("additionalProperties").as_bool() == false);
  BOOST_TEST(!requires_member(edit, "body"));
  BOOST_TEST(requires_member(schema("add_note"), "body"));
  BOOST_TEST(!requires_member(schema("add_note"), "safeguarding"));
  BOOST_TEST(!schema("add_to_team").at("properties").as_object().contains("person"));
}

BOOST_AUTO_TEST_CASE(answers_name_every_member_and_say_where_null_may_stand) {
  const auto& note = schema("note_view");
  BOOST_TEST(requires_member(note, "edited_at"));
  BOOST_TEST(note.at("properties").at("edited_at").at("type").as_array().at(1).as_string() == "null");
  BOOST_TEST(note.at("properties").at("deleted").at("anyOf").as_array().size() == 2u);
  BOOST_TEST(!schema("context_workspace").at("properties").as_object().contains("documents"));
  BOOST_TEST(schema("operator_workspace").at("properties").as_object().contains("case"));
  BOOST_TEST(requires_member(schema("member_view_list"), "next"));
}

BOOST_AUTO_TEST_SUITE_END()
