#include <boost/test/unit_test.hpp>
#include <thread>

#include "model/json.hpp"
#include "odb/audit_chain.hpp"
#include "odb/digest_plan.hpp"
#include "odb/digest_store.hpp"
#include "odb/outbox_store.hpp"
#include "tests/odb/session_world.hpp"

using namespace rehearsal;
using model::digest_state;
using store::digest_outcome;

namespace {

model::instant at(std::string_view text) { return *model::parse_instant(text); }
const model::month november = *model::parse_month("2026-11");
const model::instant first_of_december = at("2026-12-01T07:00:00Z");

class ids_in_time final : public model::id_source {
 public:
  model::uuid next() override { return fresh_id<model::mail_id>().value; }
};

/// The small world with a housing officer, Connie, on its first case, where there is something to say.
struct with_officer : with_database {
  with_officer() { must(world.keep(settings_with({connie_email}))); }

  model::settings_changed settings_with(std::vector<std::string> emails, bool notes = false) const {
    auto after = world.org->settings;
    after.housing_officer_emails = std::move(emails);
    after.support_notes_visible_to_housing_officer = notes;
    return {world.org->settings, after};
  }
  void set_visibility(model::note_visibility v) {
    auto after = world.org->tenants.at(0);
    after.housing_officer_note_visibility = v;
    must(world.keep(model::tenant_changed{world.org->tenants.at(0), after}));
  }
  void add_goal(std::string title = "Cook a meal") {
    model::goal g;
    g.id = fresh_id<model::goal_id>();
    g.org = org();
    g.of_case = world.opened.at(0);
    g.title = std::move(title);
    g.author = world.admin.user;
    g.author_name = world.admin.full_name;
    g.created_at = morning;
    must(world.keep(world.admin, model::goal_added{g}));
  }
  model::note add_note(std::string body, model::stream stream = model::stream::shared) {
    const auto n = world.note(world.admin, std::move(body), stream);
    must(world.keep(world.admin, model::note_added{n}));
    return n;
  }
  void erase(const model::note& before) {
    auto after = before;
    after.body.clear();
    after.deleted_at = morning;
    after.deleted_by = world.admin.user;
    after.deleted_by_name = world.admin.full_name;
    model::note_deleted e{};
    e.before.id = fresh_id<model::revision_id>();
    e.before.org = before.org;
    e.before.of_case = before.of_case;
    e.before.note = before.id;
    e.before.body = before.body;
    e.before.replaced_at = morning;
    e.before.replaced_by = world.admin.user;
    e.after = after;
    must(world.keep(world.admin, e));
  }
  void end(const model::caller& who) {
    for (const auto& row : world.load().team) {
      if (row->user != who.user || row->ended_at) continue;
      auto after = *row;
      after.ended_at = morning;
      after.ended_by = world.admin.user;
      must(world.keep(world.admin, model::collaborator_ended{after}));
    }
  }
  model::org_id org() const { return world.org->settings.id; }

  digest_outcome plan(const model::month& m = november, model::instant now = first_of_december) {
    const auto to = store::digest_recipients(world.session, org(), {}, 10).at(0);
    return store::plan_digest(world.session, org(), m, to, fresh_id<model::digest_id>(),
                              fresh_id<model::mail_id>(), now);
  }
  std::vector<model::digest_line> ledger() {
    return store::list_digests(world.session, world.admin.user, {org(), {}, {50, {}}});
  }
  store::digest_to_send prepare(bool may_be_out = false, model::instant now = first_of_december) {
    const auto line = ledger().at(0);
    return store::prepare_digest(world.session,
                                 {org(), line.id, line.mail.value_or(model::mail_id{}), may_be_out}, now);
  }
  /// The mail as the mailer takes it, once the earlier ones are out.
  std::optional<store::outbox_row> take() {
    for (auto rows = take_due(); !rows.empty(); rows = take_due()) {
      if (rows.at(0).template_name == model::digest_template) return rows.at(0);
      store::mail_sent(world.session, {rows.at(0).id, rows.at(0).attempts}, first_of_december);
    }
    return std::nullopt;
  }
  std::vector<store::outbox_row> take_due() {
    return store::take_due_mails(world.session, first_of_december + std::chrono::hours{1},
                                 first_of_december + std::chrono::hours{2}, 1);
  }
  long mails() const { return count("outbox WHERE template_name = 'housing_officer_digest'"); }

  static constexpr auto connie_email = "connie@council.example";
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(digest_store_suite, with_officer)

BOOST_AUTO_TEST_CASE(R33_recipients_are_the_listed_and_accepted_ones) {
  BOOST_TEST(store::digest_recipients(world.session, org(), {}, 10).empty());
  const auto connie = accepted(connie_email, model::participation::context_only);
  accepted("wanda@support.example");
  must(world.keep(world.admin, world.invite("harry@council.example")));  // listed below, never accepted
  must(world.keep(settings_with({connie_email, "harry@council.example"})));
  const auto all = store::digest_recipients(world.session, org(), {}, 10);
  BOOST_TEST_REQUIRE(all.size() == 1u);
  BOOST_TEST((all[0].user == connie.user));
  BOOST_TEST(all[0].email == connie_email);
  end(connie);
  BOOST_TEST(store::digest_recipients(world.session, org(), {}, 10).empty());
}

BOOST_AUTO_TEST_CASE(R35_planning_twice_makes_one) {
  accepted(connie_email);
  add_goal();
  BOOST_TEST((plan() == digest_outcome::queued));
  BOOST_TEST((plan() == digest_outcome::known));
  BOOST_TEST(ledger().size() == 1u);
  BOOST_TEST(mails() == 1);
  BOOST_TEST((plan(model::month_after(november)) == digest_outcome::queued));
  BOOST_TEST(mails() == 2);
}

BOOST_AUTO_TEST_CASE(R35_two_nodes_at_once_make_one) {
  accepted(connie_email);
  add_goal();
  store::session other(db.service_conninfo);
  const auto months = 40;
  const auto all_months = [&](store::session& session) {
    ids_in_time ids;
    auto m = november;
    for (int i = 0; i < months; ++i, m = model::month_after(m))
      store::plan_piece(session, {org(), "Europe/London", "enterprise", {morning, {}}}, m, {}, ids,
                        first_of_december);
  };
  std::jthread node([&] { all_months(other); });
  all_months(world.session);
  node.join();
  BOOST_TEST(count("digests") == months);
  BOOST_TEST(mails() == months);
}

BOOST_AUTO_TEST_CASE(R35_nothing_to_say_is_noted_and_no_mail) {
  accepted(connie_email);
  BOOST_TEST((plan() == digest_outcome::empty));
  BOOST_TEST(mails() == 0);
  const auto line = ledger().at(0);
  BOOST_TEST((line.state == digest_state::empty));
  BOOST_TEST(!line.mail.has_value());
}

BOOST_AUTO_TEST_CASE(R34_what_is_told_is_settled_when_it_is_sent) {
  accepted(connie_email);
  add_goal("Cook a meal");
  set_visibility(model::note_visibility::visible);
  const auto doomed = add_note("soon deleted");
  add_note("never told", model::stream::professional);
  plan();
  add_note("written after planning");
  erase(doomed);
  const auto ready = prepare();
  BOOST_TEST_REQUIRE(ready.said.has_value());
  const auto& section = ready.said->sections.at(0);
  BOOST_TEST(section.goals.at(0).title == "Cook a meal");
  BOOST_TEST_REQUIRE(section.notes.size() == 1u);
  BOOST_TEST(section.notes[0].body == "written after planning");
  BOOST_TEST(ready.said->recipient == "Wanda Worker");
  BOOST_TEST(count("digests WHERE content IS NOT NULL AND frozen_at IS NOT NULL") == 1);
}

BOOST_AUTO_TEST_CASE(R33_who_is_no_recipient_any_more_gets_nothing) {
  const auto connie = accepted(connie_email);
  add_goal();
  plan();
  end(connie);
  BOOST_TEST(!prepare().said.has_value());
  BOOST_TEST((ledger().at(0).state == digest_state::withdrawn));
  BOOST_TEST(mails() == 0);
  BOOST_TEST(!prepare().said.has_value());
}

BOOST_AUTO_TEST_CASE(R34_a_tenant_hidden_meanwhile_is_left_out) {
  accepted(connie_email);
  add_goal();
  plan();
  set_visibility(model::note_visibility::hidden);
  BOOST_TEST(!prepare().said.has_value());
  BOOST_TEST((ledger().at(0).state == digest_state::empty));
  BOOST_TEST(mails() == 0);
}

BOOST_AUTO_TEST_CASE(R35_what_may_be_out_is_said_in_the_same_words_or_not_at_all) {
  accepted(connie_email);
  add_goal();
  set_visibility(model::note_visibility::visible);
  const auto note = add_note("told");
  plan();
  const auto first = prepare().said.value();
  add_note("written meanwhile");
  const auto again = prepare(true, first_of_december + std::chrono::hours{3}).said.value();
  BOOST_TEST(model::to_json(again) == model::to_json(first));
  // While nobody can have read it, it is made anew.
  BOOST_TEST(prepare().said.value().sections.at(0).notes.size() == 2u);
  erase(note);
  BOOST_TEST(!prepare(true).said.has_value());
  BOOST_TEST((ledger().at(0).state == digest_state::withdrawn));
  BOOST_TEST(count("digests WHERE content IS NOT NULL") == 0);
}

BOOST_AUTO_TEST_CASE(R31_what_is_erased_stands_in_no_digest_that_waits) {
  accepted(connie_email);
  add_goal();
  plan();
  prepare();
  owner().exec(
      "INSERT INTO keywork.erasures (org_id, id, case_id, what, ids, counts, rule, counted_from, due_at, "
      "erased_at)"
      " VALUES ($1, $2, $3, 'rest', '{}', '{}', 'R29', '2026-12-01', '2026-12-01', '2026-12-01')",
      {to_text(org()), to_text(fresh_id<model::erasure_id>()), to_text(world.opened.at(0))});
  BOOST_TEST(count("digests WHERE content IS NOT NULL") == 0);
  BOOST_TEST(count("erased_mails m JOIN keywork.digests d ON d.mail_id = m.mail_id") == 1);
  BOOST_TEST(!prepare(true).said.has_value());
  BOOST_TEST((ledger().at(0).state == digest_state::withdrawn));
}

BOOST_AUTO_TEST_CASE(R26_the_ledger_follows_the_mail_and_the_log_tells_of_it) {
  accepted(connie_email);
  add_goal();
  plan();
  const auto mail = take().value();
  BOOST_TEST(mail.values.size() == 2u);  // which digest it is and nothing of what it says
  prepare();
  const auto sent_at = first_of_december + std::chrono::minutes{2};
  store::mail_sent(world.session, {mail.id, mail.attempts}, sent_at);
  const auto line = ledger().at(0);
  BOOST_TEST((line.state == digest_state::sent));
  BOOST_TEST((line.settled_at == sent_at));
  BOOST_TEST(count("digests WHERE content IS NOT NULL") == 0);
  store::audit_query query{org()};
  query.kind = "digest.sent";
  const auto entries = world.session.audit(world.admin.user, query);
  BOOST_TEST_REQUIRE(entries.size() == 1u);
  BOOST_TEST((entries[0].at == sent_at));
  BOOST_TEST((entries[0].subject == line.id.value));
  BOOST_TEST((entries[0].id.value.data[6] >> 4) == 7);
  store::verify_audit(db.service_conninfo, {},
                      [](const store::chain_report& report) { BOOST_TEST(!report.broken.has_value()); });
}

BOOST_AUTO_TEST_CASE(a_mail_that_no_line_waits_for_is_removed) {
  accepted(connie_email);
  add_goal();
  plan();
  const auto mail = take().value();
  const auto ready = store::prepare_digest(
      world.session, {org(), fresh_id<model::digest_id>(), mail.id, true}, first_of_december);
  BOOST_TEST(!ready.said.has_value());
  BOOST_TEST(mails() == 0);
}

BOOST_AUTO_TEST_CASE(a_mail_of_a_line_that_was_withdrawn_is_removed_and_one_that_was_sent_is_not) {
  accepted(connie_email);
  add_goal();
  plan();
  const auto mail = take().value();
  store::mail_sent(world.session, {mail.id, mail.attempts}, first_of_december);
  BOOST_TEST(!prepare().said.has_value());
  BOOST_TEST(mails() == 1);
  owner().exec("UPDATE keywork.digests SET state = 'withdrawn', reason = 'A test.'", {});
  BOOST_TEST(!prepare().said.has_value());
  BOOST_TEST(mails() == 0);
}

BOOST_AUTO_TEST_CASE(a_mail_that_failed_leaves_nothing_of_its_words) {
  accepted(connie_email);
  add_goal();
  plan();
  const auto mail = take().value();
  prepare();
  store::mail_failed(world.session, {mail.id, mail.attempts}, first_of_december, "no such mailbox");
  BOOST_TEST((ledger().at(0).state == digest_state::failed));
  BOOST_TEST(count("digests WHERE content IS NOT NULL OR frozen_at IS NOT NULL") == 0);
  // Tried again by hand it is made anew.
  store::retry_by_hand(world.session, mail.id, {"a test", first_of_december, fresh_id<model::audit_id>()});
  BOOST_TEST((ledger().at(0).state == digest_state::queued));
  BOOST_TEST(prepare().said.has_value());
}

BOOST_AUTO_TEST_CASE(an_admin_has_one_sent_again) {
  const auto connie = accepted(connie_email);
  add_goal();
  plan();
  const auto mail = take().value();
  store::mail_sent(world.session, {mail.id, mail.attempts}, first_of_december);
  const auto line = ledger().at(0);
  auto found = store::find_digest(world.session, world.admin.user, org(), line.id);
  BOOST_TEST_REQUIRE(found.has_value());
  BOOST_TEST(found->has_something_to_say);
  BOOST_TEST(found->last_copy == 0);
  BOOST_TEST(found->full_name == "Wanda Worker");
  model::digest_resent e;
  e.of = line.id;
  e.row = found->entry;
  e.row.id = fresh_id<model::digest_id>();
  e.row.mail = fresh_id<model::mail_id>();
  e.row.copy = 1;
  e.row.state = digest_state::queued;
  e.row.planned_at = morning;
  e.full_name = found->full_name;
  e.after = {e.row.id, "2026-11", e.row.recipient, 1};
  must(world.keep(e));
  BOOST_TEST(ledger().size() == 2u);
  BOOST_TEST(mails() == 2);
  BOOST_TEST((world.keep(e) != store::commit_result::done));  // the same copy twice
  // While it waits, whoever asks for another one is told of it: by the digest, and by the copy.
  BOOST_TEST(!found->on_its_way.has_value());
  for (const auto id : {line.id, e.row.id}) {
    const auto waiting = store::find_digest(world.session, world.admin.user, org(), id).value().on_its_way;
    BOOST_TEST_REQUIRE(waiting.has_value());
    BOOST_TEST((waiting->id == e.row.id));
    BOOST_TEST(waiting->copy == 1);
    BOOST_TEST(waiting->way.has_value());
  }
  const auto second = take().value();
  store::mail_failed(world.session, {second.id, second.attempts}, first_of_december, "no such mailbox");
  BOOST_TEST(
      !store::find_digest(world.session, world.admin.user, org(), line.id).value().on_its_way.has_value());
  // Of somebody who never had one there is no copy, whatever is sent to the database.
  auto made_up = e;
  made_up.row.id = fresh_id<model::digest_id>();
  made_up.row.mail = fresh_id<model::mail_id>();
  made_up.row.month = model::month_after(november);
  BOOST_TEST((world.keep(made_up) == store::commit_result::forbidden));
  // Who is told nothing any more has nothing sent again.
  end(connie);
  found = store::find_digest(world.session, world.admin.user, org(), line.id);
  BOOST_TEST(!found.value().has_something_to_say);
}

BOOST_AUTO_TEST_CASE(nobody_but_the_admins_reads_the_ledger) {
  const auto connie = accepted(connie_email);
  add_goal();
  plan();
  BOOST_TEST(store::list_digests(world.session, connie.user, {org(), {}, {50, {}}}).empty());
  BOOST_TEST(!store::find_digest(world.session, connie.user, org(), ledger().at(0).id).has_value());
}

BOOST_AUTO_TEST_CASE(a_preview_tells_what_would_be_said_and_leaves_nothing) {
  const auto connie = accepted(connie_email);
  add_goal();
  const auto all = store::preview_digests(world.session, org(), november, {}, morning);
  BOOST_TEST_REQUIRE(all.size() == 1u);
  BOOST_TEST(all[0].counts.goals == 1);
  BOOST_TEST(!all[0].digest_.value.has_value());
  const auto one = store::preview_digests(world.session, org(), november, connie.user, morning);
  BOOST_TEST(one.at(0).digest_.value.value().sections.at(0).goals.at(0).title == "Cook a meal");
  BOOST_TEST(store::preview_digests(world.session, org(), november, world.admin.user, morning).empty());
  BOOST_TEST(count("digests") == 0);
  BOOST_TEST(mails() == 0);
}

BOOST_AUTO_TEST_CASE(R36_a_tier_without_the_workspace_tells_nothing) {
  accepted(connie_email);
  add_goal();
  owner().exec("UPDATE keywork.organisations SET tier = 'starter'");
  BOOST_TEST(store::digest_recipients(world.session, org(), {}, 10).empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(digests_in_virtual_time, with_officer)

namespace {

/// Whoever wakes looks after everything that is due.
void wake(store::session& session, model::instant now) {
  ids_in_time ids;
  for (const auto& due : store::due_digests(session, now, 10))
    if (store::plan_all(session, due, true, ids, now).months == 0)
      store::keep_progress(session, due,
                           model::digest_due(model::next_digest(due.so_far, due.time_zone), due.time_zone));
}

}  // namespace

BOOST_AUTO_TEST_CASE(R35_thirty_years_of_months_one_of_each) {
  accepted(connie_email);
  add_goal();
  store::session other(db.service_conninfo);
  constexpr int years = 30;
  auto month = november;
  for (int n = 0; n < 12 * years; ++n, month = model::month_after(month)) {
    const auto due = model::digest_due(month, "Europe/London");
    wake(world.session, due - std::chrono::seconds{1});
    const auto early = count("digests WHERE month = '" + model::to_text(month.first) + "'");
    BOOST_TEST_REQUIRE(early == 0, "early for " << to_text(month));
    // Now and then everything is down for some months, or two wake at once.
    if (n % 17 == 3) continue;
    std::jthread twin;
    if (n % 5 == 0) twin = std::jthread([&] { wake(other, due); });
    wake(world.session, due);
    if (twin.joinable()) twin.join();
    wake(world.session, due + std::chrono::hours{1});
  }
  wake(world.session, model::digest_due(month, "Europe/London"));
  BOOST_TEST(count("digests") == 12 * years + 1);
  BOOST_TEST(mails() == 12 * years + 1);
  BOOST_TEST(owner().exec("SELECT count(DISTINCT month) FROM keywork.digests").number(0, 0) ==
             12 * years + 1);
}

BOOST_AUTO_TEST_CASE(R35_another_time_zone_moves_seven_and_no_month) {
  accepted(connie_email);
  add_goal();
  wake(world.session, morning);
  auto after = world.org->settings;
  after.time_zone = "Pacific/Apia";  // 13 hours ahead
  must(world.keep(model::settings_changed{world.org->settings, after}));
  const auto in_samoa = at("2026-11-30T18:00:00Z");
  wake(world.session, in_samoa - std::chrono::seconds{1});
  BOOST_TEST(count("digests") == 0);
  wake(world.session, in_samoa);
  BOOST_TEST(count("digests") == 1);
  after.time_zone = "America/New_York";
  must(world.keep(model::settings_changed{world.org->settings, after}));
  wake(world.session, at("2026-12-01T12:00:00Z"));
  BOOST_TEST(count("digests") == 1);
}

BOOST_AUTO_TEST_CASE(R35_an_organisation_older_than_digests_begins_now) {
  accepted(connie_email);
  add_goal();
  owner().script(
      "UPDATE keywork.digest_progress SET since = NULL; UPDATE keywork.organisations SET created_at = "
      "'2020-01-01'");
  wake(world.session, morning);
  BOOST_TEST(count("digests") == 0);
  wake(world.session, first_of_december);
  BOOST_TEST(count("digests") == 1);
}

BOOST_AUTO_TEST_SUITE_END()
