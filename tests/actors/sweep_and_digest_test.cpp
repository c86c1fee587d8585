// What was missed is caught up by two actors that do not wait for each other: whichever is first, no digest
// is lost, nothing is told of what is gone, and nothing stays for a digest's sake (decision 15).
#include <boost/test/unit_test.hpp>

#include "actors/retention_actor.hpp"
#include "model/json.hpp"
#include "odb/outbox_store.hpp"
#include "tests/actors/world.hpp"

using namespace actor_tests;
using namespace actors;
using namespace model;

namespace {

constexpr auto closed_goal = "Cook a meal";
constexpr auto open_goal = "Find the bus";
/// November 2026 to December 2027.
constexpr std::size_t missed_months = 14;

/// Connie is told of two cases. One is closed in November 2026 and due a year later; in January 2028 the
/// service comes back.
struct after_fourteen_months : world {
  after_fourteen_months() {
    change_settings settings;
    settings.housing_officer_emails = std::vector{email_text{connie.email}};
    settings.support_retention_years = retention_years_input{1, {}};
    ask_org(admin, org_command{settings}).answer();
    const auto row =
        ask(admin, south_case, case_command{invitation(connie.email, participation::context_only)})
            .made<collaborator_id>();
    ask(connie, south_case, case_command{accept_invite{row}}).answer();
    add_goal goal;
    goal.title = {closed_goal};
    ask(admin, north_case, case_command{goal}).answer();
    goal.title = {open_goal};
    ask(admin, south_case, case_command{goal}).answer();
    ask(admin, north_case, case_command{close_case{}}).answer();
    start_mailer();
    pass(*parse_instant("2028-01-15T12:00:00Z") - clock.now());
    mail->mails.clear();
  }

  void sweep() {
    retention_options o;
    o.ledger = directory.path() / "erasures.log";
    start_retention(o);
    BOOST_TEST(count("erasures") == 1);
    BOOST_TEST(count("support_cases") == 1);
  }
  /// In seconds that are turned, and far more of them than mails.
  void send_all() {
    for (std::size_t second = 0; second < 20 * missed_months && waiting() > 0; ++second)
      pass(std::chrono::seconds{1});
    BOOST_REQUIRE(waiting() == 0);
  }
  std::int64_t waiting() { return store::count_outbox(*session).queued; }
  long count(const std::string& from) {
    return store::sql_connection(owner_conninfo()).exec("SELECT count(*) FROM keywork." + from).number(0, 0);
  }
  /// How many mails tell of this.
  std::size_t told_of(std::string_view goal) const {
    std::size_t found = 0;
    for (const auto& m : mail->mails) found += m.digest && to_json(*m.digest).find(goal) != std::string::npos;
    return found;
  }
  void every_month_has_its_line() {
    BOOST_TEST(count("digests WHERE copy = 0 AND state = 'sent'") == static_cast<long>(missed_months));
    BOOST_TEST(count("digests") == static_cast<long>(missed_months));
    BOOST_TEST(told_of(open_goal) == missed_months);
    BOOST_TEST(count("erasures") == 1);
    BOOST_TEST(counted().digest_failures.load() == 0u);
    BOOST_TEST(counted().retention_failures.load() == 0u);
    const auto left = store::count_outbox(*session);
    BOOST_TEST(left.queued + left.retrying + left.failed == 0);
  }

  rehearsal::temporary_directory directory;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sweep_and_digest_suite, after_fourteen_months)

BOOST_AUTO_TEST_CASE(R31_R35_the_sweep_first_and_no_digest_tells_of_what_is_gone) {
  sweep();
  start_digests();
  send_all();
  every_month_has_its_line();
  BOOST_TEST(told_of(closed_goal) == 0u);
}

BOOST_AUTO_TEST_CASE(R31_R35_a_digest_that_waits_while_the_sweep_comes_is_made_without_what_is_gone) {
  start_digests();
  BOOST_TEST(count("digests WHERE state = 'queued'") == static_cast<long>(missed_months));
  sweep();
  send_all();
  every_month_has_its_line();
  BOOST_TEST(told_of(closed_goal) == 0u);
}

BOOST_AUTO_TEST_CASE(R31_R35_the_digests_first_and_the_month_of_the_closing_is_told_of) {
  start_digests();
  send_all();
  sweep();
  every_month_has_its_line();
  BOOST_TEST(told_of(closed_goal) == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
