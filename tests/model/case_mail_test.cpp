// What a case is told of the mails that invite people to it.
#include <boost/test/unit_test.hpp>

#include "model/audit.hpp"
#include "model/case_notice.hpp"
#include "model/json.hpp"
#include "tests/model/case_world.hpp"

using namespace model_tests;
using rc = refusal_code;

namespace {

struct invited_world : case_world {
  collaborator_id row = added<collaborator_invited>(invitation("new@support.example")).collaborator.id;
  mail_id mail = at(row).invite_mail.value();

  report_invite_mail news(mail_fate fate, std::optional<std::string> reason = {}) const {
    return {row, mail, fate, now, std::move(reason)};
  }
  std::optional<mail_fate> fate() const { return at(row).invite_mail_fate; }
  std::string team_as(const caller& who) const { return to_json(std::get<team_view>(view_team(state, who))); }
};

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

BOOST_FIXTURE_TEST_SUITE(case_mail, invited_world)

BOOST_AUTO_TEST_CASE(R16_an_invite_knows_its_mail_and_nothing_of_it_yet) {
  BOOST_TEST(!fate().has_value());
  BOOST_TEST(has(team_as(admin), R"("mail":null)"));
}

BOOST_AUTO_TEST_CASE(R16_what_became_of_the_mail_is_the_operators_to_see) {
  const auto when = now;
  const auto happened = done(mailer(), news(mail_fate::bounced, "no such mailbox"));
  BOOST_TEST_REQUIRE(happened.size() == 1u);
  for (const auto& who : {admin, manager})
    BOOST_TEST(has(team_as(who), R"("mail":{"state":"bounced","at":")" + to_text(when) +
                                     R"(","reason":"no such mailbox"})"));
  for (const auto& who : {fay, connie}) {
    BOOST_TEST(!has(team_as(who), "bounced"));
    BOOST_TEST(kinds_for(role_of(state, who), who.user, notices_of(happened)).empty());
  }
  BOOST_TEST(kinds_for(role::property_manager, manager.user, notices_of(happened)).size() == 1u);
  BOOST_TEST(has(audit_detail(happened.at(0)), R"("fate":"bounced")"));
  BOOST_TEST((audit_subject(happened.at(0)) == row.value));
  BOOST_TEST(mails_of(happened.at(0), state.place, admin).empty());
}

BOOST_AUTO_TEST_CASE(R16_news_come_late_twice_and_in_any_order) {
  done(mailer(), news(mail_fate::delivered));
  BOOST_TEST(done(mailer(), news(mail_fate::delivered)).empty());
  BOOST_TEST(done(mailer(), news(mail_fate::sent)).empty());
  BOOST_TEST(done(mailer(), news(mail_fate::failed)).empty());
  done(mailer(), news(mail_fate::complained));
  BOOST_TEST(done(mailer(), news(mail_fate::bounced)).empty());
  BOOST_TEST((fate() == mail_fate::complained));
}

BOOST_AUTO_TEST_CASE(R16_of_another_mail_than_the_latest_there_is_no_news) {
  done(mailer(), news(mail_fate::bounced, "full"));
  done(admin, resend_invite{row});
  BOOST_TEST(!fate().has_value());
  BOOST_TEST(!at(row).invite_mail_reason.has_value());
  BOOST_TEST((at(row).invite_mail != mail));
  BOOST_TEST(done(mailer(), news(mail_fate::complained)).empty());
  BOOST_TEST(!fate().has_value());
}

BOOST_AUTO_TEST_CASE(R16_nobody_else_reports_and_there_is_nothing_to_report_of_others) {
  for (const auto& who : {admin, manager, fay, connie, outsider})
    BOOST_TEST((code(who, news(mail_fate::bounced)) == rc::not_found));
  BOOST_TEST(
      (code({{}, "", "", standing::none, service_part::signer}, news(mail_fate::bounced)) == rc::not_found));
  BOOST_TEST((code(mailer(), report_invite_mail{{}, mail, mail_fate::bounced, now, {}}) == rc::not_found));
  BOOST_TEST(done(mailer(), report_invite_mail{card_row, mail, mail_fate::bounced, now, {}}).empty());
}

BOOST_AUTO_TEST_CASE(R8_a_closed_case_hears_of_its_mails_and_its_activity_stays) {
  done(admin, close_case{});
  const auto before = state.header.last_activity_at;
  done(mailer(), news(mail_fate::bounced, "x"));
  BOOST_TEST((fate() == mail_fate::bounced));
  BOOST_TEST((state.header.last_activity_at == before));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(org_mail, org_world)

BOOST_AUTO_TEST_CASE(an_admin_has_a_mail_tried_again_that_did_not_go) {
  const auto mail = ids.make<mail_id>();
  for (const auto state_of_it : {mail_state::failed, mail_state::retrying}) {
    const auto e = added<mail_retried>(retry_mail{mail, state_of_it});
    BOOST_TEST((e.mail == mail));
    BOOST_TEST((e.was == state_of_it));
    BOOST_TEST(audit_kind(org_event{e}) == "mail.retried");
    BOOST_TEST((audit_subject(org_event{e}) == mail.value));
  }
}

BOOST_AUTO_TEST_CASE(one_that_went_or_is_on_its_way_is_left_alone) {
  const auto mail = ids.make<mail_id>();
  for (const auto state_of_it : {mail_state::queued, mail_state::sending, mail_state::sent})
    BOOST_TEST((code(admin, retry_mail{mail, state_of_it}) == rc::wrong_status));
  BOOST_TEST((code(admin, retry_mail{mail, {}}) == rc::not_found));
  BOOST_TEST((code(north_manager, retry_mail{mail, mail_state::failed}) == rc::not_permitted));
}

BOOST_AUTO_TEST_CASE(R37_one_whose_link_is_void_is_not_sent_again) {
  const auto mail = ids.make<mail_id>();
  for (const auto state_of_it : {mail_state::failed, mail_state::retrying})
    BOOST_TEST((code(admin, retry_mail{mail, state_of_it, true}) == rc::link_void));
  BOOST_TEST((code(admin, retry_mail{mail, mail_state::sent, true}) == rc::wrong_status));
  BOOST_TEST((code(north_manager, retry_mail{mail, mail_state::failed, true}) == rc::not_permitted));
}

BOOST_AUTO_TEST_SUITE_END()
