#include <boost/test/unit_test.hpp>

#include "odb/outbox_store.hpp"
#include "odb/token_store.hpp"
#include "tests/odb/session_world.hpp"

using model::to_text;
using rehearsal::fresh_id;
using rehearsal::morning;
using rehearsal::small_world;
using rehearsal::with_database;
using store::commit_result;
using namespace std::chrono_literals;

namespace {

/// An invite whose mail failed, and who may have it sent again.
struct with_invite : with_database {
  with_invite() {
    owner().exec("DELETE FROM keywork.outbox");
    invited = world.invite("new@support.example");
    must(world.keep(world.admin, invited));
    fail();
  }

  store::session& session = world.session;
  model::collaborator_invited invited;

  /// Its next attempt comes to nothing.
  void fail() {
    const auto taken = store::take_due_mails(session, morning, morning + 3min, 1).at(0);
    store::mail_failed(session, {taken.id, taken.attempts}, morning, "550 no");
  }
  /// As `keywork outbox retry` does it, at this time.
  store::mail_to_retry by_command(model::instant now = morning) {
    return store::retry_by_hand(session, invited.mail,
                                {"keywork outbox retry", now, fresh_id<model::audit_id>()})
        .value();
  }
  /// As an admin does it, past what is asked before.
  commit_result by_admin(model::instant now = morning) {
    return world.keep(model::mail_retried{invited.mail, model::mail_state::failed, now});
  }
  void end(const char* column) {
    owner().exec(std::string("UPDATE keywork.magic_links SET ") + column + " = $1 WHERE id = $2",
                 {to_text(morning), to_text(invited.link.id)});
  }
  std::string state() {
    return std::string(
        owner().exec("SELECT state FROM keywork.outbox WHERE id = $1", {to_text(invited.mail)}).text(0, 0));
  }
  void is_left_alone(model::instant now = morning) {
    const auto found =
        store::find_mail_to_retry(session, world.admin.user, world.org->settings.id, invited.mail, now);
    BOOST_TEST(found.value().link_is_void);
    BOOST_TEST(by_command(now).link_is_void);
    // The store says no by itself: the change is to be decided again.
    BOOST_TEST(by_admin(now) == commit_result::taken);
    BOOST_TEST(state() == "failed");
    BOOST_TEST(count("audit_entries WHERE kind = 'mail.retried'") == 0);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(void_links, with_invite)

BOOST_AUTO_TEST_CASE(a_mail_whose_link_is_good_is_tried_again) {
  BOOST_TEST(by_command().can_be_retried());
  BOOST_TEST(state() == "queued");
  fail();
  BOOST_TEST(by_admin(invited.link.expires_at - 1us) == commit_result::done);
  BOOST_TEST(state() == "queued");
}

BOOST_AUTO_TEST_CASE(R37_a_mail_whose_link_has_expired_is_not_sent_again) {
  is_left_alone(invited.link.expires_at);
}

BOOST_AUTO_TEST_CASE(R37_a_mail_whose_link_was_used_is_not_sent_again) {
  end("spent_at");
  is_left_alone();
}

BOOST_AUTO_TEST_CASE(R37_a_mail_whose_link_was_replaced_is_not_sent_again) {
  model::invite_resent again{invited.collaborator, invited.link, fresh_id<model::mail_id>()};
  again.link.id = fresh_id<model::link_id>();
  again.link.secret = rehearsal::fresh_secret();
  again.after.invited_at = morning + 1min;
  again.after.invite_mail = again.mail;
  must(world.keep(world.admin, again));
  is_left_alone();
}

BOOST_AUTO_TEST_CASE(R16_the_mail_of_an_invite_that_was_withdrawn_is_not_sent_again) {
  auto row = invited.collaborator;
  row.ended_at = morning;
  row.ended_by = world.admin.user;
  must(world.keep(world.admin, model::collaborator_ended{row}));
  is_left_alone();
}

BOOST_AUTO_TEST_CASE(a_mail_that_waits_is_taken_with_the_end_of_its_link) {
  by_command();
  end("voided_at");
  const auto taken = store::take_due_mails(session, morning, morning + 3min, 1).at(0);
  BOOST_TEST((taken.link_expires_at == morning));
}

BOOST_AUTO_TEST_CASE(a_mail_without_a_link_has_none_that_is_void) {
  owner().exec("UPDATE keywork.outbox SET link_id = NULL");
  BOOST_TEST(by_command(morning + 365 * 24h).can_be_retried());
}

BOOST_AUTO_TEST_CASE(what_signing_in_leaves_goes_after_a_month) {
  const auto sign_in = [&](model::instant at, const char* state) {
    auto link = small_world::link_for(world.admin.user, model::link_purpose::sign_in);
    link.created_at = at;
    link.expires_at = at + 10min;
    const auto mail = fresh_id<model::mail_id>();
    session.keep_sign_in(link, {mail, world.admin.email, "Ada", "sign_in", {}, link.id}, at);
    owner().exec(
        "UPDATE keywork.outbox SET state = $1, sent_at = CASE $1 WHEN 'sent' THEN written_at END WHERE id = "
        "$2",
        {state, to_text(mail)});
  };
  owner().exec("DELETE FROM keywork.magic_links WHERE purpose = 'sign_in'");
  const auto invites = count("magic_links");
  for (const auto* state : {"sent", "failed", "queued"}) sign_in(morning, state);
  sign_in(morning + 24h, "sent");
  session.sweep(morning + 30 * 24h);
  BOOST_TEST(count("outbox WHERE template_name = 'sign_in'") == 4);
  session.sweep(morning + 30 * 24h + 11min);
  // One that could not go yet keeps its link; an invite and its mail are the case's.
  BOOST_TEST(count("outbox WHERE template_name = 'sign_in'") == 2);
  BOOST_TEST(count("magic_links WHERE purpose = 'sign_in'") == 2);
  session.sweep(morning + 400 * 24h);
  BOOST_TEST(count("outbox WHERE template_name = 'sign_in'") == 1);
  BOOST_TEST(count("magic_links WHERE purpose <> 'sign_in'") == invites);
  BOOST_TEST(state() == "failed");
}

BOOST_AUTO_TEST_CASE(signing_in_can_take_no_other_mail_away) {
  store::sql_connection as_service(db.service_conninfo);
  as_service.script("BEGIN; SET LOCAL ROLE keywork_login");
  BOOST_TEST(as_service.exec("SELECT count(*) FROM keywork.outbox").number(0, 0) == 0);
  BOOST_TEST(
      as_service.exec("DELETE FROM keywork.outbox WHERE id = $1", {to_text(invited.mail)}).affected() == 0);
  BOOST_CHECK_THROW(as_service.exec("SELECT to_address FROM keywork.outbox"), store::sql_error);
}

BOOST_AUTO_TEST_CASE(R39_whoever_runs_the_house_sees_all_tokens_and_ends_them) {
  const auto keep = [&](store::login_kind kind, const char* name, std::optional<model::instant> until) {
    const auto id = fresh_id<model::login_id>();
    session.keep_login({id, world.admin.user, kind, name, "hash-" + to_text(id), morning, until, {}, "", ""});
    return id;
  };
  const auto first = keep(store::login_kind::token, "reports", {});
  const auto second = keep(store::login_kind::token, "import", morning + 24h);
  keep(store::login_kind::token, "past", morning);
  const auto browser = keep(store::login_kind::session, "Browser", morning + 24h);
  const auto all = store::good_tokens(session, morning, {});
  BOOST_TEST_REQUIRE(all.size() == 2u);
  BOOST_TEST((all[0].id == second));
  BOOST_TEST((all[1].id == first));
  BOOST_TEST(all[1].name == "reports");
  BOOST_TEST(all[1].email == world.admin.email);
  BOOST_TEST(store::good_tokens(session, morning, {10, second.value}).size() == 1u);
  BOOST_TEST(!store::end_token(session, browser, morning));
  BOOST_TEST(store::end_token(session, first, morning));
  BOOST_TEST(!store::end_token(session, first, morning));
  BOOST_TEST(!session.find_login("hash-" + to_text(first), morning).has_value());
  BOOST_TEST(store::end_every_token(session, morning) == 1);
  BOOST_TEST(store::good_tokens(session, morning, {}).empty());
  BOOST_TEST(session.find_login("hash-" + to_text(browser), morning).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
