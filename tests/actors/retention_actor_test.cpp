#include "actors/retention_actor.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "actors/retention_views.hpp"
#include "actors/services.hpp"
#include "tests/actors/world.hpp"

using namespace actor_tests;
using namespace actors;
using namespace model;
using rc = refusal_code;

namespace {

constexpr std::chrono::days year{366};
const auto a_while = std::chrono::minutes{2};

struct with_sweeps : world {
  retention_options options() {
    retention_options o;
    o.ledger = directory.path() / "erasures.log";
    o.remove_mails = [this](const std::vector<erased_mail>& mails) {
      for (const auto& m : mails) removed.push_back(m.id);
    };
    return o;
  }
  /// The case is closed now, with a note and, where it is asked for, a safeguarding note.
  void close(case_id id, bool safeguarding = false) {
    ask(admin, id, note("canary in the shared stream")).answer();
    if (safeguarding)
      ask(admin, id, case_command{add_note{stream::professional, {"canary, safeguarding"}, true}}).answer();
    ask(admin, id, case_command{close_case{}}).answer();
  }
  std::vector<store::retention_run> runs() {
    return store::retention_runs(*session, admin.user, org, {200, {}});
  }
  long count(const std::string& from) {
    return store::sql_connection(owner_conninfo()).exec("SELECT count(*) FROM keywork." + from).number(0, 0);
  }
  std::string ledger() const {
    std::ifstream in(directory.path() / "erasures.log");
    return {std::istreambuf_iterator<char>(in), {}};
  }
  change_settings windows(int default_, std::optional<due_counts> confirm = {}) {
    change_settings c;
    c.support_retention_years = retention_years_input{default_, {}};
    c.confirm_due = confirm;
    return c;
  }

  rehearsal::temporary_directory directory;
  std::vector<mail_id> removed;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(retention_actor_suite, with_sweeps)

BOOST_AUTO_TEST_CASE(R30_R31_a_case_goes_on_its_day_and_not_before) {
  close(north_case);
  start_retention(options());
  // A sweep of today, since there was none yet.
  BOOST_TEST(runs().size() == 1u);
  BOOST_TEST((runs()[0].outcome == store::run_outcome::done));
  pass(7 * std::chrono::days{365});
  BOOST_TEST(count("erasures") == 0);
  pass(std::chrono::days{3});
  BOOST_TEST(count("erasures") == 1);
  BOOST_TEST(count("support_cases") == 1);
  BOOST_TEST(counted().retention_cases.load() == 1u);
  BOOST_TEST(counted().retention_notes.load() == 1u);
  BOOST_TEST(ledger().find(to_text(north_case)) != std::string::npos);
  BOOST_TEST(ledger().find(R"("counts":{")") != std::string::npos, ledger());
  BOOST_TEST(ledger().find(R"("due_at":"2033-11-21T)") != std::string::npos, ledger());
  BOOST_TEST(count("erasures_to_write") == 0);
  // The two invites of the team, whose copies go from the folder.
  BOOST_TEST(removed.size() == 2u);
  BOOST_TEST(ask(admin, south_case, view_workspace{}).holds("SC-"));
}

BOOST_AUTO_TEST_CASE(R30_a_day_has_one_sweep_and_missed_days_are_caught_up_at_once) {
  start_retention(options());
  BOOST_TEST(runs().size() == 1u);
  pass(a_while);
  BOOST_TEST(runs().size() == 1u);
  // 03:00 of the next day has not come yet, then it has.
  pass(std::chrono::hours{17} + std::chrono::minutes{50});
  BOOST_TEST(runs().size() == 1u);
  pass(std::chrono::minutes{10});
  BOOST_TEST(runs().size() == 2u);
  pass(std::chrono::days{30});
  BOOST_TEST(runs().size() == 3u);
  BOOST_TEST(to_text(runs()[0].day) == "2026-12-22");
}

BOOST_AUTO_TEST_CASE(R31_memory_forgets_what_the_database_has_erased) {
  close(north_case, true);
  BOOST_TEST(ask(admin, north_case, view_workspace{}).holds("canary in the shared stream"));
  pass(8 * year);
  BOOST_TEST(ask(admin, north_case, view_workspace{}).holds("canary in the shared stream"));
  start_retention(options());
  tell_case_erased(north_case);
  const auto left = ask(admin, north_case, view_workspace{});
  BOOST_TEST(!left.holds("canary in the shared stream"));
  BOOST_TEST(left.holds("canary, safeguarding"));
  BOOST_TEST(ask(fay, north_case, view_workspace{}).code() == rc::not_found);
  pass(20 * year);
  tell_case_erased(north_case);
  tell_organisation_changed();
  BOOST_TEST(ask(admin, north_case, view_workspace{}).code() == rc::not_found);
}

BOOST_AUTO_TEST_CASE(R31_a_memory_that_was_not_told_cannot_bring_anything_back) {
  close(north_case, true);
  ask(admin, north_case, view_workspace{}).answer();
  pass(8 * year);
  start_retention(options());
  // The first try is decided on what is remembered, and is decided again on what there is.
  ask(admin, north_case, case_command{reopen_case{}}).answer();
  BOOST_TEST(!ask(admin, north_case, view_workspace{}).holds("canary in the shared stream"));
  BOOST_TEST(count("notes WHERE body LIKE '%shared stream%'") == 0);
}

BOOST_AUTO_TEST_CASE(R30_a_case_that_fails_does_not_stop_the_others) {
  close(north_case);
  close(south_case);
  sql("CREATE TABLE keywork.elsewhere (org_id uuid, case_id uuid, FOREIGN KEY (org_id, case_id) REFERENCES"
      " keywork.support_cases); INSERT INTO keywork.elsewhere SELECT org_id, id FROM keywork.support_cases"
      " WHERE id = '" +
      to_text(north_case) + "'");
  pass(8 * year);
  start_retention(options());
  const auto run = runs().at(0);
  BOOST_TEST(run.progress.failed == 1);
  BOOST_TEST(run.progress.shells == 1);
  BOOST_TEST_REQUIRE(run.failures.size() == 1u);
  BOOST_TEST((run.failures[0].of_case == north_case));
  BOOST_TEST(run.failures[0].error.find("23503") != std::string::npos, run.failures[0].error);
  BOOST_TEST(counted().retention_failures.load() == 1u);
  BOOST_TEST(count("support_cases") == 1);
  // And is tried again with the next one.
  sql("DROP TABLE keywork.elsewhere");
  pass(std::chrono::days{1});
  BOOST_TEST(count("support_cases") == 0);
}

BOOST_AUTO_TEST_CASE(R29_clocks_that_disagree_stop_the_sweep_and_are_told_of) {
  close(north_case);
  pass(8 * year);
  // This machine's clock stays as it is, and the database's is set.
  const auto differ_by = [&](std::chrono::microseconds by) {
    clock.off_by = by;
    clock.set_by = -by;
  };
  differ_by(std::chrono::days{3652});
  start_retention(options());
  BOOST_TEST(count("erasures") == 0);
  BOOST_TEST(counted().retention_clock_stops.load() == 1u);
  BOOST_TEST(runs().empty());
  // One that is asked for says why it does not go on.
  ask_org(admin, org_command{run_retention{}}).answer();
  pass(a_while);
  BOOST_TEST_REQUIRE(runs().size() == 1u);
  BOOST_TEST(runs()[0].trouble.value().find("an hour apart") != std::string::npos);
  BOOST_TEST(!runs()[0].finished_at.has_value());
  differ_by(-std::chrono::days{3652});
  pass(a_while);
  BOOST_TEST(count("erasures") == 0);
  BOOST_TEST(counted().retention_clock_stops.load() > 1u);
  // Once they agree it goes on by itself.
  differ_by(std::chrono::minutes{30});
  pass(a_while);
  BOOST_TEST(count("erasures") == 1);
  BOOST_TEST(runs().size() == 2u);
  for (const auto& run : runs()) {
    BOOST_TEST(!run.trouble.has_value());
    BOOST_TEST((run.outcome == store::run_outcome::done));
  }
}

// The database's clock is this machine's, so that both jump at once.
BOOST_AUTO_TEST_CASE(R29_a_clock_that_is_set_while_the_program_runs_erases_nothing) {
  const std::chrono::days ten_years{3652};
  close(north_case);
  start_retention(options());
  BOOST_TEST(runs().size() == 1u);
  clock.set_by = ten_years;
  pass(ten_years);
  BOOST_TEST(count("erasures") == 0);
  BOOST_TEST(runs().size() == 1u);
  BOOST_TEST(counted().retention_clock_stops.load() > 0u);
  ask_org(admin, org_command{run_retention{}}).answer();
  pass(a_while);
  BOOST_TEST(runs().at(0).trouble.value().find("was set") != std::string::npos);
  BOOST_TEST(count("erasures") == 0);
  clock.set_by = -ten_years;
  pass(a_while);
  BOOST_TEST(count("erasures") == 0);
  // It is right again: then ten years have really passed.
  clock.set_by = {};
  pass(a_while);
  BOOST_TEST(count("erasures") == 1);
}

BOOST_AUTO_TEST_CASE(R29_a_clock_that_jumps_ahead_and_comes_back_leaves_everything_as_it_was) {
  close(north_case);
  start_retention(options());
  for (const auto jump : {std::chrono::days{3652}, -std::chrono::days{3652}}) {
    clock.set_by = jump;
    clock.turn(jump);
    pass(a_while);
    clock.set_by = {};
    clock.turn(-jump);
    pass(a_while);
    BOOST_TEST(count("erasures") == 0);
    BOOST_TEST(runs().size() == 1u);
  }
  // And the days go on.
  pass(std::chrono::days{1});
  BOOST_TEST(runs().size() == 2u);
  pass(7 * year);
  BOOST_TEST(count("erasures") == 1);
}

BOOST_AUTO_TEST_CASE(R32_nothing_goes_under_a_hold_of_the_case_or_of_the_organisation) {
  close(north_case);
  close(south_case);
  ask(admin, north_case, case_command{set_legal_hold{true, {"A court order."}}}).answer();
  BOOST_TEST(ask_org(manager, org_command{set_organisation_hold{true, {"A court order."}}}).code() ==
             rc::not_permitted);
  const auto held = ask_org(admin, org_command{set_organisation_hold{true, {"A court order."}}});
  BOOST_TEST(held.holds(R"("legal_hold":true)"));
  BOOST_TEST(ask(admin, south_case, view_retention{}).holds(R"("legal_hold":true)"));
  pass(8 * year);
  start_retention(options());
  BOOST_TEST(count("erasures") == 0);
  BOOST_TEST((runs().at(0).outcome == store::run_outcome::legal_hold));
  ask_org(admin, org_command{set_organisation_hold{false, {"It is over."}}}).answer();
  pass(std::chrono::days{1});
  BOOST_TEST(count("erasures") == 1);
  BOOST_TEST(count("support_cases WHERE id = '" + to_text(north_case) + "'") == 1);
  pass(50 * year);
  BOOST_TEST(count("support_cases WHERE id = '" + to_text(north_case) + "'") == 1);
}

BOOST_AUTO_TEST_CASE(R30_an_admin_rehearses_and_asks_for_a_sweep) {
  start_retention(options());
  close(north_case, true);
  pass(7 * year + std::chrono::hours{6});
  sql("DELETE FROM keywork.erasures_to_write; DELETE FROM keywork.erasures");
  BOOST_TEST(ask_org(manager, rehearse_retention{}).code() == rc::not_permitted);
  BOOST_TEST(ask_org(fay, rehearse_retention{}).code() == rc::not_found);
  BOOST_TEST(ask_org(manager, view_retention_runs{}).code() == rc::not_permitted);
  BOOST_TEST(ask_org(manager, org_command{run_retention{}}).code() == rc::not_permitted);
  // Twenty years later only the safeguarding note is due.
  pass(std::chrono::days{19 * 366});
  BOOST_TEST(ask_org(admin, rehearse_retention{}).holds(R"("cases":0)"));
  const auto asked = ask_org(admin, org_command{run_retention{}});
  BOOST_TEST((asked.kind() == answer_kind::accepted));
  BOOST_TEST(asked.holds(R"("kind":"asked")"));
  BOOST_TEST(asked.holds(R"("started_at":null)"));
  pass(std::chrono::seconds{10});
  const auto shown = ask_org(admin, view_retention_runs{});
  BOOST_TEST(shown.holds(R"("kind":"asked")"));
  BOOST_TEST(shown.holds(R"("next_sweep_at":)"));
  BOOST_TEST(!shown.holds(R"("started_at":null)"));
  BOOST_TEST(count("audit_entries WHERE kind = 'retention.run_asked' AND by_id = '" + to_text(admin.user) +
                   "'") == 1);
}

BOOST_AUTO_TEST_CASE(R30_who_asks_while_a_sweep_is_open_is_told_of_that_one) {
  const auto entries = [&] { return count("audit_entries WHERE kind = 'retention.run_asked'"); };
  const auto first = ask_org(admin, org_command{run_retention{}});
  const auto second = ask_org(admin, org_command{run_retention{}});
  BOOST_TEST((second.kind() == answer_kind::accepted));
  BOOST_TEST(second.text() == first.text());
  BOOST_TEST(runs().size() == 1u);
  BOOST_TEST(entries() == 1);
  start_retention(options());
  pass(a_while);
  // The next one is another. Here a command was faster, after it was found that none is open.
  hold(true, true);
  const auto behind = begin_org(admin, org_command{run_retention{}});
  run();
  release();
  BOOST_TEST(behind.pending());
  const store::held_run by_command{org, ids.make<retention_run_id>(), ids.next()};
  BOOST_TEST(store::begin_asked_run(*session, by_command, *parse_day("2026-11-21"), ids.make<audit_id>(),
                                    "keywork retention run", clock.now()));
  hold_nothing();
  BOOST_TEST((behind.kind() == answer_kind::accepted));
  BOOST_TEST(behind.holds(to_text(by_command.id)), behind.text());
  BOOST_TEST(count("retention_runs WHERE kind = 'asked'") == 2);
  BOOST_TEST(entries() == 2);
}

BOOST_AUTO_TEST_CASE(R29_a_shorter_window_tells_what_it_makes_due) {
  close(north_case, true);
  pass(3 * year);
  const auto no = ask_org(admin, org_command{windows(2)});
  BOOST_TEST(no.code() == rc::confirmation_needed);
  BOOST_TEST((no.refusal().due == due_counts{1, 0}));
  BOOST_TEST(ask_org(admin, org_command{windows(2, due_counts{2, 0})}).code() == rc::confirmation_needed);
  BOOST_TEST(ask_org(manager, org_command{windows(2)}).code() == rc::not_permitted);
  BOOST_TEST(ask_org(admin, org_command{windows(0)}).code() == rc::invalid);
  BOOST_TEST(ask_org(admin, org_command{windows(2, due_counts{1, 0})}).holds(R"("default":2)"));
  BOOST_TEST(ask_org(admin, org_command{windows(9)}).holds(R"("default":9)"));
}

BOOST_AUTO_TEST_CASE(R30_the_sweep_survives_the_database_being_away) {
  close(north_case);
  pass(8 * year);
  cut_database();
  start_retention(options());
  pass(a_while);
  mend_database();
  pass(a_while);
  pass(a_while);
  BOOST_TEST(count("erasures") == 1);
}

BOOST_AUTO_TEST_CASE(R31_memory_forgets_what_was_erased_while_nobody_listened) {
  close(north_case, true);
  pass(8 * year);
  BOOST_TEST(ask(admin, north_case, view_workspace{}).holds("canary in the shared stream"));
  start_retention(options());
  BOOST_TEST(ask(admin, north_case, view_workspace{}).holds("canary in the shared stream"));
  tell_any_organisation_changed();
  const auto left = ask(admin, north_case, view_workspace{});
  BOOST_TEST(!left.holds("canary in the shared stream"));
  BOOST_TEST(left.holds("canary, safeguarding"));
}

BOOST_AUTO_TEST_CASE(R31_what_cannot_be_removed_keeps_nothing_else) {
  close(north_case);
  pass(8 * year);
  auto o = options();
  o.ledger = directory.path() / "not there" / "erasures.log";
  std::optional<mail_id> stuck;
  o.remove_mails = [&](const std::vector<erased_mail>& mails) {
    for (const auto& m : mails) {
      if (!stuck) stuck = m.id;
      if (m.id == *stuck)
        throw std::system_error(std::make_error_code(std::errc::permission_denied), "a mail");
      removed.push_back(m.id);
    }
  };
  start_retention(o);
  BOOST_TEST(count("erasures_to_write") == 1);
  BOOST_TEST(count("erased_mails") == 1);
  BOOST_TEST(removed.size() == 1u);
  // And once they can be, though the clock is in doubt by then: what is erased is erased.
  clock.set_by = std::chrono::days{3652};
  std::filesystem::create_directory(directory.path() / "not there");
  stuck = mail_id{ids.next()};
  pass(a_while);
  BOOST_TEST(counted().retention_clock_stops.load() > 0u);
  BOOST_TEST(count("erasures_to_write") == 0);
  BOOST_TEST(count("erased_mails") == 0);
}

BOOST_AUTO_TEST_CASE(R31_a_ledger_that_was_cut_off_is_mended) {
  close(north_case);
  pass(8 * year);
  std::ofstream(directory.path() / "erasures.log") << "{\"whole\":1}\n{\"half\":";
  start_retention(options());
  const auto lines = ledger();
  BOOST_TEST(lines.starts_with("{\"whole\":1}\n{\"org_id\":"), lines);
  BOOST_TEST(std::count(lines.begin(), lines.end(), '\n') == 2);
}

BOOST_AUTO_TEST_SUITE_END()
