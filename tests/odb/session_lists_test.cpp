#include <boost/test/unit_test.hpp>
#include <thread>

#include "tests/odb/session_world.hpp"

using rehearsal::emoji;
using rehearsal::fresh_id;
using rehearsal::morning;
using rehearsal::small_world;
using rehearsal::with_database;
using store::commit_result;

BOOST_FIXTURE_TEST_SUITE(session_lists_suite, with_database)

BOOST_AUTO_TEST_CASE(R37_a_link_is_redeemed_by_one_of_two_at_once) {
  const auto link = small_world::link_for(world.admin.user, model::link_purpose::sign_in);
  const model::mail_request mail{
      fresh_id<model::mail_id>(), world.admin.email, "Ada", "sign_in", {}, link.id};
  world.session.keep_sign_in(link, mail, morning);
  std::atomic<int> redeemed = 0;
  std::array<std::thread, 2> racers;
  for (auto& racer : racers)
    racer = std::thread([&] {
      store::session own(db.service_conninfo);
      const auto id = fresh_id<model::login_id>();
      if (own.redeem(link.id,
                     {id, world.admin.user, {}, "browser", "t" + to_text(id), morning, {}, {}, "", ""},
                     morning))
        ++redeemed;
    });
  for (auto& racer : racers) racer.join();
  BOOST_TEST(redeemed == 1);
  BOOST_TEST(count("logins") == 1);
}

BOOST_AUTO_TEST_CASE(R37_a_newer_link_voids_the_older_and_late_ones_open_nothing) {
  const auto older = small_world::link_for(world.admin.user, model::link_purpose::sign_in);
  const auto newer = small_world::link_for(world.admin.user, model::link_purpose::sign_in);
  for (const auto& link : {older, newer})
    world.session.keep_sign_in(
        link, {fresh_id<model::mail_id>(), world.admin.email, "Ada", "sign_in", {{"a", "b=c\n"}}, link.id},
        morning);
  const store::login_row login{fresh_id<model::login_id>(),
                               world.admin.user,
                               {},
                               "b",
                               "hash",
                               morning,
                               morning + std::chrono::hours(1),
                               {},
                               "",
                               ""};
  BOOST_TEST(!world.session.redeem(older.id, login, morning));
  BOOST_TEST(!world.session.redeem(newer.id, login, newer.expires_at));
  BOOST_TEST(world.session.redeem(newer.id, login, morning));
  BOOST_TEST(world.session.find_login("hash", morning)->full_name == "Ada Admin");
  BOOST_TEST(!world.session.find_login("hash", *login.expires_at).has_value());
  BOOST_TEST(world.session.logins(world.admin.user, store::login_kind::session, morning).size() == 1u);
  BOOST_TEST(!world.session.end_login(fresh_id<model::user_id>(), login.id, login.kind, morning).has_value());
  using store::login_kind;
  const auto other = login.kind == login_kind::session ? login_kind::token : login_kind::session;
  BOOST_TEST(!world.session.end_login(world.admin.user, login.id, other, morning).has_value());
  BOOST_TEST(world.session.end_login(world.admin.user, login.id, login.kind, morning).value() == "hash");
  BOOST_TEST(!world.session.end_login(world.admin.user, login.id, login.kind, morning).has_value());
  BOOST_TEST(!world.session.find_login("hash", morning).has_value());
}

BOOST_AUTO_TEST_CASE(an_answer_is_given_again_for_a_day_and_its_key_comes_free_then) {
  auto change = world.change(world.load(), world.admin, model::note_added{world.note(world.admin, "once")});
  change.answer = store::kept_answer{"key-1", "fingerprint", true, world.opened.at(0).value, "\"2\"", emoji};
  BOOST_TEST(world.session.commit(std::vector{change}).at(0) == commit_result::done);
  const auto found = world.session.find_answer(world.admin.user, "key-1", morning);
  BOOST_TEST_REQUIRE(found.has_value());
  BOOST_TEST(found->body == emoji);
  BOOST_TEST(!world.session.find_answer(fresh_id<model::user_id>(), "key-1", morning).has_value());
  const auto later = morning + std::chrono::hours(25);
  BOOST_TEST(!world.session.find_answer(world.admin.user, "key-1", later).has_value());

  auto again = world.change(world.load(), world.admin, model::note_added{world.note(world.admin, "twice")});
  again.answer = change.answer;
  BOOST_TEST(world.session.commit(std::vector{again}).at(0) == commit_result::taken);
  again.origin.at = later;
  BOOST_TEST(world.session.commit(std::vector{again}).at(0) == commit_result::done);
}

BOOST_AUTO_TEST_CASE(the_case_list_filters_by_text_as_it_is_written_and_goes_page_by_page) {
  BOOST_TEST_REQUIRE(world.open_case(1) == commit_result::done);
  const auto list = [&](const std::string& text, store::page wanted = {}) {
    return world.session.cases(world.admin.user, {{}, model::case_status::open, text, wanted});
  };
  const auto all = list("");
  BOOST_TEST_REQUIRE(all.size() == 2u);
  BOOST_TEST(all[0].reference == "SC-2");
  BOOST_TEST(all[0].property == "1 High Street, Leeds, LS1 1AA");
  BOOST_TEST(list("", {1, all[0].id.value}).at(0).reference == "SC-1");
  BOOST_TEST(list("tess").size() == 1u);
  BOOST_TEST(list("sc-2").size() == 1u);
  BOOST_TEST(list("street, leeds").size() == 2u);
  BOOST_TEST(list("100%_\\").size() == 1u);
  BOOST_TEST(list("%").size() == 1u);
  BOOST_TEST(list("' OR 1=1 --").empty());
  BOOST_TEST(world.session.cases(world.admin.user, {{}, model::case_status::closed, "", {}}).empty());
  BOOST_TEST(world.session.cases(fresh_id<model::user_id>(), {world.org->settings.id, {}, "", {}}).empty());
}

BOOST_AUTO_TEST_CASE(the_directory_knows_whose_a_thing_is) {
  const auto org = world.org->settings.id;
  BOOST_TEST((world.session.organisation_of(world.opened.at(0)) == org));
  BOOST_TEST((world.session.organisation_of(world.org->properties.at(0).id) == org));
  BOOST_TEST((world.session.organisation_of(world.org->tenancies.at(0).id) == org));
  BOOST_TEST((world.session.organisation_of(world.org->tenants.at(1).id) == org));
  BOOST_TEST(!world.session.organisation_of(fresh_id<model::case_id>()).has_value());
  BOOST_TEST(world.session.exists(org));
  BOOST_TEST(!world.session.exists(fresh_id<model::org_id>()));
  BOOST_TEST(!world.session.person_of("nobody@example.org").user.has_value());
  const auto plans = world.session.plans();
  BOOST_TEST_REQUIRE(plans.plans.size() == 5u);
  BOOST_TEST(plans.includes("enterprise", "support_cases"));
  BOOST_TEST(!plans.includes("business", "support_cases"));
}

BOOST_AUTO_TEST_CASE(R36_a_lower_tier_hides_cases_and_is_written_down) {
  const auto org = world.org->settings.id;
  const auto who = accepted("worker@example.org");
  const auto set = [&](const std::string& tier) {
    return world.session.set_tier(org, tier, "command line", fresh_id<model::audit_id>(), morning);
  };
  BOOST_TEST(set("starter").value() == "enterprise");
  BOOST_TEST(world.session.caseload(who.user, {}).empty());
  BOOST_TEST(world.session.cases(world.admin.user, {}).empty());
  BOOST_TEST(set("enterprise").value() == "starter");
  BOOST_TEST(world.session.caseload(who.user, {}).size() == 1u);
  BOOST_TEST(count("audit_entries WHERE kind = 'organisation.tier_changed'") == 2);
  BOOST_CHECK_THROW(set("no such tier"), std::exception);
  BOOST_TEST(!world.session.set_tier(fresh_id<model::org_id>(), "starter", "x", {}, morning).has_value());
}

BOOST_AUTO_TEST_CASE(errors_name_no_row) {
  const auto link = small_world::link_for(fresh_id<model::user_id>(), model::link_purpose::sign_in);
  try {
    world.session.keep_sign_in(
        link, {fresh_id<model::mail_id>(), "secret@example.org", "", "sign_in", {}, link.id}, morning);
    BOOST_TEST(false, "a link for nobody was kept");
  } catch (const std::exception& e) {
    const std::string text = e.what();
    BOOST_TEST(text.find("23503") != std::string::npos);
    BOOST_TEST(text.find(to_text(link.user)) == std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()
