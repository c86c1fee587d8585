#include "odb/migrate.hpp"

#include <sodium.h>

#include <array>
#include <cstdio>

#include "odb/roles.hpp"

namespace store {
namespace {

constexpr int oldest_server = 150000;
/// Any number, the same in every version of the program: the advisory lock of everybody who migrates a
/// database.
constexpr auto migration_lock = "7236831190417";

void tell(const progress& say, const std::string& text) {
  if (say) say(text);
}

std::string label(int number, std::string_view name) {
  std::array<char, 16> digits{};
  std::snprintf(digits.data(), digits.size(), "%04d", number);
  return std::string(digits.data()) + "_" + std::string(name);
}

void require_unbroken(std::span<const migration> all) {
  int expected = 1;
  for (const auto& step : all) {
    if (step.number != expected)
      throw migration_error("This program's migrations have a gap: expected number " +
                            std::to_string(expected) + ", found " + label(step.number, step.name) +
                            ". The program was built wrongly.");
    ++expected;
  }
}

void require_server(const sql_connection& connection) {
  if (connection.server_version() >= oldest_server) return;
  throw migration_error("The database server is PostgreSQL " +
                        std::to_string(connection.server_version() / 10000) + "; 15 or newer is needed.");
}

/// Waits for other nodes' migrations. The lock ends with the connection.
void take_lock(sql_connection& admin, const progress& say) {
  if (admin.exec("SELECT pg_try_advisory_lock($1::bigint)", {migration_lock}).truth(0, 0)) return;
  tell(say, "Another program is migrating this database; waiting for it");
  admin.script("SET lock_timeout = '10min'");
  try {
    admin.exec("SELECT pg_advisory_lock($1::bigint)", {migration_lock});
  } catch (const sql_error& error) {
    if (error.sqlstate() != "55P03") throw;
    throw migration_error(
        "Another program has been migrating this database for ten minutes. Try again later.");
  }
}

bool has_ledger(sql_connection& connection) {
  return connection
             .exec(
                 "SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                 "WHERE n.nspname = 'keywork' AND c.relname = 'schema_migrations'")
             .rows() == 1;
}

void make_ledger(sql_connection& admin) {
  admin.script(
      "CREATE TABLE IF NOT EXISTS keywork.schema_migrations ("
      "number integer PRIMARY KEY CHECK (number > 0), name text NOT NULL, checksum text NOT NULL, "
      "applied_at timestamptz NOT NULL DEFAULT now())");
}

/// The database's version, after making sure that what was applied is the beginning of what the program
/// carries.
int require_agreement(sql_connection& connection, std::span<const migration> all) {
  const auto ledger =
      connection.exec("SELECT number, name, checksum FROM keywork.schema_migrations ORDER BY number");
  const int count = ledger.rows();
  const auto newest = count > 0 ? ledger.number(count - 1, 0) : 0;
  if (newest > static_cast<long>(all.size()))
    throw migration_error("The database is newer than this program: it has migration " +
                          label(static_cast<int>(newest), ledger.text(count - 1, 1)) +
                          ", the program knows up to " + std::to_string(all.size()) +
                          ". Start the newer program, or restore a backup.");
  for (int row = 0; row < count; ++row) {
    const auto& mine = all[static_cast<std::size_t>(row)];
    if (ledger.number(row, 0) != mine.number)
      throw migration_error("The database's ledger has a gap: migration " + label(mine.number, mine.name) +
                            " is missing although later ones were applied. Restore a backup.");
    if (ledger.text(row, 1) != mine.name || ledger.text(row, 2) != sha256_hex(mine.sql))
      throw migration_error("Migration " + label(mine.number, mine.name) +
                            " is not the one that was applied (" + label(mine.number, ledger.text(row, 1)) +
                            "; its content or name differ). Released migrations never change: use the "
                            "program that fits this database, or restore a backup.");
  }
  return count;
}

/// The transaction's number, which tells whether a script has ended it.
std::string transaction_number(sql_connection& admin) {
  return std::string(admin.exec("SELECT pg_current_xact_id()::text").text(0, 0));
}

void apply(sql_connection& admin, const migration& step) {
  admin.script("BEGIN; SET LOCAL ROLE keywork_owner; SET LOCAL search_path = keywork, pg_temp");
  const auto before = transaction_number(admin);
  admin.script(std::string(step.sql));
  if (!admin.in_transaction() || transaction_number(admin) != before)
    throw migration_error("it ends its transaction (COMMIT or ROLLBACK), which a migration must not");
  admin.exec("INSERT INTO keywork.schema_migrations (number, name, checksum) VALUES ($1::integer, $2, $3)",
             {std::to_string(step.number), std::string(step.name), sha256_hex(step.sql)});
  admin.script("COMMIT");
}

}  // namespace

migration_report migrate(const std::string& owner_conninfo, std::span<const migration> all,
                         const progress& say) {
  require_unbroken(all);
  sql_connection admin(owner_conninfo);
  require_server(admin);
  take_lock(admin, say);
  prepare_roles_and_schema(admin);
  // As the owner, so that an administrator who is no superuser can read the ledger too.
  admin.script("SET ROLE keywork_owner");
  make_ledger(admin);
  migration_report report;
  report.from = report.to = require_agreement(admin, all);
  for (const auto& step : all.subspan(static_cast<std::size_t>(report.from))) {
    const auto name = label(step.number, step.name);
    tell(say, "Migration " + name + " (" + std::to_string(step.number) + " of " + std::to_string(all.size()) +
                  ")");
    try {
      apply(admin, step);
    } catch (const std::exception& error) {
      // The connection closes on the way out, which rolls back whatever is open.
      throw migration_error("Migration " + name + " failed: " + error.what());
    }
    report.applied.push_back(name);
    report.to = step.number;
  }
  return report;
}

std::vector<std::string> pending(const std::string& owner_conninfo, std::span<const migration> all) {
  require_unbroken(all);
  sql_connection admin(owner_conninfo);
  require_server(admin);
  admin.script("SET default_transaction_read_only = on");
  std::size_t done = 0;
  if (has_ledger(admin)) {
    admin.script("SET ROLE keywork_owner");
    done = static_cast<std::size_t>(require_agreement(admin, all));
  }
  std::vector<std::string> names;
  for (const auto& step : all.subspan(done)) names.push_back(label(step.number, step.name));
  return names;
}

std::string sha256_hex(std::string_view data) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
  crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(data.data()), data.size());
  std::array<char, crypto_hash_sha256_BYTES * 2 + 1> hex{};
  sodium_bin2hex(hex.data(), hex.size(), hash.data(), hash.size());
  return hex.data();
}

}  // namespace store
