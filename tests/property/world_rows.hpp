#pragma once
#include "odb/pg.hpp"
#include "tests/property/world.hpp"

namespace rehearsal {

/// Writes a world into the tables, inside the transaction that is open. One statement a table.
void insert(store::sql_connection& owner, const world& w);

}  // namespace rehearsal
