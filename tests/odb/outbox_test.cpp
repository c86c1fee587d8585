#include <boost/test/unit_test.hpp>
#include <map>
#include <mutex>
#include <thread>

#include "odb/audit_chain.hpp"
#include "odb/outbox_store.hpp"
#include "tests/odb/session_world.hpp"

using model::to_text;
using rehearsal::fresh_id;
using rehearsal::morning;
using rehearsal::with_database;
using namespace std::chrono_literals;

namespace {

const auto until = morning + 3min;

/// A database whose outbox holds what a test puts in.
struct with_outbox : with_database {
  with_outbox() { owner().exec("DELETE FROM keywork.outbox"); }

  store::session& session = world.session;

  model::mail_id queue(const std::string& address, model::instant due = morning,
                       const std::string& template_name = "tenancy_info") {
    const auto id = fresh_id<model::mail_id>();
    owner().exec(
        "INSERT INTO keywork.outbox (id, to_address, to_name, template_name, fields, state, attempts,"
        " next_attempt_at, written_at) VALUES ($1, $2, '', $5, $3, 'queued', 0, $4, $4)",
        {to_text(id), address, model::encode({}), to_text(due), template_name});
    return id;
  }
  std::vector<store::outbox_row> take(std::size_t most = 10, model::instant now = morning) {
    return store::take_due_mails(session, now, now + 3min, most);
  }
  /// The one mail that can be taken; nothing where there are none or several.
  model::mail_id only(std::size_t most = 10, model::instant now = morning) {
    const auto taken = take(most, now);
    return taken.size() == 1 ? taken[0].id : model::mail_id{};
  }
  void sent(model::mail_id id) { store::mail_sent(session, {id, 1}, morning); }
  std::string column(const std::string& name, model::mail_id id) const {
    auto found = owner().exec("SELECT coalesce(" + name + "::text, '') FROM keywork.outbox WHERE id = $1",
                              {to_text(id)});
    return std::string(found.text(0, 0));
  }
  std::string state(model::mail_id id) const { return column("state", id); }
  static store::mail_attempt attempt(const store::outbox_row& row) { return {row.id, row.attempts}; }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(outbox, with_outbox)

BOOST_AUTO_TEST_CASE(mails_are_taken_once_by_two_sessions) {
  queue("a@example.org");
  queue("b@example.org");
  store::session other(db.service_conninfo);
  const auto first = store::take_due_mails(session, morning, until, 1);
  const auto second = store::take_due_mails(other, morning, until, 10);
  BOOST_TEST_REQUIRE(first.size() == 1u);
  BOOST_TEST_REQUIRE(second.size() == 1u);
  BOOST_TEST((first[0].id != second[0].id));
  BOOST_TEST(first[0].attempts == 1);
  BOOST_TEST(store::take_due_mails(other, morning, until, 10).empty());

  store::mail_sent(session, attempt(first[0]), morning);
  store::mail_retry(session, attempt(second[0]), morning,
                    "451 sp\xE4ter" + std::string(1, '\0') + std::string(600, 'x'));
  BOOST_TEST(store::count_outbox(session).retrying == 1);
  const auto again = take();
  BOOST_TEST_REQUIRE(again.size() == 1u);
  BOOST_TEST(again[0].attempts == 2);
  // A sender that died: taken again when its time is over.
  BOOST_TEST(store::take_due_mails(other, until, until + 5min, 10).size() == 1u);
  store::mail_failed(session, {again[0].id, 3}, morning, "550 no");
  BOOST_TEST(store::count_outbox(session).failed == 1);
  BOOST_TEST(store::count_outbox(session).queued == 0);
}

BOOST_AUTO_TEST_CASE(to_one_address_they_go_in_their_order) {
  const auto first = queue("a@example.org"), second = queue("a@example.org"), third = queue("a@example.org");
  const auto other = queue("b@example.org");
  const auto taken = take();
  BOOST_TEST_REQUIRE(taken.size() == 2u);
  BOOST_TEST((taken[0].id == first));
  BOOST_TEST((taken[1].id == other));
  sent(other);
  // While it is being sent, and while it waits for another attempt.
  BOOST_TEST(take().empty());
  store::mail_retry(session, {first, 1}, morning + 1h, "451 later");
  BOOST_TEST(take().empty());
  BOOST_TEST((only(10, morning + 1h) == first));
  sent(first);
  BOOST_TEST((only() == second));
  store::mail_failed(session, {second, 1}, morning, "550 no");
  BOOST_TEST((only() == third));
}

BOOST_AUTO_TEST_CASE(R37_sign_in_mails_go_before_all_others_and_wait_for_none) {
  const auto late = queue("a@example.org");
  BOOST_TEST((only(1) == late));
  store::mail_retry(session, {late, 1}, morning + 20h, "452 mailbox full");
  for (int i = 0; i < 100; ++i) queue("b" + std::to_string(i) + "@example.org");
  const auto behind = queue("a@example.org");
  const auto link = queue("a@example.org", morning + 1s, "sign_in");
  const auto newer = queue("a@example.org", morning + 2s, "sign_in");
  BOOST_TEST((only(1, morning + 3s) == link));
  BOOST_TEST((only(1, morning + 3s) == newer));
  // What they leave behind is in its line as before.
  sent(link);
  sent(newer);
  while (!take(64, morning + 3s).empty()) {
  }
  BOOST_TEST(state(behind) == "queued");
  BOOST_TEST(column("waits", behind) == "true");
}

BOOST_AUTO_TEST_CASE(an_earlier_one_that_is_tried_again_by_hand_goes_first) {
  const auto first = queue("a@example.org"), second = queue("a@example.org");
  BOOST_TEST((only() == first));
  store::mail_failed(session, {first, 1}, morning, "550 no");
  store::retry_by_hand(session, first, {"somebody", morning, fresh_id<model::audit_id>()});
  BOOST_TEST((only() == first));
  sent(first);
  BOOST_TEST((only() == second));
}

BOOST_AUTO_TEST_CASE(a_long_line_to_an_address_that_cannot_be_reached_stops_nobody) {
  const auto head = queue("blocked@example.org");
  owner().exec(
      "INSERT INTO keywork.outbox (id, to_address, to_name, template_name, fields, state, attempts,"
      " next_attempt_at, written_at)"
      " SELECT ('01fff000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'blocked@example.org', '',"
      " 'tenancy_info', '', 'queued', 0, $1, $1 FROM generate_series(1, 1000) n",
      {to_text(morning)});
  const auto other = queue("b@example.org", morning + 1us);  // due after all of them
  BOOST_TEST((only(1) == head));
  store::mail_retry(session, {head, 1}, morning + 1h, "451 later");
  int looks = 0;
  model::mail_id found;
  while (found != other && ++looks < 40)
    for (const auto& row : take(1, morning + 1us)) found = row.id;
  BOOST_TEST((found == other));
  BOOST_TEST(looks <= 1000 / 64 + 2);
  // From now on the line costs nothing: none of it is looked at.
  BOOST_TEST(count("outbox WHERE NOT waits AND state = 'queued'") == 0);
  sent(other);
  store::mail_failed(session, {head, 1}, morning, "late");  // not while it waits
  BOOST_TEST((only(1, morning + 1h) == head));
  store::mail_failed(session, {head, 2}, morning, "550 no");
  BOOST_TEST(count("outbox WHERE NOT waits AND state = 'queued'") == 1);
  BOOST_TEST(take(10, morning + 1h).size() == 1u);
}

BOOST_AUTO_TEST_CASE(who_is_taken_away_lets_the_next_one_go) {
  const auto first = queue("a@example.org"), second = queue("a@example.org");
  take();
  BOOST_TEST(take().empty());
  BOOST_TEST(column("waits", second) == "true");
  owner().exec("DELETE FROM keywork.outbox WHERE id = $1", {to_text(first)});
  BOOST_TEST((only() == second));
}

BOOST_AUTO_TEST_CASE(a_mail_is_not_set_aside_behind_one_that_is_just_being_finished) {
  const auto first = queue("a@example.org"), second = queue("a@example.org");
  BOOST_TEST((only() == first));
  auto finisher = owner();
  finisher.script("BEGIN; UPDATE keywork.outbox SET state = 'sent', sent_at = now()::timestamp WHERE id = '" +
                  to_text(first) + "'");
  BOOST_TEST(take().empty());  // for all it can see, the first one is still under way
  finisher.script("COMMIT");
  BOOST_TEST((only() == second));
}

BOOST_AUTO_TEST_CASE(two_mailers_at_once_keep_the_order_and_send_everything_once) {
  constexpr int addresses = 5, each = 12;
  std::map<std::string, std::vector<model::mail_id>> expected, seen;
  for (int n = 0; n < each; ++n)
    for (int a = 0; a < addresses; ++a) {
      const auto address = "a" + std::to_string(a) + "@example.org";
      expected[address].push_back(queue(address));
    }
  std::mutex guard;
  std::map<std::string, int> under_way;
  bool overlapped = false;
  std::atomic<int> left = addresses * each;
  const auto mailer = [&](int which) {
    store::session own(db.service_conninfo);
    for (int n = 0; left > 0 && n < 5000; ++n) {
      for (const auto& row : store::take_due_mails(own, morning, until, 2)) {
        {
          const std::lock_guard lock(guard);
          overlapped |= under_way[row.to_address]++ != 0;
        }
        const bool again = (n + which) % 3 == 0;
        {
          const std::lock_guard lock(guard);
          --under_way[row.to_address];
          if (!again) seen[row.to_address].push_back(row.id);
        }
        if (again)
          store::mail_retry(own, attempt(row), morning, "451 later");
        else {
          store::mail_sent(own, attempt(row), morning);
          --left;
        }
      }
    }
  };
  std::thread one(mailer, 0), two(mailer, 1);
  one.join();
  two.join();
  BOOST_TEST(left == 0);
  BOOST_TEST(!overlapped);
  BOOST_TEST((seen == expected));
}

BOOST_AUTO_TEST_CASE(what_is_not_known_of_an_attempt_is_remembered) {
  const auto id = queue("a@example.org");
  const auto first = take();
  BOOST_TEST(!first.at(0).unsure_since.has_value());
  BOOST_TEST((first[0].first_tried_at == morning));
  // The mailer was killed; the next one takes it when the time is over.
  const auto second = take(1, until);
  BOOST_TEST_REQUIRE(second.size() == 1u);
  BOOST_TEST((second[0].unsure_since == morning));
  BOOST_TEST((second[0].first_tried_at == morning));
  // The first comes back: what it says about its own attempt is late, but that it was sent is true.
  store::mail_failed(session, attempt(first[0]), until, "550 no");
  store::mail_retry(session, attempt(first[0]), until, "451 later");
  BOOST_TEST(state(id) == "sending");
  store::mail_retry(session, attempt(second[0]), until, "451 later");
  BOOST_TEST((take(1, until).at(0).unsure_since == morning));
  store::mail_sent(session, attempt(first[0]), until, "re_1");
  BOOST_TEST(state(id) == "sent");
  BOOST_TEST(column("provider_id", id) == "re_1");
  BOOST_TEST(column("unsure_since", id) == "");
}

BOOST_AUTO_TEST_CASE(an_attempt_that_may_have_arrived_is_remembered_and_one_that_cannot_is_not) {
  queue("a@example.org");
  store::mail_retry(session, attempt(take().at(0)), morning, "no route", false);
  const auto second = take(1, morning + 1min);
  BOOST_TEST(!second.at(0).unsure_since.has_value());
  store::mail_retry(session, attempt(second[0]), morning, "cut off", true);
  const auto third = take(1, morning + 2min);
  BOOST_TEST((third.at(0).unsure_since == morning + 1min));
  store::mail_retry(session, attempt(third[0]), morning, "cut off", true);
  BOOST_TEST((take(1, morning + 3min).at(0).unsure_since == morning + 1min));
}

BOOST_AUTO_TEST_CASE(a_clock_that_was_ten_years_ahead_delays_no_mail_for_ten_years) {
  const auto ahead = morning + 10 * 365 * 24h;
  const auto tried = queue("a@example.org"), written = queue("b@example.org", ahead);
  BOOST_TEST((only(1, ahead) == tried));
  store::mail_retry(session, {tried, 1}, ahead + 24h, "451 later");
  BOOST_TEST(take().empty());
  store::mend_waits(session, morning);
  const auto again = take();
  BOOST_TEST(again.size() == 2u);
  for (const auto& row : again) BOOST_TEST((row.first_tried_at == morning));
  BOOST_TEST((state(written) == "sending"));
  // Where the clock is right nothing changes.
  store::mail_retry(session, {tried, 2}, morning + 24h, "451 later");
  store::mend_waits(session, morning);
  BOOST_TEST(take(10, morning + 23h).size() == 1u);  // the one that was left being sent
}

BOOST_AUTO_TEST_CASE(by_hand_a_mail_begins_anew_under_another_key_only_if_it_had_failed) {
  const auto id = queue("a@example.org");
  const store::retry_by_command how{"somebody", morning, fresh_id<model::audit_id>()};
  store::mail_retry(session, attempt(take().at(0)), morning + 1h, "cut off", true);
  const auto was = [&] { return store::retry_by_hand(session, id, how).value().state; };
  BOOST_TEST((was() == model::mail_state::retrying));
  auto again = take();
  BOOST_TEST_REQUIRE(again.size() == 1u);
  BOOST_TEST(again[0].resends == 0);
  BOOST_TEST(again[0].attempts == 1);
  BOOST_TEST(again[0].unsure_since.has_value());
  BOOST_TEST((was() == model::mail_state::sending));
  store::mail_failed(session, attempt(again[0]), morning, "given up");
  BOOST_TEST((was() == model::mail_state::failed));
  again = take();
  BOOST_TEST_REQUIRE(again.size() == 1u);
  BOOST_TEST(again[0].resends == 1);
  BOOST_TEST(!again[0].unsure_since.has_value());
  sent(id);
  BOOST_TEST((was() == model::mail_state::sent));
  BOOST_TEST(!store::retry_by_hand(session, fresh_id<model::mail_id>(), how).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
