// What one client costs the others is bounded: time, memory and connections.
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <ctime>
#include <thread>

#include "net/http/listener.hpp"
#include "tests/net/http/client.hpp"

using namespace net::http;
using namespace net::http::testing;
using namespace std::chrono_literals;

namespace {
const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

std::string code(const answer& a) {
  const auto at = a.body.find("\"code\":\"") + 8;
  return a.body.substr(at, a.body.find('"', at) - at);
}

/// Leaves this process without a single descriptor until it is gone.
class no_descriptors {
 public:
  no_descriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit few = before_;
    few.rlim_cur = 256;
    ::setrlimit(RLIMIT_NOFILE, &few);
    for (int d = 0; (d = ::open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0;) taken_.push_back(d);
  }
  ~no_descriptors() {
    for (const int d : taken_) ::close(d);
    ::setrlimit(RLIMIT_NOFILE, &before_);
  }
  void give_back_one() {
    ::close(taken_.back());
    taken_.pop_back();
  }

 private:
  rlimit before_{};
  std::vector<int> taken_;
};

double processor_seconds() {
  timespec t{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(http_listener_limits)

BOOST_AUTO_TEST_CASE(a_head_that_never_ends_is_timed_out) {
  listener_options options;
  options.head_deadline = 1000ms;
  served server(options);
  client c(server.port());
  c.send("GET / HTTP/1.1\r\nHost: a\r\n");
  const auto got = c.read();
  BOOST_TEST(got.status == 408u);
  BOOST_TEST(code(got) == "request_timeout");
  BOOST_TEST(c.ended());
}

BOOST_AUTO_TEST_CASE(a_dripping_head_does_not_win_time) {
  listener_options options;
  options.head_deadline = 1000ms;
  served server(options);
  client c(server.port());
  // Sends for as long as the server listens; the deadline runs from the first byte, not from the last.
  std::thread dripping([&] {
    for (int i = 0; i < 10'000'000 && server.listener().counters().refused == 0; ++i) {
      if (i % 1000 == 0) c.send("X");
      std::this_thread::yield();
    }
  });
  BOOST_TEST(c.read().status == 408u);
  dripping.join();
}

BOOST_AUTO_TEST_CASE(a_body_that_never_ends_is_timed_out) {
  listener_options options;
  options.body_deadline = 200ms;
  served server(options);
  client c(server.port());
  c.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
  BOOST_TEST(c.read().status == 408u);
  BOOST_TEST(c.ended());
  BOOST_TEST(server.requests().size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_request_cut_off_is_refused) {
  served server;
  for (const std::string part : {"GET / HT", "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc"}) {
    client c(server.port());
    c.send(part);
    c.finish();
    const auto got = c.read();
    BOOST_TEST(got.status == 400u);
    BOOST_TEST(code(got) == "incomplete_request");
    BOOST_TEST(c.ended());
  }
  BOOST_TEST(server.requests().size() == 0u);
}

BOOST_AUTO_TEST_CASE(silent_and_idle_connections_are_closed_without_a_word) {
  listener_options options;
  options.idle = 200ms;
  served quick_to_tire(options);
  client idle(quick_to_tire.port());
  idle.send(get);
  BOOST_TEST(idle.read().status == 200u);
  BOOST_TEST(idle.ended());

  options = {};
  options.head_deadline = 200ms;
  served server(options);
  client silent(server.port());
  BOOST_TEST(silent.ended());
  BOOST_TEST(server.eventually([](const auto& k) { return k.open == 0; }));
}

BOOST_AUTO_TEST_CASE(an_answer_that_never_comes_becomes_a_503) {
  listener_options options;
  options.answer_deadline = 200ms;
  served server(options, served::hold);
  client c(server.port());
  c.send(get);
  const auto got = c.read();
  BOOST_TEST(got.status == 503u);
  BOOST_TEST(got.header("Retry-After") == "1");
  server.answer(server.wait_for(1), "too late");
  BOOST_TEST(c.ended());
}

BOOST_AUTO_TEST_CASE(half_open_clients_do_not_keep_an_honest_one_waiting) {
  served server;
  std::vector<std::unique_ptr<client>> half_open;
  for (int i = 0; i < 500; ++i) {
    half_open.push_back(std::make_unique<client>(server.port()));
    half_open.back()->send(i % 2 ? "GET / HTTP/1.1\r\nHost:"
                                 : "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n");
  }
  BOOST_TEST(server.eventually([](const auto& k) { return k.open == 500; }));
  client honest(server.port());
  for (int i = 0; i < 50; ++i) {
    honest.send(get);
    BOOST_REQUIRE(honest.read().status == 200u);
  }
  half_open.clear();
  BOOST_TEST(server.eventually([](const auto& k) { return k.open == 1; }));
}

BOOST_AUTO_TEST_CASE(a_large_body_is_taken_up_to_the_limit_and_refused_beyond) {
  listener_options options;
  options.max_body = 300'000;
  served server(options);
  client c(server.port());
  const std::string body(300'000, 'b');
  c.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n" + body);
  BOOST_TEST((c.read().body == "PUT /? " + body));
  // The answer is seen although the client goes on sending what nobody reads any more.
  c.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n" + std::string(4'000'000, 'b'));
  const auto got = c.read();
  BOOST_TEST(got.status == 413u);
  BOOST_TEST(code(got) == "body_too_large");
  BOOST_TEST(c.ended());
}

BOOST_AUTO_TEST_CASE(a_slow_reader_is_cut_off) {
  listener_options options;
  options.write_deadline = 200ms;
  options.write_rate = 1 << 30;
  served server(options, [](served& self, exchange to, const request& r) {
    self.answer(to, r.path == "/large" ? std::string(64 << 20, 'x') : "small");
  });
  client slow(server.port(), 4096);
  slow.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
  BOOST_TEST(server.eventually([](const auto& k) { return k.accepted == 1 && k.open == 0; }));
  client next(server.port());
  next.send(get);
  BOOST_TEST(next.read().body == "small");
}

BOOST_AUTO_TEST_CASE(a_large_answer_arrives_whole) {
  std::string large(64 << 20, 'x');
  for (std::size_t i = 0; i < large.size(); i += 4099) large[i] = static_cast<char>('a' + i % 26);
  served server({}, [&](served& self, exchange to, const request&) { self.answer(to, large); });
  client c(server.port(), 64 * 1024);
  c.send(get + get);
  BOOST_TEST((c.read().body == large));
  BOOST_TEST((c.read().body == large));
}

BOOST_AUTO_TEST_CASE(bytes_sent_ahead_are_bounded) {
  served server({}, served::hold);
  client c(server.port());
  c.send(get);
  const auto to = server.wait_for(1);
  const auto before = server.listener().counters().bytes_in;
  // More than the listener takes ahead, less than the system's buffers hold.
  const std::string ahead(100'000, 'x');
  c.send(ahead);
  BOOST_TEST(
      server.eventually([&](const auto& k) { return k.bytes_in - before == listener_options{}.max_head; }));
  server.answer(to, "now");
  BOOST_TEST(c.read().body == "now");
  BOOST_TEST(c.read().status == 414u);
}

BOOST_AUTO_TEST_CASE(when_full_the_longest_idle_make_room) {
  listener_options options;
  options.max_connections = 2;
  served server(options);
  client first(server.port());
  first.send(get);
  BOOST_TEST(first.read().status == 200u);
  client second(server.port());
  second.send(get);
  BOOST_TEST(second.read().status == 200u);
  client third(server.port());
  third.send(get);
  BOOST_TEST(third.read().status == 200u);
  BOOST_TEST(first.ended());
  second.send(get);
  BOOST_TEST(second.read().status == 200u);
}

BOOST_AUTO_TEST_CASE(when_full_of_busy_ones_new_clients_wait_their_turn) {
  listener_options options;
  options.max_connections = 1;
  served server(options, served::hold);
  client first(server.port());
  first.send(get);
  const auto to = server.wait_for(1);
  client second(server.port());
  second.send(get);
  server.answer(to, "one");
  BOOST_TEST(first.read().body == "one");
  server.answer(server.wait_for(2), "two");
  BOOST_TEST(second.read().body == "two");
}

BOOST_AUTO_TEST_CASE(without_descriptors_clients_wait_and_the_thread_does_not_spin) {
  served server;
  std::unique_ptr<client> waiting;
  {
    no_descriptors shortage;
    shortage.give_back_one();
    waiting = std::make_unique<client>(server.port());
    waiting->send(get);
    const auto before = processor_seconds();
    BOOST_TEST(!waiting->readable_within(500));
    BOOST_TEST(processor_seconds() - before < 0.2);
  }
  BOOST_TEST(waiting->read().status == 200u);
}

BOOST_AUTO_TEST_CASE(stopping_lets_answers_under_way_finish) {
  served server({}, served::hold);
  client idle(server.port());
  client busy(server.port());
  busy.send(get + get);
  const auto to = server.wait_for(1);
  BOOST_TEST(server.eventually([](const auto& k) { return k.open == 2; }));
  std::thread stopping([&] { server.listener().stop(); });
  BOOST_TEST(idle.ended());
  BOOST_CHECK_THROW(client{server.port()}, std::system_error);
  server.answer(to, "last");
  const auto got = busy.read();
  BOOST_TEST(got.body == "last");
  BOOST_TEST(got.header("Connection") == "close");
  BOOST_TEST(busy.ended());
  stopping.join();
  BOOST_TEST(server.requests().size() == 1u);
  server.answer(to, "after the end");
}

BOOST_AUTO_TEST_CASE(stopping_does_not_wait_for_ever) {
  listener_options options;
  options.stop_deadline = 200ms;
  served server(options, served::hold);
  client c(server.port());
  c.send(get);
  server.wait_for(1);
  server.listener().stop();
  BOOST_TEST(server.listener().counters().open == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
