#include "odb/roles.hpp"

#include <array>
#include <set>

#include "odb/migrate.hpp"

namespace store {
namespace {

/// Owns the schema and every table; nobody signs in as it.
constexpr auto owner_role = "keywork_owner";
/// What the program connects as: owns nothing, may do nothing until it takes one of the roles below
/// (NOINHERIT).
constexpr auto service_role = "keywork_service";
/// What the program acts as, one purpose each.
constexpr std::array purpose_roles = {
    "keywork_person",       // a signed-in person, bound by row-level security
    "keywork_loader",       // reads one organisation into memory
    "keywork_login",        // users, logins, links
    "keywork_mailer",       // the outbox
    "keywork_directory",    // resolves ids to organisations
    "keywork_provisioner",  // makes organisations and changes their tier, from the command line
    "keywork_auditor",      // verifies the audit log, from the command line
    "keywork_retention",    // finds what is due and has it erased
    "keywork_digest",       // what housing officers are told once a month
    "keywork_signer",       // documents on their way to and from a signing service
};

constexpr auto weak = " NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS";

std::string create_statement(const std::string& role) {
  const auto login = role == service_role ? " LOGIN NOINHERIT" : " NOLOGIN";
  return "CREATE ROLE " + role + login + weak;
}

std::string membership_statement(const std::string& role) {
  return "GRANT " + role + " TO " + std::string(service_role);
}

[[noreturn]] void refuse_for_missing_rights(const sql_error& why, const std::string& did) {
  throw migration_error(
      "The database user may not do this: " + did + " (" + why.what() +
      "). Ask an administrator of the database to run the following, with the name of the user "
      "that migrates in place of MIGRATOR, and of the database in place of DATABASE; then start "
      "again:\n" +
      role_statements());
}

bool is_race(const sql_error& error) {
  static const std::set<std::string> states = {"42710", "23505",            // made by somebody else just now
                                               "XX000", "40001", "40P01"};  // tuple concurrently updated
  return states.count(error.sqlstate()) > 0;
}

/// Runs a statement on roles. Another database's migration may do the same: then `done` becomes true by
/// itself.
template <typename Done>
void bring_about(sql_connection& admin, const std::string& statement, Done done) {
  constexpr int attempts = 10;
  for (int attempt = 1; !done(); ++attempt) {
    try {
      admin.exec(statement);
    } catch (const sql_error& error) {
      if (error.sqlstate() == "42501") refuse_for_missing_rights(error, statement);
      if (!is_race(error) || attempt == attempts) throw;
    }
  }
}

bool role_exists(sql_connection& admin, const std::string& role) {
  return admin.exec("SELECT 1 FROM pg_roles WHERE rolname = $1", {role}).rows() == 1;
}

/// Straight membership only: a superuser counts as a member of everything, which would hide a missing grant.
bool is_member(sql_connection& admin, const std::string& role, const std::string& member) {
  return admin
             .exec(
                 "SELECT 1 FROM pg_auth_members m WHERE m.roleid = (SELECT oid FROM pg_roles WHERE rolname = "
                 "$1) "
                 "AND m.member = (SELECT oid FROM pg_roles WHERE rolname = $2)",
                 {role, member})
             .rows() > 0;
}

/// A role that was there before may be stronger than what this program may use.
void refuse_strong_role(sql_connection& admin, const std::string& role) {
  const auto seen = admin.exec(
      "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication, rolcanlogin, "
      "rolinherit "
      "FROM pg_roles WHERE rolname = $1",
      {role});
  if (seen.rows() == 0) throw migration_error("The role " + role + " vanished while it was being set up.");
  const bool is_service = role == service_role;
  const bool right_login = seen.truth(0, 1) == is_service;
  const bool right_inherit = !is_service || !seen.truth(0, 2);
  if (seen.truth(0, 0) || !right_login || !right_inherit)
    throw migration_error("The role " + role +
                          " has other rights than it may have. Run as an administrator: ALTER ROLE " + role +
                          (is_service ? " LOGIN NOINHERIT" : " NOLOGIN") + weak);
}

/// SET ROLE keywork_owner must work for the user that migrates; a superuser needs no grant.
void join_owner(sql_connection& admin) {
  // From version 16 on, membership and the right to SET ROLE are two things.
  const std::string right = admin.server_version() >= 160000 ? "SET" : "MEMBER";
  const auto may = [&] {
    return admin.exec("SELECT pg_has_role(current_user, $1, $2)", {owner_role, right}).truth(0, 0);
  };
  bring_about(admin, std::string("GRANT ") + owner_role + " TO CURRENT_USER", may);
}

void make_schema(sql_connection& admin) {
  const auto database = std::string(admin.exec("SELECT current_database()").text(0, 0));
  const auto has_schema = [&] {
    return admin.exec("SELECT 1 FROM pg_namespace WHERE nspname = 'keywork'").rows() == 1;
  };
  bring_about(admin, std::string("CREATE SCHEMA keywork AUTHORIZATION ") + owner_role, has_schema);
  const auto owner = admin.exec("SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'keywork'");
  if (owner.text(0, 0) != owner_role)
    throw migration_error("The schema keywork in the database " + database + " belongs to " +
                          std::string(owner.text(0, 0)) +
                          ", not to keywork_owner. Use another database, or run as an "
                          "administrator: ALTER SCHEMA keywork OWNER TO keywork_owner");
  const auto may_connect = [&] {
    return admin.exec("SELECT has_database_privilege($1, current_database(), 'CONNECT')", {service_role})
        .truth(0, 0);
  };
  bring_about(admin, "GRANT CONNECT ON DATABASE " + admin.quote_name(database) + " TO " + service_role,
              may_connect);
}

}  // namespace

void prepare_roles_and_schema(sql_connection& admin) {
  std::vector<std::string> roles = {owner_role, service_role};
  roles.insert(roles.end(), purpose_roles.begin(), purpose_roles.end());
  for (const auto& role : roles) {
    bring_about(admin, create_statement(role), [&] { return role_exists(admin, role); });
    refuse_strong_role(admin, role);
  }
  for (const std::string role : purpose_roles)
    bring_about(admin, membership_statement(role), [&] { return is_member(admin, role, service_role); });
  join_owner(admin);
  make_schema(admin);
}

std::string role_statements() {
  std::string text = create_statement(owner_role) + ";\n" + create_statement(service_role) + ";\n";
  for (const std::string role : purpose_roles) text += create_statement(role) + ";\n";
  for (const std::string role : purpose_roles) text += membership_statement(role) + ";\n";
  return text + "GRANT keywork_owner TO MIGRATOR;\nGRANT CONNECT ON DATABASE DATABASE TO keywork_service;\n" +
         "CREATE SCHEMA keywork AUTHORIZATION keywork_owner;  -- in that database\n";
}

void refuse_unsafe_service_role(const std::string& conninfo) {
  sql_connection connection(conninfo);
  const auto name = std::string(connection.exec("SELECT session_user").text(0, 0));
  const auto refuse = [&](const std::string& why) {
    throw migration_error("The service must not connect as the role " + name + ": it " + why +
                          ", so row-level security would not hold. Connect as keywork_service.");
  };
  const auto own = connection.exec(
      "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = session_user");
  if (own.truth(0, 0)) refuse("is a superuser");
  if (own.truth(0, 1)) refuse("has BYPASSRLS");
  if (own.truth(0, 2)) refuse("has CREATEROLE and could make itself a member of the owner");
  const auto above = connection.exec(
      "SELECT rolname FROM pg_roles WHERE (rolsuper OR rolbypassrls OR rolcreaterole) "
      "AND pg_has_role(session_user, oid, 'MEMBER') LIMIT 1");
  if (above.rows() > 0) refuse("may become " + std::string(above.text(0, 0)) + ", which is not bound by it");
  const auto owned = connection.exec(
      "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = "
      "'keywork' "
      "AND pg_has_role(session_user, c.relowner, 'MEMBER') ORDER BY 1 LIMIT 1");
  if (owned.rows() > 0) refuse("owns keywork." + std::string(owned.text(0, 0)) + " or may become its owner");
  const auto schema = connection.exec(
      "SELECT 1 FROM pg_namespace WHERE nspname = 'keywork' AND pg_has_role(session_user, nspowner, "
      "'MEMBER')");
  if (schema.rows() > 0) refuse("owns the schema keywork or may become its owner");
}

}  // namespace store
