// Large bodies: kept in files that nobody sees, bounded in all, and handed on whole or not at all.
#include <signal.h>
#include <sys/resource.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <mutex>
#include <stdexcept>

#include "net/http/listener.hpp"
#include "net/http/spooled.hpp"
#include "tests/net/http/client.hpp"
#include "tests/net/http/memory.hpp"
#include "tests/net/http/uploading.hpp"

using namespace net::http;
using namespace net::http::testing;
using namespace std::chrono_literals;

namespace {
/// Files of this process can have no more than so many bytes, as if the disk were full.
class small_files {
 public:
  explicit small_files(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit few = before_;
    few.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &few);
  }
  ~small_files() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};
}  // namespace

BOOST_AUTO_TEST_SUITE(http_uploads)

BOOST_AUTO_TEST_CASE(a_large_body_comes_in_a_file_without_a_name) {
  const directory d;
  served server(spooling(d));
  client c(server.port());
  const auto large = content(200'000);
  c.send(put_head(large.size()) + large + put_head(1000) + content(1000) + put_head(1001) + content(1001));
  for (int i = 0; i < 3; ++i) BOOST_TEST(c.read().status == 200u);
  server.wait_for(3);
  const auto got = server.requests();
  BOOST_REQUIRE(got[0].file);
  BOOST_TEST(got[0].body.empty());
  BOOST_TEST(got[0].file->size() == large.size());
  BOOST_TEST((got[0].file->read_at(0, 1'000'000) == large));
  BOOST_TEST((got[0].file->read_at(150'000, 10) == large.substr(150'000, 10)));
  BOOST_TEST(got[0].file->read_at(200'000, 10).empty());
  BOOST_TEST(got[0].file->read_at(300'000, 10).empty());
  BOOST_TEST(!got[1].file);
  BOOST_TEST((got[1].body == content(1000)));
  BOOST_REQUIRE(got[2].file);
  BOOST_TEST(got[2].file->size() == 1001u);
  BOOST_TEST(fs::is_empty(d.path()));
  BOOST_TEST(d.open_files() == 2u);
}

BOOST_AUTO_TEST_CASE(the_file_lives_as_long_as_its_request) {
  const directory d;
  served server(spooling(d));
  client c(server.port());
  c.send(put_head(5000) + content(5000));
  BOOST_TEST(c.read().status == 200u);
  server.wait_for(1);
  BOOST_TEST(server.listener().counters().spooled == 5000u);
  BOOST_TEST(d.open_files() == 1u);
  server.forget();
  BOOST_TEST(none_left(server));
  BOOST_TEST(d.open_files() == 0u);
}

BOOST_AUTO_TEST_CASE(a_body_byte_by_byte_makes_the_same_file) {
  const directory d;
  auto options = spooling(d);
  options.spool_above = 10;
  served server(options);
  client c(server.port());
  for (const char byte : put_head(300) + content(300)) BOOST_REQUIRE(c.send({&byte, 1}));
  BOOST_TEST(c.read().status == 200u);
  server.wait_for(1);
  BOOST_TEST((server.requests()[0].file->read_at(0, 300) == content(300)));
}

BOOST_AUTO_TEST_CASE(the_limit_is_asked_for_each_judged_head) {
  const directory d;
  std::mutex mutex;
  std::vector<std::string> asked;
  auto options = spooling(d);
  options.body_limit = [&](const request& head) -> std::size_t {
    const std::lock_guard guard(mutex);
    asked.push_back(head.path + " " + std::string(head.header("X-Who")));
    return head.path == "/upload" ? 5000 : 10;
  };
  served server(options);
  client c(server.port());
  c.send(put_head(5000, "/upload", "X-Who: me\r\n") + content(5000) + put_head(10) + content(10));
  BOOST_TEST(c.read().status == 200u);
  BOOST_TEST(c.read().status == 200u);
  // Refused on the head alone; nobody is told to go on.
  c.send(put_head(5001, "/upload", "Expect: 100-continue\r\n"));
  const auto refused = c.read();
  BOOST_TEST(refused.status == 413u);
  BOOST_TEST(code(refused) == "body_too_large");
  BOOST_TEST(c.ended());
  client small(server.port());
  small.send(put_head(11));
  BOOST_TEST(small.read().status == 413u);
  client odd(server.port());
  odd.send(put_head(10, "/odd", "Transfer-Encoding: chunked\r\n"));
  BOOST_TEST(odd.read().status == 400u);
  BOOST_TEST(asked == (std::vector<std::string>{"/upload me", "/ ", "/upload ", "/ "}),
             boost::test_tools::per_element());
  BOOST_TEST(server.requests().size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_limit_that_throws_ends_its_connection_only) {
  listener_options options;
  options.body_limit = [](const request& head) -> std::size_t {
    if (head.path == "/bad") throw std::runtime_error("secret");
    return 10;
  };
  served server(options);
  client bad(server.port());
  bad.send(put_head(1, "/bad") + "x");
  BOOST_TEST(bad.read().status == 500u);
  BOOST_TEST(bad.ended());
  client good(server.port());
  good.send(put_head(1) + "x");
  BOOST_TEST(good.read().status == 200u);
}

BOOST_AUTO_TEST_CASE(an_upload_cut_off_leaves_nothing) {
  const directory d;
  served server(spooling(d));
  {
    client gone(server.port());
    gone.send(put_head(50'000) + content(20'000));
    BOOST_TEST(server.eventually([](const auto& k) { return k.spooled == 50'000 && k.bytes_in > 20'000; }));
    BOOST_TEST(d.open_files() == 1u);
  }
  BOOST_TEST(none_left(server));
  client half(server.port());
  half.send(put_head(50'000) + content(20'000));
  half.finish();
  const auto got = half.read();
  BOOST_TEST(got.status == 400u);
  BOOST_TEST(code(got) == "incomplete_request");
  BOOST_TEST(none_left(server));
  BOOST_TEST(d.open_files() == 0u);
  BOOST_TEST(server.requests().size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_refused_upload_lets_go_of_its_file_before_the_client_does) {
  const directory d;
  auto options = spooling(d);
  options.body_deadline = 200ms;
  options.read_rate = 1 << 30;
  served server(options);
  client c(server.port());
  c.send(put_head(50'000) + content(20'000));
  BOOST_TEST(c.read().status == 408u);
  BOOST_TEST(none_left(server));
  BOOST_TEST(server.listener().counters().open == 1u);
}

BOOST_AUTO_TEST_CASE(uploads_under_way_are_bounded_in_bytes) {
  const directory d;
  auto options = spooling(d);
  options.max_spooled = 10'000;
  served server(options);
  client first(server.port());
  first.send(put_head(6000));
  BOOST_TEST(server.eventually([](const auto& k) { return k.spooled == 6000; }));
  const auto try_another = [&] {
    client other(server.port());
    other.send(put_head(6000) + content(6000));
    const auto got = other.read();
    if (got.status == 503) {
      BOOST_TEST(code(got) == "too_many_uploads");
      BOOST_TEST(got.header("Retry-After") == "1");
      BOOST_TEST(got.header("Connection") == "close");
      BOOST_TEST(other.ended());
    }
    return got.status;
  };
  BOOST_TEST(try_another() == 503u);
  client small(server.port());
  small.send(put_head(1000) + content(1000));
  BOOST_TEST(small.read().status == 200u);
  first.send(content(6000));
  BOOST_TEST(first.read().status == 200u);
  // The handler holds it still.
  BOOST_TEST(try_another() == 503u);
  server.wait_for(2);
  server.forget();
  BOOST_TEST(try_another() == 200u);
  client beyond_all(server.port());
  beyond_all.send(put_head(10'001));
  BOOST_TEST(beyond_all.read().status == 503u);
}

BOOST_AUTO_TEST_CASE(uploads_under_way_are_bounded_in_files) {
  const directory d;
  served server(spooling(d));
  std::vector<std::unique_ptr<client>> many;
  for (int i = 0; i < 128; ++i) {
    many.push_back(std::make_unique<client>(server.port()));
    many.back()->send(put_head(2000));
  }
  BOOST_TEST(server.eventually([](const auto& k) { return k.spooled == 128 * 2000; }));
  client one_more(server.port());
  one_more.send(put_head(2000));
  BOOST_TEST(one_more.read().status == 503u);
  many.clear();
  BOOST_TEST(none_left(server));
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_a_503) {
  const directory d;
  served server(spooling(d));
  client c(server.port());
  {
    const small_files full(20'000);
    c.send(put_head(50'000) + content(50'000));
    const auto got = c.read();
    BOOST_TEST(got.status == 503u);
    BOOST_TEST(got.header("Retry-After") == "1");
    BOOST_TEST(c.ended());
    BOOST_TEST(none_left(server));
  }
  client again(server.port());
  again.send(put_head(50'000) + content(50'000));
  BOOST_TEST(again.read().status == 200u);
  server.wait_for(1);
  BOOST_TEST(server.requests().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_directory_that_is_gone_is_a_503) {
  const directory d;
  auto options = spooling(d);
  fs::create_directory(d.path() + "/in");
  options.spool_directory += "/in";
  served server(options);
  fs::remove(d.path() + "/in");
  client c(server.port());
  c.send(put_head(5000));
  BOOST_TEST(c.read().status == 503u);
  BOOST_TEST(none_left(server));
  BOOST_CHECK_EXCEPTION(listener(options, [](exchange, request&&) {}), std::invalid_argument,
                        [&](const std::invalid_argument& e) {
                          return std::string(e.what()).find(options.spool_directory) != std::string::npos;
                        });
}

BOOST_AUTO_TEST_CASE(a_large_body_is_given_time_by_its_size) {
  const directory d;
  auto options = spooling(d);
  options.body_deadline = 200ms;
  options.read_rate = 1000;
  served server(options);
  client slow(server.port());
  slow.send(put_head(20'000) + content(10'000));
  BOOST_TEST(!slow.readable_within(600));
  slow.send(content(10'000, 10'000));
  BOOST_TEST(slow.read().status == 200u);
  client small(server.port());
  small.send(put_head(900) + content(800));
  BOOST_TEST(small.read().status == 408u);
}

BOOST_AUTO_TEST_CASE(a_25_megabyte_upload_costs_no_memory) {
  const directory d;
  auto options = spooling(d);
  options.spool_above = listener_options{}.spool_above;
  served server(options);
  constexpr std::size_t size = 25'000'000;
  constexpr std::size_t step = 100'000;
  client c(server.port());
  high_tide memory;
  c.send(put_head(size));
  for (std::size_t at = 0; at < size; at += step) {
    BOOST_REQUIRE(c.send(content(step, at)));
    memory.look();
  }
  BOOST_TEST(c.read().status == 200u);
  memory.look();
  server.wait_for(1);
  const auto file = server.requests()[0].file;
  BOOST_REQUIRE(file);
  BOOST_TEST(file->size() == size);
  std::size_t wrong = 0;
  for (std::size_t at = 0; at < size; at += step) wrong += file->read_at(at, step) != content(step, at);
  BOOST_TEST(wrong == 0u);
  if (memory_tells) BOOST_TEST(memory.risen() < 4u << 20);
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_made_takes_nothing_of_the_budget) {
  const auto budget = std::make_shared<spool_budget>();
  BOOST_CHECK_THROW(spooled("/nowhere/at/all", 100, budget), std::system_error);
  BOOST_TEST(budget->bytes == 0u);
  BOOST_TEST(budget->files == 0u);
}

BOOST_AUTO_TEST_CASE(a_large_body_that_stops_coming_is_given_up_early) {
  const directory d;
  auto options = spooling(d);
  options.stall_deadline = 150ms;
  served server(options);
  client stalled(server.port()), small(server.port());
  small.send(put_head(900) + content(100));
  stalled.send(put_head(50'000) + content(40'000));
  BOOST_TEST(stalled.read().status == 408u);
  BOOST_TEST(none_left(server));
  small.send(content(800));
  BOOST_TEST(small.read().status == 200u);
}

BOOST_AUTO_TEST_SUITE_END()
