#include "odb/restoration.hpp"

#include <stdlib.h>

#include <fstream>
#include <system_error>

#include "odb/client_program.hpp"
#include "odb/private_cluster.hpp"
#include "odb/roles.hpp"

namespace store {
namespace {

namespace fs = std::filesystem;

/// Any number, the same in every version of the program: the advisory lock of whoever restores.
constexpr auto restore_lock = "7236831190418";

constexpr auto has_mark =
    "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = 'keywork' AND c.relname = 'restoring')";
constexpr auto has_tables =
    "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = 'keywork' AND c.relkind IN ('r', 'p') AND c.relname <> 'restoring')";

/// A directory for the time of one step.
class scratch_directory {
 public:
  scratch_directory() {
    std::string name = (fs::temp_directory_path() / "keywork-restore-XXXXXX").string();
    if (!mkdtemp(name.data()))
      throw std::system_error(errno, std::generic_category(), "cannot make a directory for temporary files");
    path_ = name;
  }
  ~scratch_directory() {
    std::error_code left_behind;
    fs::remove_all(path_, left_behind);
  }
  scratch_directory(const scratch_directory&) = delete;
  scratch_directory& operator=(const scratch_directory&) = delete;
  fs::path operator/(const char* name) const { return path_ / name; }

 private:
  fs::path path_;
};

/// The schema is there, perhaps because an administrator made it for somebody who could not: everything in it
/// is brought in, its rights too, but not the schema.
void leave_out_schema(const fs::path& all, const fs::path& wanted) {
  std::ifstream in(all);
  std::ofstream out(wanted);
  for (std::string line; std::getline(in, line);)
    if (line.find(" SCHEMA - keywork ") == std::string::npos || line.find(" ACL ") != std::string::npos)
      out << line << '\n';
  out.flush();
  if (!out || in.bad()) throw cluster_error("Cannot write the list of what to restore: " + wanted.string());
}

void refuse_company(sql_connection& connection) {
  const auto others = connection.exec(
      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = "
      "'keywork_service'"
      " AND pid <> pg_backend_pid()");
  if (others.number(0, 0) > 0) throw cluster_error("A service works with this database. Stop it first.");
}

}  // namespace

restoration::restoration(const std::string& owner_conninfo, const std::string& backup,
                         const std::string& name)
    : conninfo_(owner_conninfo), connection_(owner_conninfo) {
  if (!connection_.exec("SELECT pg_try_advisory_lock($1::bigint)", {restore_lock}).truth(0, 0))
    throw cluster_error("Another restore works with this database. Wait for its end.");
  refuse_company(connection_);
  loaded_ = connection_.exec(has_tables).truth(0, 0);
  const bool begun = connection_.exec(has_mark).truth(0, 0);
  if (loaded_ && !begun)
    throw cluster_error(
        "There is data in this database already, and a restore overwrites nothing. Choose another --data (or "
        "an "
        "empty database).");
  prepare_roles_and_schema(connection_);
  connection_.script("SET ROLE keywork_owner");
  connection_.script(
      "BEGIN; CREATE TABLE IF NOT EXISTS keywork.restoring (backup text NOT NULL, name text NOT NULL);"
      // The dump does not say it, since it is not of the schema alone: 0001_roles.sql.
      " ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC");
  const auto mark = connection_.exec("SELECT backup, name FROM keywork.restoring");
  if (loaded_ && (mark.rows() != 1 || mark.text(0, 0) != backup))
    throw cluster_error("Here the backup " + std::string(mark.rows() == 1 ? mark.text(0, 1) : "") +
                        " was half restored. Restore that one again, which goes on with it, or choose "
                        "another --data (or an empty database).");
  connection_.script("DELETE FROM keywork.restoring");
  connection_.exec("INSERT INTO keywork.restoring VALUES ($1, $2)", {backup, name});
  connection_.script("COMMIT");
}

void restoration::load(const fs::path& dump, const progress& say) {
  const scratch_directory scratch;
  const auto all = scratch / "all", wanted = scratch / "wanted";
  const auto program = find_client("pg_restore", connection_.server_version() / 10000);
  const auto archive = fs::absolute(dump).string();
  run_client(program, {"--list", "--file=" + all.string(), archive}, "");
  leave_out_schema(all, wanted);
  run_client(program,
             {"--single-transaction", "--exit-on-error", "--role=keywork_owner",
              "--use-list=" + wanted.string(), archive},
             conninfo_, [&] {
               if (say) say("  still restoring");
             });
  loaded_ = true;
}

bool restoration::erase_again(const std::string& entry) {
  try {
    connection_.exec("SELECT keywork.erase_again(json_populate_record(NULL::keywork.erasures, $1::json))",
                     {entry});
    return true;
  } catch (const sql_error& e) {
    // Malformed, or a member is missing or impossible.
    if (e.sqlstate().starts_with("22") || e.sqlstate().starts_with("23")) return false;
    throw;
  }
}

std::string restoration::moment(model::instant now) {
  return std::string(
      connection_
          .exec("SELECT greatest($1::timestamp, (SELECT clock_at FROM keywork.demo_installation))",
                {model::to_text(now)})
          .text(0, 0));
}

restoration::ended restoration::end_logins(model::instant now) {
  const auto at = moment(now);
  ended done;
  done.sessions = connection_
                      .exec(
                          "UPDATE keywork.logins SET ended_at = $1::timestamp"
                          " WHERE kind = 'session' AND ended_at IS NULL",
                          {at})
                      .affected();
  done.links = connection_
                   .exec(
                       "UPDATE keywork.magic_links SET voided_at = $1::timestamp"
                       " WHERE spent_at IS NULL AND voided_at IS NULL",
                       {at})
                   .affected();
  done.tokens = connection_
                    .exec(
                        "SELECT count(*) FROM keywork.logins WHERE kind = 'token' AND ended_at IS NULL"
                        " AND (expires_at IS NULL OR expires_at > $1::timestamp)",
                        {at})
                    .number(0, 0);
  return done;
}

long restoration::hold_back(model::instant now) {
  const auto at = moment(now);
  connection_.exec(
      "UPDATE keywork.digest_progress SET since = greatest(since, $1::timestamp), next_at = '-infinity'",
      {at});
  // An invite's case hears of it, as of any failure.
  return connection_
      .exec(
          "UPDATE keywork.outbox SET state = 'failed', waits = false, next_attempt_at = $1::timestamp,"
          " unsure_since = coalesce(unsure_since, $1::timestamp),"
          " news = news + (case_id IS NOT NULL AND template_name = 'invite')::integer, last_error ="
          " CASE WHEN link_id IS NULL"
          " THEN 'restored from a backup: perhaps it was sent since; send it again by hand'"
          " ELSE 'restored from a backup, which ended its link: invite again, or ask for a new link' END"
          " WHERE state IN ('queued', 'sending', 'retrying')",
          {at})
      .affected();
}

void restoration::finish() { connection_.script("DROP TABLE keywork.restoring"); }

void refuse_half_restored(const std::string& conninfo) {
  sql_connection connection(conninfo);
  if (!connection.exec(has_mark).truth(0, 0)) return;
  throw cluster_error(
      "This database is half restored from a backup, and may hold what was erased. Run 'keywork restore' "
      "again, with the same --from: it goes on where it was.");
}

}  // namespace store
