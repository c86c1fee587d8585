// R29 by model/ against the same rule in SQL, over random histories. The SQL knows the raw events only.
//
// The seed is printed. Replay with KEYWORK_SEED=<seed>.
#include "model/retention.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <random>

#include "model/time_zones.hpp"
#include "tests/model/case_world.hpp"
#include "tests/odb/test_cluster.hpp"
#include "tests/property/retention_histories.hpp"

namespace {

using namespace rehearsal;
using model::instant;
/// `case`, `note 0`, `shell`, … and when each is due: microseconds since 1970, or `never`.
using dues = std::map<std::string, std::string>;

constexpr int batches = 20;
constexpr std::size_t batch_size = 500;

std::uint64_t chosen_seed() {
  const char* given = std::getenv("KEYWORK_SEED");
  const std::uint64_t seed = given ? std::stoull(given) : std::random_device{}();
  std::cout << "retention: seed=" << seed << " (replay: KEYWORK_SEED=" << seed << ")\n";
  return seed;
}

std::string due_text(std::optional<instant> at) {
  return at ? std::to_string(at->time_since_epoch().count()) : "never";
}

// ---- by the model ----------------------------------------------------------------------------------------

/// An organisation and a case, through which a history goes by commands.
class folded {
 public:
  explicit folded(const history& h) {
    for (const auto& e : h) happen(e);
  }

  dues all() const {
    const auto closed_at = case_.state.header.closed_at;
    const auto& windows = org_.state.settings.support_retention_years;
    const auto& zone = org_.state.settings.time_zone;
    dues out{{"case", due_text(model::case_due(closed_at, windows, zone))}};
    model::retention_facts facts{closed_at, zone, windows, false, {}, {}};
    for (std::size_t i = 0; i < notes_.size(); ++i) {
      const auto& n = case_.at(notes_[i]);
      out["note " + std::to_string(i)] =
          due_text(model::note_due(closed_at, n.safeguarding, n.flagged_at, windows, zone));
      if (n.safeguarding) facts.flagged.push_back(n.flagged_at.value());
    }
    for (const auto& c : model::explain_retention(facts).classes) {
      if (c.name == model::retention_class::case_) out["shell"] = due_text(c.due_at);
      if (c.name != model::retention_class::safeguarding_notes) continue;
      out["first safeguarding"] = due_text(c.due_at);
      out["last safeguarding"] = due_text(c.last_due_at);
    }
    return out;
  }

 private:
  void happen(const happening& e) {
    case_.now = e.at;
    const auto& admin = case_.admin;
    switch (e.what) {
      case happened::settings: {
        model::change_settings cmd;
        cmd.time_zone = model::name_text{e.zone};
        cmd.support_retention_years = {e.windows.default_, e.windows.safeguarding};
        cmd.due = model::due_counts{};
        org_.done(org_.admin, cmd);
        break;
      }
      case happened::closed:
        case_.done(admin, model::close_case{});
        break;
      case happened::reopened:
        case_.done(admin, model::reopen_case{});
        break;
      case happened::noted:
        notes_.push_back(case_.note(admin, model::stream::professional, "A note."));
        break;
      case happened::flagged:
      case happened::unflagged:
        case_.done(admin, case_.flag(note(e), e.what == happened::flagged, "It has to be."));
        break;
      case happened::deleted:
        case_.done(admin, model::delete_note{note(e)});
    }
  }
  model::note_id note(const happening& e) const { return notes_.at(static_cast<std::size_t>(e.note)); }

  model_tests::org_world org_;
  model_tests::case_world case_;
  std::vector<model::note_id> notes_;
};

// ---- by SQL ----------------------------------------------------------------------------------------------

/// Zones that PostgreSQL means by their names too: `CET` is an abbreviation to it first, without summer time.
std::vector<std::string> zones_of(store::sql_connection& db) {
  const auto rows = db.exec(
      "SELECT name FROM pg_timezone_names WHERE upper(name) NOT IN (SELECT abbrev FROM pg_timezone_abbrevs) "
      "ORDER BY name",
      {});
  std::vector<std::string> out;
  for (int row = 0; row < rows.rows(); ++row)
    if (model::is_time_zone(rows.text(row, 0))) out.emplace_back(rows.text(row, 0));
  return out;
}

void insert(store::sql_connection& db, const std::vector<history>& batch) {
  std::string rows;
  for (std::size_t h = 0; h < batch.size(); ++h)
    for (std::size_t i = 0; i < batch[h].size(); ++i) {
      const auto& e = batch[h][i];
      rows += (rows.empty() ? "(" : ",(") + std::to_string(h) + ',' + std::to_string(i) + ",'" +
              model::to_text(e.at) + "','" + std::string(model::to_text(e.what)) + "'," +
              std::to_string(e.note) + ',' + std::to_string(e.windows.default_) + ',' +
              std::to_string(e.windows.safeguarding) + ",'" + e.zone + "')";
    }
  db.script("TRUNCATE history_events; INSERT INTO history_events VALUES " + rows +
            "; ANALYZE history_events");
}

/// What is due in each history; `how` counts how the wall times were met.
std::vector<dues> dues_by_sql(store::sql_connection& db, std::size_t histories,
                              std::map<std::string, int>& how) {
  static const std::string query = [] {
    std::ifstream in(KEYWORK_SOURCE_DIR "/tests/property/retention_due.sql");
    return std::string{std::istreambuf_iterator<char>(in), {}};
  }();
  const auto rows = db.exec(query, {});
  std::vector<dues> out(histories);
  for (int row = 0; row < rows.rows(); ++row) {
    out.at(static_cast<std::size_t>(rows.number(row, 0))).emplace(rows.text(row, 1), rows.text(row, 2));
    ++how[std::string(rows.text(row, 3))];
  }
  return out;
}

std::string to_text(const dues& all) {
  std::string out;
  for (const auto& [subject, due] : all) {
    out += subject + ": " + due;
    if (due != "never") out += ' ' + model::to_text(instant{std::chrono::microseconds{std::stoll(due)}});
    out += '\n';
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(retention)

BOOST_AUTO_TEST_CASE(R29_the_model_and_SQL_agree_on_what_is_due_when) {
  auto fresh = test_cluster::instance().empty();
  store::sql_connection db(fresh.owner_conninfo);
  db.script(
      "SET timezone = 'UTC'; SET jit = off;"
      "CREATE TEMP TABLE history_events (history int, seq int, at timestamptz, kind text, note int,"
      " default_years int, safeguarding_years int, zone text, PRIMARY KEY (history, seq))");
  const auto zones = zones_of(db);
  BOOST_REQUIRE_GT(zones.size(), 400U);

  history_maker histories(chosen_seed(), zones);
  std::map<std::string, int> how;
  for (int n = 0; n < batches; ++n) {
    std::vector<history> batch;
    std::generate_n(std::back_inserter(batch), batch_size, [&] { return histories.next(); });
    insert(db, batch);
    const auto by_sql = dues_by_sql(db, batch.size(), how);
    for (std::size_t h = 0; h < batch.size(); ++h) {
      const auto by_model = folded(batch[h]).all();
      BOOST_REQUIRE_MESSAGE(by_model == by_sql[h], "after\n" + to_text(batch[h]) + "the model has\n" +
                                                       to_text(by_model) + "and SQL\n" + to_text(by_sql[h]));
    }
  }
  // Agreement says little unless the histories met what is hard.
  for (const auto* hard : {"plain", "never", "no leap day", "gap", "twice"}) {
    std::cout << "  " << hard << ": " << how[hard] << '\n';
    BOOST_TEST(how[hard] > 100, hard);
  }
}

BOOST_AUTO_TEST_SUITE_END()
