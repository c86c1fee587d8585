#include "net/integrations/https_client.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/net/mail/support.hpp"

using namespace net::integrations;
using mail_tests::scripted_server;
using std::chrono::milliseconds;

namespace {

const http_limits patient{milliseconds{20'000}, milliseconds{20'000}, 1000};
/// For those who never say enough.
const http_limits brisk{milliseconds{500}, milliseconds{700}, 1000};

std::string at(std::uint16_t port, const std::string& path = "/x") {
  return "http://127.0.0.1:" + std::to_string(port) + path;
}

/// Answers the first line of the request, whatever it is, with this; `more` are said at the lines behind it.
struct one_answer {
  explicit one_answer(std::string text)
      : server({"", std::move(text), "silence", "silence", "silence", "silence"}) {}
  scripted_server server;
  http_result get(const http_limits& limits = patient, const body_sink& sink = {}) {
    return https_client("test/1").send({"GET", at(server.port())}, limits, sink);
  }
};

const http_response& answer(const http_result& r) {
  if (const auto* failed = std::get_if<http_failure>(&r)) throw std::runtime_error(failed->text);
  return std::get<http_response>(r);
}
const http_failure& failure(const http_result& r) {
  if (std::holds_alternative<http_response>(r)) throw std::runtime_error("there is an answer");
  return std::get<http_failure>(r);
}
bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

BOOST_AUTO_TEST_SUITE(https_client_)

BOOST_AUTO_TEST_CASE(a_request_is_written_as_it_should_be) {
  scripted_server server{{"", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Thing: a\r\n\r\nok"}};
  const http_request asked{
      "POST", at(server.port(), "/path?q=1"), {{"X-Mine", "b"}, {"Content-Type", "text/plain"}}, "12345"};
  const auto r = https_client("test/1").send(asked, patient);
  BOOST_TEST(answer(r).status == 200u);
  BOOST_TEST(answer(r).body == "ok");
  BOOST_TEST(answer(r).header("x-thing") == "a");
  BOOST_TEST(answer(r).header("missing").empty());
  const auto heard = server.heard();
  BOOST_TEST(heard == "POST /path?q=1 HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
                          "\r\nUser-Agent: test/1\r\nConnection: close\r\nX-Mine: b\r\nContent-Type: "
                          "text/plain\r\nContent-Length: 5\r\n\r\n12345");
}

BOOST_AUTO_TEST_CASE(bodies_with_a_length_in_chunks_or_without_any_are_read) {
  BOOST_TEST(
      answer(
          one_answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
              .get())
          .body == "abcde");
  BOOST_TEST(answer(one_answer("HTTP/1.1 204 No Content\r\n\r\n").get()).body.empty());
  BOOST_TEST(answer(one_answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").get()).body.empty());
  BOOST_TEST(
      answer(one_answer("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx").get())
          .body == "x");
}

BOOST_AUTO_TEST_CASE(redirects_and_refusals_are_answers) {
  const auto r =
      one_answer("HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\nContent-Length: 0\r\n\r\n").get();
  BOOST_TEST(answer(r).status == 302u);
  BOOST_TEST(answer(one_answer("HTTP/1.1 500 No\r\nContent-Length: 3\r\n\r\nbad").get()).body == "bad");
}

BOOST_AUTO_TEST_CASE(what_is_too_large_is_known_before_it_is_read) {
  const auto announced = one_answer("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n").get();
  BOOST_TEST(has(failure(announced).text, "too large"));
  BOOST_TEST(failure(announced).may_have_arrived);
  const auto chunked =
      one_answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" + std::string(2000, 'x'))
          .get();
  BOOST_TEST(has(failure(chunked).text, "too large"));
  const auto head = one_answer("HTTP/1.1 200 OK\r\nX: " + std::string(40'000, 'x') + "\r\n\r\n").get();
  BOOST_TEST(has(failure(head).text, "too large"));
}

BOOST_AUTO_TEST_CASE(a_sink_takes_a_body_that_was_wanted_and_no_other) {
  std::string taken;
  const body_sink sink = [&](std::string_view piece) { taken += piece; };
  const auto text = std::string(900, 'x');
  auto r = one_answer("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n" + text).get(patient, sink);
  BOOST_TEST(taken == text);
  BOOST_TEST(answer(r).body.empty());
  r = one_answer("HTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\nno").get(patient, sink);
  BOOST_TEST(answer(r).body == "no");
  BOOST_TEST(taken == text);
}

BOOST_AUTO_TEST_CASE(what_is_cut_off_slow_silent_or_no_http_is_a_failure_in_time) {
  const std::vector<std::pair<std::string, std::string>> all{
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", "closed the connection"},
      {"HTTP/1.1 200 OK\r\nConte", "closed the connection"},
      {"HTTP/1.1 200 OK\r\n\r\nwho knows how long", "does not say how long"},
      {"220 mail.example ESMTP\r\n", "no HTTP"},
      {"HTTP/1.1 101 Switching Protocols\r\n\r\n", "no HTTP"}};
  for (const auto& [said, why] : all) {
    scripted_server server{{"", said, "close"}};
    const auto r = https_client("test/1").send({"GET", at(server.port())}, patient);
    BOOST_TEST(has(failure(r).text, why), said << ": " << failure(r).text);
    BOOST_TEST(failure(r).may_have_arrived);
  }
  for (const auto* how : {"silence", "drip"}) {
    scripted_server server{{"", how}};
    const auto r = https_client("test/1").send({"GET", at(server.port())}, brisk);
    BOOST_TEST(has(failure(r).text, "too long"), failure(r).text);
  }
}

BOOST_AUTO_TEST_CASE(where_nobody_is_nothing_arrived) {
  std::uint16_t free_port = 0;
  { free_port = scripted_server({""}).port(); }
  const auto r = https_client("test/1").send({"GET", at(free_port)}, patient);
  BOOST_TEST(!failure(r).may_have_arrived);
}

BOOST_AUTO_TEST_CASE(a_server_that_speaks_no_tls_gets_nothing) {
  scripted_server server{{"HTTP/1.1 400 Bad\r\n\r\n", "silence"}};
  const auto r = https_client("test/1").send(
      {"GET", "https://127.0.0.1:" + std::to_string(server.port()) + "/secret"}, patient);
  BOOST_TEST(!failure(r).may_have_arrived);
  BOOST_TEST(!has(server.heard(), "secret"));
}

BOOST_AUTO_TEST_CASE(what_must_not_be_sent_is_not) {
  const https_client client("test/1");
  for (const auto* url :
       {"http://example.org/", "http://10.0.0.1/", "ftp://localhost/", "https://", "https://user@host/",
        "https://host/ x", "https://host/\r\nX: y", "https://host:0/", "https://host:99999/",
        "https://host/#part", "localhost", "https://[::1", "https://h\xC3\xB6st/", ""}) {
    BOOST_CHECK_THROW(client.send({"GET", url}, patient), std::invalid_argument);
    BOOST_TEST(!is_service_address(url), url);
  }
  for (const auto* url : {"https://api.resend.com/emails", "http://localhost:1/", "http://[::1]:8/x?y=%20"})
    BOOST_TEST(is_service_address(url), url);
  const auto url = at(1);
  BOOST_CHECK_THROW(client.send({"TRACE", url}, patient), std::invalid_argument);
  BOOST_CHECK_THROW(client.send({"GET", url, {{"X", "a\r\nY: b"}}}, patient), std::invalid_argument);
  BOOST_CHECK_THROW(client.send({"GET", url, {{"X y", "a"}}}, patient), std::invalid_argument);
  BOOST_CHECK_THROW(client.send({"GET", url, {{"content-length", "3"}}}, patient), std::invalid_argument);
  BOOST_CHECK_THROW(https_client(""), std::invalid_argument);
  BOOST_CHECK_THROW(https_client("test/1", "/no/such/file.pem"), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
