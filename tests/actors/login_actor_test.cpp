#include "actors/login_actor.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/actors/world.hpp"

using namespace actor_tests;
using namespace actors;
using namespace model;
using rc = refusal_code;

namespace {

ask_redeem opening(std::string token) { return {std::move(token), {}, false, "192.0.2.1", "request"}; }
ask_redeem typing(std::string token, std::string address) {
  return {std::move(token), std::move(address), true, "192.0.2.1", "request"};
}

rc code(const sign_in_reply& r) { return std::get<refusal>(r).code; }

/// A world whose mails go out.
struct mailed_world : world {
  mailed_world() { start_mailer(); }
  std::string link_for(const caller& who) {
    ask_sign_in(who.email).answer();
    pass(std::chrono::seconds{1});
    return token_in_mail_to(who.email);
  }
  /// Invites to the south case, and the token of the mail.
  std::string invite(const std::string& email, participation mode = participation::full) {
    ask(admin, south_case, case_command{invitation(email, mode)}).answer();
    pass(std::chrono::seconds{1});
    return token_in_mail_to(email);
  }
  signed_in sign_in(const caller& who) { return std::get<signed_in>(redeem(opening(link_for(who)))); }
  known_login login_of(const signed_in& s) { return find_login(s.session_token).value(); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(login_actor_, mailed_world)

BOOST_AUTO_TEST_CASE(R37_the_link_in_the_mail_opens_a_login) {
  const auto in = sign_in(fay);
  BOOST_TEST((in.user == fay.user));
  BOOST_TEST(in.landing == "/support/tenants");
  BOOST_TEST((in.expires_at == clock.now() + session_lifetime));
  const auto login = find_login(in.session_token);
  BOOST_REQUIRE(login.has_value());
  BOOST_TEST(login->email == fay.email);
  BOOST_TEST(!login->bearer);
  BOOST_TEST(!find_login("kws_forged").has_value());
  BOOST_TEST(sign_in(admin).landing == "/support-cases");
}

BOOST_AUTO_TEST_CASE(R37_asking_for_a_link_answers_the_same_for_an_unknown_address) {
  const auto known = ask_sign_in(fay.email);
  const auto unknown = ask_sign_in("nobody@elsewhere.example");
  BOOST_TEST(known.text() == unknown.text());
  BOOST_TEST(known.kind() == answer_kind::accepted);
  BOOST_TEST(unknown.kind() == answer_kind::accepted);
  pass(std::chrono::seconds{1});
  BOOST_CHECK_THROW(token_in_mail_to("nobody@elsewhere.example"), std::logic_error);
}

BOOST_AUTO_TEST_CASE(R37_a_link_works_once) {
  const auto token = link_for(fay);
  BOOST_TEST(std::holds_alternative<signed_in>(redeem(opening(token))));
  BOOST_TEST(code(redeem(opening(token))) == rc::link_spent);
}

BOOST_AUTO_TEST_CASE(R37_a_link_expires_after_ten_minutes) {
  const auto token = link_for(fay);
  clock.turn(std::chrono::minutes{10});
  BOOST_TEST(code(redeem(opening(token))) == rc::link_expired);
}

BOOST_AUTO_TEST_CASE(R37_a_new_link_voids_the_older_one) {
  const auto older = link_for(fay);
  const auto newer = link_for(fay);
  BOOST_TEST(code(redeem(opening(older))) == rc::link_spent);
  BOOST_TEST(std::holds_alternative<signed_in>(redeem(opening(newer))));
}

BOOST_AUTO_TEST_CASE(R37_a_forged_token_is_as_good_as_a_spent_one) {
  auto token = link_for(fay);
  token[5] = token[5] == 'x' ? 'y' : 'x';
  BOOST_TEST(code(redeem(opening(token))) == rc::link_spent);
  BOOST_TEST(code(redeem(opening(""))) == rc::link_spent);
}

BOOST_AUTO_TEST_CASE(R37_a_browser_that_did_not_ask_types_the_address_first) {
  const auto token = link_for(fay);
  auto bare = opening(token);
  bare.must_type_email = true;
  BOOST_TEST(code(redeem(bare)) == rc::email_required);
  BOOST_TEST(code(redeem(typing(token, connie.email))) == rc::invalid);
  BOOST_TEST(std::holds_alternative<signed_in>(redeem(typing(token, " Fay@Support.Example "))));
}

BOOST_AUTO_TEST_CASE(R37_too_many_links_for_one_address_or_from_one_source_are_refused) {
  for (int i = 0; i < 10; ++i) ask_sign_in("someone@elsewhere.example").answer();
  const auto no = ask_sign_in("someone@elsewhere.example");
  BOOST_TEST(no.code() == rc::too_many_requests);
  BOOST_TEST(no.refusal().retry_after.value() == 600);
  for (int i = 11; i < 100; ++i) ask_sign_in("person" + std::to_string(i) + "@elsewhere.example").answer();
  BOOST_TEST(ask_sign_in("one-more@elsewhere.example").code() == rc::too_many_requests);
  // A source that is refused uses up nobody's address.
  for (int i = 0; i < 20; ++i) ask_sign_in("one-more@elsewhere.example").refusal();
  BOOST_TEST(ask_sign_in("one-more@elsewhere.example", "192.0.2.2").kind() == answer_kind::accepted);
  pass(std::chrono::minutes{10});
  BOOST_TEST(ask_sign_in("someone@elsewhere.example").kind() == answer_kind::accepted);
}

BOOST_AUTO_TEST_CASE(R16_R38_redeeming_an_invite_accepts_it_and_lands_where_it_leads) {
  const auto full = redeem(opening(invite("new@support.example")));
  BOOST_REQUIRE(std::holds_alternative<signed_in>(full));
  BOOST_TEST(std::get<signed_in>(full).landing == "/support/tenants");
  BOOST_TEST(ask(person("new@support.example"), south_case, view_workspace{}).kind() == answer_kind::ok);
  const auto context = redeem(opening(invite("officer@council.example", participation::context_only)));
  BOOST_TEST(std::get<signed_in>(context).landing == "/support/cases/" + to_text(south_case));
}

BOOST_AUTO_TEST_CASE(R16_a_program_killed_between_accepting_and_spending_leaves_a_link_that_works) {
  const auto token = invite("new@support.example");
  const auto row = row_of(south_case, "new@support.example");
  ask(person("new@support.example"), south_case, case_command{accept_invite{row}}).answer();
  const auto accepted_at = stored(south_case).find(row)->accepted_at;
  clock.turn(std::chrono::minutes{1});
  BOOST_TEST(std::holds_alternative<signed_in>(redeem(opening(token))));
  BOOST_TEST((stored(south_case).find(row)->accepted_at == accepted_at));
  BOOST_TEST(code(redeem(opening(token))) == rc::link_spent);
}

BOOST_AUTO_TEST_CASE(R16_an_invite_that_was_withdrawn_opens_nothing) {
  const auto token = invite("new@support.example");
  ask(admin, south_case, case_command{end_assignment{row_of(south_case, "new@support.example")}}).answer();
  BOOST_TEST(code(redeem(opening(token))) == rc::link_spent);
}

BOOST_AUTO_TEST_CASE(R8_an_invite_to_a_closed_case_is_not_accepted_and_not_spent) {
  const auto token = invite("new@support.example");
  ask(admin, south_case, case_command{close_case{}}).answer();
  BOOST_TEST(code(redeem(opening(token))) == rc::case_closed);
  ask(admin, south_case, case_command{reopen_case{}}).answer();
  BOOST_TEST(std::holds_alternative<signed_in>(redeem(opening(token))));
}

BOOST_AUTO_TEST_CASE(R16_a_resent_invite_voids_the_first_link) {
  const auto first = invite("new@support.example");
  ask(admin, south_case, case_command{resend_invite{row_of(south_case, "new@support.example")}}).answer();
  pass(std::chrono::seconds{1});
  const auto second = token_in_mail_to("new@support.example");
  BOOST_TEST(code(redeem(opening(first))) == rc::link_spent);
  BOOST_TEST(std::holds_alternative<signed_in>(redeem(opening(second))));
}

BOOST_AUTO_TEST_CASE(R37_an_invite_lasts_seven_days) {
  const auto token = invite("new@support.example");
  clock.turn(std::chrono::hours{7 * 24 - 1});
  BOOST_TEST(std::holds_alternative<signed_in>(redeem(opening(token))));
  const auto late = invite("late@support.example");
  clock.turn(std::chrono::hours{7 * 24});
  BOOST_TEST(code(redeem(opening(late))) == rc::link_expired);
}

BOOST_AUTO_TEST_CASE(a_login_expires_and_ends) {
  const auto in = sign_in(fay);
  const auto other = login_of(sign_in(connie));
  BOOST_TEST(ask_logins(other, end_login{login_of(in).login}).code() == rc::not_found);
  BOOST_TEST(find_login(in.session_token).has_value());
  BOOST_TEST(ask_logins(login_of(in), sign_out{}).kind() == answer_kind::no_content);
  BOOST_TEST(!find_login(in.session_token).has_value());
  const auto again = sign_in(fay);
  clock.turn(session_lifetime);
  BOOST_TEST(!find_login(again.session_token).has_value());
}

BOOST_AUTO_TEST_CASE(R39_a_bearer_token_is_shown_once_listed_and_revoked) {
  const auto me = login_of(sign_in(fay));
  const auto made = ask_logins(me, make_token{{"Script"}, {}});
  BOOST_TEST(made.kind() == answer_kind::created);
  const auto text = made.text();
  const auto token = text.substr(text.find("kw_"), 46);
  const auto login = find_login(token);
  BOOST_REQUIRE(login.has_value());
  BOOST_TEST(login->bearer);
  BOOST_TEST((login->user == fay.user));
  const auto list = ask_logins(me, list_tokens{});
  BOOST_TEST(list.holds("Script"));
  BOOST_TEST(!list.holds(token));
  BOOST_TEST(!ask_logins(me, list_logins{}).holds("Script"));
  BOOST_TEST(ask_logins(me, end_token{login->login}).kind() == answer_kind::no_content);
  BOOST_TEST(!find_login(token).has_value());
  BOOST_TEST(ask_logins(me, end_token{login->login}).code() == rc::not_found);
  BOOST_TEST(ask_logins(me, make_token{{"Late"}, clock.now()}).code() == rc::invalid);
}

BOOST_AUTO_TEST_CASE(signing_in_without_the_database_says_so_and_recovers) {
  const auto token = link_for(fay);
  cut_database();
  BOOST_TEST(ask_sign_in(fay.email).code() == rc::unavailable);
  BOOST_TEST(code(redeem(opening(token))) == rc::unavailable);
  mend_database();
  BOOST_TEST(std::holds_alternative<signed_in>(redeem(opening(token))));
}

BOOST_AUTO_TEST_SUITE_END()
