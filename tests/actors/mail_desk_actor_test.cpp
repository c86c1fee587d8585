#include "actors/mail_desk_actor.hpp"

#include <boost/test/unit_test.hpp>

#include "odb/outbox_store.hpp"
#include "tests/actors/world.hpp"

using namespace actor_tests;
using namespace actors;
using namespace model;
using std::chrono::seconds;

namespace {

/// Somebody is invited; the provider has their mail as `re_1`.
struct desk_world : world {
  desk_world() {
    start_mailer();
    start_mail_desk();
    pass(seconds{1});
    delivery taken{delivery_outcome::sent, "taken"};
    taken.provider_id = "re_1";
    mail->next = {taken};
    ask(admin, north_case, case_command{invitation("new@example.org")}).answer();
    pass(seconds{1});
  }
  mail_notice notice(std::string id, mail_event what) const {
    mail_notice n;
    n.id = std::move(id);
    n.what = what;
    n.provider_id = "re_1";
    n.at = clock.now();
    if (what == mail_event::bounced) n.reason = "no such mailbox";
    return n;
  }
  collaborator row() { return *stored(north_case).find(row_of(north_case, "new@example.org")); }
  asked team(const caller& who) { return ask(who, north_case, view_team{}); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mail_desk_actor_, desk_world)

BOOST_AUTO_TEST_CASE(R16_what_the_provider_tells_stands_in_the_team_and_in_the_outbox) {
  auto watching = watch(admin, north_case);
  auto fays = watch(fay, north_case);
  const auto fay_sees = ask(fay, north_case, view_workspace{}).answer().etag;
  tell_of_mail(notice("msg_1", mail_event::bounced)).answer();
  BOOST_TEST(ask_org(admin, view_outbox{{}, {}}).holds(R"("delivery":{"state":"bounced")"));
  pass(seconds{2});
  BOOST_TEST(team(admin).holds(R"("mail":{"state":"bounced")"));
  BOOST_TEST(team(manager).holds("no such mailbox"));
  BOOST_TEST(!team(fay).holds("bounced"));
  BOOST_TEST(ask(fay, north_case, view_workspace{}).answer().etag == fay_sees);
  BOOST_TEST_REQUIRE(watching.news->size() == 1u);
  BOOST_TEST(watching.news->front().kinds.at(0) == "collaborator.mail_reported");
  BOOST_TEST(watching.news->front().version == ask(admin, north_case, view_workspace{}).answer().etag);
  for (const auto& told : *fays.news) {
    BOOST_TEST(told.kinds.empty());
    BOOST_TEST(told.version == fay_sees);  // of which her stream is told nothing
  }
  BOOST_TEST((row().invite_mail_fate == mail_fate::bounced));
}

BOOST_AUTO_TEST_CASE(R16_told_once_however_often_it_comes_and_whenever_one_looks) {
  tell_of_mail(notice("msg_1", mail_event::delivered)).answer();
  pass(seconds{2});
  const auto version = stored(north_case).header.version;
  tell_of_mail(notice("msg_1", mail_event::delivered)).answer();
  tell_of_mail(notice("msg_2", mail_event::delivered)).answer();
  for (int i = 0; i < 5; ++i) pass(seconds{2});
  BOOST_TEST(stored(north_case).header.version == version);
  BOOST_TEST(store::untold_invites(*session, {}, 10).empty());
}

BOOST_AUTO_TEST_CASE(R16_a_case_that_cannot_be_told_now_is_told_later) {
  tell_of_mail(notice("msg_1", mail_event::bounced)).answer();
  cut_database();
  pass(seconds{2});
  pass(seconds{2});
  mend_database();
  pass(seconds{2});
  pass(seconds{2});
  BOOST_TEST((row().invite_mail_fate == mail_fate::bounced));
}

BOOST_AUTO_TEST_CASE(R16_a_mail_that_was_given_up_and_one_that_was_mended) {
  mail->next = {{delivery_outcome::refused, "550 no such mailbox"}};
  ask(admin, north_case, case_command{invitation("other@example.org")}).answer();
  pass(seconds{2});
  pass(seconds{2});
  BOOST_TEST(team(admin).holds(R"("mail":{"state":"failed")"));
  const auto id = store::whole_outbox(*session, mail_state::failed, {}).at(0).id;
  ask_org(admin, org_command{retry_mail{id, {}}}).answer();
  pass(seconds{2});
  pass(seconds{2});
  BOOST_TEST(team(admin).holds(R"("mail":{"state":"sent")"));
}

BOOST_AUTO_TEST_CASE(of_mails_that_are_nobodys_nothing_is_kept_but_that_it_was_told) {
  auto n = notice("msg_1", mail_event::bounced);
  n.provider_id = "re_of_somebody_else";
  tell_of_mail(n).answer();
  pass(seconds{2});
  BOOST_TEST(!row().invite_mail_fate.has_value());
}

BOOST_AUTO_TEST_CASE(without_the_database_the_provider_is_to_tell_again) {
  cut_database();
  BOOST_TEST((tell_of_mail(notice("msg_1", mail_event::bounced)).code() == refusal_code::unavailable));
  mend_database();
  tell_of_mail(notice("msg_1", mail_event::bounced)).answer();
  pass(seconds{2});
  BOOST_TEST((row().invite_mail_fate == mail_fate::bounced));
}

BOOST_AUTO_TEST_SUITE_END()
