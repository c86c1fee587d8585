#include "odb/dump.hpp"

#include "odb/client_program.hpp"
#include "odb/private_cluster.hpp"

namespace store {
namespace {

/// The tables of which the owner would not see every row: pg_dump, bound by row-level security, would leave
/// rows out in silence.
constexpr auto half_seen_tables =
    "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = 'keywork' AND c.relkind IN ('r', 'p') AND c.relrowsecurity AND NOT EXISTS ("
    "  SELECT FROM pg_policies p WHERE p.schemaname = 'keywork' AND p.tablename = c.relname"
    "  AND p.permissive = 'PERMISSIVE' AND p.cmd = 'ALL' AND p.qual = 'true' AND 'keywork_owner' = ANY "
    "(p.roles))"
    " ORDER BY 1 LIMIT 1";

std::string megabytes(std::uintmax_t bytes) { return std::to_string((bytes + 999'999) / 1'000'000) + " MB"; }

}  // namespace

dump_source::dump_source(const std::string& owner_conninfo)
    : conninfo_(owner_conninfo), connection_(owner_conninfo) {
  connection_.script("SET idle_in_transaction_session_timeout = 0; SET statement_timeout = 0");
  connection_.script("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  if (connection_.exec("SELECT to_regclass('keywork.schema_migrations') IS NULL").truth(0, 0))
    throw cluster_error("There is nothing to back up: the database has no schema of this program.");
  bypasses_ = connection_.exec("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
                  .truth(0, 0);
  if (!bypasses_) {
    connection_.script("SET ROLE keywork_owner");
    if (const auto table = connection_.exec(half_seen_tables); table.rows() > 0)
      throw cluster_error("Not every row of keywork." + std::string(table.text(0, 0)) +
                          " could be read. Back up as a superuser of the database.");
  }
  schema_ = static_cast<int>(
      connection_.exec("SELECT coalesce(max(number), 0) FROM keywork.schema_migrations").number(0, 0));
}

void dump_source::write(const std::filesystem::path& file, const progress& say) {
  const auto snapshot = std::string(connection_.exec("SELECT pg_export_snapshot()").text(0, 0));
  std::vector<std::string> arguments{"--format=custom", "--schema=keywork", "--snapshot=" + snapshot,
                                     "--file=" + std::filesystem::absolute(file).string()};
  if (!bypasses_) arguments.insert(arguments.end(), {"--role=keywork_owner", "--enable-row-security"});
  run_client(find_client("pg_dump", connection_.server_version() / 10000), std::move(arguments), conninfo_,
             [&] {
               std::error_code not_yet;
               const auto size = std::filesystem::file_size(file, not_yet);
               if (say && !not_yet) say("  " + megabytes(size) + " so far");
             });
}

void dump_source::each_erasure(const std::function<void(std::string_view line)>& take) {
  if (connection_.exec("SELECT to_regclass('keywork.erasures') IS NULL").truth(0, 0)) return;
  connection_.script(
      "DECLARE ledger CURSOR FOR SELECT row_to_json(e)::text FROM keywork.erasures e ORDER BY e.id");
  for (;;) {
    const auto page = connection_.exec("FETCH 1000 FROM ledger");
    for (int row = 0; row < page.rows(); ++row) take(page.text(row, 0));
    if (page.rows() == 0) break;
  }
  connection_.script("CLOSE ledger");
}

}  // namespace store
