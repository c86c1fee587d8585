// What two readers of the same bytes might read differently is refused, the connection ends, and nothing that
// was hidden in it is served.
#include "net/http/guard.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/net/http/client.hpp"

using namespace net::http;
using namespace net::http::testing;

namespace {
struct refused_case {
  const char* name;
  std::string bytes;  ///< what comes before the hidden request
  unsigned status;
};

std::string get(const std::string& headers) { return "GET / HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n"; }
std::string post(const std::string& headers, const std::string& body = {}) {
  return "POST / HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n" + body;
}
std::string line(const std::string& request_line) { return request_line + "\r\nHost: a\r\n\r\n"; }

const std::vector<refused_case>& refused_cases() {
  using namespace std::string_literals;
  static const std::vector<refused_case> cases = {
      // lengths and encodings
      {"chunked", post("Transfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
      {"chunked after length", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
      {"chunked before length", post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"),
       400},
      {"chunked on GET", get("Transfer-Encoding: chunked\r\n") + "0\r\n\r\n", 400},
      {"identity", post("Transfer-Encoding: identity\r\nContent-Length: 0\r\n"), 400},
      {"gzip, chunked", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 400},
      {"encoding twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"), 400},
      {"encoding unknown", post("Transfer-Encoding: xchunked\r\nContent-Length: 0\r\n"), 400},
      {"encoding empty", post("Transfer-Encoding:\r\nContent-Length: 0\r\n"), 400},
      {"encoding with space before colon", post("Transfer-Encoding : chunked\r\nContent-Length: 0\r\n"), 400},
      {"encoding with tab before colon", post("Transfer-Encoding\t: chunked\r\nContent-Length: 0\r\n"), 400},
      {"encoding behind vertical tab", post("Transfer-Encoding: \vchunked\r\nContent-Length: 0\r\n"), 400},
      {"encoding folded", post("Transfer-Encoding:\r\n chunked\r\nContent-Length: 0\r\n"), 400},
      {"differing lengths", post("Content-Length: 0\r\nContent-Length: 5\r\n"), 400},
      {"equal lengths", post("Content-Length: 0\r\nContent-Length: 0\r\n"), 400},
      {"listed lengths", post("Content-Length: 0, 0\r\n"), 400},
      {"negative length", post("Content-Length: -1\r\n"), 400},
      {"signed length", post("Content-Length: +0\r\n"), 400},
      {"hexadecimal length", post("Content-Length: 0x0\r\n"), 400},
      {"fractional length", post("Content-Length: 0.0\r\n"), 400},
      {"length of no digits", post("Content-Length: \r\n"), 400},
      {"length of two words", post("Content-Length: 0 0\r\n"), 400},
      {"length beyond 64 bits", post("Content-Length: 18446744073709551616\r\n"), 400},
      {"length with space before colon", post("Content-Length : 0\r\n"), 400},
      {"no length on POST", post(""), 411},
      {"no length on PUT", line("PUT / HTTP/1.1"), 411},
      {"no length on PATCH", line("PATCH / HTTP/1.1"), 411},
      {"length too large", post("Content-Length: 1048577\r\n"), 413},
      // hosts
      {"no host", "GET / HTTP/1.1\r\n\r\n", 400},
      {"two hosts", get("Host: b\r\n"), 400},
      {"the same host twice", get("Host: a\r\n"), 400},
      {"empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
      {"host with path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
      {"host with user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", 400},
      {"host with list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400},
      {"host with word for port", "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n", 400},
      {"host with open bracket", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400},
      {"host not ASCII", "GET / HTTP/1.1\r\nHost: \xc3\xa9\r\n\r\n", 400},
      // line ends, folds and control characters
      {"bare LF", "GET / HTTP/1.1\nHost: a\n\n", 400},
      {"one bare LF", "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", 400},
      {"bare CR", "GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", 400},
      {"CR CR LF", "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", 400},
      {"NUL in value", get("X: a\0b\r\n"s), 400},
      {"NUL in target", line("GET /\0 HTTP/1.1"s), 400},
      {"escape in value", get("X: \x1b[0m\r\n"), 400},
      {"DEL in value", get("X: a\x7f\r\n"), 400},
      {"folded with space", get("X: a\r\n b\r\n"), 400},
      {"folded with tab", get("X: a\r\n\tb\r\n"), 400},
      {"folded before any header", "GET / HTTP/1.1\r\n X: a\r\nHost: a\r\n\r\n", 400},
      {"blank first line", "\r\n" + get(""), 400},
      {"header without colon", get("nonsense\r\n"), 400},
      {"header without name", get(": a\r\n"), 400},
      {"space in name", get("X Y: a\r\n"), 400},
      // targets, methods, versions
      {"absolute target", line("GET http://a/ HTTP/1.1"), 400},
      {"asterisk target", line("OPTIONS * HTTP/1.1"), 400},
      {"authority target", line("GET a:80 HTTP/1.1"), 400},
      {"relative target", line("GET index HTTP/1.1"), 400},
      {"fragment in target", line("GET /a#b HTTP/1.1"), 400},
      {"UTF-8 in target", line("GET /\xc3\xa9 HTTP/1.1"), 400},
      {"space in target", line("GET /a b HTTP/1.1"), 400},
      {"tab in request line", line("GET\t/ HTTP/1.1"), 400},
      {"two spaces in request line", line("GET  / HTTP/1.1"), 400},
      {"trailing space in request line", line("GET / HTTP/1.1 "), 400},
      {"CONNECT", line("CONNECT a:80 HTTP/1.1"), 405},
      {"TRACE", line("TRACE / HTTP/1.1"), 405},
      {"HTTP/0.9", "GET /\r\n\r\n", 400},
      {"HTTP/1.2", line("GET / HTTP/1.2"), 505},
      {"HTTP/2.0", line("GET / HTTP/2.0"), 505},
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"lower-case protocol", line("GET / http/1.1"), 400},
      {"TLS greeting", "\x16\x03\x01\x02"s, 400},
      // expectations and sizes
      {"unknown expectation", post("Content-Length: 0\r\nExpect: 200-ok\r\n"), 417},
      {"two expectations", post("Content-Length: 0\r\nExpect: 100-continue\r\nExpect: 100-continue\r\n"),
       417},
      {"target too long", line("GET /" + std::string(17'000, 'a') + " HTTP/1.1"), 414},
      {"headers too large", get("X: " + std::string(17'000, 'a') + "\r\n"), 431},
  };
  return cases;
}

constexpr const char* hidden = "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n";
}  // namespace

BOOST_AUTO_TEST_SUITE(http_guard)

BOOST_AUTO_TEST_CASE(ambiguous_framing_is_refused_and_smuggles_nothing) {
  served server;
  for (const auto& c : refused_cases()) {
    BOOST_TEST_CONTEXT(c.name) {
      client probe(server.port());
      probe.send(c.bytes + hidden);
      const auto got = probe.read();
      BOOST_TEST(got.status == c.status);
      BOOST_TEST(got.header("Content-Type") == "application/problem+json");
      BOOST_TEST(got.header("Connection") == "close");
      BOOST_TEST(got.body.find("\"code\":\"") != std::string::npos);
      BOOST_TEST(got.body.find("\"status\":" + std::to_string(c.status)) != std::string::npos);
      BOOST_TEST(probe.ended());
    }
  }
  BOOST_TEST(server.requests().size() == 0u);
  BOOST_TEST(server.listener().counters().refused == refused_cases().size());
}

BOOST_AUTO_TEST_CASE(what_is_refused_whole_is_refused_byte_by_byte) {
  served server;
  for (const auto& c : refused_cases()) {
    if (c.bytes.size() > 1000) continue;
    BOOST_TEST_CONTEXT(c.name) {
      client probe(server.port());
      for (const char byte : c.bytes + hidden)
        if (!probe.send({&byte, 1})) break;
      BOOST_TEST(probe.read().status == c.status);
    }
  }
  BOOST_TEST(server.requests().size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_refusal_behind_a_good_request_leaves_the_good_one_served) {
  served server;
  for (const auto& c : refused_cases()) {
    BOOST_TEST_CONTEXT(c.name) {
      client probe(server.port());
      probe.send("GET /good HTTP/1.1\r\nHost: a\r\n\r\n" + c.bytes + hidden);
      BOOST_TEST(probe.read().status == 200u);
      BOOST_TEST(probe.read().status == c.status);
      BOOST_TEST(probe.ended());
    }
  }
  for (const auto& r : server.requests()) BOOST_TEST(r.path == "/good");
  BOOST_TEST(server.requests().size() == refused_cases().size());
}

BOOST_AUTO_TEST_CASE(what_is_unusual_but_clear_is_served) {
  served server;
  const std::vector<std::string> fine = {
      get("X: a\tb\r\n"),
      get("X:\r\n"),
      get("X: caf\xc3\xa9\r\n"),
      get("Content-Length: 0\r\n"),
      post("content-length:0\r\n"),
      post("Content-Length:  3 \r\n", "abc"),
      "GET /a%20b?c=%C3%A9&d=|{} HTTP/1.1\r\nHost: a.example:8080\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n",
      "GET / HTTP/1.1\r\nhOST: 127.0.0.1\r\n\r\n",
      line("OPTIONS /x HTTP/1.1"),
      line("BREW /pot HTTP/1.1"),
  };
  client c(server.port());
  for (const auto& bytes : fine) {
    BOOST_TEST_CONTEXT(bytes) {
      c.send(bytes);
      BOOST_TEST(c.read().status == 200u);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_hundred_headers_are_enough) {
  served server;
  std::string many;
  for (int i = 0; i < 99; ++i) many += "X: y\r\n";
  client allowed(server.port());
  allowed.send(get(many));
  BOOST_TEST(allowed.read().status == 200u);
  client refused(server.port());
  refused.send(get(many + "X: y\r\n"));
  BOOST_TEST(refused.read().status == 431u);
}

BOOST_AUTO_TEST_SUITE_END()
