// Requests and answers on good days: framing, order, keep-alive, answers from other threads.
#include "net/http/listener.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>
#include <thread>

#include "tests/net/http/client.hpp"

using namespace net::http;
using namespace net::http::testing;
using namespace std::chrono_literals;

namespace {
std::string get(const std::string& target) { return "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n"; }
std::string put(const std::string& target, const std::string& body, const std::string& headers = {}) {
  return "PUT " + target + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         headers + "\r\n" + body;
}

struct still_clock final : model::clock {
  model::instant now() const override { return *model::parse_instant("2026-11-21T09:30:05Z"); }
};
}  // namespace

BOOST_AUTO_TEST_SUITE(http_listener)

BOOST_AUTO_TEST_CASE(a_request_reaches_the_handler_whole) {
  served server;
  client c(server.port());
  c.send(put("/a%2Fb?x=1&y=%20", "body\r\n\r\nGET /not", "X-One: 1\r\nx-one: 2\r\n"));
  BOOST_TEST(c.read().body == "PUT /a%2Fb?x=1&y=%20 body\r\n\r\nGET /not");
  server.wait_for(1);
  const auto got = server.requests().at(0);
  BOOST_TEST(got.method == "PUT");
  BOOST_TEST(got.path == "/a%2Fb");
  BOOST_TEST(got.query == "x=1&y=%20");
  BOOST_TEST(got.peer == "127.0.0.1");
  BOOST_TEST(got.header("HOST") == "a");
  BOOST_TEST(got.header("X-ONE") == "1");
  BOOST_TEST(got.count("x-one") == 2u);
  BOOST_TEST(got.header("absent") == "");
}

BOOST_AUTO_TEST_CASE(bytes_one_at_a_time_make_the_same_request) {
  served server;
  client c(server.port());
  for (int turn = 0; turn < 2; ++turn) {
    for (const char byte : put("/slow", "0123456789")) BOOST_REQUIRE(c.send({&byte, 1}));
    BOOST_TEST(c.read().body == "PUT /slow? 0123456789");
  }
}

BOOST_AUTO_TEST_CASE(an_answer_carries_what_was_given_and_what_http_needs) {
  const still_clock clock;
  listener_options options;
  options.always = {{"X-Content-Type-Options", "nosniff"}};
  listener* self = nullptr;
  listener l(
      options,
      [&](exchange to, request&&) {
        self->answer(to, {201, {{"Location", "/new"}}, std::make_shared<const std::string>("made"), false});
      },
      clock);
  self = &l;
  l.start();
  client c(l.port());
  c.send(get("/"));
  const auto got = c.read();
  BOOST_TEST(got.head ==
             "HTTP/1.1 201 Created\r\nDate: Sat, 21 Nov 2026 09:30:05 GMT\r\n"
             "X-Content-Type-Options: nosniff\r\nLocation: /new\r\nContent-Length: 4\r\n");
  BOOST_TEST(got.body == "made");
}

BOOST_AUTO_TEST_CASE(answers_without_body_have_none) {
  served server({}, [](served& self, exchange to, const request& r) {
    const auto status = static_cast<unsigned>(std::stoul(r.path.substr(1)));
    self.listener().answer(to, {status, {}, std::make_shared<const std::string>("hidden"), false});
  });
  client c(server.port());
  for (const auto status : {204u, 304u}) {
    c.send(get("/" + std::to_string(status)));
    const auto got = c.read();
    BOOST_TEST(got.status == status);
    BOOST_TEST(got.header("Content-Length") == "");
  }
  c.send("HEAD /200 HTTP/1.1\r\nHost: a\r\n\r\n" + get("/200"));
  const auto head = c.read(true);
  BOOST_TEST(head.status == 200u);
  BOOST_TEST(head.header("Content-Length") == "6");
  BOOST_TEST(c.read().body == "hidden");
}

BOOST_AUTO_TEST_CASE(a_connection_serves_many_requests) {
  served server;
  client c(server.port());
  for (int i = 0; i < 100; ++i) {
    c.send(get("/" + std::to_string(i)));
    const auto got = c.read();
    BOOST_TEST(got.body == "GET /" + std::to_string(i) + "? ");
    BOOST_TEST(got.header("Connection") == "");
  }
  BOOST_TEST(server.listener().counters().accepted == 1u);
}

BOOST_AUTO_TEST_CASE(close_is_honoured_on_both_sides) {
  served server({}, [](served& self, exchange to, const request& r) {
    self.listener().answer(to, {200, {}, nullptr, r.path == "/end"});
  });
  client asking(server.port());
  asking.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + get("/later"));
  BOOST_TEST(asking.read().header("Connection") == "close");
  BOOST_TEST(asking.ended());
  client told(server.port());
  told.send(get("/end") + get("/later"));
  BOOST_TEST(told.read().header("Connection") == "close");
  BOOST_TEST(told.ended());
  for (const auto& r : server.requests()) BOOST_TEST(r.path != "/later");
}

BOOST_AUTO_TEST_CASE(http_1_0_is_answered_and_closed) {
  served server;
  for (const std::string headers : {"", "Host: a\r\n", "Connection: keep-alive\r\n"}) {
    client c(server.port());
    c.send("GET / HTTP/1.0\r\n" + headers + "\r\n" + get("/later"));
    const auto got = c.read();
    BOOST_TEST(got.status == 200u);
    BOOST_TEST(got.header("Connection") == "close");
    BOOST_TEST(c.ended());
  }
  BOOST_TEST(server.requests().size() == 3u);
}

BOOST_AUTO_TEST_CASE(pipelined_requests_are_served_one_at_a_time_in_order) {
  served server({}, served::hold);
  client c(server.port());
  c.send(get("/1") + put("/2", "two") + get("/3"));
  for (std::size_t i = 1; i <= 3; ++i) {
    const auto to = server.wait_for(i);
    BOOST_TEST(server.requests().size() == i);
    BOOST_TEST(to.sequence == i);
    server.answer(to, std::to_string(i));
    BOOST_TEST(c.read().body == std::to_string(i));
  }
}

BOOST_AUTO_TEST_CASE(a_long_pipeline_is_served_to_its_end) {
  served server;
  client c(server.port());
  std::string many;
  constexpr int count = 5000;
  for (int i = 0; i < count; ++i) many += get("/" + std::to_string(i));
  std::thread sender([&] { c.send(many); });
  int right = 0;
  for (int i = 0; i < count; ++i) right += c.read().body == "GET /" + std::to_string(i) + "? ";
  sender.join();
  BOOST_TEST(right == count);
}

BOOST_AUTO_TEST_CASE(a_client_that_half_closes_gets_all_its_answers) {
  served server({}, served::hold);
  client c(server.port());
  c.send(get("/1") + get("/2"));
  c.finish();
  server.answer(server.wait_for(1), "one");
  server.answer(server.wait_for(2), "two");
  BOOST_TEST(c.read().body == "one");
  BOOST_TEST(c.read().body == "two");
  BOOST_TEST(c.ended());
}

BOOST_AUTO_TEST_CASE(expect_continue_is_answered_before_the_body) {
  served server;
  client c(server.port());
  c.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-Continue\r\n\r\n");
  BOOST_TEST(c.read_to("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  c.send("abc");
  BOOST_TEST(c.read().body == "PUT /? abc");
  c.send(put("/", "", "Expect: 100-continue\r\n"));
  BOOST_TEST(c.read().status == 200u);
  c.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\nExpect: 100-continue\r\n\r\n");
  BOOST_TEST(c.read().status == 413u);
}

BOOST_AUTO_TEST_CASE(answers_from_many_threads_all_arrive) {
  served server({}, served::hold);
  constexpr std::size_t count = 64;
  std::vector<std::unique_ptr<client>> clients;
  std::vector<exchange> to;
  for (std::size_t i = 0; i < count; ++i) {
    clients.push_back(std::make_unique<client>(server.port()));
    clients.back()->send(get("/"));
    to.push_back(server.wait_for(i + 1));
  }
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (std::size_t i = t; i < count; i += 4) server.answer(to[i], std::to_string(i));
    });
  for (auto& t : threads) t.join();
  for (std::size_t i = 0; i < count; ++i) BOOST_TEST(clients[i]->read().body == std::to_string(i));
}

BOOST_AUTO_TEST_CASE(an_answer_too_many_or_too_late_is_dropped) {
  served server({}, served::hold);
  exchange gone;
  {
    client c(server.port());
    c.send(get("/"));
    gone = server.wait_for(1);
    server.answer(gone, "first");
    server.answer(gone, "second");
    BOOST_TEST(c.read().body == "first");
  }
  BOOST_TEST(server.eventually([](const auto& k) { return k.open == 0; }));
  client next(server.port());
  next.send(get("/"));
  const auto to = server.wait_for(2);
  BOOST_TEST(to.connection != gone.connection);
  server.answer(gone, "third");
  server.answer({gone.listener + 1, to.connection, to.sequence}, "another listener's");
  server.answer({to.listener, to.connection, to.sequence + 1}, "a later request's");
  server.answer(to, "right");
  BOOST_TEST(next.read().body == "right");
}

BOOST_AUTO_TEST_CASE(a_handler_that_throws_ends_its_connection_only) {
  served server({}, [](served& self, exchange to, const request& r) {
    if (r.path == "/bad") throw std::runtime_error("secret");
    served::echo(self, to, r);
  });
  client good(server.port());
  client bad(server.port());
  bad.send(get("/bad") + get("/later"));
  const auto got = bad.read();
  BOOST_TEST(got.status == 500u);
  BOOST_TEST(got.body.find("secret") == std::string::npos);
  BOOST_TEST(bad.ended());
  good.send(get("/good"));
  BOOST_TEST(good.read().status == 200u);
}

BOOST_AUTO_TEST_CASE(an_answer_that_would_split_is_not_sent) {
  const std::vector<response> wrong = {
      {200, {{"X", "a\r\nSet-Cookie: b"}}, nullptr, false},
      {200, {{"X\r\nY", "a"}}, nullptr, false},
      {200, {{"", "a"}}, nullptr, false},
      {200, {{"X", std::string(1, '\0')}}, nullptr, false},
      {200, {{"Content-Length", "1"}}, nullptr, false},
      {200, {{"transfer-encoding", "chunked"}}, nullptr, false},
      {100, {}, nullptr, false},
      {600, {}, nullptr, false},
  };
  for (const auto& w : wrong) {
    served server({}, [&](served& self, exchange to, const request&) { self.listener().answer(to, w); });
    client c(server.port());
    c.send(get("/"));
    BOOST_TEST(c.read().status == 500u);
    BOOST_TEST(c.ended());
  }
}

BOOST_AUTO_TEST_CASE(an_address_in_use_is_named_with_a_remedy) {
  served server;
  listener_options options;
  options.port = server.port();
  listener second(options, [](exchange, request&&) {});
  BOOST_CHECK_EXCEPTION(second.start(), std::runtime_error, [&](const std::runtime_error& e) {
    const std::string text = e.what();
    return text.find("127.0.0.1:" + std::to_string(server.port())) != std::string::npos &&
           text.find("in use") != std::string::npos && text.find("free port") != std::string::npos;
  });
}

BOOST_AUTO_TEST_CASE(options_that_cannot_be_are_refused) {
  const auto ignore = [](exchange, request&&) {};
  listener_options no_time;
  no_time.idle = 0ms;
  BOOST_CHECK_THROW(listener(no_time, ignore), std::invalid_argument);
  listener_options no_head;
  no_head.max_head = 0;
  BOOST_CHECK_THROW(listener(no_head, ignore), std::invalid_argument);
  listener_options split;
  split.always = {{"X", "a\r\nb"}};
  BOOST_CHECK_THROW(listener(split, ignore), std::invalid_argument);
  BOOST_CHECK_THROW(listener({}, nullptr), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
