#include "odb/session.hpp"

#include <boost/test/unit_test.hpp>
#include <thread>

#include "tests/odb/session_world.hpp"

using rehearsal::emoji;
using rehearsal::fresh_id;
using rehearsal::morning;
using rehearsal::small_world;
using rehearsal::with_database;
using store::commit_result;

BOOST_FIXTURE_TEST_SUITE(session_suite, with_database)

BOOST_AUTO_TEST_CASE(an_organisation_comes_back_as_it_was_kept) {
  const auto loaded = world.session.load_organisation(world.org->settings.id);
  BOOST_TEST_REQUIRE(loaded.has_value());
  BOOST_TEST(loaded->settings.name == world.org->settings.name);
  BOOST_TEST(loaded->version == world.org->version);
  BOOST_TEST(loaded->cases_opened == 1u);
  BOOST_TEST(loaded->members.size() == 1u);
  BOOST_TEST(loaded->tenants.size() == 2u);
  BOOST_TEST((loaded->tenancies.at(0).start_date == world.org->tenancies.at(0).start_date));
  BOOST_TEST(loaded->tenancies.at(0).rent_pence == 65'000);
  BOOST_TEST(one_line(loaded->properties.at(0).address) == "1 High Street, Leeds, LS1 1AA");
  BOOST_TEST((loaded->cases.at(0).id == world.opened.at(0)));
  BOOST_TEST(!world.session.load_organisation(fresh_id<model::org_id>()).has_value());
  BOOST_TEST(!world.session.load_case(fresh_id<model::org_id>(), world.opened.at(0)).has_value());
}

BOOST_AUTO_TEST_CASE(settings_and_their_list_of_addresses_are_kept_whole) {
  auto after = world.org->settings;
  after.name = emoji;
  after.support_retention_years = {3, 99};
  after.housing_officer_emails = {"zoe@example.org", "abe@example.org"};
  BOOST_TEST(world.keep(model::settings_changed{world.org->settings, after}) == commit_result::done);
  after.housing_officer_emails.pop_back();
  BOOST_TEST(world.keep(model::settings_changed{world.org->settings, after}) == commit_result::done);
  const auto loaded = world.session.load_organisation(after.id);
  BOOST_TEST(loaded->settings.name == after.name);
  BOOST_TEST((loaded->settings.support_retention_years == after.support_retention_years));
  BOOST_TEST((loaded->settings.housing_officer_emails == after.housing_officer_emails));
}

BOOST_AUTO_TEST_CASE(a_note_comes_back_byte_for_byte) {
  const auto note = world.note(world.admin, emoji);
  BOOST_TEST(world.keep(world.admin, model::note_added{note}) == commit_result::done);
  const auto loaded = world.load();
  BOOST_TEST_REQUIRE(loaded.shared.size() == 1u);
  BOOST_TEST(loaded.shared[0]->body == emoji);
  BOOST_TEST((loaded.shared[0]->created_at == morning));
  BOOST_TEST(loaded.header.version == 2u);
  BOOST_TEST((world.session.load_note(note.org, note.of_case, note.id)->author == world.admin.user));
  BOOST_TEST(!world.session.load_note(note.org, fresh_id<model::case_id>(), note.id).has_value());
}

BOOST_AUTO_TEST_CASE(a_case_keeps_the_latest_notes_at_hand_and_lists_the_older_ones) {
  for (int i = 0; i < 53; ++i)
    BOOST_TEST_REQUIRE(world.keep(world.admin, model::note_added{world.note(
                                                   world.admin, std::to_string(i))}) == commit_result::done);
  const auto loaded = world.load();
  BOOST_TEST(loaded.shared.size() == model::workspace_list_length);
  BOOST_TEST(loaded.more_shared);
  BOOST_TEST(!loaded.more_professional);
  BOOST_TEST(loaded.shared.front()->body == "3");
  BOOST_TEST(loaded.shared.back()->body == "52");
  const auto older = world.session.notes(world.admin.user, loaded.header.org, loaded.header.id,
                                         model::stream::shared, {10, loaded.shared.front()->id.value});
  BOOST_TEST_REQUIRE(older.size() == 3u);
  BOOST_TEST(older.front().body == "2");
}

BOOST_AUTO_TEST_CASE(R26_every_event_leaves_an_audit_entry) {
  auto note = world.note(world.admin, "before");
  BOOST_TEST(world.keep(world.admin, model::note_added{note}) == commit_result::done);
  const model::note_revision before{
      fresh_id<model::revision_id>(), note.org, note.of_case, note.id, "before", morning, world.admin.user};
  note.body = "after";
  note.edited_at = morning;
  BOOST_TEST(world.keep(world.admin, model::note_edited{note, before}) == commit_result::done);
  BOOST_TEST(count("audit_entries WHERE kind = 'case.opened' AND case_id IS NOT NULL") == 1);
  BOOST_TEST(count("audit_entries WHERE kind = 'note.created' AND request_id = 'request-1'") == 1);
  BOOST_TEST(count("note_revisions WHERE body = 'before'") == 1);
  BOOST_TEST(count("audit_entries WHERE kind = 'note.edited' AND by_name = 'Ada Admin' AND detail LIKE "
                   "'%revision%'") == 1);
  BOOST_TEST(count("audit_entries WHERE detail LIKE '%before%'") == 0);
}

BOOST_AUTO_TEST_CASE(a_change_decided_on_an_old_version_is_a_version_conflict) {
  const auto old = world.load();
  const std::vector first{
      world.change(old, world.admin, model::note_added{world.note(world.admin, "first")})};
  const std::vector second{
      world.change(old, world.admin, model::note_added{world.note(world.admin, "second")})};
  BOOST_TEST(world.session.commit(first).at(0) == commit_result::done);
  BOOST_TEST(world.session.commit(second).at(0) == commit_result::version_conflict);
  BOOST_TEST(count("notes") == 1);

  auto stale = *world.org;
  BOOST_TEST(world.keep(model::landlord_added{{fresh_id<model::landlord_id>(), stale.settings.id, "One",
                                               morning}}) == commit_result::done);
  world.org = std::make_shared<const model::org_state>(stale);
  BOOST_TEST(world.keep(model::landlord_added{{fresh_id<model::landlord_id>(), stale.settings.id, "Two",
                                               morning}}) == commit_result::version_conflict);
}

BOOST_AUTO_TEST_CASE(a_bad_neighbour_in_a_batch_spoils_nothing) {
  const auto c = world.load();
  BOOST_TEST_REQUIRE(world.open_case(1) == commit_result::done);
  auto other = world.note(world.admin, "in the other case");
  other.of_case = world.opened.at(1);
  const auto other_case = *world.session.load_case(other.org, other.of_case);
  const auto stranger = small_world::person(fresh_id<model::user_id>(), "Stan Stranger");
  const std::vector batch{world.change(c, world.admin, model::note_added{world.note(world.admin, "good")}),
                          world.change(c, stranger, model::note_added{world.note(stranger, "bad")}),
                          world.change(other_case, world.admin, model::note_added{other})};
  const auto results = world.session.commit(batch);
  BOOST_TEST(results.at(0) == commit_result::done);
  BOOST_TEST(results.at(1) == commit_result::forbidden);
  BOOST_TEST(results.at(2) == commit_result::done);
  BOOST_TEST(count("notes") == 2);
}

BOOST_AUTO_TEST_CASE(R13_what_a_role_may_not_write_is_forbidden_without_decide) {
  const auto full = accepted("full@example.org");
  const auto reader = accepted("reader@example.org", model::participation::context_only);
  BOOST_TEST(world.keep(full, model::note_added{world.note(full, "mine")}) == commit_result::done);
  BOOST_TEST(world.keep(full, model::note_added{world.note(full, "x", model::stream::professional)}) ==
             commit_result::forbidden);
  BOOST_TEST(world.keep(reader, model::note_added{world.note(reader, "x")}) == commit_result::forbidden);
  BOOST_TEST(world.keep(full, model::case_closed{morning, {}}) == commit_result::forbidden);
  BOOST_TEST(count("notes") == 1);
}

BOOST_AUTO_TEST_CASE(R15_an_invite_makes_user_container_link_and_mail_or_nothing) {
  const auto e = world.invite("new@example.org");
  BOOST_TEST(world.keep(world.admin, e) == commit_result::done);
  BOOST_TEST(world.session.find_user("new@example.org").has_value());
  BOOST_TEST(count("support_provider_identity") == 1);
  BOOST_TEST(world.session.find_link(e.link.secret.token_hash)->email == "new@example.org");
  BOOST_TEST(count("outbox WHERE link_id IS NOT NULL AND to_address = 'new@example.org'") == 1);

  const auto users = count("users");
  const auto again = world.invite("new@example.org");  // the address was taken meanwhile
  BOOST_TEST(world.keep(world.admin, again) == commit_result::taken);
  BOOST_TEST(count("users") == users);
  BOOST_TEST(!world.session.find_link(again.link.secret.token_hash).has_value());
}

BOOST_AUTO_TEST_CASE(R17_two_who_invite_one_address_at_once_make_one_assignment) {
  const auto c = world.load();
  std::array<commit_result, 2> results{};
  std::array<std::thread, 2> racers;
  for (std::size_t i = 0; i < 2; ++i)
    racers[i] = std::thread([&, i] {
      store::session own(db.service_conninfo);
      const std::vector one{world.change(c, world.admin, world.invite("race@example.org"))};
      results[i] = own.commit(one).at(0);
    });
  for (auto& racer : racers) racer.join();
  std::ranges::sort(results);
  BOOST_TEST(results[0] == commit_result::done);
  BOOST_TEST((results[1] == commit_result::taken || results[1] == commit_result::version_conflict));
  BOOST_TEST(count("tenant_collaborators") == 1);
}

BOOST_AUTO_TEST_CASE(R16_R19_accepting_fills_the_caseload_and_ending_empties_it) {
  const auto e = world.invite("worker@example.org");
  BOOST_TEST(world.keep(world.admin, e) == commit_result::done);
  const auto who = worker(e);
  BOOST_TEST(!world.session.has_caseload(who.user));
  auto row = e.collaborator;
  row.accepted_at = morning;
  BOOST_TEST(world.keep(world.admin, model::collaborator_accepted{row}) == commit_result::forbidden);
  BOOST_TEST(world.keep(who, model::collaborator_accepted{row}) == commit_result::done);
  const auto list = world.session.caseload(who.user, {});
  BOOST_TEST_REQUIRE(list.size() == 1u);
  BOOST_TEST(list[0].tenant_name == "Tess Tenant");
  BOOST_TEST(world.session.person_of("worker@example.org").active_tenants == 1);
  row.ended_at = morning;
  row.ended_by = world.admin.user;
  BOOST_TEST(world.keep(world.admin, model::collaborator_ended{row}) == commit_result::done);
  BOOST_TEST(world.session.caseload(who.user, {}).empty());
  BOOST_TEST(!world.session.has_caseload(who.user));
  BOOST_TEST(world.keep(who, model::note_added{world.note(who, "too late")}) == commit_result::forbidden);
}

BOOST_AUTO_TEST_CASE(R16_ending_an_assignment_voids_the_invite_to_it_and_no_other_link) {
  const auto e = world.invite("worker@example.org");
  must(world.keep(world.admin, e));
  must(world.open_case(1));
  // Another case's, and one to sign in with.
  auto elsewhere = small_world::link_for(*e.collaborator.user, model::link_purpose::case_invite);
  elsewhere.org = world.org->settings.id;
  elsewhere.of_case = world.opened.at(1);
  elsewhere.collaborator = fresh_id<model::collaborator_id>();
  const auto sign_in = small_world::link_for(*e.collaborator.user, model::link_purpose::sign_in);
  for (const auto& link : {elsewhere, sign_in})
    world.session.keep_sign_in(
        link, {fresh_id<model::mail_id>(), "worker@example.org", "W", "sign_in", {}, link.id}, morning);
  const auto is_void = [&](const model::magic_link& link) {
    return world.session.find_link(link.secret.token_hash).value().link.voided_at.has_value();
  };
  BOOST_TEST(!is_void(e.link));
  auto row = e.collaborator;
  row.ended_at = morning;
  row.ended_by = world.admin.user;
  // What is not kept voids nothing.
  BOOST_TEST(world.keep(worker(e), model::collaborator_ended{row}) == commit_result::forbidden);
  BOOST_TEST(!is_void(e.link));
  must(world.keep(world.admin, model::collaborator_ended{row}));
  BOOST_TEST(is_void(e.link));
  BOOST_TEST(!is_void(elsewhere));
  BOOST_TEST(!is_void(sign_in));
}

BOOST_AUTO_TEST_CASE(a_member_who_is_removed_has_no_invite_any_more) {
  model::member_added e;
  e.member.user = fresh_id<model::user_id>();
  e.member.org = world.org->settings.id;
  e.member.email = "mo@example.org";
  e.member.full_name = "Mo Karim";
  e.member.role = model::member_role::property_manager;
  e.member.created_at = morning;
  e.created = model::new_user{e.member.user, e.member.email, e.member.full_name, std::nullopt};
  e.link = small_world::link_for(e.member.user, model::link_purpose::member_invite);
  e.link.org = e.member.org;
  e.mail = fresh_id<model::mail_id>();
  must(world.keep(e));
  const auto sign_in = small_world::link_for(e.member.user, model::link_purpose::sign_in);
  world.session.keep_sign_in(
      sign_in, {fresh_id<model::mail_id>(), e.member.email, "Mo", "sign_in", {}, sign_in.id}, morning);
  must(world.keep(model::member_removed{e.member}));
  BOOST_TEST(world.session.find_link(e.link.secret.token_hash)->link.voided_at.has_value());
  BOOST_TEST(!world.session.find_link(sign_in.secret.token_hash)->link.voided_at.has_value());
}

BOOST_AUTO_TEST_CASE(an_admin_who_leaves_is_written_down) {
  const auto self = world.org->members.at(0);
  BOOST_TEST(world.keep(model::member_removed{self}) == commit_result::done);
  BOOST_TEST(count("audit_entries WHERE kind = 'member.removed'") == 1);
  BOOST_TEST(world.session.memberships(world.admin.user).empty());
}

BOOST_AUTO_TEST_CASE(a_cut_connection_between_calls_is_not_noticed) {
  cut();
  BOOST_TEST(world.load().header.version == 1u);
  cut();
  BOOST_TEST(world.keep(world.admin, model::note_added{world.note(world.admin, "x")}) == commit_result::done);
}

BOOST_AUTO_TEST_CASE(a_connection_cut_during_a_call_is_unavailable_and_then_mended) {
  const auto c = world.load();
  auto blocker = owner();
  blocker.script("BEGIN; SELECT 1 FROM keywork.support_cases FOR UPDATE");
  commit_result result{};
  std::thread waiting([&] {
    const std::vector one{world.change(c, world.admin, model::note_added{world.note(world.admin, "cut")})};
    result = world.session.commit(one).at(0);
  });
  auto seen = owner();
  while (seen.exec("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname ="
                   " current_database()")
             .number(0, 0) == 0)
    std::this_thread::yield();
  cut();
  waiting.join();
  blocker.script("ROLLBACK");
  BOOST_TEST(result == commit_result::unavailable);
  BOOST_TEST(count("notes") == 0);
  BOOST_TEST(world.keep(world.admin, model::note_added{world.note(world.admin, "mended")}) ==
             commit_result::done);
}

BOOST_AUTO_TEST_CASE(the_victim_of_a_deadlock_tries_again) {
  BOOST_TEST_REQUIRE(world.open_case(1) == commit_result::done);
  auto blocker = owner();
  // PostgreSQL looks for a deadlock once, so long after the wait began: by then the blocker has closed the
  // circle, and the session is the one that finds it.
  blocker.script("SET deadlock_timeout = '1min'");
  blocker.script(
      "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET deadlock_timeout = 2000'; END "
      "$$");
  const auto lock = [&](std::size_t n) {
    blocker.exec("SELECT 1 FROM keywork.support_cases WHERE id = $1 FOR UPDATE",
                 {to_text(world.opened.at(n))});
  };
  auto other = world.note(world.admin, "second case");
  other.of_case = world.opened.at(1);
  const std::vector batch{
      world.change(world.load(), world.admin, model::note_added{world.note(world.admin, "first case")}),
      world.change(*world.session.load_case(other.org, other.of_case), world.admin,
                   model::note_added{other})};
  blocker.script("BEGIN");
  lock(1);
  std::vector<commit_result> results;
  std::thread waiting([&] { results = store::session(db.service_conninfo).commit(batch); });
  while (owner()
             .exec("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname ="
                   " current_database()")
             .number(0, 0) == 0)
    std::this_thread::yield();
  lock(0);
  blocker.script("ROLLBACK");
  waiting.join();
  BOOST_TEST_REQUIRE(results.size() == 2u);
  BOOST_TEST(results[0] == commit_result::done);
  BOOST_TEST(results[1] == commit_result::done);
  BOOST_TEST(count("notes") == 2);
}

BOOST_AUTO_TEST_CASE(a_database_that_is_not_there_is_unavailable_in_every_call) {
  store::session nowhere("host='/tmp/no-such-directory' dbname='keywork' user='keywork_service'");
  BOOST_CHECK_THROW(nowhere.ping(), store::unavailable);
  BOOST_CHECK_THROW(nowhere.plans(), store::unavailable);
  const std::vector one{
      world.change(world.load(), world.admin, model::note_added{world.note(world.admin, "x")})};
  BOOST_TEST(nowhere.commit(one).at(0) == commit_result::unavailable);
  BOOST_CHECK_THROW(store::session("this is no connection string"), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
