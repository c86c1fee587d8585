// Thirty years of sweeps over random histories, by the real store with the clock turned, against R29 as
// PostgreSQL's own calendar and zones have it from the raw events (tests/property/retention_due.sql). The
// seed is printed; replay with KEYWORK_SEED=<seed>.
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <random>
#include <set>

#include "actors/retention_sweep.hpp"
#include "actors/secrets.hpp"
#include "model/clock.hpp"
#include "tests/odb/chosen_time.hpp"

namespace {

using model::instant;
using std::chrono::days;
using std::chrono::hours;

constexpr int histories = 1000;
/// Longer than the shortest window would let something become due while a history still goes on.
constexpr days span{300};

struct place {
  std::string zone;
  model::retention_years windows;
};
const std::vector<place> places{{"Europe/London", {1, 2}},     {"Europe/Helsinki", {2, 25}},
                                {"America/New_York", {7, 25}}, {"Pacific/Kiritimati", {3, 3}},
                                {"Pacific/Apia", {5, 12}},     {"Australia/Lord_Howe", {1, 29}}};

std::uint64_t chosen_seed() {
  const char* given = std::getenv("KEYWORK_SEED");
  const std::uint64_t seed = given ? std::stoull(given) : std::random_device{}();
  std::cout << "retention years: seed=" << seed << " (replay: KEYWORK_SEED=" << seed << ")\n";
  return seed;
}

/// `00000000-0000-7000-8000-…` with three numbers in it.
std::string id_of(int kind, int history, int note = 0) {
  char text[40];
  std::snprintf(text, sizeof text, "%08x-%04x-7000-8000-%012x", kind, note, history);
  return text;
}

/// A case and its notes after all that happened to it, and the events as rows for the oracle.
class written_history {
 public:
  written_history(int number, std::mt19937_64& random, const std::vector<instant>& moments)
      : number_(number), random_(random), moments_(moments) {
    add(moments_.front() - days{1}, "settings", -1);
    const int count = below(5);
    for (int n = 0; n < count; ++n) add(moments_.front(), "noted", n);
    flagged_.resize(static_cast<std::size_t>(count));
    for (int step = below(7); step >= 0; --step) happen();
    held_ = one_in(20);
  }

  std::string events() const { return events_; }
  std::string case_row(const std::string& org) const {
    return "('" + id_of(4, number_) + "', '" + org + "', '" + id_of(3, number_) + "', 'SC', " +
           text(closed_) + ", " + (held_ ? "true" : "false") + ", " + std::to_string(number_) + ")";
  }
  std::string note_rows(const std::string& org) const {
    std::string rows;
    for (std::size_t n = 0; n < flagged_.size(); ++n)
      rows += ",('" + id_of(5, number_, static_cast<int>(n)) + "', '" + org + "', '" + id_of(4, number_) +
              "', " + text(flagged_[n]) + ")";
    return rows;
  }
  bool held() const { return held_; }

 private:
  int below(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
  bool one_in(int n) { return below(n) == 0; }

  void happen() {
    now_ = std::min(now_ + static_cast<std::size_t>(1 + below(16)), moments_.size() - 1);
    const auto at = moments_[now_] + std::chrono::microseconds{below(3)};
    const int what = below(4);
    if (what < 2) {
      if (closed_.has_value() == (what == 1)) return;  // closed as it is, or open
      closed_ = what == 1 ? std::optional{at} : std::nullopt;
      add(at, what == 1 ? "closed" : "reopened", -1);
    } else if (!flagged_.empty()) {
      const int note = below(static_cast<int>(flagged_.size()));
      auto& flag = flagged_[static_cast<std::size_t>(note)];
      add(at, flag ? "unflagged" : "flagged", note);
      flag = flag ? std::nullopt : std::optional{at};
    }
  }

  static std::string text(const std::optional<instant>& at) {
    return at ? "timestamp '" + model::to_text(*at) + "'" : "NULL::timestamp";
  }
  void add(instant at, const std::string& kind, int note) {
    const auto& p = places[static_cast<std::size_t>(number_) % places.size()];
    events_ += ",(" + std::to_string(number_) + "," + std::to_string(seq_++) + ",'" + model::to_text(at) +
               "','" + kind + "'," + std::to_string(note) + ',' + std::to_string(p.windows.default_) + ',' +
               std::to_string(p.windows.safeguarding) + ",'" + p.zone + "')";
  }

  int number_;
  std::mt19937_64& random_;
  const std::vector<instant>& moments_;
  std::size_t now_ = 0;
  int seq_ = 0;
  std::optional<instant> closed_;
  std::vector<std::optional<instant>> flagged_;
  std::string events_;
  bool held_ = false;
};

/// Moments within the span, in order: leap days, changes of clocks and their neighbours among them.
std::vector<instant> moments_from(std::mt19937_64& random) {
  const instant begin = *model::parse_instant("2027-12-15T00:00:00Z");
  std::set<instant> all{begin};
  for (const auto* hard :
       {"2028-02-28T23:30:00Z", "2028-02-29T00:30:00Z", "2028-02-29T12:00:00Z", "2028-03-01T01:00:00Z",
        "2028-03-12T07:30:00Z", "2028-03-26T01:30:00Z", "2028-04-01T15:15:00Z"})
    all.insert(*model::parse_instant(hard));
  while (all.size() < 80)
    all.insert(begin + std::chrono::seconds{random() %
                                            static_cast<std::uint64_t>(std::chrono::seconds{span}.count())});
  return {all.begin(), all.end()};
}

class years_of_sweeps {
 public:
  explicit years_of_sweeps(std::uint64_t seed)
      : random_(seed),
        database_(rehearsal::test_cluster::instance().fresh()),
        owner_(database_.owner_conninfo),
        session_(database_.service_conninfo) {
    rehearsal::let_time_be_chosen(database_);
    owner_.script("SET timezone = 'UTC'; SET search_path = keywork, public; SET jit = off;");
    make_organisations();
    make_histories();
    ask_oracle();
  }

  /// The first sweep at or after each due instant, the one before it, and the one after.
  std::vector<std::pair<instant, int>> sweeps() const {
    std::set<std::pair<instant, int>> all;
    for (const auto& [org, due] : dues_) {
      const auto& zone = places[static_cast<std::size_t>(org)].zone;
      auto then = model::next_sweep(due - std::chrono::microseconds{1}, zone);
      all.emplace(model::sweep_begins(model::last_sweep_day(due - std::chrono::microseconds{1}, zone), zone),
                  org);
      all.emplace(then, org);
      all.emplace(model::next_sweep(then, zone), org);
    }
    return {all.begin(), all.end()};
  }

  void sweep(instant now, int org) {
    const auto day = model::last_sweep_day(now, places[static_cast<std::size_t>(org)].zone);
    const store::held_run fresh{orgs_.at(static_cast<std::size_t>(org)), ids_.make<model::retention_run_id>(),
                                ids_.next()};
    const auto run = store::begin_daily_run(session_, fresh, day, now);
    BOOST_REQUIRE_MESSAGE(run.has_value(), "the day " + model::to_text(day) + " was swept twice");
    actors::retention_sweep sweeping(*run);
    auto state = actors::sweep_state::going;
    while (state == actors::sweep_state::going)
      state = sweeping.step(session_, {now, model::system_clock().now()});
    BOOST_REQUIRE((state == actors::sweep_state::finished));
    BOOST_REQUIRE(sweeping.progress().failed == 0);
  }

  /// Whatever is there and should not be, or the other way round, at `now`.
  std::string wrong(instant now, int org) {
    const auto rows = owner_.exec(
        "SELECT x.subject, x.history, x.due, x.there FROM (SELECT e.*, CASE e.subject WHEN 'shell' THEN"
        " EXISTS (SELECT FROM support_cases c WHERE c.org_id = e.org AND c.id = e.id)"
        " ELSE EXISTS (SELECT FROM notes n WHERE n.org_id = e.org AND n.id = e.id) END AS there"
        " FROM expected e WHERE e.org = $1) x WHERE x.there <> (x.due IS NULL OR x.due > $2::timestamp)",
        {to_text(orgs_.at(static_cast<std::size_t>(org))), model::to_text(now)});
    std::string found;
    for (int row = 0; row < rows.rows(); ++row)
      found += "\n  " + std::string(rows.text(row, 0)) + " of history " + std::string(rows.text(row, 1)) +
               ", due " + std::string(rows.text(row, 2)) +
               (rows.truth(row, 3) ? ", is there still" : ", is gone already");
    return found;
  }
  long left() {
    return owner_.exec("SELECT (SELECT count(*) FROM notes) + (SELECT count(*) FROM support_cases)")
        .number(0, 0);
  }
  long never() { return owner_.exec("SELECT count(*) FROM expected WHERE due IS NULL").number(0, 0); }

 private:
  void make_organisations() {
    for (std::size_t n = 0; n < places.size(); ++n) {
      const auto& p = places[n];
      orgs_.push_back(*model::parse_id<model::org_id>(id_of(1, static_cast<int>(n))));
      const auto org = to_text(orgs_.back());
      owner_.exec(
          "INSERT INTO organisations (id, kind, name, tier, time_zone, support_retention_years_default,"
          " support_retention_years_safeguarding, support_notes_visible_to_housing_officer, created_at)"
          " VALUES ($1, 'managing_agent', 'Org', 'enterprise', $2, $3::int, $4::int, false, '2027-01-01')",
          {org, p.zone, std::to_string(p.windows.default_), std::to_string(p.windows.safeguarding)});
      owner_.exec("INSERT INTO org_sequence VALUES ($1, 1, 1)", {org});
      owner_.exec("INSERT INTO landlords VALUES ($1, $1, 'Lord', '2027-01-01')", {org});
      owner_.exec("INSERT INTO properties VALUES ($1, $1, $1, '1', '', 'Town', 'AB1', '2027-01-01')", {org});
      owner_.exec(
          "INSERT INTO tenancies (id, org_id, property_id, start_date, rent_pence, rent_period, tenure_type,"
          " created_at) VALUES ($1, $1, $1, '2027-01-01', 1, 'monthly', 'other', '2027-01-01')",
          {org});
    }
  }

  void make_histories() {
    const auto moments = moments_from(random_);
    std::string events, cases, notes;
    for (int number = 0; number < histories; ++number) {
      const auto org = to_text(orgs_[static_cast<std::size_t>(number) % places.size()]);
      const written_history h(number, random_, moments);
      events += h.events();
      cases += "," + h.case_row(org);
      notes += h.note_rows(org);
    }
    owner_.script(
        "CREATE TEMP TABLE history_events (history int, seq int, at timestamptz, kind text, note int,"
        " default_years int, safeguarding_years int, zone text, PRIMARY KEY (history, seq));"
        "INSERT INTO history_events VALUES " +
        events.substr(1) +
        "; ANALYZE history_events;"
        "CREATE TEMP TABLE written_cases (id uuid, org uuid, tenant uuid, reference text, closed timestamp, "
        "held bool,"
        " history int); INSERT INTO written_cases VALUES " +
        cases.substr(1) +
        ";"
        "INSERT INTO tenants SELECT tenant, org, org, 'Tenant', 't@x.org', NULL, 'inherit' FROM "
        "written_cases;"
        "INSERT INTO support_cases (id, org_id, tenancy_id, tenant_id, reference, context_summary, "
        "opened_at, closed_at,"
        " last_activity_at, shared_activity_at, version, held_since, hold_reason) SELECT id, org, org, "
        "tenant,"
        " reference || history, '', '2027-01-01', closed, '2027-01-01', '2027-01-01', 1,"
        " CASE WHEN held THEN timestamp '2027-01-01' END, CASE WHEN held THEN 'A court.' END FROM "
        "written_cases;"
        "CREATE TEMP TABLE written_notes (id uuid, org uuid, of_case uuid, flagged timestamp);"
        "INSERT INTO written_notes VALUES " +
        notes.substr(1) +
        ";"
        "INSERT INTO notes (id, org_id, case_id, stream, body, safeguarding, flagged_at, author_id, "
        "author_name,"
        " created_at) SELECT id, org, of_case, 'professional', 'A note.', flagged IS NOT NULL, flagged, org, "
        "'A',"
        " '2027-01-01' FROM written_notes; ANALYZE");
  }

  void ask_oracle() {
    std::ifstream in(KEYWORK_SOURCE_DIR "/tests/property/retention_due.sql");
    const std::string oracle{std::istreambuf_iterator<char>(in), {}};
    owner_.script("CREATE TEMP TABLE told AS " + oracle);
    // What is under hold is never due, whatever its dates are.
    owner_.script(
        "CREATE TEMP TABLE expected AS SELECT t.history, t.subject, c.org, CASE WHEN t.subject = 'shell' "
        "THEN c.id"
        " ELSE format('00000005-%s-7000-8000-%s', lpad(to_hex(substr(t.subject, 6)::int), 4, '0'),"
        "  lpad(to_hex(t.history), 12, '0'))::uuid END AS id, CASE WHEN t.due <> 'never' AND NOT c.held THEN"
        " timestamp '1970-01-01' + t.due::bigint * interval '1 microsecond' END AS due"
        " FROM told t JOIN written_cases c ON c.history = t.history"
        " WHERE t.subject = 'shell' OR t.subject LIKE 'note %'");
    const auto rows = owner_.exec(
        "SELECT DISTINCT org, (extract(epoch FROM due) * 1000000)::bigint FROM expected WHERE due IS NOT NULL"
        " ORDER BY 2",
        {});
    for (int row = 0; row < rows.rows(); ++row) {
      const auto org = *model::parse_id<model::org_id>(rows.text(row, 0));
      const auto place = std::find(orgs_.begin(), orgs_.end(), org) - orgs_.begin();
      dues_.emplace_back(static_cast<int>(place), instant{std::chrono::microseconds{rows.number(row, 1)}});
    }
  }

  std::mt19937_64 random_;
  rehearsal::test_database database_;
  store::sql_connection owner_;
  store::session session_;
  actors::random_ids ids_{model::system_clock()};
  std::vector<model::org_id> orgs_;
  std::vector<std::pair<int, instant>> dues_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(retention_years_suite)

BOOST_AUTO_TEST_CASE(R29_in_thirty_years_nothing_goes_early_and_nothing_a_day_late) {
  years_of_sweeps years(chosen_seed());
  const auto sweeps = years.sweeps();
  BOOST_TEST(sweeps.size() > 500u);
  std::cout << "  " << sweeps.size() << " sweeps until " << model::to_text(sweeps.back().first) << '\n';
  for (const auto& [now, org] : sweeps) {
    years.sweep(now, org);
    const auto found = years.wrong(now, org);
    BOOST_REQUIRE_MESSAGE(found.empty(), "after the sweep of " + model::to_text(now) + " in " +
                                             places[static_cast<std::size_t>(org)].zone + ":" + found);
  }
  BOOST_TEST((sweeps.back().first > *model::parse_instant("2057-01-01T00:00:00Z")));
  // What is left is what is open or under hold.
  BOOST_TEST(years.left() == years.never());
  BOOST_TEST(years.never() > 100);
}

BOOST_AUTO_TEST_SUITE_END()
