#include "model/retention_plan.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

#include "model/retention.hpp"
#include "tests/model/org_world.hpp"

using namespace model_tests;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

instant at(const std::string& text) { return parse_instant(text).value(); }

const retention_rules london{"Europe/London", {7, 25}};
const instant closed = at("2026-06-01T10:00:00Z");
const instant rest_due = at("2033-06-01T10:00:00Z");

sweep_case closed_case(std::vector<instant> flagged = {}) {
  counting_ids ids;
  sweep_case c{ids.make<case_id>(), closed, false, false, {}};
  for (const auto flag : flagged) c.flagged.push_back({ids.make<note_id>(), flag});
  return c;
}

change_settings windows(std::int32_t default_, std::int32_t safeguarding, std::optional<due_counts> due = {},
                        std::optional<due_counts> confirmed = {}) {
  change_settings out;
  out.support_retention_years = retention_years_input{default_, safeguarding};
  out.due = due;
  out.confirm_due = confirmed;
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(retention_plan_suite)

BOOST_AUTO_TEST_CASE(R29_nothing_is_planned_a_moment_early) {
  const auto c = closed_case();
  BOOST_TEST(plan_erasure(c, london, rest_due - std::chrono::microseconds{1}).is_empty());
  const auto plan = plan_erasure(c, london, rest_due);
  BOOST_TEST(plan.rest);
  BOOST_TEST(plan.shell);
  BOOST_TEST((plan.due_at == rest_due));
  BOOST_TEST((plan.counted_from == closed));
  BOOST_TEST(rule_text(plan, london) == "closed_at + 7 years");
}

BOOST_AUTO_TEST_CASE(R7_R32_an_open_case_and_one_under_hold_are_never_planned) {
  auto c = closed_case({closed});
  const auto centuries = closed + days{200 * 366};
  c.legal_hold = true;
  BOOST_TEST(plan_erasure(c, london, centuries).is_empty());
  c.legal_hold = false;
  c.closed_at.reset();
  BOOST_TEST(plan_erasure(c, london, centuries).is_empty());
}

BOOST_AUTO_TEST_CASE(R31_the_shell_stays_while_safeguarding_notes_do) {
  const auto late = at("2028-03-01T12:00:00Z");  // flagged after the case was closed
  auto c = closed_case({closed - days{10}, late});
  auto plan = plan_erasure(c, london, rest_due);
  BOOST_TEST(plan.rest);
  BOOST_TEST(!plan.shell);
  BOOST_TEST(plan.safeguarding.empty());
  c.rest_is_erased = true;
  BOOST_TEST(plan_erasure(c, london, rest_due).is_empty());

  plan = plan_erasure(c, london, at("2051-06-01T10:00:00Z"));
  BOOST_TEST(!plan.rest);
  BOOST_TEST_REQUIRE(plan.safeguarding.size() == 1u);
  BOOST_TEST((plan.safeguarding[0].id == c.flagged[0].id));
  BOOST_TEST(!plan.shell);
  BOOST_TEST((plan.counted_from == closed));
  BOOST_TEST(rule_text(plan, london) == "the later of closed_at and flagged_at + 25 years");

  c.flagged.erase(c.flagged.begin());
  BOOST_TEST(plan_erasure(c, london, at("2053-03-01T11:59:59Z")).is_empty());
  plan = plan_erasure(c, london, at("2053-03-01T12:00:00Z"));
  BOOST_TEST(plan.safeguarding.size() == 1u);
  BOOST_TEST(plan.shell);
  BOOST_TEST((plan.counted_from == late));
}

BOOST_AUTO_TEST_CASE(R31_a_shell_that_lost_its_last_note_otherwise_goes) {
  auto c = closed_case();
  c.rest_is_erased = true;
  const auto plan = plan_erasure(c, london, rest_due + days{1});
  BOOST_TEST(plan.shell);
  BOOST_TEST((plan.due_at == rest_due));
}

BOOST_AUTO_TEST_CASE(R29_with_equal_windows_all_of_it_goes_together) {
  const retention_rules equal{"Europe/London", {7, 7}};
  const auto plan = plan_erasure(closed_case({closed - days{1}}), equal, rest_due);
  BOOST_TEST(plan.rest);
  BOOST_TEST(plan.safeguarding.size() == 1u);
  BOOST_TEST(plan.shell);
}

BOOST_AUTO_TEST_CASE(R29_nothing_that_is_due_escapes_the_database) {
  std::mt19937_64 random(7);
  const std::vector<std::string> zones{"Europe/London",      "Pacific/Kiritimati", "Pacific/Niue",
                                       "America/New_York",   "Pacific/Apia",       "Asia/Kathmandu",
                                       "Australia/Lord_Howe"};
  for (int n = 0; n < 20'000; ++n) {
    const auto& zone = zones[random() % zones.size()];
    const auto years = static_cast<int>(random() % 100) + 1;
    // A third of them on leap days and their neighbours.
    const auto day =
        n % 3 == 0
            ? std::chrono::sys_days{std::chrono::year{2008 + 4 * static_cast<int>(random() % 6)} / 2 / 28} +
                  days{random() % 3}
            : std::chrono::sys_days{std::chrono::year{2004} / 1 / 1} + days{random() % 9000};
    const instant from = day + std::chrono::seconds{random() % 86'400};
    BOOST_REQUIRE((from <= latest_candidate(years, years_later(from, years, zone))));
  }
}

BOOST_AUTO_TEST_CASE(R30_the_candidates_are_hardly_more_than_what_is_due) {
  for (const int years : {1, 7, 25, 100}) {
    const auto now = at("2126-03-01T00:00:00Z");
    const auto bound = latest_candidate(years, now);
    BOOST_TEST((years_later(bound, years, "Europe/London") - now <= days{6}));
  }
}

// ---- when it runs

BOOST_AUTO_TEST_CASE(R30_the_sweep_begins_at_three_by_the_organisations_clocks) {
  BOOST_TEST(to_text(sweep_begins(on(2026, 7, 1), "Europe/London")) == "2026-07-01T02:00:00Z");
  BOOST_TEST(to_text(sweep_begins(on(2026, 12, 1), "Europe/London")) == "2026-12-01T03:00:00Z");
  BOOST_TEST(to_text(sweep_begins(on(2026, 12, 1), "Pacific/Kiritimati")) == "2026-11-30T13:00:00Z");
  const auto before = at("2026-11-21T02:59:59Z"), then = at("2026-11-21T03:00:00Z");
  BOOST_TEST(to_text(last_sweep_day(before, "Europe/London")) == "2026-11-20");
  BOOST_TEST(to_text(last_sweep_day(then, "Europe/London")) == "2026-11-21");
  BOOST_TEST((next_sweep(before, "Europe/London") == then));
  BOOST_TEST((next_sweep(then, "Europe/London") == then + days{1}));
}

BOOST_AUTO_TEST_CASE(R30_three_oclock_that_does_not_exist_is_the_first_moment_after) {
  // In these zones clocks go from 02:00 or 03:00 to an hour later.
  BOOST_TEST(to_text(sweep_begins(on(2026, 3, 29), "Europe/Helsinki")) == "2026-03-29T01:00:00Z");
  BOOST_TEST(to_text(sweep_begins(on(2026, 3, 29), "Europe/Berlin")) == "2026-03-29T01:00:00Z");
  // And back again: 03:00 comes twice in Helsinki, and the later one counts.
  BOOST_TEST(to_text(sweep_begins(on(2026, 10, 25), "Europe/Helsinki")) == "2026-10-25T01:00:00Z");
}

BOOST_AUTO_TEST_CASE(R30_every_day_of_thirty_years_has_one_sweep) {
  for (const auto* zone : {"Europe/London", "Europe/Helsinki", "America/New_York", "Australia/Lord_Howe"}) {
    auto now = at("2026-01-01T00:00:00Z");
    const auto end = now + days{30 * 365 + 7};
    auto last = last_sweep_day(now, zone);
    for (now = next_sweep(now, zone); now < end; now = next_sweep(now, zone)) {
      const auto day = last_sweep_day(now, zone);
      BOOST_REQUIRE((day == last + days{1}));
      last = day;
    }
  }
  // Samoa left out 30 December 2011.
  BOOST_TEST((next_sweep(at("2011-12-30T09:00:00Z"), "Pacific/Apia") > at("2011-12-30T09:00:00Z")));
}

// ---- shorter windows

BOOST_AUTO_TEST_CASE(R29_what_a_shorter_window_makes_due_is_counted) {
  const retention_rules shorter{"Europe/London", {2, 3}};
  const auto c = closed_case({closed, closed + days{700}});
  const auto now = closed + days{3 * 366};
  BOOST_TEST((newly_due(c, london, shorter, now) == due_counts{1, 1}));
  BOOST_TEST((newly_due(c, shorter, shorter, now) == due_counts{0, 0}));
  auto held = c;
  held.legal_hold = true;
  BOOST_TEST((newly_due(held, london, shorter, now) == due_counts{0, 0}));
  auto kept = c;
  kept.rest_is_erased = true;
  BOOST_TEST((newly_due(kept, london, shorter, now) == due_counts{0, 1}));
}

BOOST_FIXTURE_TEST_CASE(R29_shorter_windows_want_what_becomes_due_repeated, org_world) {
  const due_counts due{3, 2};
  const auto no = refused(admin, windows(3, 25, due));
  BOOST_TEST((no.code == refusal_code::confirmation_needed));
  BOOST_TEST((no.due == due));
  BOOST_TEST((code(admin, windows(3, 25, due, due_counts{3, 1})) == refusal_code::confirmation_needed));
  BOOST_TEST((code(admin, windows(7, 10, due)) == refusal_code::confirmation_needed));
  // How much it is nobody has found out: then it is not done.
  BOOST_TEST((code(admin, windows(3, 25)) == refusal_code::unavailable));
  BOOST_TEST(done(admin, windows(3, 25, due, due)).size() == 1u);
  BOOST_TEST(done(admin, windows(2, 25, due_counts{})).size() == 1u);
  BOOST_TEST(done(admin, windows(50, 60)).size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(R32_an_organisation_can_be_under_hold, org_world) {
  BOOST_TEST(
      (code(north_manager, set_organisation_hold{true, {"A court order."}}) == refusal_code::not_permitted));
  BOOST_TEST((code(outsider, set_organisation_hold{true, {"A court order."}}) == refusal_code::not_found));
  const auto set = added<organisation_hold_set>(set_organisation_hold{true, {"A court order."}});
  BOOST_TEST((set.at == now));
  BOOST_TEST(state.settings.hold_reason.value() == "A court order.");
  BOOST_TEST(done(admin, set_organisation_hold{true, {"Again."}}).empty());
  const auto lifted = added<organisation_hold_lifted>(set_organisation_hold{false, {"It is over."}});
  BOOST_TEST((lifted.was_set_at == now));
  BOOST_TEST(!state.settings.held_since.has_value());
  BOOST_TEST(!state.settings.hold_reason.has_value());
}

BOOST_FIXTURE_TEST_CASE(R30_an_admin_asks_for_a_sweep, org_world) {
  BOOST_TEST((code(north_manager, run_retention{}) == refusal_code::not_permitted));
  const auto asked = added<retention_run_asked>(run_retention{});
  BOOST_TEST((asked.by == admin.user));
  BOOST_TEST((asked.day == on(2026, 11, 21)));
  // While one is open there is no other.
  BOOST_TEST(done(admin, run_retention{retention_run{}}).empty());
  BOOST_TEST((code(north_manager, run_retention{retention_run{}}) == refusal_code::not_permitted));
}

BOOST_AUTO_TEST_SUITE_END()
