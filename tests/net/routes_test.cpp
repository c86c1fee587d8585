#include "net/routes.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

namespace {

const std::string id = "0190a000-0000-7000-8000-000000000001", other = "0190a000-0000-7000-8000-000000000002";

net::parsed parse(std::string_view method, std::string_view path, std::string_view query = {},
                  std::string_view body = "{}") {
  const auto found = net::routes().find(method, path);
  BOOST_REQUIRE_MESSAGE(found.matched, method << ' ' << path);
  const auto ids = found.ids();
  BOOST_REQUIRE(ids);
  auto pairs = net::read_query(*found.matched, query);
  if (auto* no = std::get_if<model::refusal>(&pairs)) return *no;
  return found.matched->parse({*ids, std::get<net::pairs>(pairs), body});
}

template <class Call>
Call call_of(const net::parsed& p) {
  if (const auto* no = std::get_if<model::refusal>(&p)) BOOST_FAIL(no->detail);
  return std::get<Call>(std::get<net::call>(p));
}

template <class Command>
Command case_command(const net::parsed& p) {
  return std::get<Command>(std::get<model::case_command>(call_of<net::case_call>(p).what));
}

template <class Command>
Command org_command(const net::parsed& p) {
  return std::get<Command>(std::get<model::org_command>(call_of<net::org_call>(p).what));
}

std::string path_with_ids(std::string_view path) {
  std::string out;
  while (path.find('{') != path.npos) {
    out.append(path.substr(0, path.find('{'))).append(id);
    path.remove_prefix(path.find('}') + 1);
  }
  return out.append(path);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(routes)

BOOST_AUTO_TEST_CASE(every_route_is_found_at_its_path_and_has_an_operation_id_of_its_own) {
  std::set<std::string_view> ids;
  for (const auto& r : net::routes().all()) {
    const auto found = net::routes().find(r.method, path_with_ids(r.path));
    BOOST_TEST(found.matched == &r, r.id);
    BOOST_TEST(ids.insert(r.id).second, r.id);
    BOOST_TEST((r.parse != nullptr), r.id);
    BOOST_TEST((r.takes != net::content::json || r.body != nullptr), r.id);
  }
}

BOOST_AUTO_TEST_CASE(head_is_served_as_get) {
  BOOST_TEST(net::routes().find("HEAD", "/api/v1/me").matched->id == "get_me");
}

BOOST_AUTO_TEST_CASE(unknown_paths_lead_nowhere) {
  for (const auto* path :
       {"/api", "/api/v1", "/api/v1/", "/api/v1/me/", "/api/v1//me", "/API/v1/me", "/api/v1/nothing",
        "/api/v1/support-cases/", "//", "/api/v1/me%00", "/api/v1/me%2", "/api/v1/%ff",
        "/api/v1/support-cases/x/y", "/api/v1/support-cases%2Fx", "/../login", "/login/.."}) {
    const auto found = net::routes().find("GET", path);
    BOOST_TEST(!found.matched, path);
    BOOST_TEST(found.allow.empty(), path);
  }
}

BOOST_AUTO_TEST_CASE(a_known_path_tells_its_methods) {
  BOOST_TEST(net::routes().find("DELETE", "/api/v1/me").allow == "GET, HEAD");
  BOOST_TEST(net::routes().find("PUT", "/api/v1/support-cases/" + id).allow == "GET, HEAD, PATCH");
  BOOST_TEST(net::routes().find("GET", "/api/v1/sign-in").allow == "POST");
  BOOST_TEST(net::routes().find("get", "/api/v1/me").allow == "GET, HEAD");
}

BOOST_AUTO_TEST_CASE(segments_are_decoded_one_by_one) {
  BOOST_TEST(net::routes().find("GET", "/api/v1/%6de").matched->id == "get_me");
  const auto found =
      net::routes().find("GET", "/api/v1/support-cases/0190a000%2D0000-7000-8000-000000000001");
  BOOST_REQUIRE(found.ids());
  BOOST_TEST(model::to_text(found.ids()->at(0)) == id);
}

BOOST_AUTO_TEST_CASE(a_malformed_id_is_none) {
  for (const auto* bad : {"1", "0190a000-0000-7000-8000-00000000000", "0190a000-0000-7000-8000-0000000000011",
                          "%27%20OR%201=1", "null", "0190a000%2f0000-7000-8000-000000000001"})
    BOOST_TEST(!net::routes().find("GET", "/api/v1/support-cases/" + std::string(bad)).ids(), bad);
}

BOOST_AUTO_TEST_CASE(a_month_stands_among_the_ids_of_a_path) {
  const auto digests = "/api/v1/organisations/" + id + "/digests/";
  const auto found = net::routes().find("GET", digests + "2026-10/preview");
  BOOST_REQUIRE(found.ids());
  BOOST_TEST(found.ids()->size() == 1u);
  BOOST_TEST(model::to_text(found.month().value()) == "2026-10");
  for (const auto* bad : {"2026-13", "2026", "2026-10-01", "october", id.c_str()})
    BOOST_TEST(!net::routes().find("GET", digests + bad + "/preview").ids(), bad);
  BOOST_TEST(!net::routes().find("POST", digests + "2026-10/resend").ids());
  BOOST_TEST(net::routes().find("POST", digests + id + "/resend").ids()->size() == 2u);
  BOOST_TEST(!net::routes().find("HEAD", digests + "2026-10/preview").matched);
}

BOOST_AUTO_TEST_CASE(commands_of_a_case_take_their_ids_from_the_path) {
  const auto base = "/api/v1/support-cases/" + id;
  BOOST_TEST(model::to_text(call_of<net::case_call>(parse("GET", base)).of_case) == id);
  BOOST_TEST(model::to_text(case_command<model::edit_note>(
                                parse("PATCH", base + "/notes/" + other, {}, R"({"body":"x"})"))
                                .note) == other);
  BOOST_TEST(model::to_text(
                 case_command<model::delete_note>(parse("DELETE", base + "/notes/" + other)).note) == other);
  BOOST_TEST(model::to_text(
                 case_command<model::end_assignment>(parse("POST", base + "/team/" + other + "/end")).row) ==
             other);
  BOOST_TEST(model::to_text(
                 case_command<model::resend_invite>(parse("POST", base + "/team/" + other + "/resend-invite"))
                     .row) == other);
  BOOST_TEST(model::to_text(case_command<model::edit_contact>(parse("PATCH", base + "/team/" + other)).row) ==
             other);
  BOOST_TEST(case_command<model::close_case>(parse("POST", base + "/close", {}, R"({"reason":"moved"})"))
                 .reason->value == "moved");
  case_command<model::reopen_case>(parse("POST", base + "/reopen"));
}

BOOST_AUTO_TEST_CASE(commands_of_an_organisation_say_what_locates_it) {
  const auto tenancy = call_of<net::org_call>(
      parse("POST", "/api/v1/properties/" + id + "/tenancies", {},
            R"({"tenants":[],"start_date":"2026-01-01","rent_pence":1,"rent_period":"weekly"})"));
  BOOST_TEST(model::to_text(std::get<model::property_id>(tenancy.where.what)) == id);
  const auto opened = call_of<net::org_call>(
      parse("POST", "/api/v1/support-cases", {}, R"({"tenancy_id":")" + other + "\"}"));
  BOOST_TEST(model::to_text(std::get<model::tenancy_id>(opened.where.what)) == other);
  const auto tenant = call_of<net::org_call>(parse("PATCH", "/api/v1/tenants/" + id));
  BOOST_TEST(model::to_text(std::get<model::tenant_id>(tenant.where.what)) == id);
  const auto base = "/api/v1/organisations/" + id;
  BOOST_TEST(
      model::to_text(org_command<model::remove_member>(parse("DELETE", base + "/members/" + other)).user) ==
      other);
  BOOST_TEST(model::to_text(org_command<model::change_property>(parse("PATCH", base + "/properties/" + other))
                                .property) == other);
  BOOST_TEST(model::to_text(org_command<model::rename_landlord>(
                                parse("PATCH", base + "/landlords/" + other, {}, R"({"name":"N"})"))
                                .landlord) == other);
}

BOOST_AUTO_TEST_CASE(R22_document_templates_are_the_organisations) {
  const auto base = "/api/v1/organisations/" + id + "/document-templates";
  const auto list = call_of<net::org_call>(parse("GET", base, "limit=9&cursor=" + other));
  BOOST_TEST(model::to_text(std::get<model::org_id>(list.where.what)) == id);
  BOOST_TEST(std::get<actors::view_document_templates>(list.what).part.limit == 9u);
  const auto one = call_of<net::org_call>(parse("GET", base + '/' + other));
  BOOST_TEST(model::to_text(std::get<actors::view_document_template>(one.what).id) == other);
  const auto added = org_command<model::add_template>(
      parse("POST", base, {}, R"({"type":"letter","name":"A","text":"T","tenures":["secure"]})"));
  BOOST_TEST(added.text_.value == "T");
  BOOST_TEST((added.tenures->at(0) == model::tenure_type::secure));
  const auto changed = org_command<model::change_template>(
      parse("PATCH", base + '/' + other, {}, R"({"due_every_months":null,"retired":true})"));
  BOOST_TEST(model::to_text(changed.template_id) == other);
  BOOST_TEST(changed.due_every_months.given);
  BOOST_TEST(!changed.due_every_months.to.has_value());
  BOOST_TEST(*changed.retired);
  const auto errors_of = [&](std::string_view method, const std::string& path, std::string_view body) {
    const auto refused = std::get<model::refusal>(parse(method, path, {}, body));
    std::string out;
    for (const auto& e : refused.errors) out += e.field + ' ' + e.code + ';';
    return out;
  };
  BOOST_TEST(errors_of("POST", base, R"({"type":"poem","name":"A","text":"T","tenures":["feudal"]})") ==
             "type not_allowed;tenures[0] not_allowed;");
  BOOST_TEST(
      errors_of("POST", base, R"({"type":"letter","name":"A","text":")" + std::string(20'001, 'x') + "\"}") ==
      "text too_long;");
  BOOST_TEST(errors_of("PATCH", base + '/' + other, R"({"template_id":")" + id + "\"}") ==
             "template_id unknown_field;");
  BOOST_TEST(errors_of("PATCH", base + '/' + other, R"({"type":"letter"})") == "type unknown_field;");
}

BOOST_AUTO_TEST_CASE(lists_take_limit_cursor_and_filters) {
  const auto cases = std::get<actors::list_cases>(call_of<actors::list_request>(
      parse("GET", "/api/v1/support-cases",
            "org=" + id + "&status=closed&q=a%20b+c%26&limit=200&cursor=" + other)));
  BOOST_TEST(model::to_text(*cases.org) == id);
  BOOST_TEST((cases.status == model::case_status::closed));
  BOOST_TEST(cases.text == "a b c&");
  BOOST_TEST(cases.part.limit == 200u);
  BOOST_TEST(model::to_text(*cases.part.after) == other);
  const auto search = std::get<actors::search_texts>(call_of<actors::list_request>(
      parse("GET", "/api/v1/search", "q=a%20b&org=" + id + "&cursor=" + other)));
  BOOST_TEST(search.text == "a b");
  BOOST_TEST(model::to_text(*search.org) == id);
  BOOST_TEST(model::to_text(*search.part.after) == other);
  const auto tasks = std::get<actors::list_tasks>(
      call_of<actors::list_request>(parse("GET", "/api/v1/tasks", "limit=7&cursor=2026-11-21_" + other)));
  BOOST_TEST(tasks.limit == 7u);
  BOOST_TEST(actors::cursor_after(*tasks.after) == "2026-11-21_" + other);
  for (const std::string& cursor :
       {other, "2026-11-31_" + other, std::string("2026-11-21_"), std::string("_")})
    BOOST_TEST(std::holds_alternative<model::refusal>(parse("GET", "/api/v1/tasks", "cursor=" + cursor)),
               cursor);
  const auto notes = std::get<actors::view_notes>(
      call_of<net::case_call>(parse("GET", "/api/v1/support-cases/" + id + "/notes", "stream=professional"))
          .what);
  BOOST_TEST((notes.stream == model::stream::professional));
  BOOST_TEST(notes.part.limit == 50u);
  const auto tenancies = std::get<actors::view_tenancies>(
      call_of<net::org_call>(parse("GET", "/api/v1/organisations/" + id + "/tenancies", "without_case=true"))
          .what);
  BOOST_TEST(tenancies.without_case);
}

BOOST_AUTO_TEST_CASE(a_query_that_will_not_do_is_refused_by_name) {
  const auto refused = [](std::string_view query) {
    const auto p = parse("GET", "/api/v1/support-cases", query);
    BOOST_REQUIRE_MESSAGE(std::holds_alternative<model::refusal>(p), query);
    const auto& no = std::get<model::refusal>(p);
    BOOST_TEST((no.code == model::refusal_code::bad_request));
    return no.errors.empty() ? std::string{} : no.errors[0].field;
  };
  for (const auto* query : {"limit=0", "limit=201", "limit=-1", "limit=x", "limit=", "limit=1.5",
                            "limit=99999999999", "limit=5&limit=6", "limit= 5"})
    BOOST_TEST(refused(query) == "limit", query);
  BOOST_TEST(refused("cursor=zzz") == "cursor");
  BOOST_TEST(refused("status=OPEN") == "status");
  BOOST_TEST(refused("org=1") == "org");
  BOOST_TEST(refused("colour=red") == "colour");
  BOOST_TEST(refused("stream=shared") == "stream");
  BOOST_TEST(refused("q=" + std::string(201, 'x')) == "q");
  BOOST_TEST(refused("q=%zz") == "");
  BOOST_TEST(refused("q=%00") == "");
  BOOST_TEST(refused("q=%ff") == "");
}

BOOST_AUTO_TEST_CASE(signing_in_normalises_the_address) {
  BOOST_TEST(
      call_of<net::sign_in_call>(parse("POST", "/api/v1/sign-in", {}, R"({"email":" A@B.org"})")).email ==
      "a@b.org");
  for (const auto* path : {"/api/v1/sign-in/redeem", "/api/v1/invites/redeem"}) {
    const auto c = call_of<net::redeem_call>(parse("POST", path, {}, R"({"token":"t","email":"A@B.org"})"));
    BOOST_TEST(c.token == "t");
    BOOST_TEST(*c.email == "a@b.org");
  }
}

BOOST_AUTO_TEST_CASE(forms_come_in_decoded) {
  const auto c = call_of<net::page_call>(parse("POST", "/login", {}, "email=a%40b.org&x=1+2"));
  BOOST_TEST(*net::find(c.fields, "email") == "a@b.org");
  BOOST_TEST(*net::find(c.fields, "x") == "1 2");
  BOOST_TEST(std::holds_alternative<model::refusal>(parse("POST", "/login", {}, "email=%")));
}

BOOST_AUTO_TEST_CASE(cookies_are_found_by_their_whole_name) {
  BOOST_TEST(net::cookie_value("a=1; keywork_session=x=y; b=2", "keywork_session") == "x=y");
  BOOST_TEST(net::cookie_value("xkeywork_session=1; keywork_sessions=2", "keywork_session").empty());
  BOOST_TEST(net::cookie_value("", "a").empty());
}

BOOST_AUTO_TEST_SUITE_END()
