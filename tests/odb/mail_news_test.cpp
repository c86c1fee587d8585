// What a provider tells of mails, what cases hear of it, and who sees the outbox.
#include <boost/test/unit_test.hpp>

#include "odb/audit_chain.hpp"
#include "odb/outbox_store.hpp"
#include "tests/odb/session_world.hpp"

using rehearsal::fresh_id;
using rehearsal::morning;
using rehearsal::small_world;
using rehearsal::with_database;
using store::commit_result;
using store::news_taken;
using told = store::mail_news::what;
using namespace std::chrono_literals;

namespace {

/// A case with an invite whose mail the provider took as `re_1`.
struct with_invite : with_database {
  with_invite() {
    owner().exec("DELETE FROM keywork.outbox");
    invited = world.invite("new@support.example");
    invited.collaborator.invite_mail = invited.mail;
    must(world.keep(world.admin, invited));
  }
  store::session& session = world.session;
  model::collaborator_invited invited;

  model::mail_id mail() const { return invited.mail; }
  store::outbox_row take(model::instant now = morning) {
    auto taken = store::take_due_mails(session, now, now + 3min, 1);
    if (taken.size() != 1) throw std::runtime_error("the story cannot go on");
    return taken[0];
  }
  void send() { store::mail_sent(session, {mail(), take().attempts}, morning, "re_1"); }
  news_taken tell(told what, const std::string& id, std::optional<model::mail_id> ours = {},
                  const std::string& provider_id = "re_1") {
    store::mail_news news{"resend", id, provider_id, ours, what, morning + 5min, {}};
    if (what == told::bounced) news.reason = "no such mailbox";
    return store::take_mail_news(session, news, morning);
  }
  std::string column(const std::string& name) const {
    auto found = owner().exec("SELECT coalesce(" + name + "::text, '') FROM keywork.outbox WHERE id = $1",
                              {to_text(mail())});
    return std::string(found.text(0, 0));
  }
  std::vector<store::invite_news> untold() { return store::untold_invites(session, {}, 10); }

  static model::caller mailer() {
    return {{}, "Keywork", {}, model::standing::none, model::service_part::mailer};
  }
  commit_result report(model::mail_fate fate) {
    auto row = *world.load().find(invited.collaborator.id);
    row.invite_mail_fate = fate;
    row.invite_mail_at = morning;
    row.invite_mail_reason = "why";
    return world.keep(mailer(), model::invite_mail_reported{row});
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mail_news, with_invite)

BOOST_AUTO_TEST_CASE(each_telling_counts_once_and_the_first_of_its_kind_stands) {
  send();
  BOOST_TEST((tell(told::delivered, "msg_1") == news_taken::taken));
  BOOST_TEST((tell(told::bounced, "msg_1") == news_taken::known_already));
  BOOST_TEST(column("bounced_at") == "");
  BOOST_TEST((tell(told::bounced, "msg_2") == news_taken::taken));
  BOOST_TEST((tell(told::complained, "msg_3") == news_taken::taken));
  BOOST_TEST((tell(told::delayed, "msg_4") == news_taken::taken));
  for (const auto* name : {"delivered_at", "bounced_at", "complained_at", "delayed_at"})
    BOOST_TEST(column(name).substr(0, 16) == "2026-11-21 09:05");
  BOOST_TEST(column("fate_reason") == "no such mailbox");
  BOOST_TEST(column("state") == "sent");
  BOOST_TEST((tell(told::delivered, "msg_5", {}, "re_of_somebody_else") == news_taken::of_no_mail));
  BOOST_TEST((tell(told::delivered, "msg_6", fresh_id<model::mail_id>()) == news_taken::of_no_mail));
}

BOOST_AUTO_TEST_CASE(a_provider_that_tells_of_a_mail_has_it_whatever_our_attempt_came_to) {
  const auto taken = take();
  BOOST_TEST((tell(told::sent, "msg_1", mail(), "re_7") == news_taken::taken));
  BOOST_TEST(column("state") == "sent");
  BOOST_TEST(column("provider_id") == "re_7");
  // Our own attempt timed out, and is noted late: it is not tried again.
  store::mail_retry(session, {mail(), taken.attempts}, morning, "took too long", true);
  BOOST_TEST(column("state") == "sent");
  BOOST_TEST(store::take_due_mails(session, morning + 1h, morning + 2h, 1).empty());
}

BOOST_AUTO_TEST_CASE(a_mail_that_was_given_up_and_arrived_is_sent) {
  store::mail_failed(session, {mail(), take().attempts}, morning, "given up");
  BOOST_TEST((tell(told::delivered, "msg_1", mail()) == news_taken::taken));
  BOOST_TEST(column("state") == "sent");
  BOOST_TEST(column("last_error") == "");
}

BOOST_AUTO_TEST_CASE(one_that_somebody_just_had_tried_again_stays_in_line) {
  store::mail_failed(session, {mail(), take().attempts}, morning, "given up");
  store::retry_by_hand(session, mail(), {"somebody", morning, fresh_id<model::audit_id>()});
  BOOST_TEST((tell(told::bounced, "msg_1", mail()) == news_taken::taken));
  BOOST_TEST(column("state") == "queued");
  BOOST_TEST(column("bounced_at") != "");
}

BOOST_AUTO_TEST_CASE(what_was_told_is_remembered_for_a_day) {
  send();
  tell(told::delivered, "msg_1");
  store::forget_receipts(session, morning + 24h);
  BOOST_TEST(count("webhook_receipts") == 1);
  store::forget_receipts(session, morning + 24h + 1us);
  BOOST_TEST(count("webhook_receipts") == 0);
}

BOOST_AUTO_TEST_CASE(R16_a_case_has_something_to_hear_until_it_was_told) {
  send();
  BOOST_TEST(untold().empty());  // that it went out is no news
  tell(told::delivered, "msg_1");
  auto news = untold();
  BOOST_TEST_REQUIRE(news.size() == 1u);
  BOOST_TEST((news[0].row == invited.collaborator.id));
  BOOST_TEST((news[0].fate == model::mail_fate::delivered));
  BOOST_TEST((news[0].at == morning + 5min));
  // While it is told, there is more.
  tell(told::bounced, "msg_2");
  store::invite_told(session, mail(), news[0].up_to);
  news = untold();
  BOOST_TEST_REQUIRE(news.size() == 1u);
  BOOST_TEST((news[0].fate == model::mail_fate::bounced));
  BOOST_TEST(news[0].reason.value() == "no such mailbox");
  store::invite_told(session, mail(), news[0].up_to);
  BOOST_TEST(untold().empty());
}

BOOST_AUTO_TEST_CASE(R16_a_failure_is_news_and_so_is_what_mends_it) {
  store::mail_failed(session, {mail(), take().attempts}, morning, "550 no");
  auto news = untold();
  BOOST_TEST_REQUIRE(news.size() == 1u);
  BOOST_TEST((news[0].fate == model::mail_fate::failed));
  BOOST_TEST(news[0].reason.value() == "550 no");
  store::invite_told(session, mail(), news[0].up_to);
  store::retry_by_hand(session, mail(), {"somebody", morning, fresh_id<model::audit_id>()});
  send();
  news = untold();
  BOOST_TEST_REQUIRE(news.size() == 1u);
  BOOST_TEST((news[0].fate == model::mail_fate::sent));
}

BOOST_AUTO_TEST_CASE(R16_the_mailer_writes_what_became_of_the_mail_into_the_row_and_the_log) {
  const auto before = world.load();
  BOOST_TEST(report(model::mail_fate::bounced) == commit_result::done);
  const auto after = world.load();
  const auto& row = *after.find(invited.collaborator.id);
  BOOST_TEST((row.invite_mail_fate == model::mail_fate::bounced));
  BOOST_TEST(row.invite_mail_reason.value() == "why");
  BOOST_TEST(after.header.version == before.header.version + 1);
  const auto log = session.audit(
      world.admin.user,
      {.org = world.org->settings.id, .of_case = after.header.id, .kind = "collaborator.mail_reported"});
  BOOST_TEST_REQUIRE(log.size() == 1u);
  BOOST_TEST(log.front().by_name == "Keywork");
  BOOST_TEST(!store::verify_audit(db.service_conninfo, {}, [](const store::chain_report& r) {
    BOOST_TEST(!r.broken.has_value());
  }) == 0);
}

BOOST_AUTO_TEST_CASE(R16_the_mailer_changes_nothing_else_of_a_case) {
  const auto c = world.load();
  auto row = *c.find(invited.collaborator.id);
  row.ended_at = morning;
  row.ended_by = world.admin.user;
  BOOST_TEST(world.keep(mailer(), model::collaborator_ended{row}) == commit_result::forbidden);
  BOOST_TEST(world.keep(mailer(), model::note_added{world.note(world.admin, "x")}) ==
             commit_result::forbidden);
  BOOST_TEST(world.keep(mailer(), model::case_closed{morning, {}}) == commit_result::forbidden);
  // Nor does a person write what the mailer tells.
  BOOST_TEST((world.load().header.version == c.header.version));
  row = *c.find(invited.collaborator.id);
  row.invite_mail_fate = model::mail_fate::delivered;
  row.invite_mail_at = morning;
  BOOST_TEST(world.keep(world.admin, model::contact_edited{row, row}) == commit_result::forbidden);
}

BOOST_AUTO_TEST_CASE(a_report_on_an_outdated_case_is_decided_again) {
  const auto stale = world.load();
  must(world.keep(world.admin, model::note_added{world.note(world.admin, "x")}));
  auto row = *stale.find(invited.collaborator.id);
  row.invite_mail_fate = model::mail_fate::delivered;
  row.invite_mail_at = morning;
  const std::vector<store::case_commit> changes{
      world.change(stale, mailer(), model::invite_mail_reported{row})};
  BOOST_TEST(session.commit(changes).at(0) == commit_result::version_conflict);
}

// ---- who sees the outbox

BOOST_AUTO_TEST_CASE(an_admin_sees_the_organisations_mails_and_nobody_else_does) {
  const auto org = world.org->settings.id;
  const auto link = small_world::link_for(world.admin.user, model::link_purpose::sign_in);
  session.keep_sign_in(link, {fresh_id<model::mail_id>(), world.admin.email, "Ada", "sign_in", {}, link.id},
                       morning);
  const auto seen = store::outbox_of(session, world.admin.user, org, {}, {});
  BOOST_TEST_REQUIRE(seen.size() == 1u);  // the sign-in is nobody's but the one's who signs in
  BOOST_TEST((seen[0].id == mail()));
  BOOST_TEST(seen[0].to_address == "new@support.example");
  BOOST_TEST((seen[0].state == model::mail_state::queued));
  BOOST_TEST(store::outbox_of(session, world.admin.user, org, model::mail_state::failed, {}).empty());
  BOOST_TEST(store::outbox_of(session, *invited.collaborator.user, org, {}, {}).empty());
  const auto worker = *invited.collaborator.user;
  BOOST_TEST(!store::find_mail_to_retry(session, worker, org, mail(), morning).has_value());
  const auto found = store::find_mail_to_retry(session, world.admin.user, org, mail(), morning);
  BOOST_TEST((found.value().state == model::mail_state::queued));
  BOOST_TEST(!found->link_is_void);
  BOOST_TEST(store::whole_outbox(session, {}, {}).size() == 2u);
  BOOST_TEST(store::whole_outbox(session, {}, {1, {}}).size() == 1u);
  BOOST_TEST(store::whole_outbox(session, model::mail_state::sent, {}).empty());
}

BOOST_AUTO_TEST_CASE(nobody_reads_a_mails_words_or_its_link) {
  for (const auto* column : {"fields", "link_id", "to_name", "provider_id"}) {
    store::sql_connection as_service(db.service_conninfo);
    as_service.script("BEGIN; SET LOCAL ROLE keywork_person");
    BOOST_CHECK_THROW(as_service.script(std::string("SELECT ") + column + " FROM keywork.outbox"),
                      store::sql_error);
  }
}

BOOST_AUTO_TEST_CASE(an_admin_has_a_mail_tried_again_and_the_log_says_so) {
  store::mail_failed(session, {mail(), take().attempts}, morning, "550 no");
  const model::mail_retried again{mail(), model::mail_state::failed, morning + 1min};
  BOOST_TEST(world.keep(again) == commit_result::done);
  BOOST_TEST(column("state") == "queued");
  BOOST_TEST(column("attempts") == "0");
  const auto log = session.audit(world.admin.user, {.org = world.org->settings.id, .kind = "mail.retried"});
  BOOST_TEST_REQUIRE(log.size() == 1u);
  BOOST_TEST((log[0].by == world.admin.user));
  // Taken meanwhile: it is to be decided again.
  BOOST_TEST(world.keep(again) == commit_result::taken);
}

BOOST_AUTO_TEST_CASE(the_command_line_does_it_too_and_the_log_says_so) {
  store::mail_failed(session, {mail(), take().attempts}, morning, "550 no");
  store::retry_by_hand(session, mail(), {"keywork outbox retry", morning, fresh_id<model::audit_id>()});
  const auto log = session.audit(world.admin.user, {.org = world.org->settings.id, .kind = "mail.retried"});
  BOOST_TEST_REQUIRE(log.size() == 1u);
  BOOST_TEST(log[0].by_name == "keywork outbox retry");
  BOOST_TEST((log[0].subject == mail().value));
}

BOOST_AUTO_TEST_SUITE_END()
