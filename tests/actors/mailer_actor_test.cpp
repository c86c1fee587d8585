#include "actors/mailer_actor.hpp"

#include <boost/test/unit_test.hpp>

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
  const auto left = session->count_outbox();
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
  BOOST_TEST(session->count_outbox().retrying == 1);
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
  BOOST_TEST(session->count_outbox().retrying == 0);
}

BOOST_AUTO_TEST_CASE(a_mail_that_will_never_go_is_kept_as_failed) {
  start_mailer();
  pass(seconds{1});
  mail->mails.clear();
  mail->next = {{delivery_outcome::refused, "no such mailbox"}};
  ask_sign_in(fay.email).answer();
  pass(std::chrono::hours{1});
  BOOST_TEST(mail->mails.size() == 1u);
  BOOST_TEST(session->count_outbox().failed == 1);
  BOOST_TEST(counted().mails_failed.load() == 1u);
}

BOOST_AUTO_TEST_CASE(a_mail_whose_outcome_could_not_be_noted_goes_again_after_its_lease) {
  start_mailer();
  pass(seconds{1});
  mail->mails.clear();
  ask_sign_in(fay.email).answer();
  session->take_due_mails(clock.now(), clock.now() + std::chrono::minutes{3}, 5);  // a mailer that was killed
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
