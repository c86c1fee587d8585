#include "odb/migrate.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <exception>
#include <functional>
#include <thread>
#include <vector>

#include "odb/pg.hpp"
#include "tests/odb/test_cluster.hpp"

using rehearsal::test_cluster;
using store::migrate;
using store::migration;
using store::migration_error;
using store::sql_connection;

namespace {

const std::vector<migration> two = {{1, "first", "CREATE TABLE keywork.a (n int); CREATE TABLE b (n int);"},
                                    {2, "second", "INSERT INTO a VALUES (1); -- it's done"}};

/// What the migration_error of `act` says; empty when there is none.
std::string complaint(const std::function<void()>& act) {
  try {
    act();
  } catch (const migration_error& error) {
    return error.what();
  }
  return {};
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::string one(const std::string& conninfo, const std::string& sql) {
  return std::string(sql_connection(conninfo).exec(sql).text(0, 0));
}

/// With the conninfo's user replaced.
std::string as_user(std::string conninfo, const std::string& user) {
  const auto at = conninfo.find("user='");
  return conninfo.replace(at, conninfo.find('\'', at + 6) + 1 - at, store::conninfo_pair("user", user));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(migrate_suite)

BOOST_AUTO_TEST_CASE(sha256_is_the_published_one) {
  BOOST_TEST(store::sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

BOOST_AUTO_TEST_CASE(an_empty_database_gets_everything_once) {
  const auto db = test_cluster::instance().empty();
  const auto first = migrate(db.owner_conninfo, two);
  BOOST_TEST(first.from == 0);
  BOOST_TEST(first.to == 2);
  BOOST_TEST(first.applied == (std::vector<std::string>{"0001_first", "0002_second"}),
             boost::test_tools::per_element());
  const auto again = migrate(db.owner_conninfo, two);
  BOOST_TEST(again.from == 2);
  BOOST_TEST(again.applied.empty());
  BOOST_TEST(one(db.owner_conninfo, "SELECT count(*) FROM keywork.a") == "1");
}

BOOST_AUTO_TEST_CASE(tables_and_schema_belong_to_the_owner_role_alone) {
  const auto db = test_cluster::instance().empty();
  migrate(db.owner_conninfo, two);
  BOOST_TEST(one(db.owner_conninfo,
                 "SELECT string_agg(DISTINCT relowner::regrole::text, ',') FROM pg_class "
                 "WHERE relnamespace = 'keywork'::regnamespace") == "keywork_owner");
  BOOST_TEST(one(db.owner_conninfo, "SELECT nspowner::regrole FROM pg_namespace WHERE nspname = 'keywork'") ==
             "keywork_owner");
}

BOOST_AUTO_TEST_CASE(pending_changes_nothing) {
  const auto db = test_cluster::instance().empty();
  BOOST_TEST(store::pending(db.owner_conninfo, two).size() == 2U);
  BOOST_TEST(one(db.owner_conninfo, "SELECT count(*) FROM pg_namespace WHERE nspname = 'keywork'") == "0");
  migrate(db.owner_conninfo, std::span(two).first(1));
  const auto left = store::pending(db.owner_conninfo, two);
  BOOST_REQUIRE(left.size() == 1U);
  BOOST_TEST(left[0] == "0002_second");
}

BOOST_AUTO_TEST_CASE(a_migration_that_was_changed_after_its_release_is_refused) {
  const auto db = test_cluster::instance().empty();
  migrate(db.owner_conninfo, two);
  auto changed = two;
  changed[0].sql = "CREATE TABLE a (n bigint)";
  BOOST_TEST(
      has(complaint([&] { migrate(db.owner_conninfo, changed); }), "Migration 0001_first is not the one"));
  BOOST_TEST(has(complaint([&] { store::pending(db.owner_conninfo, changed); }), "Migration 0001_first"));
  auto renamed = two;
  renamed[1].name = "other";
  BOOST_TEST(has(complaint([&] { migrate(db.owner_conninfo, renamed); }), "was applied (0002_second"));
}

BOOST_AUTO_TEST_CASE(a_tampered_ledger_is_refused) {
  const auto db = test_cluster::instance().empty();
  migrate(db.owner_conninfo, two);
  sql_connection admin(db.owner_conninfo);
  admin.script("UPDATE keywork.schema_migrations SET checksum = 'x' WHERE number = 2");
  BOOST_TEST(
      has(complaint([&] { migrate(db.owner_conninfo, two); }), "Migration 0002_second is not the one"));
  admin.script("DELETE FROM keywork.schema_migrations WHERE number = 1");
  BOOST_TEST(
      has(complaint([&] { migrate(db.owner_conninfo, two); }), "has a gap: migration 0001_first is missing"));
}

BOOST_AUTO_TEST_CASE(a_database_newer_than_the_program_is_refused) {
  const auto db = test_cluster::instance().empty();
  migrate(db.owner_conninfo, two);
  const auto said = complaint([&] { migrate(db.owner_conninfo, std::span(two).first(1)); });
  BOOST_TEST(has(said, "newer than this program"));
  BOOST_TEST(has(said, "0002_second"));
}

BOOST_AUTO_TEST_CASE(a_program_with_a_gap_in_its_migrations_is_refused) {
  const auto db = test_cluster::instance().empty();
  const std::vector<migration> gap = {{1, "first", "SELECT 1"}, {3, "third", "SELECT 1"}};
  BOOST_TEST(has(complaint([&] { migrate(db.owner_conninfo, gap); }), "expected number 2, found 0003_third"));
}

BOOST_AUTO_TEST_CASE(a_failing_migration_leaves_no_trace_and_can_be_mended) {
  const auto db = test_cluster::instance().empty();
  auto broken = two;
  broken[1].sql = "CREATE TABLE c (n int); SELECT 1/0";
  BOOST_TEST(
      has(complaint([&] { migrate(db.owner_conninfo, broken); }), "0002_second failed: division by zero"));
  BOOST_TEST(one(db.owner_conninfo, "SELECT to_regclass('keywork.c') IS NULL") == "t");
  BOOST_TEST(migrate(db.owner_conninfo, two).from == 1);
}

BOOST_AUTO_TEST_CASE(a_migration_must_not_end_its_transaction) {
  const auto db = test_cluster::instance().empty();
  for (const auto* sql : {"COMMIT", "ROLLBACK", "COMMIT; BEGIN"}) {
    const std::vector<migration> sly = {{1, "sly", sql}};
    BOOST_TEST(has(complaint([&] { migrate(db.owner_conninfo, sly); }), "ends its transaction"));
  }
  BOOST_TEST(one(db.owner_conninfo, "SELECT count(*) FROM keywork.schema_migrations") == "0");
}

BOOST_AUTO_TEST_CASE(several_nodes_migrate_one_database_at_once) {
  const auto db = test_cluster::instance().empty();
  std::array<std::size_t, 4> applied{};
  std::array<std::exception_ptr, 4> failures{};
  {
    std::vector<std::jthread> nodes;
    for (std::size_t i = 0; i < applied.size(); ++i)
      nodes.emplace_back([&, i] {
        try {
          applied[i] = migrate(db.owner_conninfo, two).applied.size();
        } catch (...) {
          failures[i] = std::current_exception();
        }
      });
  }
  for (const auto& failure : failures)
    if (failure) std::rethrow_exception(failure);
  BOOST_TEST(applied[0] + applied[1] + applied[2] + applied[3] == 2U);
}

BOOST_AUTO_TEST_CASE(two_databases_of_one_server_are_migrated_at_once) {
  rehearsal::temporary_directory place;
  const store::private_cluster cluster(place.path() / "data", {},
                                       {.use = store::cluster_use::command, .fast_and_unsafe = true});
  std::array<std::exception_ptr, 3> failures{};
  {
    std::vector<std::jthread> programs;
    for (std::size_t i = 0; i < failures.size(); ++i) {
      const auto name = "parallel_" + std::to_string(i);
      sql_connection(cluster.owner_conninfo()).script("CREATE DATABASE " + name);
      programs.emplace_back([&, i, name] {
        try {
          migrate(cluster.owner_conninfo(name), two);
        } catch (...) {
          failures[i] = std::current_exception();
        }
      });
    }
  }
  for (const auto& failure : failures)
    if (failure) std::rethrow_exception(failure);
}

BOOST_AUTO_TEST_CASE(the_service_role_can_do_nothing_until_it_takes_a_role) {
  const auto db = test_cluster::instance().fresh();
  sql_connection service(db.service_conninfo);
  BOOST_CHECK_THROW(service.exec("SELECT * FROM keywork.schema_migrations"), store::sql_error);
  BOOST_CHECK_THROW(service.exec("SET ROLE keywork_owner"), store::sql_error);
  BOOST_CHECK_THROW(service.exec("CREATE TABLE keywork.mine (n int)"), store::sql_error);
  for (const std::string role : {"person", "loader", "login", "mailer", "directory", "provisioner"}) {
    service.exec("SET ROLE keywork_" + role);
    BOOST_CHECK_THROW(service.exec("SELECT * FROM keywork.schema_migrations"), store::sql_error);
    BOOST_TEST(service.exec("SELECT has_schema_privilege('keywork', 'USAGE')").truth(0, 0));
    BOOST_TEST(!service.exec("SELECT has_schema_privilege('keywork', 'CREATE')").truth(0, 0));
  }
}

BOOST_AUTO_TEST_CASE(a_new_function_is_nobodys_until_it_is_granted) {
  const auto db = test_cluster::instance().fresh();
  sql_connection admin(db.owner_conninfo);
  admin.script(
      "SET ROLE keywork_owner; CREATE FUNCTION keywork.fresh_f() RETURNS int LANGUAGE sql AS 'SELECT 1'");
  BOOST_TEST(!admin.exec("SELECT has_function_privilege('keywork_person', 'keywork.fresh_f()', 'EXECUTE')")
                  .truth(0, 0));
}

BOOST_AUTO_TEST_CASE(a_service_role_that_could_get_round_row_level_security_is_refused) {
  const auto db = test_cluster::instance().fresh();
  BOOST_TEST(complaint([&] { store::refuse_unsafe_service_role(db.service_conninfo); }) == "");
  BOOST_TEST(has(complaint([&] { store::refuse_unsafe_service_role(db.owner_conninfo); }), "is a superuser"));
  sql_connection admin(db.owner_conninfo);
  admin.script(
      "CREATE ROLE sees_all LOGIN BYPASSRLS; CREATE ROLE makes_roles LOGIN CREATEROLE;"
      "CREATE ROLE friend LOGIN NOINHERIT; GRANT sees_all TO friend;"
      "CREATE ROLE owns LOGIN NOINHERIT; GRANT keywork_owner TO owns;"
      "CREATE ROLE has_one LOGIN; CREATE TABLE keywork.stray (n int); ALTER TABLE keywork.stray OWNER TO "
      "has_one");
  const auto said = [&](const std::string& role) {
    return complaint([&] { store::refuse_unsafe_service_role(as_user(db.owner_conninfo, role)); });
  };
  BOOST_TEST(has(said("sees_all"), "has BYPASSRLS"));
  BOOST_TEST(has(said("makes_roles"), "has CREATEROLE"));
  BOOST_TEST(has(said("friend"), "may become sees_all"));
  BOOST_TEST(has(said("owns"), "or may become its owner"));
  BOOST_TEST(has(said("has_one"), "owns keywork.stray"));
  admin.script("DROP OWNED BY has_one, owns; DROP ROLE sees_all, makes_roles, friend, owns, has_one");
}

BOOST_AUTO_TEST_CASE(an_administrator_without_rights_learns_which_statements_are_missing) {
  rehearsal::temporary_directory place;
  const store::private_cluster cluster(place.path() / "data", {},
                                       {.use = store::cluster_use::command, .fast_and_unsafe = true});
  sql_connection root(cluster.owner_conninfo());
  root.script("CREATE ROLE migrator LOGIN; GRANT CONNECT ON DATABASE keywork TO migrator");
  const auto migrator = as_user(cluster.owner_conninfo(), "migrator");
  const auto said = complaint([&] { migrate(migrator, two); });
  BOOST_TEST(has(said, "CREATE ROLE keywork_owner NOLOGIN"));
  auto statements = store::role_statements();
  for (const auto& [word, name] :
       {std::pair{"MIGRATOR", "migrator"}, std::pair{"DATABASE DATABASE", "DATABASE keywork"}})
    statements.replace(statements.find(word), std::string(word).size(), name);
  root.script(statements);
  BOOST_TEST(migrate(migrator, two).to == 2);
  BOOST_TEST(store::pending(migrator, two).empty());
}

BOOST_AUTO_TEST_CASE(an_administrator_who_may_create_roles_needs_no_superuser) {
  rehearsal::temporary_directory place;
  const store::private_cluster cluster(place.path() / "data", {},
                                       {.use = store::cluster_use::command, .fast_and_unsafe = true});
  sql_connection(cluster.owner_conninfo())
      .script("CREATE ROLE migrator LOGIN CREATEROLE; ALTER DATABASE keywork OWNER TO migrator");
  BOOST_TEST(migrate(as_user(cluster.owner_conninfo(), "migrator"), two).to == 2);
}

BOOST_AUTO_TEST_CASE(a_role_that_was_made_too_strong_is_refused) {
  rehearsal::temporary_directory place;
  const store::private_cluster cluster(place.path() / "data", {},
                                       {.use = store::cluster_use::command, .fast_and_unsafe = true});
  sql_connection(cluster.owner_conninfo()).script("CREATE ROLE keywork_service LOGIN BYPASSRLS");
  const auto said = complaint([&] { migrate(cluster.owner_conninfo(), two); });
  BOOST_TEST(has(said, "ALTER ROLE keywork_service LOGIN NOINHERIT NOSUPERUSER"));
}

BOOST_AUTO_TEST_SUITE_END()
