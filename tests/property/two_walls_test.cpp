// Wall 1 (model/: access, decide, view) against wall 2 (row-level security) in random worlds (R13).
//
// The seed is printed; KEYWORK_WORLDS says how many worlds, 1000 without it. Replay with KEYWORK_SEED=<seed>,
// or set RapidCheck's own RC_PARAMS (see its manual), which wins: `RC_PARAMS="reproduce=…"` goes straight to
// a failing world, `max_success=…` changes how many are drawn.
#include <rapidcheck.h>

#include <algorithm>
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <set>
#include <sstream>

#include "model/case_view.hpp"
#include "model/org_view.hpp"
#include "tests/odb/test_cluster.hpp"
#include "tests/property/attempts.hpp"
#include "tests/property/ledgers.hpp"
#include "tests/property/world_rows.hpp"

namespace {

using namespace rehearsal;
using model::to_text;
/// `note <id>`, …
using visible = std::set<std::string>;

void choose_seed() {
  static const bool once = [] {
    const char* given = std::getenv("KEYWORK_SEED");
    const auto seed = given ? std::string(given) : std::to_string(std::random_device{}());
    const char* worlds = std::getenv("KEYWORK_WORLDS");
    setenv("RC_PARAMS", ("seed=" + seed + " max_success=" + (worlds ? worlds : "1000")).c_str(), 0);
    std::cout << "two walls: " << std::getenv("RC_PARAMS") << " (replay: KEYWORK_SEED=" << seed << ")\n";
    return true;
  }();
  static_cast<void>(once);
}

/// The owner's connection, with the function that tries statements as somebody and takes them back.
store::sql_connection& database() {
  static auto fresh = test_cluster::instance().fresh();
  static auto connection = [] {
    store::sql_connection c(fresh.owner_conninfo);
    c.script(R"(
      SET plan_cache_mode = force_generic_plan;
      CREATE FUNCTION pg_temp.attempt(who text, statements jsonb) RETURNS text LANGUAGE plpgsql AS $$
      DECLARE statement text; met bigint;
      BEGIN
        PERFORM set_config('role', 'keywork_person', true), set_config('keywork.user', who, true);
        FOR statement IN SELECT jsonb_array_elements_text(statements) LOOP
          EXECUTE statement;
          GET DIAGNOSTICS met = ROW_COUNT;
          IF met <> 1 THEN RAISE EXCEPTION 'no row met: %', statement USING ERRCODE = 'KW404'; END IF;
        END LOOP;
        RAISE EXCEPTION 'taken back' USING ERRCODE = 'KW200';
      EXCEPTION WHEN OTHERS THEN
        RETURN SQLSTATE || ' ' || SQLERRM;
      END $$)");
    return c;
  }();
  return connection;
}

/// A world in the database, for as long as this lives.
struct rehearsed_world {
  rehearsed_world(const world& w, const ledgers& kept) {
    database().script("BEGIN");
    insert(database(), w);
    insert(database(), w, kept);
  }
  ~rehearsed_world() { database().script("ROLLBACK"); }
};

visible seen_by_rows(const person& who) {
  auto& db = database();
  db.exec("SELECT set_config('role', 'keywork_person', true), set_config('keywork.user', $1, true)",
          {to_text(who.id)});
  const auto rows = db.exec(
      std::string(readable_of_ledgers) +
      " UNION ALL SELECT 'case ' || id FROM keywork.support_cases UNION ALL SELECT 'note ' || id FROM "
      "keywork.notes "
      "UNION ALL SELECT 'revision ' || id FROM keywork.note_revisions "
      "UNION ALL SELECT 'goal ' || id FROM keywork.goals UNION ALL SELECT 'progress ' || id FROM "
      "keywork.goal_progress "
      "UNION ALL SELECT 'session ' || id FROM keywork.sessions UNION ALL SELECT 'document ' || id FROM "
      "keywork.documents UNION ALL SELECT 'text ' || document_id FROM keywork.document_texts "
      "UNION ALL SELECT coalesce(kept_as, 'chunk') || ' ' || document_id FROM keywork.document_chunks "
      "UNION ALL SELECT 'audit-link ' || document_id FROM keywork.signature_requests WHERE audit_url IS NOT "
      "NULL "
      "UNION ALL SELECT 'read ' || id FROM keywork.case_reads "
      "UNION ALL SELECT 'figures ' || case_id || ' ' || open_goals FROM keywork.case_figures "
      "UNION ALL SELECT 'team ' || id FROM keywork.tenant_collaborators "
      "UNION ALL SELECT 'audit ' || id FROM keywork.audit_entries UNION ALL SELECT 'caseload ' || id FROM "
      "keywork.caseload "
      "UNION ALL SELECT 'landlord ' || id FROM keywork.landlords UNION ALL SELECT 'property ' || id FROM "
      "keywork.properties "
      "UNION ALL SELECT 'tenancy ' || id FROM keywork.tenancies UNION ALL SELECT 'tenant ' || id FROM "
      "keywork.tenants "
      "UNION ALL SELECT 'member ' || org_id || user_id FROM keywork.memberships "
      "UNION ALL SELECT 'template ' || org_id || id FROM keywork.document_templates "
      "UNION ALL SELECT 'organisation ' || id FROM keywork.organisations");
  db.script("RESET ROLE");
  visible out;
  for (int row = 0; row < rows.rows(); ++row) out.emplace(rows.text(row, 0));
  return out;
}

/// What keywork.search() finds of the words that stand in every note and every goal.
visible found_by_rows(const person& who) {
  auto& db = database();
  db.exec("SELECT set_config('role', 'keywork_person', true), set_config('keywork.user', $1, true)",
          {to_text(who.id)});
  const auto rows = db.exec(
      "SELECT kind || ' ' || id FROM keywork.search('body or goal', NULL, "
      "'ffffffff-ffff-ffff-ffff-ffffffffffff', 1000)");
  db.script("RESET ROLE");
  visible out;
  for (int row = 0; row < rows.rows(); ++row) out.emplace(rows.text(row, 0));
  return out;
}

template <class Id>
std::string named(const char* kind, const Id& id) {
  return std::string(kind) + " " + to_text(id);
}

void add_notes(visible& out, const std::vector<model::note_view>& notes) {
  for (const auto& n : notes) out.insert(named("note", n.id));
}

template <class View>
void add_all(visible& out, const char* kind, const std::vector<View>& views) {
  for (const auto& v : views) out.insert(named(kind, v.id));
}

/// A document's text or file is seen with the document.
void add_documents(visible& out, const std::vector<model::document_view>& documents) {
  add_all(out, "document", documents);
  for (const auto& d : documents)
    if (d.media_type) out.insert(named(*d.media_type == model::document_text_type ? "text" : "chunk", d.id));
}

/// What `view` shows of a case; the lists are short enough to be whole.
void add_case(visible& out, const model::support_case& c, const model::caller& who) {
  const auto shown = model::view(c, who);
  if (std::holds_alternative<model::refusal>(shown)) return;
  const auto add_team = [&](const auto& rows) {
    for (const auto& r : rows) out.insert(named("team", r.id));
  };
  std::visit(model::overloaded{[&](const model::operator_workspace& w) {
                                 add_notes(out, w.notes.shared);
                                 add_notes(out, w.notes.professional);
                                 add_team(w.team);
                                 add_documents(out, w.documents);
                                 // What the signing service made is the operators' alone.
                                 for (const auto& d : w.documents)
                                   if (d.signed_sha256)
                                     out.insert({named("signed", d.id), named("audit-link", d.id)});
                               },
                               [&](const model::full_workspace& w) {
                                 add_notes(out, w.notes.shared);
                                 add_team(w.team);
                                 add_documents(out, w.documents);
                               },
                               [&](const model::context_workspace& w) {
                                 add_notes(out, w.notes.shared);
                                 // Names without ids: the rows behind them are the workers'.
                                 std::size_t workers = 0;
                                 for (const auto& r : c.team)
                                   if (r->participation != model::participation::reference_only) {
                                     out.insert(named("team", r->id));
                                     ++workers;
                                   }
                                 RC_ASSERT(workers == w.team.size());
                               }},
             std::get<model::workspace_view>(shown));
  std::visit(
      [&](const auto& w) {
        add_all(out, "goal", w.goals);
        add_all(out, "session", w.sessions);
      },
      std::get<model::workspace_view>(shown));
  out.insert(named("case", c.header.id));
}

void add_own_rows(visible& out, const model::support_case& c, const person& who) {
  for (const auto& r : c.team) {
    if (r->user != who.id || r->ended_at) continue;
    // An invited person's own row, which they are about to accept.
    out.insert(named("team", r->id));
    if (r->accepted_at) out.insert(named("caseload", r->id));
  }
}

void add_stock(visible& out, const model::org_state& org, const person& who) {
  const auto at_large = model::standing_of(org, who.id);
  if (at_large != model::standing::none) out.insert(named("organisation", org.settings.id));
  if (const auto shown = model::view_document_templates(org, {who.id, {}, {}, {}}, {200, ""});
      shown.index() == 0)
    for (const auto& t : std::get<0>(shown).items)
      if (!t.built_in) out.insert(named("template", org.settings.id) + to_text(t.id));
  for (const auto& m : org.members)
    if (m.user == who.id || at_large == model::standing::org_admin)
      out.insert(named("member", org.settings.id) + to_text(m.user));
  const auto in_scope = [&](model::landlord_id l) {
    return model::standing_of(org, who.id, l) != model::standing::none;
  };
  for (const auto& l : org.landlords)
    if (in_scope(l.id)) out.insert(named("landlord", l.id));
  for (const auto& p : org.properties)
    if (in_scope(p.landlord)) out.insert(named("property", p.id));
  for (const auto& t : org.tenancies)
    if (in_scope(org.find(t.property)->landlord)) out.insert(named("tenancy", t.id));
  for (const auto& t : org.tenants)
    if (model::standing_of(org, who.id, t.id) != model::standing::none) out.insert(named("tenant", t.id));
}

/// The case list's figures, for operators: there is a row once there was a goal or a session to come.
void add_figures(visible& out, const model::support_case& c, model::role who) {
  if (who != model::role::org_admin && who != model::role::property_manager) return;
  const bool to_come = std::any_of(c.sessions.begin(), c.sessions.end(), [](const auto& s) {
    return s->status == model::session_status::scheduled;
  });
  if (c.goals.empty() && !to_come) return;
  const auto open = std::count_if(c.goals.begin(), c.goals.end(),
                                  [](const auto& g) { return g->status == model::goal_status::active; });
  out.insert(named("figures", c.header.id) + " " + std::to_string(open));
}

visible seen_by_model(const world& w, const ledgers& kept, const person& who) {
  visible out;
  add_ledgers(out, w, kept, who);
  std::set<model::case_id> logs, trails, goals, readers;
  std::set<model::org_id> org_logs;
  for (const auto& org : w.orgs) {
    add_stock(out, org.state, who);
    if (model::standing_of(org.state, who.id) == model::standing::org_admin)
      org_logs.insert(org.state.settings.id);
    // R36: the gate comes before the case.
    if (!model::default_catalogue().includes(org.state.settings.tier, model::support_cases_feature)) continue;
    for (const auto& c : org.cases) {
      const auto caller = w.caller(who, org, c);
      add_case(out, c, caller);
      add_own_rows(out, c, who);
      add_figures(out, c, model::role_of(c, caller));
      if (model::role_of(c, caller) == model::role::org_admin) readers.insert(c.header.id);
      if (model::access::allowed(model::role_of(c, caller), model::resource::audit_log, model::action::read))
        logs.insert(c.header.id);
      if (!model::refuse_reading(c, caller, model::resource::documents)) trails.insert(c.header.id);
      if (!model::refuse_reading(c, caller, model::resource::goals)) goals.insert(c.header.id);
    }
  }
  for (const auto& r : w.revisions)
    if (logs.count(r.of_case)) out.insert(named("revision", r.id));
  for (const auto& p : w.progress)
    if (goals.count(p.of_case)) out.insert(named("progress", p.id));
  for (const auto& r : w.reads)
    if (readers.count(r.of_case)) out.insert("read " + model::to_text(r.id));
  for (const auto& a : w.audit) {
    const bool step = a.of_case && a.kind.starts_with("document.") && trails.count(*a.of_case);
    if (step || (a.of_case ? logs.count(*a.of_case) : org_logs.count(a.org)))
      out.insert(named("audit", a.id));
  }
  return out;
}

/// Of what wall 1 shows, what has words.
visible found_by_model(const world& w, const visible& shown) {
  visible out;
  for (const auto& org : w.orgs)
    for (const auto& c : org.cases) {
      for (const auto* notes : {&c.shared, &c.professional})
        for (const auto& n : *notes)
          if (!n->deleted_at && shown.count(named("note", n->id))) out.insert(named("note", n->id));
      for (const auto& g : c.goals)
        if (shown.count(named("goal", g->id))) out.insert(named("goal", g->id));
    }
  return out;
}

std::string difference(const visible& model, const visible& rows) {
  std::ostringstream out;
  for (const auto& one : model)
    if (!rows.count(one)) out << " only wall 1 shows " << one << ";";
  for (const auto& one : rows)
    if (!model.count(one)) out << " only wall 2 shows " << one << ";";
  return out.str();
}

/// How often which answer was compared, so that a world too simple to say anything is noticed.
std::map<std::string, int> answers;

void compare(const std::vector<attempt>& attempts) {
  boost::json::array all;
  for (const auto& a : attempts) {
    boost::json::array statements;
    for (const auto& s : a.statements) statements.emplace_back(s);
    all.emplace_back(boost::json::object{{"who", to_text(a.who)}, {"statements", std::move(statements)}});
  }
  const auto results = database().exec(
      "SELECT pg_temp.attempt(a->>'who', a->'statements') FROM jsonb_array_elements($1::jsonb) WITH "
      "ORDINALITY AS t(a, n) "
      "ORDER BY n",
      {boost::json::serialize(all)});
  for (std::size_t i = 0; i < attempts.size(); ++i) {
    const auto& a = attempts[i];
    const std::string answer(results.text(static_cast<int>(i), 0));
    const auto state = answer.substr(0, 5);
    const bool passed = state == "KW200";
    const auto log = a.what + " by " + to_text(a.who) + ": wall 1 says " + (a.allowed ? "yes" : "no") +
                     ", wall 2 " + answer;
    // Refused, no row there, an address or a case twice; anything else is a fault of the rehearsal itself.
    const bool sound = passed || state == "42501" || state == "KW404" || state == "23505" || state == "23514";
    if (!sound || passed != a.allowed) {
      RC_LOG() << log << std::endl;
      for (const auto& s : a.statements) RC_LOG() << "  " << s << std::endl;
      RC_FAIL("the walls differ");
    }
    ++answers[a.what.substr(0, std::min(a.what.find(" 0"), a.what.find(" person"))) +
              (passed ? ": yes" : ": no")];
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(two_walls)

BOOST_AUTO_TEST_CASE(R13_both_walls_show_the_same_rows_and_give_the_same_yes_or_no) {
  choose_seed();
  const bool held = rc::check("wall 1 and wall 2 agree", [] {
    auto w = draw_world();
    const auto kept = draw_ledgers(w);
    const rehearsed_world in_database(w, kept);
    for (const auto& who : w.people) {
      const auto shown = seen_by_model(w, kept, who);
      const auto differs = difference(shown, seen_by_rows(who));
      if (!differs.empty()) RC_FAIL(who.full_name + " " + to_text(who.id) + ":" + differs);
      const auto finds = difference(found_by_model(w, shown), found_by_rows(who));
      if (!finds.empty()) RC_FAIL(who.full_name + " " + to_text(who.id) + " searches:" + finds);
    }
    std::vector<attempt> attempts;
    for (const auto& who : w.people)
      for (auto& all : {attacks_on_what_is_shut(who), attacks_on_ledgers(who)})
        attempts.insert(attempts.end(), all.begin(), all.end());
    for (const auto& org : w.orgs) {
      const auto& stranger = w.people[static_cast<std::size_t>(pick(static_cast<int>(w.people.size())))];
      for (const auto& c : org.cases)
        for (auto& a : attacks_on_case(w, stranger, c)) attempts.push_back(std::move(a));
      for (const auto& who : w.people) {
        if (auto a = attempt_on_organisation(w, who, org, pick(kinds_of_organisation_attempts)))
          attempts.push_back(*a);
        if (auto a = attempt_on_ledgers(w, who, org, kept, pick(kinds_of_ledger_attempts)))
          attempts.push_back(*a);
        for (const auto& c : org.cases)
          for (int i = 0; i < 2; ++i)
            if (auto a = attempt_on_case(w, who, org, c, pick(kinds_of_case_attempts)))
              attempts.push_back(*a);
      }
    }
    compare(attempts);
  });
  BOOST_TEST(held);
  if (std::getenv("KEYWORK_ANSWERS"))
    for (const auto& [answer, count] : answers) std::cout << count << "  " << answer << "\n";
}

BOOST_AUTO_TEST_SUITE_END()
