#include "model/retention.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <stdexcept>

#include "model/json.hpp"
#include "model/time.hpp"

using namespace model;

namespace {

instant at(std::string_view text) { return parse_instant(text).value(); }

/// `from` and the result as RFC 3339 in UTC.
std::string later(std::string_view from, int years, std::string_view zone) {
  return to_text(years_later(at(from), years, zone));
}

std::string text_of(std::optional<instant> t) { return t ? to_text(*t) : "never"; }

constexpr retention_years seven_and_25{7, 25};

const retention_class_view& of(const retention_view& view, retention_class name) {
  const auto found = std::find_if(view.classes.begin(), view.classes.end(),
                                  [&](const retention_class_view& c) { return c.name == name; });
  BOOST_REQUIRE(found != view.classes.end());
  return *found;
}

retention_facts closed_facts() {
  retention_facts facts;
  facts.closed_at = at("2026-11-21T09:30:00Z");
  facts.zone = "Europe/London";
  return facts;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(retention)

BOOST_AUTO_TEST_CASE(R29_years_are_calendar_years) {
  BOOST_TEST(later("2026-11-21T09:30:00.000001Z", 7, "Europe/London") == "2033-11-21T09:30:00.000001Z");
  BOOST_TEST(later("2026-11-21T09:30:00Z", 1, "UTC") == "2027-11-21T09:30:00Z");
  BOOST_TEST(later("2026-12-31T23:59:59.999999Z", 100, "UTC") == "2126-12-31T23:59:59.999999Z");
  BOOST_TEST(later("1969-12-31T23:59:59.5Z", 2, "UTC") == "1971-12-31T23:59:59.5Z");
}

BOOST_AUTO_TEST_CASE(R29_a_29_february_that_does_not_exist_becomes_1_march) {
  BOOST_TEST(later("2024-02-29T12:00:00Z", 1, "Europe/London") == "2025-03-01T12:00:00Z");
  BOOST_TEST(later("2024-02-29T12:00:00Z", 4, "Europe/London") == "2028-02-29T12:00:00Z");
  BOOST_TEST(later("2000-02-29T00:00:00Z", 100, "UTC") == "2100-03-01T00:00:00Z");
  BOOST_TEST(later("2023-02-28T12:00:00Z", 1, "Europe/London") == "2024-02-28T12:00:00Z");
  BOOST_TEST(later("2023-03-01T12:00:00Z", 1, "Europe/London") == "2024-03-01T12:00:00Z");
}

BOOST_AUTO_TEST_CASE(R29_the_day_is_the_zones_own) {
  // 28 February in UTC is the 29th in Kolkata, and 1 March in UTC still the 29th in New York.
  BOOST_TEST(later("2024-02-28T20:00:00Z", 1, "Asia/Kolkata") == "2025-02-28T20:00:00Z");
  BOOST_TEST(later("2024-02-28T20:00:00Z", 1, "UTC") == "2025-02-28T20:00:00Z");
  BOOST_TEST(later("2024-02-29T20:00:00Z", 1, "Asia/Kolkata") == "2025-02-28T20:00:00Z");
  BOOST_TEST(later("2024-02-29T20:00:00Z", 1, "UTC") == "2025-03-01T20:00:00Z");
  BOOST_TEST(later("2024-03-01T03:00:00Z", 1, "America/New_York") == "2025-03-02T03:00:00Z");
}

BOOST_AUTO_TEST_CASE(R29_the_time_of_day_is_kept_where_summer_begins_on_another_date) {
  // 29 March 2026 is the first day of summer time, 29 March 2025 was the last day of winter.
  BOOST_TEST(later("2025-03-29T12:00:00Z", 1, "Europe/London") == "2026-03-29T11:00:00Z");
  BOOST_TEST(later("2026-07-01T11:00:00Z", 7, "Europe/London") == "2033-07-01T11:00:00Z");
}

BOOST_AUTO_TEST_CASE(R29_a_time_that_clocks_leave_out_is_the_first_moment_after_the_gap) {
  BOOST_TEST(later("2025-03-29T01:30:00Z", 1, "Europe/London") == "2026-03-29T01:00:00Z");
  BOOST_TEST(later("2025-03-29T01:00:00Z", 1, "Europe/London") == "2026-03-29T01:00:00Z");
  BOOST_TEST(later("2025-03-29T00:59:59.999999Z", 1, "Europe/London") == "2026-03-29T00:59:59.999999Z");
  BOOST_TEST(later("2025-03-08T07:30:00Z", 1, "America/New_York") == "2026-03-08T07:00:00Z");
  // Half an hour, 02:00 to 02:30.
  BOOST_TEST(later("2025-10-03T15:29:00Z", 1, "Australia/Lord_Howe") == "2026-10-03T15:29:00Z");
  BOOST_TEST(later("2025-10-03T15:45:00Z", 1, "Australia/Lord_Howe") == "2026-10-03T15:30:00Z");
  BOOST_TEST(later("2025-10-03T16:05:00Z", 1, "Australia/Lord_Howe") == "2026-10-03T15:35:00Z");
}

BOOST_AUTO_TEST_CASE(R29_a_day_that_clocks_leave_out_is_the_first_moment_of_the_next) {
  // Samoa went from 29 December 2011, ten hours behind UTC, to the 31st, fourteen ahead.
  BOOST_TEST(later("2009-12-30T09:30:00Z", 2, "Pacific/Apia") == "2011-12-30T08:30:00Z");
  BOOST_TEST(later("2009-12-31T00:30:00Z", 2, "Pacific/Apia") == "2011-12-30T10:00:00Z");
  BOOST_TEST(later("2009-12-31T12:00:00Z", 2, "Pacific/Apia") == "2011-12-30T11:00:00Z");
}

BOOST_AUTO_TEST_CASE(R29_of_a_time_that_clocks_show_twice_the_later_counts) {
  BOOST_TEST(later("2025-10-25T00:30:00Z", 1, "Europe/London") == "2026-10-25T01:30:00Z");
  BOOST_TEST(later("2025-10-24T23:59:59Z", 1, "Europe/London") == "2026-10-24T23:59:59Z");
  BOOST_TEST(later("2025-11-01T05:30:00Z", 1, "America/New_York") == "2026-11-01T06:30:00Z");
  // Half an hour, 01:30 to 02:00.
  BOOST_TEST(later("2025-04-04T14:29:00Z", 1, "Australia/Lord_Howe") == "2026-04-04T14:29:00Z");
  BOOST_TEST(later("2025-04-04T14:40:00Z", 1, "Australia/Lord_Howe") == "2026-04-04T15:10:00Z");
}

BOOST_AUTO_TEST_CASE(R29_summer_time_goes_on_beyond_the_tables) {
  BOOST_TEST(later("2026-07-01T11:00:00Z", 25, "Europe/London") == "2051-07-01T11:00:00Z");
  BOOST_TEST(later("2026-07-01T11:00:00Z", 100, "Europe/London") == "2126-07-01T11:00:00Z");
  BOOST_TEST(later("2026-07-01T04:00:00Z", 100, "America/Santiago") == "2126-07-01T04:00:00Z");
  // 30 March 2042 is a last Sunday.
  BOOST_TEST(later("2026-03-30T00:30:00Z", 16, "Europe/London") == "2042-03-30T01:00:00Z");
}

BOOST_AUTO_TEST_CASE(R29_what_cannot_be_counted_is_refused) {
  const auto now = at("2026-11-21T09:30:00Z");
  for (const int years : {-1, 0, 101})
    BOOST_CHECK_THROW(years_later(now, years, "UTC"), std::invalid_argument);
  for (const auto* zone : {"", "Mars/Olympus", "../../../etc/passwd", "europe/london"})
    BOOST_CHECK_THROW(years_later(now, 7, zone), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(R7_an_open_case_is_never_due) {
  const auto flagged = at("2020-01-01T00:00:00Z");
  BOOST_TEST(text_of(case_due({}, seven_and_25, "UTC")) == "never");
  BOOST_TEST(text_of(note_due({}, false, {}, seven_and_25, "UTC")) == "never");
  BOOST_TEST(text_of(note_due({}, true, flagged, seven_and_25, "UTC")) == "never");
}

BOOST_AUTO_TEST_CASE(R29_safeguarding_counts_from_the_later_of_closing_and_flagging) {
  const auto closed = at("2026-11-21T09:30:00Z");
  const auto due = [&](std::string_view flagged) {
    return text_of(note_due(closed, true, at(flagged), seven_and_25, "UTC"));
  };
  BOOST_TEST(due("2020-01-01T00:00:00Z") == "2051-11-21T09:30:00Z");
  BOOST_TEST(due("2026-11-21T09:30:00Z") == "2051-11-21T09:30:00Z");
  BOOST_TEST(due("2027-05-01T00:00:00Z") == "2052-05-01T00:00:00Z");
  BOOST_TEST(text_of(note_due(closed, false, {}, seven_and_25, "UTC")) == "2033-11-21T09:30:00Z");
  BOOST_TEST(text_of(case_due(closed, seven_and_25, "UTC")) == "2033-11-21T09:30:00Z");
  BOOST_CHECK_THROW(note_due(closed, true, {}, seven_and_25, "UTC"), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(R29_every_class_is_explained) {
  const auto view = explain_retention(closed_facts());
  BOOST_TEST(view.closed);
  BOOST_TEST(text_of(view.counted_from) == "2026-11-21T09:30:00Z");
  BOOST_TEST(view.classes.size() == 8U);
  for (const auto& c : view.classes) {
    const bool safeguarding = c.name == retention_class::safeguarding_notes;
    BOOST_TEST(text_of(c.due_at) == (safeguarding ? "never" : "2033-11-21T09:30:00Z"), to_text(c.name));
    BOOST_TEST(c.years == (safeguarding ? 25 : 7));
    BOOST_TEST(text_of(c.last_due_at) == "never");
    BOOST_TEST(c.items.has_value() == safeguarding);
  }
  BOOST_TEST(to_json(of(view, retention_class::goals)) ==
             R"({"name":"goals","due_at":"2033-11-21T09:30:00Z","last_due_at":null,"years":7,)"
             R"("counted_from":"closed_at",)"
             R"("rule":"7 calendar years after the case was last closed (R29).","items":null})");
}

BOOST_AUTO_TEST_CASE(R29_one_year_is_one_year) {
  auto facts = closed_facts();
  facts.windows = {1, 1};
  BOOST_TEST(of(explain_retention(facts), retention_class::team).rule ==
             "1 calendar year after the case was last closed (R29).");
}

BOOST_AUTO_TEST_CASE(R31_the_case_remains_with_its_safeguarding_notes) {
  auto facts = closed_facts();
  facts.flagged = {at("2028-01-01T12:00:00Z"), at("2020-01-01T12:00:00Z")};
  const auto view = explain_retention(facts);
  const auto& notes = of(view, retention_class::safeguarding_notes);
  BOOST_TEST(text_of(notes.due_at) == "2051-11-21T09:30:00Z");
  BOOST_TEST((notes.counted_from == retention_start::closed_at));
  BOOST_TEST(text_of(notes.last_due_at) == "2053-01-01T12:00:00Z");
  BOOST_TEST(notes.items.value() == 2);
  const auto& shell = of(view, retention_class::case_);
  BOOST_TEST(text_of(shell.due_at) == "2053-01-01T12:00:00Z");
  BOOST_TEST(shell.years == 25);
  BOOST_TEST((shell.counted_from == retention_start::flagged_at));
  BOOST_TEST(text_of(of(view, retention_class::notes).due_at) == "2033-11-21T09:30:00Z");
}

BOOST_AUTO_TEST_CASE(R31_the_last_to_be_flagged_is_not_always_the_last_to_be_due) {
  auto facts = closed_facts();
  facts.closed_at = at("2024-02-01T00:00:00Z");
  facts.flagged = {at("2024-02-29T10:00:00Z"), at("2024-03-01T09:00:00Z")};
  const auto view = explain_retention(facts);
  BOOST_TEST(text_of(of(view, retention_class::safeguarding_notes).due_at) == "2049-03-01T09:00:00Z");
  BOOST_TEST(text_of(of(view, retention_class::safeguarding_notes).last_due_at) == "2049-03-01T10:00:00Z");
  BOOST_TEST(text_of(of(view, retention_class::case_).due_at) == "2049-03-01T10:00:00Z");
}

BOOST_AUTO_TEST_CASE(R7_reopening_takes_the_dates_away) {
  auto facts = closed_facts();
  facts.flagged = {at("2020-01-01T12:00:00Z")};
  facts.closed_at.reset();
  const auto view = explain_retention(facts);
  BOOST_TEST(!view.closed);
  BOOST_TEST(text_of(view.counted_from) == "never");
  for (const auto& c : view.classes) {
    BOOST_TEST(text_of(c.due_at) == "never", to_text(c.name));
    BOOST_TEST(text_of(c.last_due_at) == "never");
  }
  BOOST_TEST(of(view, retention_class::safeguarding_notes).items.value() == 1);
}

BOOST_AUTO_TEST_CASE(R32_under_legal_hold_the_dates_are_shown) {
  auto facts = closed_facts();
  facts.legal_hold = true;
  facts.legal_hold_reason = "Court order of 3 May";
  const auto view = explain_retention(facts);
  BOOST_TEST(view.legal_hold);
  BOOST_TEST(view.legal_hold_reason.value() == "Court order of 3 May");
  BOOST_TEST(text_of(of(view, retention_class::notes).due_at) == "2033-11-21T09:30:00Z");
}

BOOST_AUTO_TEST_SUITE_END()
