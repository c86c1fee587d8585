#include <boost/test/unit_test.hpp>

#include "tests/odb/session_world.hpp"

using rehearsal::fresh_id;
using rehearsal::morning;
using rehearsal::small_world;
using rehearsal::with_database;
using namespace std::chrono_literals;

namespace store {
inline std::ostream& operator<<(std::ostream& out, task_kind k) { return out << model::to_text(k); }
}  // namespace store

namespace {

const auto today = model::day{std::chrono::year{2026} / 11 / 21};

struct with_work : with_database {
  template <class Part>
  Part part(const model::caller& author) const {
    Part p;
    p.org = world.org->settings.id;
    p.of_case = world.opened.at(0);
    p.author = author.user;
    p.author_name = author.full_name;
    p.created_at = morning;
    return p;
  }
  model::goal plan(const std::string& title, std::optional<model::day> target,
                   model::goal_status status = model::goal_status::active) {
    auto g = part<model::goal>(world.admin);
    g.id = fresh_id<model::goal_id>();
    g.title = title;
    g.target_date = target;
    g.status = status;
    must(world.keep(world.admin, model::goal_added{g}));
    return g;
  }
  model::support_session meet(const model::caller& author, model::instant at,
                              model::session_status status = model::session_status::scheduled) {
    auto s = part<model::support_session>(author);
    s.id = fresh_id<model::session_id>();
    s.starts_at = at;
    s.status = status;
    must(world.keep(author, model::session_added{s}));
    return s;
  }
  void change(const model::support_session& before, model::support_session after) {
    after.edited_at = morning;
    must(world.keep(world.admin, model::session_edited{before, after}));
  }
  /// A recurring assessment, written past the lifecycle.
  std::string assess(const std::string& title, const std::string& due_on,
                     const std::string& status = "draft") {
    const auto id = to_text(fresh_id<model::document_id>());
    owner().exec(
        "INSERT INTO keywork.documents (id, org_id, case_id, type, title, status, media_type, content_size,"
        " content_sha256, due_on, author_id, author_name, created_at, submitted_at, approved_at, "
        "approved_by, void_reason)"
        " VALUES ($1::uuid, $2::uuid, $3::uuid, 'recurring_assessment', $4, $5, 'text/markdown', 1, "
        "repeat('0', 64),"
        " $6::date, $1::uuid, 'Ada', '2026-01-01', '2026-01-01', '2026-01-01', 'Ada',"
        " CASE $5 WHEN 'void' THEN 'mistake' END)",
        {id, to_text(world.org->settings.id), to_text(world.opened.at(0)), title, status, due_on});
    return id;
  }
  std::vector<std::string> titles(const model::caller& who, model::instant now = morning) {
    std::vector<std::string> found;
    for (const auto& t : world.session.tasks(who.user, {{}, now})) found.push_back(t.title);
    return found;
  }
  store::case_row line(model::instant now = morning) {
    return world.session.cases(world.admin.user, {{}, {}, "", {}, now}).at(0);
  }
  std::optional<model::instant> next_session(const model::caller& who, model::instant now = morning) {
    return world.session.caseload(who.user, {}, now).at(0).next_session_at;
  }
};

using texts = std::vector<std::string>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(session_tasks_suite, with_work)

BOOST_AUTO_TEST_CASE(R20_overdue_goals_come_by_the_day_they_were_due) {
  plan("two days late", today - std::chrono::days(2));
  plan("five days late", today - std::chrono::days(5));
  plan("due today", today);
  plan("no date", {});
  plan("achieved", today - std::chrono::days(9), model::goal_status::achieved);
  const auto found = world.session.tasks(world.admin.user, {{}, morning});
  BOOST_TEST_REQUIRE(found.size() == 2u);
  BOOST_TEST(found[0].title == "five days late");
  BOOST_TEST(found[0].kind == store::task_kind::goal_overdue);
  BOOST_TEST((found[0].due_on == today - std::chrono::days(5)));
  BOOST_TEST(found[0].tenant_name == "Tess Tenant");
  BOOST_TEST(found[0].organisation_name == world.org->settings.name);
  BOOST_TEST(found[0].reference == "SC-1");
  BOOST_TEST(found[1].title == "two days late");
  const auto rest = world.session.tasks(world.admin.user,
                                        {{}, morning, 50, store::task_place{found[0].due_on, found[0].id}});
  BOOST_TEST_REQUIRE(rest.size() == 1u);
  BOOST_TEST(rest[0].title == "two days late");
  BOOST_TEST(titles(world.admin, morning + 24h).size() == 3u);
}

BOOST_AUTO_TEST_CASE(R21_todays_sessions_are_those_of_the_organisations_day) {
  owner().exec("UPDATE keywork.organisations SET time_zone = 'America/New_York' WHERE id = $1::uuid",
               {to_text(world.org->settings.id)});
  // In New York the 21st is from 05:00 to 05:00 UTC.
  const auto midnight = morning - 9h - 123456us;
  meet(world.admin, midnight + 4h + 59min);
  meet(world.admin, midnight + 5h);
  const auto late = meet(world.admin, midnight + 28h + 59min);
  meet(world.admin, midnight + 29h);
  meet(world.admin, morning, model::session_status::delivered);
  const auto found = world.session.tasks(world.admin.user, {{}, morning});
  BOOST_TEST_REQUIRE(found.size() == 2u);
  BOOST_TEST(found[1].kind == store::task_kind::session_today);
  BOOST_TEST((found[1].starts_at == late.starts_at));
  BOOST_TEST((found[1].due_on == today));
  BOOST_TEST(found[1].title == "appointment");
}

BOOST_AUTO_TEST_CASE(R25_documents_are_due_for_a_fortnight_then_overdue_until_made_again) {
  assess("past", "2026-11-20");
  assess("in a fortnight", "2026-12-05");
  assess("later", "2026-12-06");
  assess("void", "2026-11-20", "void");
  const auto found = world.session.tasks(world.admin.user, {{}, morning});
  BOOST_TEST_REQUIRE(found.size() == 2u);
  BOOST_TEST(found[0].kind == store::task_kind::document_overdue);
  BOOST_TEST(found[1].kind == store::task_kind::document_due);
  const auto again = assess("again", "2027-11-20");
  BOOST_TEST(titles(world.admin).size() == 2u, "a draft does not replace it");
  owner().exec("UPDATE keywork.documents SET status = 'approved' WHERE id = $1::uuid", {again});
  BOOST_TEST(titles(world.admin).empty());
}

BOOST_AUTO_TEST_CASE(R13_everybody_has_the_tasks_of_what_they_may_see) {
  const auto full = accepted("full@example.org");
  const auto context = accepted("context@example.org", model::participation::context_only);
  const auto early = today - std::chrono::days(1);
  plan("goal", early);
  assess("document", "2026-11-21");
  meet(full, morning + 1h);
  const auto own = meet(context, morning + 2h);
  BOOST_TEST(titles(world.admin).size() == 4u);
  BOOST_TEST(titles(full).size() == 4u);
  const auto seen = world.session.tasks(context.user, {{}, morning});
  BOOST_TEST_REQUIRE(seen.size() == 2u);
  BOOST_TEST(seen[0].title == "goal");
  BOOST_TEST((seen[1].id == own.id.value));
  BOOST_TEST(seen[1].tenant_name == "Tess Tenant");

  small_world other(db.service_conninfo);
  BOOST_TEST(titles(other.admin).empty());
  BOOST_TEST(world.session.tasks(world.admin.user, {other.org->settings.id, morning}).empty());
  BOOST_TEST(world.session.tasks(full.user, {world.org->settings.id, morning}).size() == 4u);
  must(world.keep(world.admin, model::case_closed{morning, {}}));
  BOOST_TEST(titles(world.admin).empty());
  must(world.keep(world.admin, model::case_reopened{morning}));
  world.session.set_tier(world.org->settings.id, "starter", "command line", fresh_id<model::audit_id>(),
                         morning);
  for (const auto& who : {world.admin, full, context}) BOOST_TEST(titles(who).empty());
}

BOOST_AUTO_TEST_CASE(the_case_list_counts_open_goals) {
  BOOST_TEST(line().open_goals == 0);
  auto g = plan("one", {});
  plan("two", {});
  plan("done", {}, model::goal_status::achieved);
  BOOST_TEST(line().open_goals == 2);
  auto after = g;
  after.status = model::goal_status::closed;
  after.edited_at = morning;
  must(world.keep(world.admin, model::goal_edited{g, after}));
  BOOST_TEST(line().open_goals == 1);
  must(world.keep(world.admin, model::goal_edited{after, g}));
  BOOST_TEST(line().open_goals == 2);
}

BOOST_AUTO_TEST_CASE(the_lists_show_the_next_session_as_time_goes_by) {
  const auto full = accepted("full@example.org");
  const auto context = accepted("context@example.org", model::participation::context_only);
  const auto before = world.session.caseload(full.user, {}).at(0).last_activity_at;
  BOOST_TEST(!line().next_session_at.has_value());
  meet(world.admin, morning + 30h);
  const auto soon = meet(world.admin, morning + 2h);
  const auto own = meet(context, morning + 10h);
  meet(world.admin, morning - 5h);
  BOOST_TEST((line().next_session_at == morning + 2h));
  BOOST_TEST((next_session(full) == morning + 2h));
  BOOST_TEST((next_session(context) == own.starts_at));
  // Nothing is written, and the next one is another.
  BOOST_TEST((line(morning + 3h).next_session_at == own.starts_at));
  BOOST_TEST((next_session(full, morning + 3h) == own.starts_at));
  BOOST_TEST((next_session(full, morning + 11h) == morning + 30h));
  BOOST_TEST(!next_session(context, morning + 11h).has_value());
  auto after = soon;
  after.status = model::session_status::cancelled;
  change(soon, after);
  BOOST_TEST((next_session(full) == own.starts_at));
  auto moved = own;
  moved.starts_at = morning + 40h;
  change(own, moved);
  BOOST_TEST((next_session(full) == morning + 30h));
  BOOST_TEST((next_session(context) == morning + 40h));
  const auto later = accepted("later@example.org");
  BOOST_TEST((next_session(later) == morning + 30h), "who joins finds the sessions there are");
  BOOST_TEST((world.session.caseload(full.user, {}).at(0).last_activity_at >= before));
}

BOOST_AUTO_TEST_SUITE_END()
