#include "actors/retention_sweep.hpp"

#include <boost/test/unit_test.hpp>
#include <thread>

#include "actors/secrets.hpp"
#include "model/clock.hpp"
#include "tests/odb/chosen_time.hpp"
#include "tests/odb/session_world.hpp"

using rehearsal::fresh_id;
using rehearsal::morning;
using rehearsal::test_cluster;

namespace {

constexpr int cases = 60;
const model::instant then = morning + std::chrono::days{366 * 8};

/// An organisation with many closed cases of a few notes each, every third with one under safeguarding.
struct with_many_cases : rehearsal::with_database {
  with_many_cases() {
    rehearsal::let_time_be_chosen(db);
    owner().script(
        "SET search_path = keywork; INSERT INTO tenants SELECT gen_random_uuid(), org_id, id, 'Tenant', "
        "'t@x.org', NULL,"
        " 'inherit' FROM tenancies, generate_series(1, " +
        std::to_string(cases) +
        "); INSERT INTO support_cases (id, org_id, tenancy_id, tenant_id, reference, context_summary, "
        "opened_at,"
        " closed_at, last_activity_at, shared_activity_at, version) SELECT gen_random_uuid(), org_id, "
        "tenancy_id, id,"
        " 'T-' || row_number() OVER (), '', '2026-01-01', '2026-11-20', '2026-11-20', '2026-11-20', 1 FROM "
        "tenants"
        " WHERE full_name = 'Tenant'; INSERT INTO notes (id, org_id, case_id, stream, body, safeguarding, "
        "flagged_at,"
        " author_id, author_name, created_at) SELECT gen_random_uuid(), org_id, c.id, 'professional', 'A "
        "note.', sg,"
        " CASE WHEN sg THEN timestamp '2026-11-20' END, org_id, 'A', '2026-01-01' FROM (SELECT *, "
        "row_number() OVER"
        " (ORDER BY id) AS n FROM support_cases WHERE reference LIKE 'T-%') c, LATERAL (SELECT g = 1 AND c.n "
        "% 3 = 0 AS"
        " sg FROM generate_series(1, 5) g) s");
  }

  /// A day's run; each is of another day.
  store::held_run begin(store::session& s) {
    const store::held_run run{world.org->settings.id, fresh_id<model::retention_run_id>(),
                              fresh_id<model::user_id>().value};
    const model::day day{std::chrono::floor<std::chrono::days>(then) - std::chrono::days{begun_++}};
    return store::begin_daily_run(s, run, day, then).value();
  }
  int begun_ = 0;

  static actors::sweep_state sweep(store::session& s, actors::retention_sweep& work) {
    auto state = actors::sweep_state::going;
    while (state == actors::sweep_state::going) state = work.step(s, {then, model::system_clock().now()});
    return state;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(retention_sweep_suite, with_many_cases)

BOOST_AUTO_TEST_CASE(R30_sweeps_at_the_same_time_erase_each_case_once) {
  constexpr int sweeps = 3;
  std::vector<store::run_progress> done(sweeps);
  std::vector<std::thread> threads;
  std::vector<store::held_run> runs;
  for (int n = 0; n < sweeps; ++n) runs.push_back(begin(world.session));
  for (int n = 0; n < sweeps; ++n)
    threads.emplace_back([&, n] {
      store::session own(db.service_conninfo);
      actors::retention_sweep work(runs.at(static_cast<std::size_t>(n)));
      if (sweep(own, work) == actors::sweep_state::finished)
        done.at(static_cast<std::size_t>(n)) = work.progress();
    });
  for (auto& t : threads) t.join();
  store::run_progress all;
  for (const auto& p : done) {
    all.cases += p.cases;
    all.shells += p.shells;
    all.notes += p.notes;
    all.failed += p.failed;
  }
  BOOST_TEST(all.cases == cases);
  BOOST_TEST(all.shells == cases - cases / 3);
  BOOST_TEST(all.notes == cases * 5 - cases / 3);
  BOOST_TEST(all.failed == 0);
  BOOST_TEST(count("erasures") == cases);
  BOOST_TEST(count("erasures e WHERE EXISTS (SELECT FROM keywork.erasures o WHERE o.case_id = e.case_id AND "
                   "o.id <> e.id)") == 0);
  BOOST_TEST(count("audit_entries WHERE kind = 'retention.erased'") == cases);
  BOOST_TEST(count("notes") == cases / 3);
}

BOOST_AUTO_TEST_CASE(R30_a_run_that_somebody_else_took_over_is_left_to_them) {
  const auto run = begin(world.session);
  actors::retention_sweep work(run);
  BOOST_TEST((work.step(world.session, {then, model::system_clock().now()}) == actors::sweep_state::going));
  const auto later = then + std::chrono::minutes{1};
  const auto taken = store::take_open_run(world.session, fresh_id<model::user_id>().value, later);
  BOOST_TEST_REQUIRE(taken.has_value());
  BOOST_TEST((work.step(world.session, {later, model::system_clock().now()}) == actors::sweep_state::lost));
  BOOST_TEST(taken->progress.candidates > 0);
  actors::retention_sweep other(*taken);
  auto state = actors::sweep_state::going;
  while (state == actors::sweep_state::going)
    state = other.step(world.session, {later, model::system_clock().now()});
  BOOST_TEST((state == actors::sweep_state::finished));
  BOOST_TEST(count("erasures") == cases);
}

BOOST_AUTO_TEST_CASE(R29_windows_that_change_meanwhile_begin_the_sweep_anew) {
  const auto run = begin(world.session);
  actors::retention_sweep work(run);
  work.step(world.session, {then, model::system_clock().now()});
  BOOST_TEST(count("erasures") == 1);
  owner().script(
      "UPDATE keywork.organisations SET support_retention_years_default = 9 WHERE kind = 'managing_agent'");
  BOOST_TEST((sweep(world.session, work) == actors::sweep_state::finished));
  BOOST_TEST(count("erasures") == 1);
}

BOOST_AUTO_TEST_CASE(R30_a_day_that_a_wrong_clock_has_begun_keeps_no_other_from_beginning) {
  actors::random_ids ids(model::system_clock());
  actors::run_finder finder(ids);
  const auto real = model::system_clock().now();
  const auto day_at = [&](model::instant now) {
    const auto found = finder.next(world.session, {now, real});
    BOOST_TEST(!found.in_doubt);
    BOOST_TEST_REQUIRE(found.run.has_value());
    const auto day = store::retention_run_of(world.session, found.run->org, found.run->id)->day;
    store::finish_run(world.session, *found.run, {}, store::run_outcome::done, now);
    return model::to_text(day);
  };
  // A program that was started on a machine ten years ahead, whose database believed the same.
  BOOST_TEST(day_at(morning + std::chrono::days{3652}) == "2036-11-20");
  BOOST_TEST(day_at(morning) == "2026-11-21");
  BOOST_TEST(day_at(morning + std::chrono::days{1}) == "2026-11-22");
}

BOOST_AUTO_TEST_CASE(R30_while_the_clocks_are_in_doubt_no_day_begins) {
  actors::random_ids ids(model::system_clock());
  actors::run_finder finder(ids);
  const auto real = model::system_clock().now();
  const std::chrono::days ten_years{3652};
  for (const actors::sweep_time& at : {actors::sweep_time{then, real, true},
                                       {then, real + ten_years, false},
                                       {then, real - ten_years, false}}) {
    const auto found = finder.next(world.session, at);
    BOOST_TEST(found.in_doubt);
    BOOST_TEST(!found.run.has_value());
  }
  BOOST_TEST(count("retention_runs") == 0);
  BOOST_TEST(finder.next(world.session, {then, real}).run.has_value());
}

BOOST_AUTO_TEST_CASE(R29_a_clock_that_is_set_within_a_sweep_stops_it) {
  const auto run = begin(world.session);
  actors::retention_sweep work(run);
  const auto real = model::system_clock().now();
  work.step(world.session, {then, real});
  BOOST_TEST(count("erasures") == 1);
  BOOST_TEST((work.step(world.session, {then, real, true}) == actors::sweep_state::stopped));
  BOOST_TEST(work.trouble().find("was set") != std::string::npos, work.trouble());
  BOOST_TEST(count("erasures") == 1);
}

BOOST_AUTO_TEST_CASE(R32_a_hold_that_comes_meanwhile_ends_the_sweep) {
  const auto run = begin(world.session);
  actors::retention_sweep work(run);
  work.step(world.session, {then, model::system_clock().now()});
  owner().script(
      "UPDATE keywork.organisations SET held_since = '2030-01-01', hold_reason = 'A court.' WHERE kind ="
      " 'managing_agent'");
  BOOST_TEST((sweep(world.session, work) == actors::sweep_state::finished));
  BOOST_TEST(count("erasures") == 1);
  BOOST_TEST(
      (store::retention_run_of(world.session, run.org, run.id)->outcome == store::run_outcome::legal_hold));
}

BOOST_AUTO_TEST_SUITE_END()
