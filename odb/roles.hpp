#pragma once
#include <string>
#include <vector>

#include "odb/pg.hpp"

namespace store {

/// Makes the database roles and their memberships where missing, and the schema keywork. Roles belong to the
/// whole PostgreSQL server, so other databases may make them at the same moment. Internal to migrate().
/// Throws migration_error when rights are missing or a role of that name is more powerful than it may be.
void prepare_roles_and_schema(sql_connection& admin);

}  // namespace store
