// What a housing officer may be told (R33, R34): wall 1 (model/digest) against wall 2 (the row-level security
// of keywork_digest) in random worlds. KEYWORK_WORLDS and KEYWORK_SEED as in two_walls_test.cpp.
#include "model/digest.hpp"

#include <rapidcheck.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <iostream>
#include <random>
#include <set>
#include <sstream>

#include "model/plans.hpp"
#include "tests/odb/test_cluster.hpp"
#include "tests/property/world_rows.hpp"

namespace {

using namespace rehearsal;
using model::to_text;
/// `note <id>`, …
using told = std::set<std::string>;

void choose_seed() {
  const char* given = std::getenv("KEYWORK_SEED");
  const auto seed = given ? std::string(given) : std::to_string(std::random_device{}());
  const char* worlds = std::getenv("KEYWORK_WORLDS");
  setenv("RC_PARAMS", ("seed=" + seed + " max_success=" + (worlds ? worlds : "500")).c_str(), 0);
  std::cout << "digest: " << std::getenv("RC_PARAMS") << " (replay: KEYWORK_SEED=" << seed << ")\n";
}

store::sql_connection& database() {
  static auto fresh = test_cluster::instance().fresh();
  static store::sql_connection connection(fresh.owner_conninfo);
  return connection;
}

/// A world in the database, for as long as this lives.
struct rehearsed_world {
  explicit rehearsed_world(const world& w) {
    database().script("BEGIN");
    insert(database(), w);
  }
  ~rehearsed_world() { database().script("ROLLBACK"); }
};

/// Some people's addresses in the organisations' lists, the notes' flag, and tenants of every visibility.
void turn_into_digests(world& w) {
  for (auto& org : w.orgs) {
    auto& settings = org.state.settings;
    settings.support_notes_visible_to_housing_officer = pick(2) == 1;
    for (const auto& p : w.people)
      if (pick(3) != 0) settings.housing_officer_emails.push_back(p.email);
    for (auto& t : org.state.tenants) t.housing_officer_note_visibility = model::note_visibility{pick(3)};
  }
}

told read_as_digest(const model::org_state& org, const std::optional<person>& to) {
  auto& db = database();
  db.exec(
      "SELECT set_config('role', 'keywork_digest', true), set_config('keywork.org', $1, true),"
      " set_config('keywork.user', $2, true)",
      {to_text(org.settings.id), to ? to_text(to->id) : ""});
  const auto rows = db.exec(
      "SELECT 'case ' || id FROM keywork.support_cases UNION ALL SELECT 'tenant ' || id FROM keywork.tenants"
      " UNION ALL SELECT 'goal ' || id FROM keywork.goals UNION ALL SELECT 'session ' || id FROM "
      "keywork.sessions"
      " UNION ALL SELECT 'note ' || id FROM keywork.notes"
      " UNION ALL SELECT 'team ' || id FROM keywork.tenant_collaborators"
      " UNION ALL SELECT 'organisation ' || id FROM keywork.organisations"
      " UNION ALL SELECT 'email ' || email FROM keywork.housing_officer_emails");
  db.script("RESET ROLE");
  told out;
  for (int row = 0; row < rows.rows(); ++row) out.emplace(rows.text(row, 0));
  return out;
}

template <class Id>
std::string named(const char* kind, const Id& id) {
  return std::string(kind) + " " + to_text(id);
}

model::digest_assignment assignment_of(const model::collaborator& r, const model::support_case& c,
                                       const model::tenant& t) {
  return {c.header.id,
          c.header.reference,
          c.header.closed_at,
          t.full_name,
          t.housing_officer_note_visibility,
          r.participation,
          r.email.value_or(""),
          r.full_name.value_or(""),
          r.accepted_at,
          r.ended_at};
}

/// Every moment there is: what row-level security does not know is which month is told of.
constexpr model::month_period always{model::instant::min(), model::instant::max()};

void add_case(told& out, const model::support_case& c, model::digest_reach reach) {
  out.insert(named("case", c.header.id));
  out.insert(named("tenant", c.header.tenant));
  for (const auto& g : c.goals)
    if (model::tell(*g)) out.insert(named("goal", g->id));
  for (const auto& s : c.sessions)
    if (model::tell(*s, always)) out.insert(named("session", s->id));
  if (reach != model::digest_reach::with_notes) return;
  for (const auto* notes : {&c.shared, &c.professional})
    for (const auto& n : *notes)
      if (model::tell(*n, always)) out.insert(named("note", n->id));
}

bool is_sold(const model::org_state& org) {
  return model::default_catalogue().includes(org.settings.tier, model::support_cases_feature);
}

told by_the_model(const org_world& org, const std::optional<person>& to) {
  told out;
  const auto& settings = org.state.settings;
  if (settings.kind == model::org_kind::managing_agent) out.insert(named("organisation", settings.id));
  for (const auto& email : settings.housing_officer_emails) out.insert("email " + email);
  if (!is_sold(org.state)) return out;
  for (const auto& c : org.cases)
    for (const auto& r : c.team) {
      const auto a = assignment_of(*r, c, *org.state.find(c.header.tenant));
      if ((to && r->user != to->id) || !model::is_recipient(a, settings)) continue;
      out.insert(named("team", r->id));
      const auto reach = model::reach_of(a.visibility, settings);
      if (to && reach != model::digest_reach::nothing) add_case(out, c, reach);
    }
  return out;
}

void same_in_both(const char* whose, const told& model_says, const told& rows_say) {
  for (const auto& one : model_says)
    if (!rows_say.contains(one)) RC_FAIL(std::string(whose) + ": the rows do not tell " + one);
  for (const auto& one : rows_say)
    if (!model_says.contains(one)) RC_FAIL(std::string(whose) + ": the rows tell " + one);
}

}  // namespace

BOOST_AUTO_TEST_CASE(R34_what_the_digest_may_read_is_what_may_be_told) {
  choose_seed();
  std::size_t notes = 0, goals = 0;
  const bool held = rc::check("the digest's two walls agree", [&] {
    auto w = draw_world();
    turn_into_digests(w);
    const rehearsed_world kept(w);
    for (const auto& org : w.orgs) {
      same_in_both("nobody bound", by_the_model(org, {}), read_as_digest(org.state, {}));
      for (const auto& p : w.people) {
        const auto may = by_the_model(org, p);
        same_in_both(p.full_name.c_str(), may, read_as_digest(org.state, p));
        for (const auto& one : may) {
          notes += one.starts_with("note ");
          goals += one.starts_with("goal ");
        }
      }
    }
  });
  BOOST_TEST(held);
  // The worlds tell of something at all.
  BOOST_TEST(notes > 0u);
  BOOST_TEST(goals > 0u);
}
