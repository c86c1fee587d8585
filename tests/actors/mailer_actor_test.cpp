#include "actors/mailer_actor.hpp"

#include <boost/test/unit_test.hpp>

#include "odb/outbox_store.hpp"
#include "tests/actors/world.hpp"

using namespace actor_tests;
using namespace actors;
using namespace model;
using std::chrono::seconds;

BOOST_FIXTURE_TEST_SUITE(mailer_actor_, world)

BOOST_AUTO_TEST_CASE(what_is_due_goes_out_once) {
  start_mailer();
  // Two information sheets, a membership and two invites wait from the making of the world.
  pass(seconds{1});
  BOOST_TEST(mail->mails.size() == 5u);
  BOOST_TEST(counted().mails_sent.load() == 5u);
  pass(std::chrono::hours{1});
  BOOST_TEST(mail->mails.size() == 5u);
  const auto left = store::count_outbox(*session);
  BOOST_TEST(left.queued + left.retrying + left.failed == 0);
}

BOOST_AUTO_TEST_CASE(a_mail_that_cannot_go_now_is_tried_again_with_growing_waits) {
  start_mailer();
  pass(seconds{1});
  mail->mails.clear();
  mail->next = {{delivery_outcome::try_later, "no route"}, {delivery_outcome::try_later, "no route"}};
  ask_sign_in(fay.email).answer();
  pass(seconds{1});
  BOOST_TEST(mail->mails.size() == 1u);
  BOOST_TEST(store::count_outbox(*session).retrying == 1);
  pass(seconds{4});  // never before half the wait
  BOOST_TEST(mail->mails.size() == 1u);
  pass(seconds{6});
  BOOST_TEST(mail->mails.size() == 2u);
  pass(seconds{9});
  BOOST_TEST(mail->mails.size() == 2u);
  pass(seconds{11});
  BOOST_TEST(mail->mails.size() == 3u);
  BOOST_TEST(mail->mails.at(0).id == mail->mails.at(2).id);
  BOOST_TEST(counted().mails_retried.load() == 2u);
  BOOST_TEST(store::count_outbox(*session).retrying == 0);
}

BOOST_AUTO_TEST_CASE(a_mail_that_will_never_go_is_kept_as_failed) {
  start_mailer();
  pass(seconds{1});
  mail->mails.clear();
  mail->next = {{delivery_outcome::refused, "no such mailbox"}};
  ask_sign_in(fay.email).answer();
  pass(seconds{1});
  pass(std::chrono::hours{1});
  BOOST_TEST(mail->mails.size() == 1u);
  BOOST_TEST(store::count_outbox(*session).failed == 1);
  BOOST_TEST(counted().mails_failed.load() == 1u);
}

BOOST_AUTO_TEST_CASE(a_mail_whose_outcome_could_not_be_noted_goes_again_after_its_lease) {
  start_mailer();
  pass(seconds{1});
  mail->mails.clear();
  ask_sign_in(fay.email).answer();
  store::take_due_mails(*session, clock.now(), clock.now() + std::chrono::minutes{3},
                        5);  // a mailer that was killed
  pass(seconds{1});
  BOOST_TEST(mail->mails.empty());
  pass(std::chrono::minutes{3});
  BOOST_TEST(mail->mails.size() == 1u);
}

BOOST_AUTO_TEST_CASE(without_the_database_the_mailer_waits_and_goes_on) {
  start_mailer();
  pass(seconds{1});
  mail->mails.clear();
  ask_sign_in(fay.email).answer();
  cut_database();
  pass(seconds{5});
  BOOST_TEST(mail->mails.empty());
  mend_database();
  pass(seconds{1});
  BOOST_TEST(mail->mails.size() == 1u);
}

BOOST_AUTO_TEST_CASE(to_one_address_they_go_in_their_order) {
  start_mailer();
  pass(seconds{1});
  mail->mails.clear();
  mail->next = {{delivery_outcome::try_later, "no route"}};
  ask(admin, north_case, case_command{invitation("far@example.org")}).answer();
  pass(seconds{1});
  ask(admin, south_case, case_command{invitation("far@example.org")}).answer();
  ask(admin, north_case, case_command{invitation("near@example.org")}).answer();
  ask_sign_in(fay.email).answer();
  pass(seconds{1});
  // The second one to the same address waits for the first one; the others for nobody, and a link to sign in
  // goes first.
  BOOST_TEST_REQUIRE(mail->mails.size() == 3u);
  BOOST_TEST(mail->mails[1].to_address == fay.email);
  BOOST_TEST(mail->mails[2].to_address == "near@example.org");
  pass(seconds{12});
  BOOST_TEST_REQUIRE(mail->mails.size() == 5u);
  BOOST_TEST(mail->mails[3].id == mail->mails[0].id);
  BOOST_TEST(mail->mails[4].to_address == "far@example.org");
}

BOOST_AUTO_TEST_CASE(trying_ends_after_three_days) {
  start_mailer();
  pass(seconds{1});
  mail->mails.clear();
  mail->next = std::deque<delivery>(1000, {delivery_outcome::try_later, "no route"});
  ask(admin, north_case, case_command{invitation("far@example.org")}).answer();
  pass(seconds{1});
  const auto began = clock.now();
  while (store::count_outbox(*session).failed == 0 && clock.now() < began + std::chrono::hours{24 * 5})
    pass(std::chrono::minutes{10});
  BOOST_TEST((clock.now() - began >= std::chrono::hours{72}));
  BOOST_TEST((clock.now() - began < std::chrono::hours{73}));
  // With waits that grow to a day and begin at ten seconds.
  BOOST_TEST(mail->mails.size() > 12u);
  BOOST_TEST(mail->mails.size() < 30u);
  const auto line = store::whole_outbox(*session, mail_state::failed, {}).at(0);
  BOOST_TEST(line.last_error.value() == "given up after three days of trying; the last attempt: no route");
}

BOOST_AUTO_TEST_CASE(R37_a_link_that_has_expired_is_not_sent_late) {
  ask_sign_in(fay.email).answer();
  clock.turn(std::chrono::minutes{10});
  start_mailer();
  pass(seconds{1});
  for (const auto& m : mail->mails) BOOST_TEST(m.template_name != "sign_in");
  const auto line = store::whole_outbox(*session, mail_state::failed, {}).at(0);
  BOOST_TEST(line.last_error.value().starts_with("the link in it expired"));
}

BOOST_AUTO_TEST_CASE(when_to_come_again_is_the_other_sides_to_say) {
  start_mailer();
  pass(seconds{1});
  mail->mails.clear();
  delivery busy{delivery_outcome::try_later, "429"};
  busy.again_in = std::chrono::minutes{5};
  mail->next = {busy};
  ask_sign_in(fay.email).answer();
  pass(seconds{1});
  pass(std::chrono::minutes{4});
  BOOST_TEST(mail->mails.size() == 1u);
  pass(std::chrono::minutes{1});
  BOOST_TEST(mail->mails.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_provider_that_wants_a_pause_gets_it_and_no_mail_loses_an_attempt) {
  start_mailer();
  pass(seconds{1});
  mail->mails.clear();
  mail->wants_pause = std::chrono::minutes{1};
  ask_sign_in(fay.email).answer();
  pass(std::chrono::minutes{5});
  BOOST_TEST(mail->mails.empty());
  BOOST_TEST(store::whole_outbox(*session, mail_state::queued, {}).at(0).attempts == 0);
  mail->wants_pause = {};
  pass(seconds{1});
  BOOST_TEST(mail->mails.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_mail_that_may_have_gone_is_not_given_again_once_its_key_is_forgotten) {
  mail->remembers = std::chrono::hours{24};
  start_mailer();
  pass(seconds{1});
  mail->mails.clear();
  delivery lost{delivery_outcome::try_later, "cut off"};
  lost.unsure = true;
  mail->next = std::deque<delivery>(1000, {delivery_outcome::try_later, "no route"});
  mail->next.push_front(lost);
  ask(admin, north_case, case_command{invitation("far@example.org")}).answer();
  pass(seconds{1});
  const auto began = clock.now();
  while (store::count_outbox(*session).failed == 0 && clock.now() < began + std::chrono::hours{72})
    pass(std::chrono::minutes{10});
  BOOST_TEST((clock.now() - began >= std::chrono::hours{23}));
  const auto tried = mail->mails.size();
  const auto line = store::whole_outbox(*session, mail_state::failed, {}).at(0);
  BOOST_TEST(line.last_error.value().find("may have gone out") != std::string::npos);
  for (const auto& m : mail->mails) BOOST_TEST(m.key == m.id);
  // Somebody has looked, and has it sent again: under another key.
  mail->next.clear();
  ask_org(admin, org_command{retry_mail{line.id, {}}}).answer();
  pass(seconds{1});
  BOOST_TEST_REQUIRE(mail->mails.size() == tried + 1);
  BOOST_TEST(mail->mails.back().key == mail->mails.back().id + "/1");
  BOOST_TEST(mail->mails.back().id == to_text(line.id));
}

BOOST_AUTO_TEST_CASE(R16_an_invite_that_was_withdrawn_goes_out_no_more) {
  start_mailer();
  pass(seconds{1});
  mail->mails.clear();
  mail->next = {{delivery_outcome::try_later, "no route"}};
  ask(admin, north_case, case_command{invitation("far@example.org")}).answer();
  pass(seconds{1});
  BOOST_TEST(mail->mails.size() == 1u);
  ask(admin, north_case, case_command{end_assignment{row_of(north_case, "far@example.org")}}).answer();
  const auto waiting = store::whole_outbox(*session, mail_state::retrying, {}).at(0).id;
  BOOST_TEST((ask_org(admin, org_command{retry_mail{waiting, {}}}).code() == refusal_code::link_void));
  pass(std::chrono::minutes{1});
  BOOST_TEST(mail->mails.size() == 1u);
  const auto failed = store::whole_outbox(*session, mail_state::failed, {});
  BOOST_TEST_REQUIRE(failed.size() == 1u);
  BOOST_TEST((failed[0].id == waiting));
  BOOST_TEST(failed[0].last_error.value().find("withdrawn") != std::string::npos);
  BOOST_TEST((ask_org(admin, org_command{retry_mail{waiting, {}}}).code() == refusal_code::link_void));
  BOOST_TEST(!ask_org(admin, view_audit{{"mail.retried", {}, {}, {}}, {}}).holds(to_text(waiting)));
}

BOOST_AUTO_TEST_CASE(an_admin_sees_the_mails_and_has_one_tried_again) {
  mail->next = {{delivery_outcome::refused, "550 no"}};
  start_mailer();
  pass(seconds{1});
  const auto all = ask_org(admin, view_outbox{{}, {}});
  BOOST_TEST(all.holds(R"("last_error":"550 no")"));
  BOOST_TEST(!all.holds("login?token="));
  const auto failed = ask_org(admin, view_outbox{mail_state::failed, {}});
  BOOST_TEST(failed.holds(R"("state":"failed")"));
  BOOST_TEST(!failed.holds(R"("state":"sent")"));
  const auto id = store::whole_outbox(*session, mail_state::failed, {}).at(0).id;
  BOOST_TEST((ask_org(manager, view_outbox{{}, {}}).code() == refusal_code::not_permitted));
  BOOST_TEST((ask_org(outsider, view_outbox{{}, {}}).code() == refusal_code::not_found));
  BOOST_TEST((ask_org(manager, org_command{retry_mail{id, {}}}).code() == refusal_code::not_permitted));
  BOOST_TEST(
      (ask_org(admin, org_command{retry_mail{ids.make<mail_id>(), {}}}).code() == refusal_code::not_found));
  BOOST_TEST((ask_org(admin, org_command{retry_mail{id, {}}}).kind() == answer_kind::no_content));
  pass(seconds{1});
  BOOST_TEST(store::whole_outbox(*session, mail_state::failed, {}).empty());
  BOOST_TEST((ask_org(admin, org_command{retry_mail{id, {}}}).code() == refusal_code::wrong_status));
  BOOST_TEST(ask_org(admin, view_audit{{"mail.retried", {}, {}, {}}, {}}).holds(to_text(id)));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(retry_wait_)

BOOST_AUTO_TEST_CASE(it_doubles_from_ten_seconds_up_to_a_day) {
  BOOST_TEST(retry_wait(1, 0).count() == 10);
  BOOST_TEST(retry_wait(2, 0).count() == 20);
  BOOST_TEST(retry_wait(5, 0).count() == 160);
  BOOST_TEST(retry_wait(14, 0).count() == 81'920);
  BOOST_TEST(retry_wait(15, 0).count() == 86'400);
  BOOST_TEST(retry_wait(100'000, 0).count() == 86'400);
  BOOST_TEST(retry_wait(0, 0).count() == 10);
}

BOOST_AUTO_TEST_CASE(up_to_half_is_taken_off) {
  BOOST_TEST(retry_wait(2, 1).count() == 10);
  BOOST_TEST(retry_wait(2, 0.5).count() == 15);
}

BOOST_AUTO_TEST_SUITE_END()
