#include <boost/test/unit_test.hpp>

#include "odb/retention_store.hpp"
#include "tests/odb/session_world.hpp"

using rehearsal::morning;

BOOST_FIXTURE_TEST_SUITE(retention_runs_suite, rehearsal::with_database)

BOOST_AUTO_TEST_CASE(R30_a_days_run_is_begun_once) {
  using rehearsal::fresh_id;
  auto& s = world.session;
  const auto org = world.org->settings.id;
  const model::day day{std::chrono::year{2026} / 11 / 21};
  const auto fresh = [&] {
    return store::held_run{org, fresh_id<model::retention_run_id>(), fresh_id<model::user_id>().value};
  };
  const auto first = store::begin_daily_run(s, fresh(), day, morning);
  BOOST_TEST_REQUIRE(first.has_value());
  BOOST_TEST(!store::begin_daily_run(s, fresh(), day, morning).has_value());
  BOOST_TEST((store::swept_organisations(s).at(0).last_day == day));
  // It is held while somebody says so, and anybody's when nobody does.
  const auto other = fresh_id<model::user_id>().value;
  BOOST_TEST(!store::take_open_run(s, other, morning + std::chrono::seconds{20}).has_value());
  BOOST_TEST(store::beat_run(s, *first, {3, 2, 1, 1, 9, 1}, morning + std::chrono::seconds{20}));
  BOOST_TEST(!store::take_open_run(s, other, morning + std::chrono::seconds{40}).has_value());
  const auto taken = store::take_open_run(s, other, morning + std::chrono::seconds{60});
  BOOST_TEST_REQUIRE(taken.has_value());
  BOOST_TEST((taken->id == first->id));
  // What was done stays counted.
  BOOST_TEST((taken->progress == store::run_progress{3, 2, 1, 1, 9, 1}));
  BOOST_TEST(!store::beat_run(s, *first, {}, morning + std::chrono::seconds{61}));
  store::finish_run(s, *taken, {3, 3, 2, 1, 40, 1}, store::run_outcome::done,
                    morning + std::chrono::seconds{62});
  BOOST_TEST(store::keep_failure(s, *taken, world.opened.at(0), "it would not", morning));
  BOOST_TEST(!store::keep_failure(s, *taken, world.opened.at(0), "nor now", morning));
  BOOST_TEST(!store::take_open_run(s, other, morning + std::chrono::hours{1}).has_value());
  const auto seen = store::retention_runs(s, world.admin.user, org, {});
  BOOST_TEST_REQUIRE(seen.size() == 1u);
  BOOST_TEST(seen[0].daily);
  BOOST_TEST(seen[0].progress.notes == 40);
  BOOST_TEST_REQUIRE(seen[0].failures.size() == 1u);
  BOOST_TEST(seen[0].failures[0].error == "it would not");
  // Nobody but the organisation's admins sees them.
  BOOST_TEST(store::retention_runs(s, fresh_id<model::user_id>(), org, {}).empty());
}

BOOST_AUTO_TEST_CASE(R30_whoever_asks_for_a_run_stands_in_the_log) {
  using rehearsal::fresh_id;
  const auto org = world.org->settings.id;
  must(world.keep(model::retention_run_asked{fresh_id<model::retention_run_id>(),
                                             model::day{std::chrono::year{2026} / 11 / 21}, morning,
                                             world.admin.user, org}));
  BOOST_TEST(count("audit_entries WHERE kind = 'retention.run_asked' AND by_name = 'Ada Admin'") == 1);
  const auto taken = store::take_open_run(world.session, fresh_id<model::user_id>().value, morning);
  BOOST_TEST_REQUIRE(taken.has_value());
  store::finish_run(world.session, *taken, {}, store::run_outcome::done, morning);
  const store::held_run own{org, fresh_id<model::retention_run_id>(), fresh_id<model::user_id>().value};
  store::begin_asked_run(world.session, own, model::day{std::chrono::year{2026} / 11 / 21},
                         fresh_id<model::audit_id>(), "keywork retention run", morning);
  BOOST_TEST(store::retention_run_of(world.session, org, own.id)->started_at.has_value());
  BOOST_TEST(
      count("audit_entries WHERE kind = 'retention.run_asked' AND by_name = 'keywork retention run'") == 1);
}

BOOST_AUTO_TEST_CASE(R30_one_run_that_was_asked_for_is_open_at_a_time) {
  using rehearsal::fresh_id;
  auto& s = world.session;
  const auto org = world.org->settings.id;
  const model::day day{std::chrono::year{2026} / 11 / 21};
  const auto asked = [&] {
    return model::retention_run_asked{fresh_id<model::retention_run_id>(), day, morning, world.admin.user,
                                      org};
  };
  const auto by_command = [&](const store::held_run& run) {
    return store::begin_asked_run(s, run, day, fresh_id<model::audit_id>(), "keywork retention run", morning);
  };
  const auto entries = [&] { return count("audit_entries WHERE kind = 'retention.run_asked'"); };
  const store::held_run own{org, fresh_id<model::retention_run_id>(), fresh_id<model::user_id>().value};
  BOOST_TEST(!store::open_asked_run(s, org).has_value());
  const auto first = asked();
  must(world.keep(first));
  BOOST_TEST((world.keep(asked()) == store::commit_result::taken));
  BOOST_TEST(!by_command(own));
  BOOST_TEST(count("retention_runs") == 1);
  BOOST_TEST(entries() == 1);
  // Both are told of the one that there is; nobody else is.
  BOOST_TEST((store::open_asked_run(s, org) == first.run));
  BOOST_TEST((store::open_asked_run(s, world.admin.user, org).value().id == first.run));
  BOOST_TEST(!store::open_asked_run(s, fresh_id<model::user_id>(), org).has_value());
  // Nobody works on it, so the command does.
  const auto taken = store::take_asked_run(s, org, own.holder, morning);
  BOOST_TEST_REQUIRE(taken.has_value());
  BOOST_TEST((taken->id == first.run));
  BOOST_TEST(!store::take_asked_run(s, org, fresh_id<model::user_id>().value, morning).has_value());
  store::finish_run(s, *taken, {}, store::run_outcome::done, morning);
  BOOST_TEST(!store::open_asked_run(s, org).has_value());
  BOOST_TEST(by_command(own));
  BOOST_TEST(entries() == 2);
}

BOOST_AUTO_TEST_CASE(R30_who_waits_for_a_run_takes_no_other) {
  using rehearsal::fresh_id;
  auto& s = world.session;
  const auto org = world.org->settings.id;
  const store::held_run daily{org, fresh_id<model::retention_run_id>(), fresh_id<model::user_id>().value};
  store::begin_daily_run(s, daily, model::day{std::chrono::year{2026} / 11 / 21}, morning);
  const auto later = morning + std::chrono::hours{1};
  BOOST_TEST(!store::take_asked_run(s, org, daily.holder, later).has_value());
  BOOST_TEST(store::take_open_run(s, daily.holder, later).has_value());
}

BOOST_AUTO_TEST_CASE(R32_an_organisations_hold_is_kept) {
  auto held = std::make_shared<model::organisation>(world.org->settings);
  held->held_since = morning;
  held->hold_reason = "A court order.";
  must(world.keep(model::organisation_hold_set{morning, "A court order.", held}));
  const auto loaded = world.session.load_organisation(world.org->settings.id);
  BOOST_TEST((loaded->settings.held_since == morning));
  BOOST_TEST(loaded->settings.hold_reason.value() == "A court order.");
  bool is_held = false;
  store::retention_rules_of(world.session, world.org->settings.id, is_held);
  BOOST_TEST(is_held);
}

BOOST_AUTO_TEST_SUITE_END()
