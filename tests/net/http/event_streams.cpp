// Streams without an end, as for server-sent events: silent for hours, cheap, and over at once when either
// side says so.
#include <sys/resource.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <thread>

#include "net/http/listener.hpp"
#include "tests/net/http/client.hpp"
#include "tests/net/http/memory.hpp"
#include "tests/net/http/producer.hpp"

using namespace net::http;
using namespace net::http::testing;
using namespace std::chrono_literals;

namespace {
const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

outflow::options open_ended() {
  outflow::options o;
  o.open_ended = true;
  return o;
}

void stream(served& server, exchange to, std::shared_ptr<outflow> flow) {
  response out;
  out.headers = {{"Content-Type", "text/event-stream"}};
  out.stream = std::move(flow);
  server.listener().answer(to, std::move(out));
}

/// A server that answers every request with that one stream.
class events : public served {
 public:
  explicit events(const producer& p, listener_options options = {})
      : served(std::move(options),
               [flow = p.flow()](served& self, exchange to, const request&) { stream(self, to, flow); }) {}
};

/// Room for so many descriptors, as far as the system lets this process have them.
std::size_t descriptors(std::size_t wanted) {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = std::min<rlim_t>(files.rlim_max, std::max<rlim_t>(files.rlim_cur, wanted));
  ::setrlimit(RLIMIT_NOFILE, &files);
  return files.rlim_cur;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(http_event_streams)

BOOST_AUTO_TEST_CASE(each_event_is_sent_at_once_and_silence_is_no_offence) {
  listener_options options;
  options.idle = options.answer_deadline = options.write_deadline = 200ms;
  const producer p(open_ended());
  events server(p, options);
  client c(server.port());
  c.send(get);
  const auto head = c.read_head();
  BOOST_TEST(head.header("Content-Type") == "text/event-stream");
  BOOST_TEST(head.header("Transfer-Encoding") == "chunked");
  BOOST_TEST(head.header("Connection") == "close");
  for (int i = 0; i < 3; ++i) {
    BOOST_TEST(!c.readable_within(500));
    p->push("data: " + std::to_string(i) + "\n\n");
    BOOST_TEST(c.read_chunk() == "data: " + std::to_string(i) + "\n\n");
  }
  p->finish();
  BOOST_TEST(c.read_chunks([](auto) {}));
  BOOST_TEST(c.ended());
}

BOOST_AUTO_TEST_CASE(a_client_that_hangs_up_is_noticed_at_once) {
  for (const bool half : {false, true}) {
    producer p(open_ended());
    events server(p);
    auto c = std::make_unique<client>(server.port());
    c->send(get + get);
    c->read_head();
    if (half) {
      c->finish();
    } else {
      c.reset();
    }
    BOOST_TEST(p.told_gone());
    BOOST_TEST(!p->push("too late"));
    BOOST_TEST(server.eventually([](const auto& k) { return k.open == 0 && k.streams == 0; }));
    BOOST_TEST(server.requests().size() == 1u);
  }
}

BOOST_AUTO_TEST_CASE(a_client_that_does_not_stop_talking_is_dropped) {
  producer p(open_ended());
  events server(p);
  client c(server.port());
  c.send(get);
  c.read_head();
  c.send(std::string(listener_options{}.max_head, 'x'));
  p->push("still here");
  BOOST_TEST(c.read_chunk() == "still here");
  BOOST_TEST(p.goodbyes() == 0u);
  c.send("x");
  BOOST_TEST(p.told_gone());
}

BOOST_AUTO_TEST_CASE(stopping_ends_them_at_once) {
  listener_options options;
  options.stop_deadline = 1h;
  producer p(open_ended());
  events server(p, options);
  client c(server.port());
  c.send(get);
  c.read_head();
  p->push("one");
  BOOST_TEST(c.read_chunk() == "one");
  std::thread stopping([&] { server.listener().stop(); });
  BOOST_TEST(c.read_chunks([](auto) {}));
  BOOST_TEST(c.ended());
  BOOST_TEST(p.told_gone());
  BOOST_TEST(!p->push("two"));
  stopping.join();
  BOOST_TEST(p.goodbyes() == 1u);
}

BOOST_AUTO_TEST_CASE(one_that_begins_while_stopping_ends_at_once) {
  served server({}, served::hold);
  client c(server.port());
  c.send(get);
  const auto to = server.wait_for(1);
  client idle(server.port());
  BOOST_TEST(server.eventually([](const auto& k) { return k.open == 2; }));
  std::thread stopping([&] { server.listener().stop(); });
  BOOST_TEST(idle.ended());
  producer p(open_ended());
  p->push("all there is");
  stream(server, to, p.flow());
  const auto got = c.read();
  BOOST_TEST(got.whole);
  BOOST_TEST(got.body == "all there is");
  BOOST_TEST(c.ended());
  BOOST_TEST(p.told_gone());
  stopping.join();
}

BOOST_AUTO_TEST_CASE(one_whose_producer_is_no_more_ends) {
  listener_options options;
  options.answer_deadline = 200ms;
  served server(options, [](served& self, exchange to, const request&) {
    stream(self, to, std::make_shared<outflow>(open_ended()));
  });
  client c(server.port());
  c.send(get);
  c.read_head();
  BOOST_TEST(!c.read_chunks([](auto) {}));
  BOOST_TEST(c.ended());
}

BOOST_AUTO_TEST_CASE(two_thousand_cost_little_memory_each) {
  constexpr std::size_t wanted = 2000;
  // Both ends of each are this process's.
  const std::size_t count = std::min(wanted, (descriptors(2 * wanted + 1000) - 500) / 2);
  BOOST_TEST_MESSAGE(count << " event streams");
  std::vector<producer> producers;
  for (std::size_t i = 0; i < count; ++i) producers.emplace_back(open_ended());
  std::size_t next = 0;
  served server(
      {}, [&](served& self, exchange to, const request&) { stream(self, to, producers[next++].flow()); });
  std::vector<std::unique_ptr<client>> clients;
  clients.reserve(count);
  const auto before = resident();
  // One that asks with much in its head and behind it, and is sent much at first, keeps none of that.
  const std::string ask = "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(8000, 'x') + "\r\n\r\n" + get;
  const std::string burst(100'000, 'x');
  for (std::size_t i = 0; i < count; ++i) {
    clients.push_back(std::make_unique<client>(server.port()));
    BOOST_REQUIRE(clients[i]->send(ask));
    BOOST_REQUIRE(clients[i]->read_head().status == 200u);
    BOOST_REQUIRE(producers[i]->push(burst));
    for (std::size_t got = 0; got < burst.size();) got += clients[i]->read_chunk().size();
  }
  const auto each = (resident() - before) / count;
  BOOST_TEST_MESSAGE(each << " bytes each, both ends");
  if (memory_tells) BOOST_TEST(each < 64u * 1024);
  BOOST_TEST(server.listener().counters().streams == count);
  for (auto& p : producers) p->push("data: now\n\n");
  std::size_t right = 0;
  for (auto& c : clients) right += c->read_chunk() == "data: now\n\n";
  BOOST_TEST(right == count);
  clients.clear();
  BOOST_TEST(server.eventually([](const auto& k) { return k.open == 0 && k.streams == 0; }));
  std::size_t told = 0;
  for (auto& p : producers) told += p.told_gone();
  BOOST_TEST(told == count);
}

BOOST_AUTO_TEST_SUITE_END()
