#include "odb/scrub.hpp"

namespace store {

scrub::scrub(const std::string& owner_conninfo, std::int64_t largest) : connection_(owner_conninfo) {
  // While it waits for a lock that excludes everybody, everybody else waits behind it.
  connection_.script("SET lock_timeout = '200ms'");
  const auto rows = connection_.exec(
      "SELECT c.oid::regclass::text, pg_total_relation_size(c.oid) FROM pg_class c"
      " WHERE c.relnamespace = 'keywork'::regnamespace AND c.relkind = 'r' ORDER BY 2 DESC");
  // Words of what was deleted stand in the planner's statistics, too.
  tables_.emplace_back("pg_catalog.pg_statistic");
  for (int row = 0; row < rows.rows(); ++row)
    (largest > 0 && rows.number(row, 1) > largest ? left_out_ : tables_).emplace_back(rows.text(row, 0));
}

scrub::outcome scrub::step() {
  if (tables_.empty()) {
    // A checkpoint keeps the log since the one before it.
    for (int twice = 0; twice < 2; ++twice) {
      connection_.exec("SELECT pg_switch_wal()");
      connection_.script("CHECKPOINT");
    }
    return outcome::finished;
  }
  try {
    const auto& table = tables_.back();
    connection_.script("VACUUM (FULL" + std::string(tables_.size() > 1 ? ", ANALYZE" : "") + ") " + table);
    tables_.pop_back();
    return outcome::going;
  } catch (const sql_error& e) {
    if (e.sqlstate() == "55P03" || e.sqlstate() == "40P01") return outcome::busy;
    throw;
  }
}

}  // namespace store
