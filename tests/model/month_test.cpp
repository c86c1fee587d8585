#include "model/month.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>

#include "model/wall_clock.hpp"

using namespace model;

namespace model {
inline std::ostream& boost_test_print_type(std::ostream& out, const month& m) { return out << to_text(m); }
}  // namespace model

namespace {

instant at(std::string_view text) { return parse_instant(text).value(); }
month in(std::string_view text) { return parse_month(text).value(); }

std::string due(std::string_view of, std::string_view zone) { return to_text(digest_due(in(of), zone)); }

std::string texts(const std::vector<month>& months) {
  std::string all;
  for (const auto& m : months) all += (all.empty() ? "" : " ") + to_text(m);
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(months_)

BOOST_AUTO_TEST_CASE(a_month_is_a_text_and_back) {
  BOOST_TEST(to_text(in("2026-10")) == "2026-10");
  BOOST_TEST(in_words(in("2026-10")) == "October 2026");
  BOOST_TEST(to_text(month_of(parse_day("2024-02-29").value())) == "2024-02");
  BOOST_TEST(to_text(month_after(in("2026-12"))) == "2027-01");
  BOOST_TEST(to_text(month_before(in("2026-01"))) == "2025-12");
  for (const auto* bad : {"", "2026", "2026-13", "2026-00", "2026-1", "26-10", "2026-10-01", "2026-10 ", "x"})
    BOOST_TEST(!parse_month(bad), bad);
}

BOOST_AUTO_TEST_CASE(R34_a_month_is_the_organisations_own) {
  const auto london = period_of(in("2026-10"), "Europe/London");
  BOOST_TEST(to_text(london.from) == "2026-09-30T23:00:00Z");  // summer time begins it, winter time ends it
  BOOST_TEST(to_text(london.to) == "2026-11-01T00:00:00Z");
  const auto new_york = period_of(in("2026-10"), "America/New_York");
  BOOST_TEST(to_text(new_york.from) == "2026-10-01T04:00:00Z");
  const auto kathmandu = period_of(in("2026-10"), "Asia/Kathmandu");
  BOOST_TEST(to_text(kathmandu.from) == "2026-09-30T18:15:00Z");
  BOOST_TEST(kathmandu.holds(kathmandu.from));
  BOOST_TEST(!kathmandu.holds(kathmandu.to));
  BOOST_TEST(to_text(month_at(at("2026-09-30T18:15:00Z"), "Asia/Kathmandu")) == "2026-10");
  BOOST_TEST(to_text(month_at(at("2026-09-30T18:14:59Z"), "Asia/Kathmandu")) == "2026-09");
  BOOST_CHECK_THROW(period_of(in("2026-10"), "Nowhere/None"), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(R34_leap_years_and_days_that_never_were) {
  BOOST_TEST((period_of(in("2028-02"), "UTC").to - period_of(in("2028-02"), "UTC").from).count() ==
             29LL * 24 * 3600 * 1'000'000);
  BOOST_TEST((period_of(in("2100-02"), "UTC").to - period_of(in("2100-02"), "UTC").from).count() ==
             28LL * 24 * 3600 * 1'000'000);
  // Samoa left 30 December 2011 out: the month has 30 days, and no moment is lost.
  const auto december = period_of(in("2011-12"), "Pacific/Apia");
  BOOST_TEST((december.to - december.from).count() == 30LL * 24 * 3600 * 1'000'000);
  BOOST_TEST((period_of(in("2012-01"), "Pacific/Apia").from == december.to));
}

BOOST_AUTO_TEST_CASE(R35_it_is_due_at_seven_by_the_organisations_clocks) {
  BOOST_TEST(due("2026-10", "Europe/London") == "2026-11-01T07:00:00Z");
  BOOST_TEST(due("2026-03", "Europe/London") == "2026-04-01T06:00:00Z");
  BOOST_TEST(due("2026-12", "Europe/London") == "2027-01-01T07:00:00Z");
  BOOST_TEST(due("2026-10", "America/New_York") == "2026-11-01T12:00:00Z");  // the night the clocks went back
  BOOST_TEST(due("2026-10", "Asia/Kathmandu") == "2026-11-01T01:15:00Z");
  BOOST_TEST(due("2026-10", "Pacific/Apia") == "2026-10-31T18:00:00Z");
  BOOST_TEST(due("2056-06", "Europe/London") == "2056-07-01T06:00:00Z");  // summer time goes on after 2037
}

BOOST_AUTO_TEST_CASE(R34_the_months_of_thirty_years_follow_each_other_without_a_gap) {
  for (const auto* zone : {"Europe/London", "America/New_York", "Pacific/Apia", "Asia/Kathmandu",
                           "Australia/Lord_Howe", "America/St_Johns"}) {
    auto m = in("2026-11");
    for (int n = 0; n < 12 * 30; ++n, m = month_after(m)) {
      const auto now = period_of(m, zone), next = period_of(month_after(m), zone);
      BOOST_TEST_REQUIRE((now.to == next.from), zone << ' ' << to_text(m));
      const auto shown = wall_clock::of(zone).shown_at(digest_due(m, zone));
      BOOST_TEST_REQUIRE(
          (shown.time_since_epoch() == month_after(m).first.time_since_epoch() + std::chrono::hours{7}),
          zone << ' ' << to_text(m));
      BOOST_TEST_REQUIRE((month_at(digest_due(m, zone), zone) == month_after(m)));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(digests_due_)

BOOST_AUTO_TEST_CASE(R35_nothing_is_due_before_the_organisation_was_there) {
  const digest_progress fresh{at("2026-11-21T09:00:00Z"), {}};
  BOOST_TEST(to_text(next_digest(fresh, "Europe/London")) == "2026-11");
  BOOST_TEST(digests_due(fresh, at("2026-12-01T06:59:59Z"), "Europe/London", 10).empty());
  BOOST_TEST(texts(digests_due(fresh, at("2026-12-01T07:00:00Z"), "Europe/London", 10)) == "2026-11");
  // Made on the first, before seven: October's is still to come.
  const digest_progress early{at("2026-11-01T06:59:59Z"), {}};
  BOOST_TEST(texts(digests_due(early, at("2026-11-01T07:00:00Z"), "Europe/London", 10)) == "2026-10");
  const digest_progress late{at("2026-11-01T07:00:01Z"), {}};
  BOOST_TEST(digests_due(late, at("2026-11-30T00:00:00Z"), "Europe/London", 10).empty());
}

BOOST_AUTO_TEST_CASE(R35_every_missed_month_is_due_on_return_the_oldest_first) {
  const digest_progress so_far{at("2025-01-15T00:00:00Z"), in("2026-01")};
  const auto now = at("2026-05-01T06:00:00Z");  // seven in London, by summer time
  BOOST_TEST(texts(digests_due(so_far, now, "Europe/London", 10)) == "2026-02 2026-03 2026-04");
  BOOST_TEST(texts(digests_due(so_far, now, "Europe/London", 2)) == "2026-02 2026-03");
  BOOST_TEST(texts(digests_due(so_far, now - std::chrono::seconds{1}, "Europe/London", 10)) ==
             "2026-02 2026-03");
}

BOOST_AUTO_TEST_CASE(R35_what_was_due_before_a_restore_is_not_sent_again) {
  const digest_progress restored{at("2026-04-10T12:00:00Z"), in("2026-01")};
  BOOST_TEST(to_text(next_digest(restored, "Europe/London")) == "2026-04");
  BOOST_TEST(texts(digests_due(restored, at("2026-05-01T06:00:00Z"), "Europe/London", 10)) == "2026-04");
}

BOOST_AUTO_TEST_CASE(R35_a_clock_that_goes_back_makes_nothing_due_twice) {
  const digest_progress so_far{at("2025-01-15T00:00:00Z"), in("2026-10")};
  BOOST_TEST(digests_due(so_far, at("2020-01-01T12:00:00Z"), "Europe/London", 10).empty());
  BOOST_TEST(digests_due(so_far, at("2026-11-30T12:00:00Z"), "Europe/London", 10).empty());
}

BOOST_AUTO_TEST_SUITE_END()
