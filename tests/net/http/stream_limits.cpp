// What befalls streamed answers besides: wrong use, nobody to send to, deadlines and stops.
#include <boost/test/unit_test.hpp>
#include <stdexcept>
#include <thread>

#include "tests/net/http/streaming.hpp"

using namespace net::http;
using namespace net::http::testing;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(http_stream_limits)

BOOST_AUTO_TEST_CASE(a_stream_serves_one_answer_and_stands_beside_no_body) {
  const producer p;
  streaming server(p);
  client first(server.port());
  first.send(get);
  first.read_head();
  client second(server.port());
  second.send(get);
  BOOST_TEST(second.read().status == 500u);
  p->push("for the first");
  BOOST_TEST(first.read_chunk() == "for the first");
  BOOST_TEST(p.goodbyes() == 0u);
  p->finish();

  producer beside;
  served both({}, [&](served& self, exchange to, const request&) {
    response out;
    out.body = std::make_shared<const std::string>("body");
    out.stream = beside.flow();
    self.listener().answer(to, std::move(out));
  });
  client c(both.port());
  c.send(get);
  BOOST_TEST(c.read().status == 500u);
  BOOST_TEST(c.ended());
  BOOST_TEST(beside.told_gone());
  outflow::options wrong;
  wrong.open_ended = true;
  wrong.length = 1;
  BOOST_CHECK_THROW(outflow{wrong}, std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(an_answer_nobody_waits_for_tells_its_producer) {
  listener_options options;
  options.stop_deadline = 200ms;  // the first request is never answered
  served server(options, served::hold);
  exchange gone;
  {
    client c(server.port());
    c.send(get);
    gone = server.wait_for(1);
  }
  client next(server.port());
  next.send(get);
  const auto to = server.wait_for(2);
  std::vector<producer> late(4);
  const auto answer = [&](exchange e, std::size_t i) {
    response out;
    out.stream = late[i].flow();
    server.listener().answer(e, std::move(out));
  };
  answer({gone.listener, gone.connection + (1 << 24), 1}, 0);
  answer({to.listener + 1, to.connection, to.sequence}, 1);
  answer({to.listener, to.connection, to.sequence + 1}, 2);
  for (std::size_t i = 0; i < 3; ++i) BOOST_TEST(late[i].told_gone());
  server.answer(to, "right");
  BOOST_TEST(next.read().body == "right");
  server.listener().stop();
  answer(to, 3);
  BOOST_TEST(late[3].told_gone());
  for (const auto& p : late) BOOST_TEST(p.goodbyes() == 1u);
}

BOOST_AUTO_TEST_CASE(a_client_that_takes_nothing_is_dropped) {
  listener_options options;
  options.write_deadline = 300ms;
  producer p;
  streaming server(p, options);
  client stuck(server.port(), 4096);
  stuck.send(get);
  p.push_all([] { return std::string(part_size, 'x'); });
  BOOST_TEST(p.told_gone());
  BOOST_TEST(server.eventually([](const auto& k) { return k.open == 0 && k.streams == 0; }));
}

BOOST_AUTO_TEST_CASE(a_producer_that_takes_its_time_costs_the_client_nothing) {
  listener_options options;
  options.write_deadline = 200ms;
  const producer p;
  streaming server(p, options);
  client c(server.port());
  c.send(get);
  c.read_head();
  p->push("one");
  BOOST_TEST(c.read_chunk() == "one");
  BOOST_TEST(!c.readable_within(600));
  p->push("two");
  p->finish();
  BOOST_TEST(c.read_chunk() == "two");
  BOOST_TEST(c.read_chunk() == "");
  BOOST_TEST(plain(c) == "plain");
}

BOOST_AUTO_TEST_CASE(a_producer_that_falls_silent_is_broken_off) {
  listener_options options;
  options.answer_deadline = 300ms;
  producer p;
  streaming server(p, options);
  client c(server.port());
  c.send(get);
  c.read_head();
  p->push("one");
  BOOST_TEST(c.read_chunk() == "one");
  BOOST_TEST(!c.read_chunks([](auto) {}));
  BOOST_TEST(c.ended());
  BOOST_TEST(p.told_gone());
}

BOOST_AUTO_TEST_CASE(stopping_lets_a_stream_come_to_its_end) {
  const producer p;
  streaming server(p);
  client c(server.port());
  c.send(get);
  c.read_head();
  p->push("one");
  BOOST_TEST(c.read_chunk() == "one");
  client idle(server.port());
  BOOST_TEST(server.eventually([](const auto& k) { return k.open == 2; }));
  std::thread stopping([&] { server.listener().stop(); });
  BOOST_TEST(idle.ended());
  p->push("two");
  BOOST_TEST(c.read_chunk() == "two");
  p->finish();
  BOOST_TEST(c.read_chunks([](auto) {}));
  BOOST_TEST(c.ended());
  stopping.join();
  BOOST_TEST(p.goodbyes() == 1u);
}

BOOST_AUTO_TEST_CASE(stopping_does_not_wait_for_a_stream_for_ever) {
  listener_options options;
  options.stop_deadline = 200ms;
  const producer p;
  streaming server(p, options);
  client c(server.port());
  c.send(get);
  c.read_head();
  p->push("one");
  server.listener().stop();
  BOOST_TEST(p.goodbyes() == 1u);
  BOOST_TEST(!p->push("two"));
  BOOST_TEST(server.listener().counters().streams == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
