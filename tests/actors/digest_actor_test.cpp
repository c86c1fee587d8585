#include "actors/digest_actor.hpp"

#include <boost/test/unit_test.hpp>

#include "model/json.hpp"
#include "odb/outbox_store.hpp"
#include "tests/actors/world.hpp"

using namespace actor_tests;
using namespace actors;
using namespace model;
using std::chrono::hours;
using std::chrono::seconds;
using rc = refusal_code;

namespace {

constexpr auto canary = "canary-professional";

/// Connie (context_only) is a housing officer; on her case there is a goal, and a note of each stream.
struct with_officer : world {
  with_officer() {
    change_settings officers;
    officers.housing_officer_emails = std::vector{email_text{connie.email}};
    ask_org(admin, org_command{officers}).answer();
    add_goal goal;
    goal.title = {"Cook a meal"};
    ask(fay, north_case, case_command{goal}).answer();
    ask(fay, north_case, note("a quiet week")).answer();
    ask(admin, north_case, note(canary, stream::professional)).answer();
    start_mailer();
    pass(seconds{1});
    mail->mails.clear();
  }

  void show_notes() {
    change_settings notes;
    notes.support_notes_visible_to_housing_officer = true;
    ask_org(admin, org_command{notes}).answer();
  }
  /// It is 21 November; digests are sent at seven on the first.
  void pass_until(std::string_view when) {
    pass(*parse_instant(when) - clock.now());
    settle();
  }
  /// Long enough for whoever looks every few seconds, one after the other.
  void settle() {
    for (int i = 0; i < 8; ++i) pass(seconds{1});
  }
  std::vector<outgoing_mail> digests() const {
    std::vector<outgoing_mail> out;
    for (const auto& m : mail->mails)
      if (m.template_name == digest_template) out.push_back(m);
    return out;
  }
  std::string listed(const caller& who, std::optional<month> of = {}) {
    return ask_org(who, view_digests{of, {}}).text();
  }
  static view_audit entries_of(const char* kind) {
    view_audit wanted;
    wanted.wanted.kind = kind;
    return wanted;
  }
  digest_id first_listed() {
    const auto text = listed(admin);
    const auto begin = text.find("\"id\":\"") + 6;
    return parse_id<digest_id>(text.substr(begin, 36)).value();
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(digest_actor_, with_officer)

BOOST_AUTO_TEST_CASE(R34_the_first_of_the_month_tells_of_the_month_before) {
  show_notes();
  start_digests();
  pass_until("2026-12-01T06:59:45Z");
  BOOST_TEST(digests().empty());
  pass_until("2026-12-01T07:00:20Z");
  BOOST_TEST_REQUIRE(digests().size() == 1u);
  const auto first = digests()[0];
  BOOST_TEST(first.to_address == connie.email);
  BOOST_REQUIRE(first.digest);
  const auto told = to_json(*first.digest);
  BOOST_TEST(told.find("Cook a meal") != std::string::npos);
  BOOST_TEST(told.find("a quiet week") != std::string::npos);
  BOOST_TEST(told.find(canary) == std::string::npos);
  BOOST_TEST(counted().digests_planned.load() == 1u);
  pass(hours{24});
  BOOST_TEST(digests().size() == 1u);
}

BOOST_AUTO_TEST_CASE(R35_two_of_them_make_one) {
  start_digests();
  start_digests();
  pass_until("2026-12-01T07:00:20Z");
  BOOST_TEST(digests().size() == 1u);
}

BOOST_AUTO_TEST_CASE(R35_months_missed_while_down_are_sent_on_return) {
  pass_until("2027-03-15T12:00:00Z");
  start_digests();
  settle();
  BOOST_TEST_REQUIRE(digests().size() == 4u);
  const char* months[] = {"2026-11", "2026-12", "2027-01", "2027-02"};
  for (std::size_t i = 0; i < 4; ++i) BOOST_TEST(to_text(digests()[i].digest->month) == months[i]);
}

BOOST_AUTO_TEST_CASE(R35_without_the_database_it_waits_and_goes_on) {
  start_digests();
  cut_database();
  pass_until("2026-12-01T07:10:00Z");
  BOOST_TEST(digests().empty());
  mend_database();
  settle();
  BOOST_TEST(digests().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_mail_that_cannot_be_made_ends_after_three_days_and_stops_no_other) {
  start_digests();
  mail->next = {{delivery_outcome::try_later, "no route"}};
  pass(*parse_instant("2026-12-01T07:00:00Z") - clock.now());
  for (int i = 0; i < 20 && digests().empty(); ++i) pass(seconds{1});
  BOOST_TEST(digests().size() == 1u);
  sql("REVOKE SELECT ON keywork.goals FROM keywork_digest");
  const auto began = clock.now();
  ask_sign_in(fay.email).answer();
  pass(std::chrono::minutes{1});
  BOOST_TEST(mail->mails.back().template_name == "sign_in");
  while (store::count_outbox(*session).failed == 0 && clock.now() < began + hours{24 * 5})
    pass(std::chrono::minutes{10});
  BOOST_TEST((clock.now() - began >= hours{71}));
  const auto failed = store::whole_outbox(*session, mail_state::failed, {});
  BOOST_TEST_REQUIRE(failed.size() == 1u);
  BOOST_TEST(failed[0].last_error.value().find("it could not be made: ") != std::string::npos);
  BOOST_TEST(digests().size() == 1u);
}

BOOST_AUTO_TEST_CASE(R36_a_tier_without_the_workspace_sends_none_and_none_later) {
  start_digests();
  set_tier("business");
  pass_until("2026-12-01T08:00:00Z");
  BOOST_TEST(digests().empty());
  set_tier("enterprise");
  pass(hours{24});
  BOOST_TEST(digests().empty());
}

BOOST_AUTO_TEST_CASE(R33_whose_assignment_ends_before_it_is_sent_gets_none) {
  start_digests();
  mail->next = {{delivery_outcome::try_later, "no route"}};
  pass(*parse_instant("2026-12-01T07:00:00Z") - clock.now());
  for (int i = 0; i < 20 && digests().empty(); ++i) pass(seconds{1});
  const auto tried = digests().size();
  BOOST_TEST(tried == 1u);
  ask(admin, north_case, case_command{end_assignment{row_of(north_case, connie.email)}}).answer();
  pass(hours{24});
  BOOST_TEST(digests().size() == tried);
  BOOST_TEST(listed(admin).find("\"state\":\"withdrawn\"") != std::string::npos);
  const auto left = store::count_outbox(*session);
  BOOST_TEST(left.queued + left.retrying + left.failed == 0);
}

BOOST_AUTO_TEST_CASE(a_machine_whose_clock_is_years_off_sends_nothing) {
  clock.off_by = hours{24 * 365 * 10};
  clock.set_by = -clock.off_by;
  start_digests();
  pass_until("2026-12-01T08:00:00Z");
  BOOST_TEST(digests().empty());
  BOOST_TEST(counted().digest_failures.load() == 1u);
  // It is the database's that was wrong.
  clock.off_by = clock.set_by = {};
  settle();
  BOOST_TEST(digests().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_set_while_the_program_runs_sends_nothing) {
  start_digests();
  clock.set_by = hours{24 * 365 * 10};
  pass_until("2026-12-01T08:00:00Z");
  BOOST_TEST(digests().empty());
  BOOST_TEST(counted().digest_failures.load() == 1u);
  clock.set_by = {};
  settle();
  BOOST_TEST(digests().size() == 1u);
}

// --- the admins' part

BOOST_AUTO_TEST_CASE(admins_see_what_went_to_whom_and_nobody_else_does) {
  start_digests();
  pass_until("2026-12-01T07:01:00Z");
  const auto text = listed(admin);
  BOOST_TEST(text.find("\"state\":\"sent\"") != std::string::npos);
  BOOST_TEST(text.find(connie.email) != std::string::npos);
  BOOST_TEST(text.find("\"month\":\"2026-11\"") != std::string::npos);
  BOOST_TEST(listed(admin, parse_month("2026-11")) == text);
  BOOST_TEST(listed(admin, parse_month("2026-10")).find(connie.email) == std::string::npos);
  BOOST_TEST(ask_org(manager, view_digests{}).code() == rc::not_permitted);
  BOOST_TEST(ask_org(fay, view_digests{}).code() == rc::not_found);
  BOOST_TEST(ask_org(connie, view_digests{}).code() == rc::not_found);
  // R26: the log tells that it was sent.
  BOOST_TEST(ask_org(admin, entries_of("digest.sent")).holds("\"month\":\"2026-11\""));
}

BOOST_AUTO_TEST_CASE(a_preview_counts_or_shows_one_and_is_written_down) {
  const auto november = *parse_month("2026-11");
  const auto all = ask_org(admin, org_command{preview_digest{november, {}}});
  BOOST_TEST(all.holds(connie.email));
  BOOST_TEST(all.holds("\"goals\":1"));
  BOOST_TEST(!all.holds("Cook a meal"));
  const auto one = ask_org(admin, org_command{preview_digest{november, connie.user}});
  BOOST_TEST(one.holds("Cook a meal"));
  BOOST_TEST(!one.holds("a quiet week"));  // the organisation does not show notes
  BOOST_TEST(!one.holds(canary));
  BOOST_TEST(one.holds(R"("digest":{"organisation":)"));
  BOOST_TEST(one.holds(R"("month":"2026-11","from":)"));
  BOOST_TEST(!one.holds(R"("month":{)"));
  BOOST_TEST(ask_org(admin, org_command{preview_digest{november, fay.user}}).code() == rc::not_found);
  BOOST_TEST(ask_org(admin, org_command{preview_digest{*parse_month("2026-12"), {}}}).code() == rc::invalid);
  BOOST_TEST(ask_org(manager, org_command{preview_digest{november, {}}}).code() == rc::not_permitted);
  BOOST_TEST(ask_org(connie, org_command{preview_digest{november, {}}}).code() == rc::not_found);
  const auto log = ask_org(admin, entries_of("digest.previewed"));
  BOOST_TEST(log.holds(to_text(connie.user)));
  BOOST_TEST(digests().empty());
}

BOOST_AUTO_TEST_CASE(an_admin_has_one_sent_again) {
  start_digests();
  pass_until("2026-12-01T07:01:00Z");
  const auto id = first_listed();
  BOOST_TEST(ask_org(manager, org_command{resend_digest{id}}).code() == rc::not_permitted);
  BOOST_TEST(ask_org(admin, org_command{resend_digest{digest_id{ids.next()}}}).code() == rc::not_found);
  const auto again = ask_org(admin, org_command{resend_digest{id}});
  BOOST_TEST(again.holds("\"copy\":1"));
  BOOST_TEST(again.holds("\"state\":\"queued\""));
  // While it waits, nobody gets more by asking again.
  for (const auto asked_for : {id, first_listed()})
    BOOST_TEST(ask_org(admin, org_command{resend_digest{asked_for}}).text() == again.text());
  settle();
  BOOST_TEST_REQUIRE(digests().size() == 2u);
  BOOST_TEST(digests()[0].id != digests()[1].id);
  BOOST_TEST(ask_org(admin, entries_of("digest.resent")).holds(to_text(id)));
  // Nothing left to say: nothing is sent again.
  ask(admin, north_case, case_command{end_assignment{row_of(north_case, connie.email)}}).answer();
  BOOST_TEST(ask_org(admin, org_command{resend_digest{id}}).code() == rc::no_content);
}

BOOST_AUTO_TEST_CASE(R36_out_of_tier_previews_and_copies_are_refused) {
  start_digests();
  pass_until("2026-12-01T07:01:00Z");
  const auto id = first_listed();
  set_tier("business");
  tell_organisation_changed();
  BOOST_TEST(ask_org(admin, org_command{preview_digest{*parse_month("2026-11"), {}}}).code() ==
             rc::upgrade_required);
  BOOST_TEST(ask_org(admin, org_command{resend_digest{id}}).code() == rc::upgrade_required);
  BOOST_TEST(listed(admin).find(connie.email) != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
