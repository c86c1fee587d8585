#pragma once
#include "model/clock.hpp"
#include "odb/retention_store.hpp"
#include "tests/odb/chosen_time.hpp"
#include "tests/odb/session_world.hpp"

namespace rehearsal {

/// A word that stands in everything that is written about the case.
inline constexpr auto canary = "kanarienvogel";

/// The first case of the small world, with something in every table that can hold something of a case, closed
/// at `morning`; a worker on its team, and a second case with a note of its own.
struct with_full_case : with_database {
  explicit with_full_case(int safeguarding_notes = 0) {
    let_time_be_chosen(db);
    must(world.open_case(1));
    worker_ = accepted("kanarienvogel@example.org");
    fill(safeguarding_notes);
    execute("UPDATE keywork.support_cases SET closed_at = $morning, version = version + 1 WHERE id = $case");
  }

  /// A statement of the database's owner with `$org`, `$case`, `$tenant`, `$worker`, `$word` and `$morning`
  /// in it.
  void execute(std::string statement) const { owner().script(told(std::move(statement))); }
  std::string told(std::string s) const {
    const auto replace = [&s](std::string_view name, const std::string& value) {
      for (auto at = s.find(name); at != s.npos; at = s.find(name, at + value.size()))
        s.replace(at, name.size(), value);
    };
    replace("$org", "'" + to_text(org()) + "'");
    replace("$case", "'" + to_text(of_case()) + "'");
    replace("$other", "'" + to_text(world.opened.at(1)) + "'");
    replace("$tenant", "'" + to_text(world.org->tenants.at(0).id) + "'");
    replace("$worker", "'" + to_text(worker_.user) + "'");
    replace("$word", std::string("'") + canary + "'");
    replace("$morning", "timestamp '2026-11-21 09:00:00.123456'");
    return s;
  }

  model::org_id org() const { return world.org->settings.id; }
  model::case_id of_case() const { return world.opened.at(0); }
  const model::caller& worker() const { return worker_; }

  /// Every table of the service, but the ledgers of migrations.
  std::vector<std::string> tables(const std::string& having = "") const {
    auto connection = owner();
    const auto rows = connection.exec(
        "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'keywork'::regnamespace AND c.relkind = "
        "'r'" +
        (having.empty()
             ? std::string()
             : " AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = '" + having +
                   "')") +
        " ORDER BY 1");
    std::vector<std::string> all;
    for (int row = 0; row < rows.rows(); ++row) all.emplace_back(rows.text(row, 0));
    return all;
  }
  /// Where the word stands: tables with one row or more that hold it.
  std::string tables_with_the_word() const {
    std::string found;
    for (const auto& table : tables())
      if (count(table + " t WHERE t::text LIKE '%" + canary + "%'") > 0) found += ' ' + table;
    return found;
  }
  /// How many rows of each table are of the case, where there are any.
  std::string rows_of_the_case() const {
    std::string found;
    for (const auto& table : tables("case_id"))
      if (const auto rows = count(table + " WHERE case_id = '" + to_text(of_case()) + "'"); rows > 0)
        found += ' ' + table + '=' + std::to_string(rows);
    return found;
  }

  // --- erasing
  static model::instant years_on(int years) { return morning + std::chrono::days{366 * years}; }
  model::retention_rules rules() {
    bool held = false;
    return store::retention_rules_of(world.session, org(), held).value();
  }
  store::erasure_order order(store::erasure_kind what, model::instant now = years_on(30)) {
    store::erasure_order o;
    o.org = org();
    o.of_case = of_case();
    o.what = what;
    o.closed_at = morning;
    o.rules = rules();
    o.rule = "closed_at + 7 years";
    o.counted_from = morning;
    o.due_at = now;
    o.now = now;
    o.believed = model::system_clock().now();
    return o;
  }

 private:
  void fill(int safeguarding_notes);
  model::caller worker_;
};

}  // namespace rehearsal
