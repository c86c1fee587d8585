#include <boost/test/unit_test.hpp>

#include "net/http/outlet.hpp"
#include "tests/net/edge_world.hpp"

using namespace edge_test;
using actors::case_news;

namespace {

const std::string path = "/api/v1/support-cases/0190a000-0000-7000-8000-000000000001/events";
const std::string opening = "event: open\nid: \"tag\"\ndata: {\"version\":\"\\\"tag\\\"\",\"kinds\":[]}\n\n";

std::string change(const std::string& version, const std::string& kinds) {
  return "event: change\nid: \"" + version + "\"\ndata: {\"version\":\"\\\"" + version +
         "\\\"\",\"kinds\":[" + kinds + "]}\n\n";
}
const std::string end = "event: end\ndata: {}\n\n";
const std::string beat = ": \n\n";

/// The client's end of a stream, in place of the listener.
class hearing {
 public:
  explicit hearing(net::http::response& r) : from_(std::exchange(r.stream, nullptr)) {
    BOOST_REQUIRE(from_);
    from_.open(false, [] {});
  }
  /// What has come since the last look.
  std::string text() {
    std::string out;
    auto step = net::http::outlet::step::part;
    while (step == net::http::outlet::step::part) {
      step = from_.next(out);
      from_.written();
    }
    over_ = step == net::http::outlet::step::end;
    broken_ = step == net::http::outlet::step::broken;
    return out;
  }
  bool over() const { return over_; }
  bool broken() const { return broken_; }
  void hang_up() { from_ = {}; }

 private:
  net::http::outlet from_;
  bool over_ = false, broken_ = false;
};

struct stream_world : world {
  hearing open() {
    auto r = as_token("GET", path);
    BOOST_REQUIRE(r.status == 200u);
    out.given.clear();  // the listener keeps nothing of an answer
    return hearing{r};
  }
  const actors::watch_events& asked(std::size_t i) const {
    return std::get<actors::watch_events>(others.cases.at(i).what);
  }
  const actors::watch_events& last_asked() const { return asked(others.cases.size() - 1); }
  model::uuid stream(std::size_t i = 0) const { return asked(i).stream; }
  void sees(const std::string& version) {
    others.reply = actors::answer{actors::answer_kind::ok, {}, "\"" + version + "\"", {}};
  }
  void told(case_news what, const std::string& version = {}, std::vector<std::string> kinds = {}) {
    tell({what, {stream()}, version.empty() ? version : "\"" + version + "\"", std::move(kinds)});
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(event_streams, stream_world)

BOOST_AUTO_TEST_CASE(a_stream_begins_with_where_its_client_stands) {
  auto r = as_token("GET", path);
  BOOST_TEST(r.status == 200u);
  BOOST_TEST(header_of(r, "Content-Type") == "text/event-stream");
  BOOST_TEST(header_of(r, "Cache-Control") == "no-store");
  BOOST_TEST(header_of(r, "X-Accel-Buffering") == "no");
  BOOST_TEST(header_of(r, "ETag").empty());
  BOOST_TEST(!r.body);
  BOOST_TEST(hearing(r).text() == opening);
  BOOST_REQUIRE(others.cases.size() == 1u);
  BOOST_TEST(model::to_text(others.cases[0].of_case) == id);
  BOOST_TEST(others.cases[0].who.email == "wanda@example.org");
  BOOST_TEST(!last_asked().again);
}

BOOST_AUTO_TEST_CASE(a_refusal_is_the_answer_in_place_of_a_stream) {
  others.reply = model::refusal::not_found();
  const auto r = as_token("GET", path);
  BOOST_TEST(r.status == 404u);
  BOOST_TEST(!r.stream);
  others.nothing_located = true;
  BOOST_TEST(as_token("GET", "/api/v1/support-cases/0190a000-0000-7000-8000-000000000009/events").status ==
             404u);
  BOOST_TEST(send("GET", path).status == 401u);
  BOOST_TEST(as_token("GET", path + "?x=1").status == 400u);
}

BOOST_AUTO_TEST_CASE(what_is_told_is_an_event_and_what_is_nobodys_business_is_silence) {
  auto h = open();
  BOOST_TEST(h.text() == opening);
  told(case_news::changed, "two", {"note.created", "goal.edited"});
  BOOST_TEST(h.text() == change("two", R"("note.created","goal.edited")"));
  told(case_news::changed, "three");
  BOOST_TEST(h.text() == "");
  tell({case_news::changed, {model::uuid{}}, "\"x\"", {"note.created"}});
  BOOST_TEST(h.text() == "");
}

BOOST_AUTO_TEST_CASE(R16_an_ended_access_ends_the_stream) {
  auto h = open();
  told(case_news::ended);
  BOOST_TEST(h.text() == opening + end);
  BOOST_TEST(h.over());
  told(case_news::changed, "two", {"note.created"});
  BOOST_TEST(h.text() == "");
  h.hang_up();
  pass(std::chrono::seconds{60});
  BOOST_TEST(others.cases.size() == 1u);
}

BOOST_AUTO_TEST_CASE(told_to_ask_again_it_asks_and_goes_on_or_ends) {
  auto h = open();
  h.text();
  told(case_news::ask_again);
  BOOST_TEST(others.cases.size() == 2u);
  BOOST_TEST(last_asked().again);
  BOOST_TEST((last_asked().stream == stream()));
  BOOST_TEST(h.text() == "", "nothing has changed");
  sees("two");
  told(case_news::ask_again);
  BOOST_TEST(h.text() == change("two", R"("case.changed")"), "nobody knows what");
  sees("three");
  told(case_news::ask_again, "", {"session.edited"});
  BOOST_TEST(h.text() == change("three", R"("session.edited")"));
  others.reply = model::refusal::not_found();
  told(case_news::ask_again);
  BOOST_TEST(h.text() == end);
  BOOST_TEST(h.over());
}

BOOST_AUTO_TEST_CASE(a_case_that_has_left_is_asked_at_once_and_then_with_more_and_more_patience) {
  auto h = open();
  told(case_news::left);
  BOOST_TEST(others.cases.size() == 2u);
  told(case_news::left);
  BOOST_TEST(others.cases.size() == 2u);
  pass(std::chrono::seconds{1});
  BOOST_TEST(others.cases.size() == 2u);
  for (int i = 0; i < 4; ++i) pass(std::chrono::seconds{1});
  BOOST_TEST(others.cases.size() == 3u);
}

BOOST_AUTO_TEST_CASE(where_the_case_cannot_be_asked_the_stream_waits_and_asks_again) {
  auto h = open();
  h.text();
  others.reply = model::refusal::unavailable();
  told(case_news::left);
  BOOST_TEST(others.cases.size() == 2u);
  sees("two");
  for (int i = 0; i < 4; ++i) pass(std::chrono::seconds{1});
  BOOST_TEST(h.text() == change("two", R"("case.changed")"));
}

BOOST_AUTO_TEST_CASE(an_organisation_that_died_is_found_again) {
  auto h = open();
  h.text();
  kill_organisation();
  told(case_news::left);
  BOOST_TEST(others.located == 2u);
  BOOST_TEST(others.cases.size() == 2u);
  BOOST_TEST(h.text() == "");
}

BOOST_AUTO_TEST_CASE(a_heartbeat_keeps_the_connection_and_the_subscription) {
  auto h = open();
  h.text();
  for (int i = 0; i < 14; ++i) pass(std::chrono::seconds{1});
  BOOST_TEST(h.text() == "");
  for (int i = 0; i < 12; ++i) pass(std::chrono::seconds{1});
  BOOST_TEST(h.text() == beat);
  BOOST_TEST(others.cases.size() == 2u);
  BOOST_TEST(last_asked().again);
}

BOOST_AUTO_TEST_CASE(R39_a_login_that_is_no_more_ends_the_stream_at_once) {
  auto h = open();
  h.text();
  others.known.clear();
  logins.drop("somebody else's");
  pass(std::chrono::seconds{1});
  BOOST_TEST(h.text() == "");
  logins.drop(actors::token_hash(token));
  pass(std::chrono::seconds{1});
  BOOST_TEST(h.text() == end);
  BOOST_TEST(h.over());
  BOOST_TEST((others.unwatched == std::vector{stream()}));
}

BOOST_AUTO_TEST_CASE(a_client_that_goes_is_forgotten) {
  auto h = open();
  h.hang_up();
  run();
  BOOST_TEST((others.unwatched == std::vector{stream()}));
  pass(std::chrono::seconds{60});
  BOOST_TEST(others.cases.size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_answer_that_never_reached_the_listener_leaves_no_stream_behind) {
  as_token("GET", path);
  out.given.clear();
  pass(std::chrono::seconds{1});
  BOOST_TEST((others.unwatched == std::vector{stream()}));
}

BOOST_AUTO_TEST_CASE(a_client_that_does_not_read_is_let_go) {
  auto h = open();
  for (int i = 0; i < 70; ++i) told(case_news::changed, "v", {std::string(1024, 'k')});
  pass(std::chrono::seconds{1});
  h.text();
  BOOST_TEST(h.broken());
  BOOST_TEST((others.unwatched == std::vector{stream()}));
}

BOOST_AUTO_TEST_CASE(one_person_has_so_many_streams_and_no_more) {
  std::vector<hearing> all;
  for (std::size_t i = 0; i < net::stream_limits{}.most_of_one; ++i) all.push_back(open());
  const auto r = as_token("GET", path);
  BOOST_TEST(r.status == 429u);
  BOOST_TEST(!header_of(r, "Retry-After").empty());
  all.back().hang_up();
  run();
  all.pop_back();
  all.push_back(open());
}

BOOST_AUTO_TEST_CASE(what_is_refused_does_not_count) {
  others.reply = model::refusal::not_found();
  for (std::size_t i = 0; i <= net::stream_limits{}.most_of_one; ++i)
    BOOST_TEST(as_token("GET", path).status == 404u);
}

BOOST_AUTO_TEST_SUITE_END()
