#pragma once
#include "tests/odb/test_cluster.hpp"

namespace rehearsal {

/// Lets tests turn the clock by which things are erased, as a rehearsal's `--clock` does: to any time from
/// 2000 to 2273. Without it that has to be the machine's.
inline void let_time_be_chosen(const test_database& db) {
  store::sql_connection(db.owner_conninfo)
      .script(
          "INSERT INTO keywork.demo_installation (only_one, clock_at, real_at, speed) VALUES (true, "
          "'2000-01-01', clock_timestamp() AT TIME ZONE 'UTC' - interval '2 days', 100000)");
}

}  // namespace rehearsal
