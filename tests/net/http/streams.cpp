// Answers that are sent as they are made: framing, room, and ends of every kind.
#include <boost/test/unit_test.hpp>
#include <stdexcept>
#include <thread>

#include "tests/net/http/memory.hpp"
#include "tests/net/http/streaming.hpp"

using namespace net::http;
using namespace net::http::testing;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(http_streams)

BOOST_AUTO_TEST_CASE(parts_pushed_before_and_after_the_answer_arrive_and_the_connection_goes_on) {
  const producer p;
  streaming server(p);
  BOOST_TEST(p->push("one "));
  client c(server.port());
  c.send(get);
  const auto head = c.read_head();
  BOOST_TEST(head.status == 200u);
  BOOST_TEST(head.header("Transfer-Encoding") == "chunked");
  BOOST_TEST(head.header("Content-Length") == "");
  BOOST_TEST(head.header("Connection") == "");
  BOOST_TEST(c.read_chunk() == "one ");
  BOOST_TEST(p->push(""));
  BOOST_TEST(p->push("two"));
  BOOST_TEST(c.read_chunk() == "two");
  p->finish();
  BOOST_TEST(!p->push("three"));
  BOOST_TEST(c.read_chunks([](auto) { BOOST_ERROR("nothing was pushed after the end"); }));
  BOOST_TEST(plain(c) == "plain");
  BOOST_TEST(server.listener().counters().accepted == 1u);
  BOOST_TEST(no_streams(server));
}

BOOST_AUTO_TEST_CASE(an_empty_stream_is_an_empty_body) {
  const producer p;
  p->finish();
  streaming server(p);
  client c(server.port());
  c.send(get);
  const auto got = c.read();
  BOOST_TEST(got.whole);
  BOOST_TEST(got.body == "");
  BOOST_TEST(plain(c) == "plain");
}

BOOST_AUTO_TEST_CASE(thirty_megabytes_arrive_exactly_and_cost_no_memory) {
  producer p;
  streaming server(p);
  client c(server.port(), 64 * 1024);
  constexpr std::size_t count = 600;
  high_tide memory;
  std::size_t most = 0;
  std::thread producing([&] {
    most = p.push_all(parts(count));
    p->finish();
  });
  c.send(get);
  c.read_head();
  std::size_t at = 0;
  std::size_t wrong = 0;
  std::string held;
  const bool whole = c.read_chunks([&](std::string_view part) {
    held.append(part);
    for (; held.size() >= part_size; held.erase(0, part_size), at += part_size)
      wrong += held.compare(0, part_size, content(at)) != 0;
    memory.look();
  });
  producing.join();
  BOOST_TEST(whole);
  BOOST_TEST(at + held.size() == count * part_size);
  BOOST_TEST(wrong == 0u);
  BOOST_TEST(most <= outflow::high_water);
  if (memory_tells) BOOST_TEST(memory.risen() < 4u << 20);
  BOOST_TEST(plain(c) == "plain");
}

BOOST_AUTO_TEST_CASE(a_slow_reader_slows_its_producer_and_nobody_else) {
  producer p;
  streaming server(p);
  client slow(server.port(), 4096);
  slow.send(get);
  constexpr std::size_t count = 400;
  std::size_t most = 0;
  std::thread producing([&] {
    most = p.push_all(parts(count));
    p->finish();
  });
  BOOST_TEST(p.full_for(300));
  client other(server.port());
  BOOST_TEST(plain(other) == "plain");
  const auto got = slow.read();
  producing.join();
  BOOST_TEST(got.whole);
  BOOST_TEST(got.body.size() == count * part_size);
  BOOST_TEST(most <= outflow::high_water);
  BOOST_TEST(p.told_gone());
  BOOST_TEST(p.goodbyes() == 1u);
  BOOST_TEST(p.rooms() > 0u);
}

BOOST_AUTO_TEST_CASE(a_producer_may_push_when_it_is_told_of_room) {
  producer p;
  streaming server(p);
  auto next = parts(200);
  const auto more = [&p, &next] {
    while (!p->gone() && p->waiting() + part_size <= outflow::high_water) {
      auto part = next();
      if (part.empty()) return p->finish();
      p->push(std::move(part));
    }
  };
  p.and_then(more);
  more();
  client c(server.port());
  c.send(get);
  const auto got = c.read();
  BOOST_TEST(got.whole);
  BOOST_TEST(got.body.size() == 200 * part_size);
}

BOOST_AUTO_TEST_CASE(the_producer_learns_once_that_the_client_has_gone) {
  producer p;
  streaming server(p);
  {
    client c(server.port(), 4096);
    c.send(get);
    c.read_head();
    p->push("something");
    c.read_chunk();
  }
  p.push_all([] { return std::string(part_size, 'x'); });
  BOOST_TEST(p.told_gone());
  BOOST_TEST(p->gone());
  BOOST_TEST(!p->push("more"));
  BOOST_TEST(p->waiting() == 0u);
  p->finish();
  p->fail();
  BOOST_TEST(server.eventually([](const auto& k) { return k.open == 0 && k.streams == 0; }));
  server.listener().stop();
  BOOST_TEST(p.goodbyes() == 1u);
}

BOOST_AUTO_TEST_CASE(a_failed_stream_is_a_body_without_its_end) {
  const producer p;
  streaming server(p);
  client c(server.port());
  c.send(get + get);
  c.read_head();
  p->push("part");
  BOOST_TEST(c.read_chunk() == "part");
  p->fail();
  BOOST_TEST(!c.read_chunks([](auto) { BOOST_ERROR("nothing more was pushed"); }));
  BOOST_TEST(c.ended());
  BOOST_TEST(no_streams(server));
  BOOST_TEST(p.goodbyes() == 1u);
  BOOST_TEST(server.requests().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_stream_that_failed_before_its_answer_is_a_500) {
  producer p;
  p->push("part");
  p->fail();
  streaming server(p);
  client c(server.port());
  c.send(get);
  BOOST_TEST(c.read().status == 500u);
  BOOST_TEST(c.ended());
  BOOST_TEST(p.told_gone());
  BOOST_TEST(p.goodbyes() == 1u);
}

BOOST_AUTO_TEST_CASE(a_known_length_is_sent_as_such) {
  outflow::options options;
  options.length = 3 * part_size;
  producer p(options);
  streaming server(p);
  client c(server.port());
  c.send(get);
  const auto head = c.read_head();
  BOOST_TEST(head.header("Content-Length") == std::to_string(3 * part_size));
  BOOST_TEST(head.header("Transfer-Encoding") == "");
  p.push_all(parts(3));
  p->finish();
  c.send("GET /plain HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto all = c.read_to("plain");
  BOOST_TEST(all.compare(0, 3 * part_size, content(0) + content(part_size) + content(2 * part_size)) == 0);
  BOOST_TEST(all.compare(3 * part_size, 15, "HTTP/1.1 200 OK") == 0);
}

BOOST_AUTO_TEST_CASE(a_length_that_is_not_kept_breaks_the_answer_off) {
  for (const bool too_much : {false, true}) {
    outflow::options options;
    options.length = 10;
    const producer p(options);
    streaming server(p);
    client c(server.port());
    c.send(get);
    c.read_head();
    BOOST_TEST(p->push("12345"));
    BOOST_TEST(p->push(too_much ? "678901" : "") == !too_much);
    p->finish();
    BOOST_TEST(p.flow()->waiting() <= 5u);
    const auto rest = c.read_to("\n");
    BOOST_TEST((rest == "12345" || rest.empty()));
    BOOST_TEST(c.ended());
    BOOST_TEST(no_streams(server));
  }
}

BOOST_AUTO_TEST_CASE(an_older_client_reads_to_the_end_of_the_connection) {
  const producer p;
  streaming server(p);
  client c(server.port());
  c.send("GET / HTTP/1.0\r\n\r\n");
  const auto head = c.read_head();
  BOOST_TEST(head.status == 200u);
  BOOST_TEST(head.header("Transfer-Encoding") == "");
  BOOST_TEST(head.header("Content-Length") == "");
  BOOST_TEST(head.header("Connection") == "close");
  p->push("one ");
  p->push("two");
  p->finish();
  BOOST_TEST(c.read_to("\n") == "one two");
  BOOST_TEST(!c.was_reset());
}

BOOST_AUTO_TEST_CASE(an_older_client_knows_a_broken_answer_by_a_reset) {
  const producer p;
  streaming server(p);
  client c(server.port());
  c.send("GET / HTTP/1.0\r\n\r\n");
  c.read_head();
  p->push("one");
  BOOST_TEST(c.read_to("one") == "one");
  p->fail();
  c.read_to("\n");
  BOOST_TEST(c.was_reset());
}

BOOST_AUTO_TEST_CASE(where_there_is_no_body_the_producer_is_told_at_once) {
  const producer head_only;
  streaming server(head_only);
  client c(server.port());
  c.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto got = c.read(true);
  BOOST_TEST(got.status == 200u);
  BOOST_TEST(got.header("Connection") == "");
  BOOST_TEST(plain(c) == "plain");
  BOOST_TEST(head_only->gone());
  BOOST_TEST(head_only.goodbyes() == 1u);

  outflow::options options;
  options.length = 7;
  const producer sized(options);
  streaming sizes(sized);
  client s(sizes.port());
  s.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
  BOOST_TEST(s.read(true).header("Content-Length") == "7");
  BOOST_TEST(plain(s) == "plain");
  BOOST_TEST(sized->gone());

  const producer nothing;
  streaming no_content(nothing, {}, 204);
  client n(no_content.port());
  n.send(get);
  BOOST_TEST(n.read().status == 204u);
  BOOST_TEST(plain(n) == "plain");
  BOOST_TEST(nothing->gone());
}

BOOST_AUTO_TEST_CASE(requests_sent_ahead_are_served_after_the_stream) {
  const producer p;
  streaming server(p);
  client c(server.port());
  c.send(get + "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n");
  c.read_head();
  c.finish();
  p->push("part");
  p->finish();
  BOOST_TEST(c.read_chunk() == "part");
  BOOST_TEST(c.read_chunk() == "");
  BOOST_TEST(c.read().body == "plain");
  BOOST_TEST(c.ended());
}

BOOST_AUTO_TEST_CASE(a_push_without_measure_fails_the_stream) {
  const producer p;
  BOOST_TEST(p->push(std::string(outflow::hard_cap, 'x')));
  BOOST_TEST(!p->push("y"));
  BOOST_TEST(p->waiting() == 0u);
  BOOST_TEST(!p->push("z"));
  const producer large;
  BOOST_TEST(!large->push(std::string(outflow::hard_cap + 1, 'x')));
}

BOOST_AUTO_TEST_SUITE_END()
