#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include "edge_world.hpp"

using namespace edge_test;

namespace {

const net::http::header json_type{"Content-Type", "application/json"};
const net::http::header form_type{"Content-Type", "application/x-www-form-urlencoded"};
const net::http::header browser{"Sec-Fetch-Site", "same-origin"};

actors::signed_in door(const world& w) {
  return {model::user_id{*model::parse_uuid("0190a000-0000-7000-8000-0000000000c1")},
          "wanda@example.org",
          "Wanda <b>Worker</b>",
          "/support/tenants",
          "kws_fresh",
          w.clock.time + std::chrono::hours(1)};
}

actors::answer accepted() {
  return {actors::answer_kind::accepted, actors::rendered::from(noted{"ok"}), {}, {}};
}

model::refusal refusal_of(model::refusal_code code) { return model::refusal::conflict(code, "In words."); }

bool says(const net::http::response& r, std::string_view text) {
  return body_of(r).find(text) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(edge_sign_in)

BOOST_AUTO_TEST_CASE(R37_asking_for_a_link_is_accepted_and_remembered_by_the_browser) {
  world w;
  w.others.reply = accepted();
  const auto r = w.send("POST", "/api/v1/sign-in", {json_type}, R"({"email":"Wanda@Example.org"})");
  BOOST_TEST(r.status == 202u);
  BOOST_TEST(w.others.sign_ins.at(0).email == "wanda@example.org");
  BOOST_TEST(w.others.sign_ins.at(0).source == "192.0.2.7");
  BOOST_TEST(cookie_of(r, "keywork_asked").starts_with("keywork_asked="));
}

BOOST_AUTO_TEST_CASE(R37_the_source_is_the_peer_whatever_a_header_claims) {
  world w;
  w.others.reply = accepted();
  w.send("POST", "/api/v1/sign-in", {json_type, {"X-Forwarded-For", "10.0.0.1"}}, R"({"email":"a@b.org"})");
  BOOST_TEST(w.others.sign_ins.at(0).source == "192.0.2.7");
}

BOOST_AUTO_TEST_CASE(redeeming_opens_a_session_in_a_cookie_and_nowhere_else) {
  world w;
  w.others.sign_in_reply = door(w);
  const auto r = w.send("POST", "/api/v1/sign-in/redeem", {json_type}, R"({"token":"t"})");
  BOOST_TEST(r.status == 200u);
  std::string cookie;
  for (const auto& h : r.headers)
    if (h.value.starts_with("keywork_session=")) cookie = h.value;
  BOOST_TEST(cookie == "keywork_session=kws_fresh; Path=/; HttpOnly; SameSite=Lax; Max-Age=3600; Secure");
  BOOST_TEST(!says(r, "kws_fresh"));
  const auto body = boost::json::parse(body_of(r));
  BOOST_TEST(body.at("landing").as_string() == "/support/tenants");
  BOOST_TEST(body.at("user").at("email").as_string() == "wanda@example.org");
  BOOST_TEST(body.at("csrf_token").as_string() == actors::csrf_token_of("kws_fresh"));
}

BOOST_AUTO_TEST_CASE(R37_a_program_needs_the_token_alone_and_a_strange_browser_the_address) {
  world w;
  w.send("POST", "/api/v1/sign-in/redeem", {json_type}, R"({"token":"t"})");
  w.send("POST", "/api/v1/sign-in/redeem", {json_type, browser}, R"({"token":"t"})");
  w.send("POST", "/api/v1/invites/redeem", {json_type, browser}, R"({"token":"t","email":"A@b.org"})");
  const auto& asked = w.others.redeems;
  BOOST_REQUIRE(asked.size() == 3u);
  BOOST_TEST(!asked[0].must_type_email);
  BOOST_TEST(asked[1].must_type_email);
  BOOST_TEST(!asked[1].typed_email);
  BOOST_TEST(*asked[2].typed_email == "a@b.org");
}

BOOST_AUTO_TEST_CASE(R37_the_browser_that_asked_need_not_type_the_address) {
  world w;
  w.others.reply = accepted();
  const auto asked =
      cookie_of(w.send("POST", "/login", {form_type}, "email=wanda%40example.org"), "keywork_asked");
  w.send("POST", "/api/v1/sign-in/redeem", {json_type, browser, {"Cookie", asked}}, R"({"token":"t"})");
  BOOST_TEST(*w.others.redeems.at(0).typed_email == "wanda@example.org");
  // A forged one counts for nothing.
  auto forged = asked;
  forged.replace(forged.find("wanda"), 5, "mandy");
  w.send("POST", "/api/v1/sign-in/redeem", {json_type, browser, {"Cookie", forged}}, R"({"token":"t"})");
  BOOST_TEST(!w.others.redeems.at(1).typed_email);
}

BOOST_AUTO_TEST_CASE(R37_a_browser_that_asked_for_somebody_else_has_to_type_the_address) {
  world w;
  w.others.sign_in_reply = model::refusal::invalid("email", "mismatch", "Not this one.");
  const net::http::header cookie{"Cookie", "keywork_asked=" + [&] {
                                   const std::string email = "mandy@example.org";
                                   return w.links().seal("asked:" + email) + "." + email;
                                 }()};
  const auto r = w.send("POST", "/api/v1/sign-in/redeem", {json_type, browser, cookie}, R"({"token":"t"})");
  BOOST_TEST(r.status == 422u);
  BOOST_TEST(says(r, "\"email_required\""));
  const auto page = w.send("POST", "/login", {form_type, cookie}, "token=t");
  BOOST_TEST(says(page, "name=\"email\""));
}

BOOST_AUTO_TEST_CASE(R37_opening_a_link_spends_nothing_and_shows_a_button) {
  world w;
  const auto r = w.send("GET", "/login?token=abc%22%3E%3Cscript%3E&utm_source=mail");
  BOOST_TEST(r.status == 200u);
  BOOST_TEST(says(r, "<button type=\"submit\">Sign in</button>"));
  BOOST_TEST(!says(r, "<script"));
  BOOST_TEST(says(r, "name=\"email\""));
  BOOST_TEST(w.others.redeems.empty());
  const auto policy = header_of(r, "Content-Security-Policy");
  for (const auto* part :
       {"default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"})
    BOOST_TEST(policy.find(part) != std::string::npos, part);
}

BOOST_AUTO_TEST_CASE(the_form_signs_in_and_leads_to_the_start_page) {
  world w;
  w.others.sign_in_reply = door(w);
  const auto r = w.send("POST", "/login", {form_type}, "token=abc&email=Wanda%40example.org");
  BOOST_TEST(r.status == 303u);
  BOOST_TEST(header_of(r, "Location") == "/");
  BOOST_TEST(cookie_of(r, "keywork_session") == "keywork_session=kws_fresh");
  BOOST_TEST(w.others.redeems.at(0).token == "abc");
  BOOST_TEST(w.others.redeems.at(0).must_type_email);
  BOOST_TEST(*w.others.redeems.at(0).typed_email == "wanda@example.org");
}

BOOST_AUTO_TEST_CASE(refusals_of_the_form_are_words_with_a_way_on) {
  world w;
  using code = model::refusal_code;
  const std::pair<code, unsigned> expected[] = {{code::link_spent, 410},
                                                {code::link_expired, 410},
                                                {code::email_required, 422},
                                                {code::too_many_requests, 429}};
  for (const auto& [c, status] : expected) {
    w.others.sign_in_reply = refusal_of(c);
    const auto r = w.send("POST", "/login", {form_type}, "token=abc");
    BOOST_TEST(r.status == status);
    BOOST_TEST(header_of(r, "Content-Type").starts_with("text/html"));
    BOOST_TEST(says(r, "<form"));
    BOOST_TEST(says(r, "role=\"alert\""));
  }
  for (const auto* body : {"email=nobody", "email=", "", "email=a%40b.org%0d%0aBcc:x"}) {
    BOOST_TEST(w.send("POST", "/login", {form_type}, body).status == 422u, body);
  }
  BOOST_TEST(w.others.sign_ins.empty());
}

BOOST_AUTO_TEST_CASE(the_start_page_shows_who_is_signed_in_escaped) {
  world w;
  w.others.reply = actors::answer{
      actors::answer_kind::ok,
      actors::rendered::again(
          R"({"user":{"id":"1","email":"w@example.org","full_name":"W <b>&\u00e9"},"organisations":[{"id":"1","name":"North & Co","tier":"enterprise","role":"org_admin","features":[]}],"landing":"/support-cases","csrf_token":"c\"t"})"),
      {},
      {}};
  const auto r = w.as_wanda("GET", "/");
  BOOST_TEST(r.status == 200u);
  for (const auto* text :
       {"W &lt;b&gt;&amp;é", "w@example.org", "North &amp; Co", "administrator", "c&quot;t"})
    BOOST_TEST(says(r, text), text);
  BOOST_TEST(header_of(r, "Cache-Control") == "no-store");
}

BOOST_AUTO_TEST_CASE(who_is_not_signed_in_is_sent_to_sign_in) {
  world w;
  const auto r = w.send("GET", "/");
  BOOST_TEST(r.status == 303u);
  BOOST_TEST(header_of(r, "Location") == "/login");
}

BOOST_AUTO_TEST_CASE(the_sign_out_form_needs_its_csrf_field) {
  world w;
  const net::http::header cookie{"Cookie", "keywork_session=" + w.session};
  BOOST_TEST(w.send("POST", "/sign-out", {form_type, cookie}, "csrf_token=wrong").status == 403u);
  BOOST_TEST(w.others.logins.empty());
  w.others.reply = actors::answer{actors::answer_kind::no_content, {}, {}, {}};
  const auto r =
      w.send("POST", "/sign-out", {form_type, cookie}, "csrf_token=" + actors::csrf_token_of(w.session));
  BOOST_TEST(r.status == 303u);
  BOOST_TEST(cookie_of(r, "keywork_session") == "keywork_session=");
  BOOST_TEST(std::holds_alternative<actors::sign_out>(w.others.logins.at(0).what));
}

BOOST_AUTO_TEST_CASE(the_style_sheet_may_be_kept) {
  world w;
  const auto r = w.send("GET", "/style.css");
  BOOST_TEST(header_of(r, "Content-Type") == "text/css; charset=utf-8");
  BOOST_TEST(header_of(r, "Cache-Control") == "public, max-age=3600");
  BOOST_TEST(w.send("GET", "/style.css", {{"If-None-Match", header_of(r, "ETag")}}).status == 304u);
}

BOOST_AUTO_TEST_SUITE_END()
