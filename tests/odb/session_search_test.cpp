#include <boost/test/unit_test.hpp>
#include <set>
#include <utility>

#include "tests/odb/session_world.hpp"

using rehearsal::emoji;
using rehearsal::fresh_id;
using rehearsal::morning;
using rehearsal::small_world;
using rehearsal::with_database;

namespace {

struct with_texts : with_database {
  model::note write(const std::string& body, model::stream stream = model::stream::shared) {
    const auto n = world.note(world.admin, body, stream);
    must(world.keep(world.admin, model::note_added{n}));
    return n;
  }
  model::goal plan(const std::string& title, const std::string& description = "") {
    model::goal g;
    g.id = fresh_id<model::goal_id>();
    g.org = world.org->settings.id;
    g.of_case = world.opened.at(0);
    g.title = title;
    g.description = description;
    g.author = world.admin.user;
    g.author_name = world.admin.full_name;
    g.created_at = morning;
    must(world.keep(world.admin, model::goal_added{g}));
    return g;
  }
  model::note_revision former(const model::note& n) const {
    return {fresh_id<model::revision_id>(), n.org, n.of_case, n.id, n.body, morning, world.admin.user};
  }
  std::vector<store::search_row> ask(const model::caller& who, const std::string& text,
                                     store::page part = {}) {
    return world.session.search(who.user, {text, {}, part});
  }
  std::size_t finds(const model::caller& who, const std::string& text) { return ask(who, text).size(); }
  /// Somebody with the role in this organisation, for every landlord if a manager.
  model::caller member(const std::string& role, bool with_landlords) {
    const auto id = to_text(fresh_id<model::user_id>());
    const auto org = to_text(world.org->settings.id);
    auto database = owner();
    database.exec("INSERT INTO keywork.users VALUES ($1::uuid, $1 || '@example.org', 'Max', '2026-01-01')",
                  {id});
    database.exec(
        "INSERT INTO keywork.memberships VALUES ($1::uuid, $2::uuid, $2 || '@example.org', 'Max', $3, "
        "'2026-01-01')",
        {org, id, role});
    if (with_landlords)
      database.exec(
          "INSERT INTO keywork.manager_landlords SELECT org_id, $1::uuid, id FROM keywork.landlords"
          " WHERE org_id = $2::uuid",
          {id, org});
    return small_world::person(*model::parse_id<model::user_id>(id), "Max");
  }
  /// The id of a copy of a row, with these columns changed.
  std::string copied(const std::string& table, const std::string& id, const std::string& changes) const {
    const auto made =
        owner().exec("INSERT INTO keywork." + table + " SELECT (jsonb_populate_record(t, $2::jsonb ||" +
                         " jsonb_build_object('id', gen_random_uuid()))).* FROM keywork." + table +
                         " t WHERE id = $1::uuid RETURNING id",
                     {id, changes});
    return std::string(made.text(0, 0));
  }
  /// A case like the first one, for a landlord of its own: the landlord's id and the case's.
  std::pair<std::string, std::string> other_case() const {
    const auto first = [&](const auto& rows) { return to_text(rows.at(0).id); };
    const auto as = [](const std::string& column, const std::string& id) {
      return "{\"" + column + "\": \"" + id + "\"}";
    };
    const auto& org = *world.org;
    const auto landlord = copied("landlords", first(org.landlords), "{}");
    const auto property = copied("properties", first(org.properties), as("landlord_id", landlord));
    const auto tenancy = copied("tenancies", first(org.tenancies), as("property_id", property));
    const auto tenant = copied("tenants", first(org.tenants), as("tenancy_id", tenancy));
    return {landlord, copied("support_cases", to_text(world.opened.at(0)),
                             R"({"reference": "SC-99", "tenancy_id": ")" + tenancy + R"(", "tenant_id": ")" +
                                 tenant + "\"}")};
  }
  /// `many` notes in a case, beginning with these words.
  void fill(const std::string& of_case, const std::string& stream, const std::string& words, int many) const {
    owner().exec(
        "INSERT INTO keywork.notes (id, org_id, case_id, stream, body, safeguarding, author_id, author_name, "
        "created_at)"
        " SELECT (lpad(to_hex(1480000000000 + k::bigint * 80000000), 12, '0') || '7000' ||"
        "  left(md5(c.id::text || $2 || $3 || k), 16))::uuid, c.org_id, c.id, $2, $3 || ' visit', false, "
        "c.id,"
        " 'Ada', '2026-01-01' FROM keywork.support_cases c CROSS JOIN generate_series(1, $4::int) k"
        " WHERE c.id = $1::uuid",
        {of_case, stream, words, std::to_string(many)});
  }
  /// How many entries a search takes out of the table and its indexes, by PostgreSQL's own count.
  long entries_touched(const model::caller& who, const std::string& text) const {
    auto database = owner();
    database.script("BEGIN");
    database.exec("SELECT set_config('keywork.user', $1, true)", {to_text(who.user)});
    database.script("SET LOCAL ROLE keywork_person");
    const auto found = database.exec(
        "SELECT count(*) FROM keywork.search($1, NULL, 'ffffffff-ffff-ffff-ffff-ffffffffffff', 51)", {text});
    BOOST_TEST(found.number(0, 0) == 0, text);
    database.script("RESET ROLE");
    return database
        .exec(
            "SELECT sum(pg_stat_get_xact_tuples_returned(r) + pg_stat_get_xact_tuples_fetched(r))::bigint"
            " FROM (SELECT 'keywork.search_entries'::regclass::oid UNION ALL SELECT indexrelid FROM pg_index"
            "  WHERE indrelid = 'keywork.search_entries'::regclass) t (r)")
        .number(0, 0);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(session_search_suite, with_texts)

BOOST_AUTO_TEST_CASE(a_find_tells_where_it_is_and_shows_the_words_around) {
  const auto n = write("Called about the\n\n\"arrears\" <b>again</b>. She will pay on Friday.");
  const auto found = ask(world.admin, "arrears");
  BOOST_TEST_REQUIRE(found.size() == 1u);
  BOOST_TEST(!found[0].is_goal);
  BOOST_TEST((found[0].id == n.id.value));
  BOOST_TEST((found[0].of_case == n.of_case));
  BOOST_TEST(found[0].reference == "SC-1");
  BOOST_TEST(found[0].tenant_name == "Tess Tenant");
  BOOST_TEST(found[0].organisation_name == world.org->settings.name);
  BOOST_TEST((found[0].stream == model::stream::shared));
  BOOST_TEST(found[0].author_name == "Ada Admin");
  BOOST_TEST((found[0].created_at == morning));
  BOOST_TEST(found[0].snippet.find("about the \"arrears\"") != std::string::npos, found[0].snippet);
  BOOST_TEST(found[0].snippet.find('\n') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(words_are_stemmed_joined_quoted_excluded_and_begun) {
  write("Housing benefit was paid late");
  write("The benefit office: late housing form");
  const auto count = [&](const std::string& text) { return finds(world.admin, text); };
  BOOST_TEST(count("benefits") == 2u);
  BOOST_TEST(count("BENEFIT forms") == 1u);
  BOOST_TEST(count("\"housing benefit\"") == 1u);
  BOOST_TEST(count("benefit -office") == 1u);
  BOOST_TEST(count("paid or office") == 2u);
  BOOST_TEST(count("benefit offi") == 1u);
  BOOST_TEST(count("housin") == 0u, "a beginning longer than what is kept of the word");
  BOOST_TEST(count("housing") == 2u);
  BOOST_TEST(count("offi benefit") == 0u, "only the last word may be a beginning");
  BOOST_TEST(count("late \"offi") == 0u, "nor one within quotes");
}

BOOST_AUTO_TEST_CASE(no_text_is_an_error) {
  write(std::string("plain words ") + emoji);
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += "plain ";
  for (const std::string& text :
       {std::string{}, std::string("   "), std::string("the and of"), std::string("'"),
        std::string("&|!():*<->"), std::string("a\0b", 3), std::string("\\"), std::string("' OR 1=1 --"),
        std::string("\"\"\""), std::string("foo:* & bar"), std::string("-"), std::string("or"),
        std::string(5000, 'x')})
    BOOST_TEST(finds(world.admin, text) == 0u, text);
  BOOST_CHECK_NO_THROW(finds(world.admin, many));
  BOOST_TEST(finds(world.admin, "שלום") == 1u);
  BOOST_TEST(finds(world.admin, "plain\twords") == 1u);
  BOOST_TEST(finds(world.admin, "-plain") == 0u);
}

BOOST_AUTO_TEST_CASE(goals_are_found_by_title_description_and_latest_progress) {
  auto g = plan("Open an account", "with the credit union");
  BOOST_TEST(finds(world.admin, "account") == 1u);
  BOOST_TEST(ask(world.admin, "union").at(0).is_goal);
  auto after = g;
  after.title = "Keep the account";
  after.edited_at = morning;
  must(world.keep(world.admin, model::goal_edited{g, after}));
  BOOST_TEST(finds(world.admin, "keep") == 1u);
  BOOST_TEST(finds(world.admin, "\"open an account\"") == 0u);
  after.progress = "the passport was lost";
  after.progress_at = morning;
  after.progress_by = world.admin.full_name;
  must(world.keep(world.admin, model::progress_added{
                                   after,
                                   {fresh_id<model::progress_id>(), g.org, g.of_case, g.id, *after.progress,
                                    world.admin.user, world.admin.full_name, morning}}));
  BOOST_TEST(finds(world.admin, "passport") == 1u);
}

BOOST_AUTO_TEST_CASE(R11_former_and_deleted_bodies_are_not_found) {
  const auto n = write("first canaryone");
  auto after = n;
  after.body = "second canarytwo";
  after.edited_at = morning;
  must(world.keep(world.admin, model::note_edited{after, former(n)}));
  BOOST_TEST(finds(world.admin, "canaryone") == 0u);
  BOOST_TEST(finds(world.admin, "canarytwo") == 1u);
  auto gone = after;
  gone.body.clear();
  gone.deleted_at = morning;
  gone.deleted_by = world.admin.user;
  gone.deleted_by_name = world.admin.full_name;
  must(world.keep(world.admin, model::note_deleted{gone, former(after)}));
  BOOST_TEST(finds(world.admin, "canarytwo") == 0u);
  BOOST_TEST(count("search_entries") == 0, "the words go with the text");
}

BOOST_AUTO_TEST_CASE(R13_everybody_finds_what_they_may_read_and_nothing_else) {
  write("canary shared");
  write("canary professional", model::stream::professional);
  plan("canary goal");
  const auto full = accepted("full@example.org");
  const auto context = accepted("context@example.org", model::participation::context_only);
  const auto manager = member("property_manager", true), elsewhere = member("property_manager", false);
  small_world other(db.service_conninfo);
  const auto finds_professional = [&](const model::caller& who) {
    return finds(who, "professional") + finds(who, "canary profess");
  };
  BOOST_TEST(finds(world.admin, "canary") == 3u);
  BOOST_TEST(finds(manager, "canary") == 3u);
  BOOST_TEST(finds_professional(manager) == 2u);
  for (const auto& who : {full, context}) {
    const auto found = ask(who, "canary");
    BOOST_TEST(found.size() == 2u);
    BOOST_TEST(finds_professional(who) == 0u);
    for (const auto& row : found) {
      BOOST_TEST(row.tenant_name == "Tess Tenant");
      BOOST_TEST(row.organisation_name == world.org->settings.name);
    }
  }
  for (const auto& who : {elsewhere, other.admin, small_world::person(fresh_id<model::user_id>(), "Nobody")})
    BOOST_TEST(finds(who, "canary") == 0u);
  BOOST_TEST(world.session.search(world.admin.user, {"canary", other.org->settings.id, {}}).empty());
  BOOST_TEST(world.session.search(world.admin.user, {"canary", world.org->settings.id, {}}).size() == 3u);
}

BOOST_AUTO_TEST_CASE(R13_what_a_search_costs_does_not_follow_the_words_one_may_not_see) {
  const auto own = to_text(world.opened.at(0));
  const auto [landlord, foreign] = other_case();
  const auto full = accepted("full@example.org");
  const auto context = accepted("context@example.org", model::participation::context_only);
  const auto manager = member("property_manager", false);
  owner().exec(
      "INSERT INTO keywork.manager_landlords VALUES ($1::uuid, $2::uuid, $3::uuid)",
      {to_text(world.org->settings.id), to_text(manager.user), to_text(world.org->landlords.at(0).id)});
  fill(own, "shared", "plain", 30);
  // Words of another case; of another organisation; and, for workers, of their own case's professional notes.
  fill(foreign, "professional", "seldomly", 20);
  fill(foreign, "shared", "frequently", 3000);
  small_world elsewhere(db.service_conninfo);
  fill(to_text(elsewhere.opened.at(0)), "shared", "abroad", 3000);
  fill(own, "professional", "discreetly", 3000);
  owner().script("ANALYZE keywork.search_entries");
  for (const bool merged : {false, true}) {
    // New words wait outside the index of words at first; they may not tell either.
    if (merged) owner().exec("SELECT gin_clean_pending_list('keywork.search_entries_words')");
    for (const auto& who : {full, context, manager}) {
      const auto nothing = entries_touched(who, "absent");
      BOOST_TEST(nothing > 0);
      for (const std::string text : {"seldomly", "frequently", "freque", "\"frequently visit\"", "plain freq",
                                     "frequently or seldom", "abroad", "abro", "frequently -plain"})
        BOOST_TEST(entries_touched(who, text) == nothing, text);
    }
    for (const auto& who : {full, context})
      for (const std::string text : {"discreetly", "discr", "plain discreetly"}) {
        BOOST_TEST(entries_touched(who, text) == entries_touched(who, "absent"), text);
        BOOST_TEST(entries_touched(who, text) < 200, "the case's professional notes are read");
      }
  }
  BOOST_TEST(finds(manager, "discreetly") == 50u);
  BOOST_TEST(finds(world.admin, "seldomly") == 20u);
}

BOOST_AUTO_TEST_CASE(R3_who_operates_every_case_searches_the_organisation_and_loses_it_with_the_next_case) {
  const auto manager = member("property_manager", true);
  write("canary");
  BOOST_TEST(finds(manager, "canary") == 1u);
  const auto [landlord, foreign] = other_case();
  fill(foreign, "shared", "canary", 1);
  BOOST_TEST(finds(manager, "canary") == 1u);
  BOOST_TEST(finds(world.admin, "canary") == 2u);
}

BOOST_AUTO_TEST_CASE(R16_an_ended_or_unaccepted_assignment_finds_nothing) {
  write("canary");
  const auto invited = world.invite("invited@example.org");
  must(world.keep(world.admin, invited));
  BOOST_TEST(finds(worker(invited), "canary") == 0u);
  auto row = invited.collaborator;
  row.accepted_at = morning;
  must(world.keep(worker(invited), model::collaborator_accepted{row}));
  BOOST_TEST(finds(worker(invited), "canary") == 1u);
  row.ended_at = morning;
  row.ended_by = world.admin.user;
  must(world.keep(world.admin, model::collaborator_ended{row}));
  BOOST_TEST(finds(worker(invited), "canary") == 0u);
}

BOOST_AUTO_TEST_CASE(R8_closed_cases_are_found_and_R36_a_tier_without_the_workspace_is_not) {
  write("canary");
  const auto who = accepted("worker@example.org");
  must(world.keep(world.admin, model::case_closed{morning, {}}));
  BOOST_TEST(finds(world.admin, "canary") == 1u);
  BOOST_TEST(finds(who, "canary") == 1u);
  world.session.set_tier(world.org->settings.id, "starter", "command line", fresh_id<model::audit_id>(),
                         morning);
  BOOST_TEST(finds(world.admin, "canary") == 0u);
  BOOST_TEST(finds(who, "canary") == 0u);
}

BOOST_AUTO_TEST_CASE(pages_hold_every_find_once_newest_first_across_the_spans_of_time) {
  // Ten years of notes, more than are read through at first; every seventh says it.
  const auto org = to_text(world.org->settings.id), of_case = to_text(world.opened.at(0));
  owner().exec(
      "INSERT INTO keywork.notes (id, org_id, case_id, stream, body, safeguarding, author_id, author_name, "
      "created_at)"
      " SELECT (lpad(to_hex(1480000000000 + k::bigint * 80000000), 12, '0') || '7000' || lpad(to_hex(k), 16, "
      "'8'))::uuid,"
      " $1::uuid, $2::uuid, CASE WHEN k % 3 = 0 THEN 'professional' ELSE 'shared' END,"
      " CASE WHEN k % 700 = 0 THEN 'rare ' ELSE '' END || CASE WHEN k % 7 = 0 THEN 'often' ELSE 'other' END, "
      "false,"
      " $2::uuid, 'Ada', '2026-01-01' FROM generate_series(1, 4000) k",
      {org, of_case});
  const auto full = accepted("full@example.org");
  const auto all_of = [&](const model::caller& who, const std::string& text, std::size_t limit) {
    std::vector<model::uuid> ids;
    store::page part{limit, {}};
    for (;;) {
      const auto found = ask(who, text, part);
      for (const auto& row : found) ids.push_back(row.id);
      if (found.size() < limit) return ids;
      part.after = ids.back();
    }
  };
  const auto check = [&](const model::caller& who, const std::string& text, std::size_t limit,
                         std::size_t wanted) {
    const auto ids = all_of(who, text, limit);
    BOOST_TEST(ids.size() == wanted, text);
    BOOST_TEST(std::set(ids.begin(), ids.end()).size() == wanted);
    BOOST_TEST(std::is_sorted(ids.rbegin(), ids.rend()));
  };
  check(world.admin, "often", 37, 571);
  check(world.admin, "rare", 2, 5);
  check(world.admin, "often rar", 50, 5);
  check(world.admin, "rare oft", 50, 5);
  check(full, "often", 37, 571 - 190);
  check(full, "rare", 2, 4);
  // Of two landlords' cases this one sees one, and so goes by the case.
  const auto manager = member("property_manager", true);
  check(manager, "often", 37, 571);
  const auto [landlord, foreign] = other_case();
  fill(foreign, "shared", "often", 3);
  check(manager, "often", 37, 571);
  check(manager, "often rar", 2, 5);
}

BOOST_AUTO_TEST_SUITE_END()
