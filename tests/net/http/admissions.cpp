// Large bodies that wait until somebody has let them in.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <mutex>
#include <vector>

#include "net/http/spooled.hpp"
#include "tests/net/http/uploading.hpp"

using namespace net::http;
using namespace net::http::testing;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(http_admissions)

namespace {

/// What asked for leave to send a large body, in its order.
struct announcements {
  std::mutex mutex;
  std::vector<exchange> exchanges;
  std::vector<request> heads;

  handler ask() {
    return [this](exchange to, request&& head) {
      const std::lock_guard lock(mutex);
      exchanges.push_back(to);
      heads.push_back(std::move(head));
    };
  }
  std::size_t count() {
    const std::lock_guard lock(mutex);
    return exchanges.size();
  }
  exchange at(const served& server, std::size_t n) {
    server.eventually([&](const auto&) { return count() > n; });
    const std::lock_guard lock(mutex);
    return exchanges.at(n);
  }
};

listener_options asking(const directory& d, announcements& all) {
  auto options = spooling(d);
  options.on_large_body = all.ask();
  return options;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_large_body_takes_nothing_before_somebody_lets_it_in) {
  const directory d;
  announcements all;
  served server(asking(d, all));
  std::vector<std::unique_ptr<client>> many;
  for (int i = 0; i < 200; ++i) {
    many.push_back(std::make_unique<client>(server.port()));
    many.back()->send(put_head(25'000'000) + content(500));
  }
  const auto last = all.at(server, 199);
  BOOST_TEST(server.listener().counters().spooled == 0u);
  BOOST_TEST(d.open_files() == 0u);
  client honest(server.port());
  honest.send(put_head(2'000'000, "/kept"));
  server.listener().admit(all.at(server, 200), "somebody");
  honest.send(content(2'000'000));
  BOOST_TEST(honest.read().status == 200u);
  server.wait_for(1);
  const auto got = server.requests().at(0);
  BOOST_TEST(got.path == "/kept");
  BOOST_REQUIRE(got.file);
  BOOST_TEST(got.file->size() == 2'000'000u);
  BOOST_TEST(all.heads.at(200).peer == "127.0.0.1");
  response no;
  no.status = 401;
  server.listener().answer(last, std::move(no));
  // Whose the last announcement was is the network's to say.
  const auto refused = [&] {
    return std::count_if(many.begin(), many.end(), [](const auto& c) { return c->readable_within(0); });
  };
  BOOST_TEST(server.eventually([&](const auto&) { return refused() > 0; }));
  BOOST_TEST(refused() == 1);
  BOOST_TEST(server.requests().size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_comes_with_and_after_the_announcement_is_kept_in_order) {
  const directory d;
  announcements all;
  served server(asking(d, all));
  client c(server.port());
  const auto large = content(50'000);
  c.send("GET /before HTTP/1.1\r\nHost: a\r\n\r\n" + put_head(large.size(), "/large") + large +
         put_head(10, "/small") + content(10));
  BOOST_TEST(c.read().status == 200u);
  const auto to = all.at(server, 0);
  server.listener().admit(to, "somebody");
  server.listener().admit(to, "somebody");
  BOOST_TEST(c.read().status == 200u);
  BOOST_TEST(c.read().status == 200u);
  server.wait_for(3);
  const auto got = server.requests();
  BOOST_REQUIRE(got.at(1).file);
  BOOST_TEST((got[1].file->read_at(0, 100'000) == large));
  BOOST_TEST((got[2].body == content(10)));
  BOOST_TEST(all.count() == 1u);
}

BOOST_AUTO_TEST_CASE(a_body_that_is_turned_away_is_never_taken_for_a_request) {
  const directory d;
  announcements all;
  served server(asking(d, all));
  client c(server.port());
  const std::string hidden = "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n";
  c.send(put_head(20'000) + hidden);
  const auto to = all.at(server, 0);
  response no;
  no.status = 403;
  server.listener().answer(to, no);
  c.send(hidden + hidden);
  const auto got = c.read();
  BOOST_TEST(got.status == 403u);
  BOOST_TEST(got.header("Connection") == "close");
  BOOST_TEST(c.ended());
  server.listener().admit(to, "somebody");
  BOOST_TEST(server.requests().empty());
  BOOST_TEST(none_left(server));
}

BOOST_AUTO_TEST_CASE(nobody_is_told_to_go_on_before_they_are_let_in) {
  const directory d;
  announcements all;
  served server(asking(d, all));
  client c(server.port());
  c.send(put_head(20'000, "/", "Expect: 100-continue\r\n"));
  const auto to = all.at(server, 0);
  BOOST_TEST(!c.readable_within(50));
  server.listener().admit(to, "somebody");
  BOOST_TEST(c.read_to("\r\n\r\n").starts_with("HTTP/1.1 100 "));
}

BOOST_AUTO_TEST_CASE(an_announcement_that_nobody_judges_ends_in_time) {
  const directory d;
  announcements all;
  auto options = asking(d, all);
  options.answer_deadline = 100ms;
  served server(options);
  client c(server.port());
  c.send(put_head(20'000));
  const auto got = c.read();
  BOOST_TEST(got.status == 503u);
  BOOST_TEST(got.header("Connection") == "close");
}

BOOST_AUTO_TEST_CASE(one_owner_has_so_many_large_bodies_at_a_time) {
  const directory d;
  announcements all;
  auto options = asking(d, all);
  options.spooled_each = 2;
  served server(options);
  std::vector<std::unique_ptr<client>> clients;
  std::size_t asked = 0;
  const auto upload = [&](const std::string& owner) -> client& {
    clients.push_back(std::make_unique<client>(server.port()));
    clients.back()->send(put_head(20'000, "/", "Expect: 100-continue\r\n"));
    server.listener().admit(all.at(server, asked++), owner);
    return *clients.back();
  };
  const auto goes_on = [](client& c) { return c.read_to("\r\n\r\n").starts_with("HTTP/1.1 100 "); };
  auto& first = upload("one");
  BOOST_TEST(goes_on(first));
  BOOST_TEST(goes_on(upload("one")));
  const auto no = upload("one").read();
  BOOST_TEST(no.status == 429u);
  BOOST_TEST(code(no) == "too_many_uploads");
  BOOST_TEST(goes_on(upload("two")));
  first.send(content(20'000));
  BOOST_TEST(first.read().status == 200u);
  server.wait_for(1);
  // It is counted until its request is done with.
  BOOST_TEST(upload("one").read().status == 429u);
  server.forget();
  BOOST_TEST(goes_on(upload("one")));
}

BOOST_AUTO_TEST_CASE(one_owner_has_room_for_so_many_bytes_at_a_time) {
  const directory d;
  announcements all;
  auto options = asking(d, all);
  options.spooled_bytes_each = 50'000;
  served server(options);
  std::vector<std::unique_ptr<client>> clients;
  const auto upload = [&](const std::string& owner, std::size_t size) -> client& {
    const auto n = clients.size();
    clients.push_back(std::make_unique<client>(server.port()));
    clients.back()->send(put_head(size, "/", "Expect: 100-continue\r\n"));
    server.listener().admit(all.at(server, n), owner);
    return *clients.back();
  };
  const auto goes_on = [](client& c) { return c.read_to("\r\n\r\n").starts_with("HTTP/1.1 100 "); };
  auto& first = upload("one", 30'000);
  BOOST_TEST(goes_on(first));
  const auto no = upload("one", 20'001).read();
  BOOST_TEST(no.status == 429u);
  BOOST_TEST(code(no) == "too_many_uploads");
  BOOST_TEST(goes_on(upload("one", 20'000)));
  BOOST_TEST(goes_on(upload("two", 50'000)));
  BOOST_TEST(upload("three", 50'001).read().status == 429u);
  first.send(content(30'000));
  BOOST_TEST(first.read().status == 200u);
  server.wait_for(1);
  server.forget();
  BOOST_TEST(goes_on(upload("one", 30'000)));
}

BOOST_AUTO_TEST_SUITE_END()
