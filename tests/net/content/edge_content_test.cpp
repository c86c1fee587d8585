// What the edge itself does with files and exports; the rest is the content actor's.
#include <boost/test/unit_test.hpp>

#include "net/http/outflow.hpp"
#include "tests/net/edge_world.hpp"

using namespace edge_test;

namespace {

const std::string base = "/api/v1/support-cases/0190a000-0000-7000-8000-000000000001";
const std::string content = base + "/documents/0190a000-0000-7000-8000-000000000002/content";

actors::answer passed(std::optional<model::file_id> file) {
  actors::stream_document what;
  what.document.title = "Plan";
  what.document.media_type = file ? "image/png" : "text/markdown";
  what.document.file = file;
  what.document.content_size = 12'345;
  actors::answer a;
  a.etag = "\"tag\"";
  a.body = actors::rendered::from(noted{"not this"});
  a.stream = actors::stream_order{};
  a.stream->heading.time_zone = "Europe/London";
  a.stream->what = what;
  return a;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(edge_content)

BOOST_AUTO_TEST_CASE(a_head_of_a_file_tells_its_length_and_asks_for_no_bytes) {
  world w;
  w.others.reply = passed(model::file_id{*model::parse_uuid("0190a000-0000-7000-8000-000000000003")});
  const auto r = w.as_token("HEAD", content);
  BOOST_TEST(r.status == 200u);
  BOOST_TEST(header_of(r, "Content-Type") == "image/png");
  BOOST_TEST(header_of(r, "ETag") == "\"tag\"");
  BOOST_TEST(header_of(r, "Content-Disposition").find("Plan.png") != std::string::npos);
  BOOST_TEST(header_of(r, "Content-Security-Policy").find("frame-ancestors 'none'") != std::string::npos);
  BOOST_TEST(!r.body);
  BOOST_REQUIRE(r.stream);
  BOOST_TEST(r.stream->length().value() == 12'345u);
}

BOOST_AUTO_TEST_CASE(a_head_of_a_text_prints_nothing) {
  world w;
  w.others.reply = passed({});
  const auto r = w.as_token("HEAD", content);
  BOOST_TEST(header_of(r, "Content-Type") == "application/pdf");
  BOOST_REQUIRE(r.stream);
  BOOST_TEST(!r.stream->length());
}

BOOST_AUTO_TEST_CASE(what_the_client_has_is_not_sent_again) {
  world w;
  actors::answer a;
  a.kind = actors::answer_kind::not_modified;
  a.etag = "\"tag\"";
  w.others.reply = a;
  const auto r = w.as_token("GET", content, {}, {{"If-None-Match", "\"tag\""}});
  BOOST_TEST(r.status == 304u);
  BOOST_TEST(!r.stream);
}

BOOST_AUTO_TEST_CASE(R26_an_export_has_no_head) {
  world w;
  for (const auto* what : {"notes.csv", "notes.pdf", "sessions.csv", "sessions.pdf"}) {
    const auto r = w.as_token("HEAD", base + "/export/" + what);
    BOOST_TEST(r.status == 405u);
    BOOST_TEST(header_of(r, "Allow") == "GET");
  }
  BOOST_TEST(w.others.cases.empty());
}

BOOST_AUTO_TEST_CASE(R26_an_export_is_a_command_of_the_case) {
  world w;
  w.others.reply = model::refusal::not_permitted();
  BOOST_TEST(w.as_token("GET", base + "/export/sessions.pdf").status == 403u);
  BOOST_REQUIRE(w.others.cases.size() == 1u);
  const auto& command = std::get<model::make_export>(std::get<model::case_command>(w.others.cases[0].what));
  BOOST_TEST((command.what == model::export_content::sessions));
  BOOST_TEST((command.format == model::export_format::pdf));
}

BOOST_AUTO_TEST_CASE(an_upload_needs_a_login_and_a_name_that_is_one) {
  world w;
  BOOST_TEST(w.send("PUT", content, {}, "bytes").status == 401u);
  BOOST_TEST(w.as_token("PUT", content + "?file_name=a%0Ab", "bytes").status == 400u);
  BOOST_TEST(w.as_token("PUT", content + "?name=a", "bytes").status == 400u);
  BOOST_TEST(
      w.send("PUT", content,
             {{"Authorization", "Bearer " + w.token}, {"Content-Type", "a/b"}, {"Content-Type", "c/d"}},
             "bytes")
          .status == 415u);
  BOOST_TEST(w.send("PUT", content, {{"Cookie", "keywork_session=" + w.session}}, "bytes").status == 403u);
  BOOST_TEST(w.others.cases.empty());
}

BOOST_AUTO_TEST_CASE(a_large_body_comes_only_from_somebody_whom_the_case_lets_send_it) {
  world w;
  const auto status = [&](std::vector<net::http::header> headers, const std::string& method = "PUT",
                          const std::string& target = content) {
    const auto said = w.announce(method, target, std::move(headers));
    return std::holds_alternative<std::string>(said) ? 0u : std::get<net::http::response>(said).status;
  };
  BOOST_TEST(status({}) == 401u);
  BOOST_TEST(status({{"Authorization", "Bearer kw_junk"}}) == 401u);
  BOOST_TEST(status({{"Cookie", "keywork_session=" + w.token}}) == 401u);
  BOOST_TEST(status({{"Cookie", "keywork_session=" + w.session}}) == 403u);
  const net::http::header bearer{"Authorization", "Bearer " + w.token};
  BOOST_TEST(status({bearer, {"Content-Type", "a/b"}, {"Content-Type", "c/d"}}) == 415u);
  BOOST_TEST(status({bearer, {"Content-Type", "text/plain"}}, "POST", base + "/documents") == 415u);
  BOOST_TEST(status({bearer}, "PUT", "/nowhere") == 404u);
  BOOST_TEST(w.others.cases.empty());

  const auto wanda = "0190a000-0000-7000-8000-0000000000c1";
  BOOST_TEST(std::get<std::string>(w.announce("PUT", content, {bearer})) == wanda);
  const auto form = [&] {
    return w.announce("POST", base + "/documents",
                      {{"Cookie", "keywork_session=" + w.session},
                       {"X-CSRF-Token", actors::csrf_token_of(w.session)},
                       {"Content-Type", "multipart/form-data; boundary=b"}});
  };
  BOOST_TEST(std::get<std::string>(form()) == wanda);
  BOOST_REQUIRE(w.others.cases.size() == 2u);
  const auto asked = [&](std::size_t n) { return std::get<actors::may_upload>(w.others.cases.at(n).what); };
  BOOST_TEST(to_text(w.others.cases[0].of_case) == w.id);
  BOOST_TEST(to_text(w.others.cases[0].who.user) == wanda);
  BOOST_TEST(to_text(asked(0).document.value()) == "0190a000-0000-7000-8000-000000000002");
  BOOST_TEST(!asked(1).document.has_value());

  w.others.reply = model::refusal::not_permitted();
  BOOST_TEST(status({bearer}) == 403u);
  BOOST_TEST(std::get<net::http::response>(form()).status == 403u);
  world strange;
  strange.others.nothing_located = true;
  BOOST_TEST(std::get<net::http::response>(strange.announce("PUT", content, {bearer})).status == 404u);
  BOOST_TEST(strange.others.cases.empty());
}

BOOST_AUTO_TEST_SUITE_END()
