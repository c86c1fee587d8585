#pragma once
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "odb/migrations.hpp"
#include "odb/pg.hpp"

namespace store {

/// The database and this program do not fit together, or rights are missing. The text says what to do.
class migration_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct migration_report {
  int from = 0;                      ///< the schema's version before, 0 for an empty database
  int to = 0;                        ///< and after
  std::vector<std::string> applied;  ///< what this call applied, as `0001_roles`
};

/// Brings the database to the state of `all`: creates the roles, the schema `keywork` (owned by
/// keywork_owner) and the ledger keywork.schema_migrations where missing, then applies what is missing, each
/// migration in one transaction with SET ROLE keywork_owner and search_path keywork. Safe to repeat and to
/// run on several nodes at once: one works, the others wait (ten minutes at most). `owner_conninfo`: the
/// private cluster's superuser, or an administrator of an external database; keywork_service's password there
/// is the administrator's business (ALTER ROLE keywork_service PASSWORD …). Throws migration_error for a
/// changed or missing applied migration, a database newer than the program, missing rights, a failing
/// migration (which leaves no trace); sql_error when the database is not there.
migration_report migrate(const std::string& owner_conninfo, std::span<const migration> all,
                         const progress& say = {});

/// What migrate() would apply, without changing anything. Throws as migrate() does.
std::vector<std::string> pending(const std::string& owner_conninfo, std::span<const migration> all);

/// Throws migration_error when the role of this connection could get round row-level security: superuser,
/// BYPASSRLS, CREATEROLE, owner of anything in the schema keywork, or a member of such a role.
void refuse_unsafe_service_role(const std::string& conninfo);

/// The statements that make the roles; for administrators of an external database who run them by hand.
std::string role_statements();

/// SHA-256 as 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view data);

}  // namespace store
