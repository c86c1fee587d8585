#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include "edge_world.hpp"

using namespace edge_test;

namespace {

std::string code_of(const net::http::response& r) {
  return std::string(boost::json::parse(body_of(r)).at("code").as_string());
}

const std::string case_path = "/api/v1/support-cases/0190a000-0000-7000-8000-000000000001";

}  // namespace

BOOST_AUTO_TEST_SUITE(edge)

BOOST_AUTO_TEST_CASE(a_question_reaches_its_case_and_its_bytes_come_back_unchanged) {
  world w;
  const auto r = w.as_token("GET", case_path);
  BOOST_TEST(r.status == 200u);
  BOOST_TEST(body_of(r) == R"({"said":"hello"})");
  BOOST_TEST(header_of(r, "ETag") == "\"tag\"");
  BOOST_TEST(header_of(r, "Content-Type") == "application/json");
  BOOST_TEST(header_of(r, "Cache-Control") == "no-store");
  BOOST_TEST(header_of(r, "Content-Security-Policy").find("frame-ancestors 'none'") != std::string::npos);
  BOOST_REQUIRE(w.others.cases.size() == 1u);
  const auto& asked = w.others.cases[0];
  BOOST_TEST(model::to_text(asked.of_case) == w.id);
  BOOST_TEST(asked.who.email == "wanda@example.org");
  BOOST_TEST((asked.who.operator_standing == model::standing::none));
  BOOST_TEST(std::holds_alternative<actors::view_workspace>(asked.what));
  // The very bytes of the actor, not a copy.
  BOOST_TEST(r.body.get() == std::get<actors::answer>(w.others.reply).body.bytes().get());
}

BOOST_AUTO_TEST_CASE(organisations_and_logins_are_looked_up_once) {
  world w;
  for (int i = 0; i < 3; ++i) w.as_token("GET", case_path);
  BOOST_TEST(w.others.located == 1u);
  BOOST_TEST(w.others.looked_up == 1u);
  BOOST_TEST(w.others.cases.size() == 3u);
}

BOOST_AUTO_TEST_CASE(an_unknown_id_answers_as_what_may_not_be_seen) {
  world w;
  w.others.reply = model::refusal::not_found();
  const auto unseen = w.as_token("GET", case_path, {}, {{"X-Request-Id", "r"}});
  w.others.nothing_located = true;
  const auto unknown = w.as_token("GET", "/api/v1/support-cases/0190a000-0000-7000-8000-000000000009", {},
                                  {{"X-Request-Id", "r"}});
  const auto no_id = w.as_token("GET", "/api/v1/support-cases/17", {}, {{"X-Request-Id", "r"}});
  BOOST_TEST(unseen.status == 404u);
  BOOST_TEST(body_of(unseen) == body_of(unknown));
  BOOST_TEST(body_of(unseen) == body_of(no_id));
  BOOST_TEST(unseen.headers.size() == unknown.headers.size());
}

BOOST_AUTO_TEST_CASE(an_id_of_one_kind_opens_nothing_of_another) {
  world w;
  w.as_token("GET", case_path);
  w.others.nothing_located = true;
  BOOST_TEST(w.as_token("GET", "/api/v1/organisations/" + w.id).status == 404u);
  BOOST_TEST(w.others.orgs.empty());
}

BOOST_AUTO_TEST_CASE(who_shows_no_credentials_is_not_signed_in) {
  world w;
  for (const std::vector<net::http::header>& headers :
       {std::vector<net::http::header>{},
        {{"Authorization", "Bearer kw_unknown"}},
        {{"Authorization", "Basic a3c6"}},
        {{"Authorization", "Bearer"}},
        {{"Cookie", "keywork_session=forged"}},
        {{"Cookie", "other=1"}},
        {{"Authorization", "Bearer " + w.token}, {"Authorization", "Bearer " + w.token}},
        // Tokens in the wrong place would go around the CSRF check.
        {{"Cookie", "keywork_session=" + w.token}},
        {{"Authorization", "Bearer " + w.session}}}) {
    const auto r = w.send("GET", "/api/v1/me", headers);
    BOOST_TEST(r.status == 401u);
    BOOST_TEST(code_of(r) == "not_signed_in");
  }
  BOOST_TEST(w.others.lists.empty());
}

BOOST_AUTO_TEST_CASE(an_ended_login_is_refused_from_the_next_request_on) {
  world w;
  BOOST_TEST(w.as_token("GET", "/api/v1/me").status == 200u);
  w.others.known.clear();
  BOOST_TEST(w.as_token("GET", "/api/v1/me").status == 200u);
  w.logins.drop(actors::token_hash(w.token));
  BOOST_TEST(w.as_token("GET", "/api/v1/me").status == 401u);
}

BOOST_AUTO_TEST_CASE(a_cookie_needs_the_csrf_token_to_change_anything) {
  world w;
  const net::http::header cookie{"Cookie", "keywork_session=" + w.session};
  BOOST_TEST(w.send("GET", "/api/v1/me", {cookie}).status == 200u);
  for (const std::vector<net::http::header>& headers :
       {std::vector<net::http::header>{cookie},
        {cookie, {"X-CSRF-Token", ""}},
        {cookie, {"X-CSRF-Token", "x"}},
        {cookie, {"X-CSRF-Token", actors::csrf_token_of("kws_other")}}}) {
    const auto r = w.send("POST", "/api/v1/sign-out", headers);
    BOOST_TEST(r.status == 403u);
    BOOST_TEST(code_of(r) == "csrf_token_required");
  }
  BOOST_TEST(w.others.logins.empty());
  w.others.reply = actors::answer{actors::answer_kind::no_content, {}, {}, {}};
  const auto out = w.as_wanda("POST", "/api/v1/sign-out");
  BOOST_TEST(out.status == 204u);
  BOOST_TEST(cookie_of(out, "keywork_session") == "keywork_session=");
}

BOOST_AUTO_TEST_CASE(other_sites_cannot_use_a_browsers_login) {
  world w;
  w.others.reply = actors::answer{actors::answer_kind::no_content, {}, {}, {}};
  const auto status = [&](std::vector<net::http::header> more) {
    return w.as_wanda("POST", "/api/v1/sign-out", {}, std::move(more)).status;
  };
  BOOST_TEST(status({{"Origin", "https://evil.example"}}) == 403u);
  BOOST_TEST(status({{"Origin", "null"}}) == 403u);
  BOOST_TEST(status({{"Sec-Fetch-Site", "cross-site"}}) == 403u);
  BOOST_TEST(status({{"Sec-Fetch-Site", "same-site"}, {"Origin", "https://keywork.example"}}) == 403u);
  BOOST_TEST(status({{"Origin", "https://keywork.example.evil.example"}}) == 403u);
  BOOST_TEST(status({{"Origin", "https://keywork.example"}}) == 204u);
  BOOST_TEST(status({{"Origin", "http://127.0.0.1:8080"}, {"Host", "127.0.0.1:8080"}}) == 204u);
  BOOST_TEST(status({{"Sec-Fetch-Site", "same-origin"}, {"Origin", "null"}}) == 204u);
  BOOST_TEST(w.send("POST", "/api/v1/sign-in",
                    {{"Origin", "https://evil.example"}, {"Content-Type", "application/json"}},
                    R"({"email":"a@b.org"})")
                 .status == 403u);
}

BOOST_AUTO_TEST_CASE(bodies_need_their_content_type) {
  world w;
  const net::http::header bearer{"Authorization", "Bearer " + w.token};
  const auto post = [&](const char* type) {
    return w
        .send("POST", case_path + "/notes", {bearer, {"Content-Type", type}},
              R"({"stream":"shared","body":"x"})")
        .status;
  };
  for (const auto* type :
       {"application/json", "Application/JSON; charset=utf-8", "application/json;charset=UTF-8"})
    BOOST_TEST(post(type) == 200u, type);
  for (const auto* type : {"", "text/plain", "application/json; charset=latin1", "application/jsonx",
                           "application/x-www-form-urlencoded", "application/json, text/plain"})
    BOOST_TEST(post(type) == 415u, type);
  BOOST_TEST(w.send("POST", case_path + "/notes", {bearer}).status == 415u);
}

BOOST_AUTO_TEST_CASE(what_takes_no_body_gets_none) {
  world w;
  BOOST_TEST(w.as_token("GET", "/api/v1/me", "{\"a\":1}").status == 400u);
  BOOST_TEST(w.as_token("POST", case_path + "/team/" + w.id + "/end", "{}").status == 200u);
  BOOST_TEST(w.as_token("POST", case_path + "/close").status == 200u);
  BOOST_TEST(w.as_token("POST", case_path + "/close", R"({"reason":"done"})").status == 200u);
  BOOST_TEST(w.as_token("POST", case_path + "/reopen", R"({"reason":"done"})").status == 422u);
}

BOOST_AUTO_TEST_CASE(bad_input_reaches_no_actor) {
  world w;
  const auto r = w.as_token("POST", case_path + "/notes", R"({"stream":"shared","body":7,"extra":1})");
  BOOST_TEST(r.status == 422u);
  BOOST_TEST(boost::json::parse(body_of(r)).at("errors").as_array().size() == 2u);
  BOOST_TEST(w.as_token("POST", case_path + "/notes", "{").status == 400u);
  BOOST_TEST(w.as_token("GET", case_path + "/notes?limit=0").status == 400u);
  BOOST_TEST(w.others.cases.empty());
  BOOST_TEST(w.others.located == 0u);
}

BOOST_AUTO_TEST_CASE(conditions_and_keys_go_along) {
  world w;
  w.as_token("POST", case_path + "/notes", R"({"stream":"shared","body":"x"})",
             {{"Idempotency-Key", "k1"}, {"If-Match", "\"e\""}, {"X-Request-Id", "mine"}});
  w.as_token("POST", case_path + "/notes", R"({"stream":"shared","body":"y"})", {{"Idempotency-Key", "k1"}});
  w.as_token("GET", case_path, {}, {{"If-None-Match", "\"e\""}, {"Idempotency-Key", "k1"}});
  const auto& asked = w.others.cases;
  BOOST_REQUIRE(asked.size() == 3u);
  BOOST_TEST(*asked[0].given.idempotency_key == "k1");
  BOOST_TEST(*asked[0].given.if_match == "\"e\"");
  BOOST_TEST(asked[0].given.request_id == "mine");
  BOOST_TEST(asked[0].given.fingerprint != asked[1].given.fingerprint);
  BOOST_TEST(*asked[2].given.if_none_match == "\"e\"");
  BOOST_TEST(!asked[2].given.idempotency_key);
  BOOST_TEST(
      w.as_token("POST", case_path + "/close", {}, {{"Idempotency-Key", std::string(256, 'k')}}).status ==
      400u);
  BOOST_TEST(w.as_token("POST", case_path + "/close", {}, {{"Idempotency-Key", ""}}).status == 400u);
}

BOOST_AUTO_TEST_CASE(answers_become_statuses_and_locations) {
  world w;
  const auto made = model::parse_uuid("0190a000-0000-7000-8000-0000000000dd");
  w.others.reply = actors::answer{actors::answer_kind::created, actors::rendered::from(noted{"n"}), {}, made};
  auto r = w.as_token("POST", case_path + "/notes", R"({"stream":"shared","body":"x"})");
  BOOST_TEST(r.status == 201u);
  BOOST_TEST(header_of(r, "Location") == case_path + "/notes/0190a000-0000-7000-8000-0000000000dd");
  r = w.as_token("POST", "/api/v1/properties/" + w.id + "/tenancies",
                 R"({"tenants":[],"start_date":"2026-01-01","rent_pence":1,"rent_period":"weekly"})");
  BOOST_TEST(header_of(r, "Location") == "/api/v1/tenancies/0190a000-0000-7000-8000-0000000000dd");
  w.others.reply = actors::answer{actors::answer_kind::not_modified, {}, "\"e\"", {}};
  r = w.as_token("GET", case_path);
  BOOST_TEST(r.status == 304u);
  BOOST_TEST(header_of(r, "ETag") == "\"e\"");
  BOOST_TEST(body_of(r).empty());
}

BOOST_AUTO_TEST_CASE(an_actor_that_says_nothing_ends_in_503) {
  world w;
  const auto r = w.send_and_wait("GET", case_path, {{"Authorization", "Bearer " + w.token}});
  BOOST_TEST(r.status == 503u);
  BOOST_TEST(code_of(r) == "unavailable");
  BOOST_TEST(!header_of(r, "Retry-After").empty());
  BOOST_TEST(w.out.count == 1u);
}

BOOST_AUTO_TEST_CASE(an_organisation_that_died_is_found_again) {
  world w;
  BOOST_TEST(w.as_token("GET", case_path).status == 200u);
  w.kill_organisation();
  BOOST_TEST(w.as_token("GET", case_path).status == 200u);
  BOOST_TEST(w.others.located == 2u);
}

BOOST_AUTO_TEST_CASE(request_ids_are_taken_or_made) {
  world w;
  BOOST_TEST(header_of(w.send("GET", "/nothing", {{"X-Request-Id", "abc-1"}}), "X-Request-Id") == "abc-1");
  for (const std::string& bad :
       {std::string(129, 'x'), std::string("a b"), std::string("\x7f"), std::string("é")}) {
    const auto id = header_of(w.send("GET", "/nothing", {{"X-Request-Id", bad}}), "X-Request-Id");
    BOOST_TEST(model::parse_uuid(id).has_value());
  }
}

BOOST_AUTO_TEST_CASE(unknown_paths_and_methods_are_told) {
  world w;
  BOOST_TEST(w.send("GET", "/api/v1/nothing").status == 404u);
  const auto r = w.send("DELETE", "/api/v1/sign-in");
  BOOST_TEST(r.status == 405u);
  BOOST_TEST(header_of(r, "Allow") == "POST");
  BOOST_TEST(code_of(r) == "method_not_allowed");
  BOOST_TEST(header_of(w.send("GET", "/nothing", {{"Accept", "text/html"}}), "Content-Type")
                 .starts_with("text/html"));
}

BOOST_AUTO_TEST_CASE(the_api_description_is_served_with_its_etag) {
  world w;
  const auto r = w.send("GET", "/openapi.json");
  BOOST_TEST(r.status == 200u);
  const auto again = w.send("GET", "/openapi.json", {{"If-None-Match", header_of(r, "ETag")}});
  BOOST_TEST(again.status == 304u);
}

BOOST_AUTO_TEST_CASE(me_gets_the_csrf_token_of_the_login_and_no_bearer_does) {
  world w;
  w.as_wanda("GET", "/api/v1/me");
  w.as_token("GET", "/api/v1/me");
  BOOST_REQUIRE(w.others.lists.size() == 2u);
  BOOST_TEST(std::get<actors::view_me>(w.others.lists[0].what).csrf_token ==
             actors::csrf_token_of(w.session));
  BOOST_TEST(std::get<actors::view_me>(w.others.lists[1].what).csrf_token.empty());
}

BOOST_AUTO_TEST_CASE(requests_and_refusals_are_counted) {
  world w;
  w.as_token("GET", case_path);
  w.send("GET", "/api/v1/nothing");
  const auto text = w.measured.text();
  BOOST_TEST(text.find("keywork_http_requests_total{route=\"get_case\",status=\"2xx\"} 1") !=
             std::string::npos);
  BOOST_TEST(text.find("keywork_http_requests_total{route=\"none\",status=\"4xx\"} 1") != std::string::npos);
  BOOST_TEST(text.find("keywork_refusals_total{code=\"not_found\"} 1") != std::string::npos);
  BOOST_TEST(text.find("keywork_http_request_seconds_count 2") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
