#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "model/plans.hpp"
#include "tests/odb/test_cluster.hpp"

using rehearsal::test_cluster;
using store::sql_connection;
using store::sql_error;

namespace {

const std::vector<std::string> purposes = {"keywork_person", "keywork_loader", "keywork_directory",
                                           "keywork_login",  "keywork_mailer", "keywork_provisioner"};

/// One migrated database that the tests here only read.
rehearsal::test_database& shared_database() {
  static auto database = test_cluster::instance().fresh();
  return database;
}

std::vector<std::string> column_of(sql_connection& connection, const std::string& sql) {
  const auto result = connection.exec(sql);
  std::vector<std::string> out;
  for (int row = 0; row < result.rows(); ++row) out.emplace_back(result.text(row, 0));
  return out;
}

/// Fails with what the query finds, one line each.
void expect_none(const std::string& sql) {
  sql_connection owner(shared_database().owner_conninfo);
  for (const auto& found : column_of(owner, sql)) BOOST_ERROR(found);
}

std::string tables() {
  return "(SELECT c.* FROM pg_class c WHERE c.relnamespace = 'keywork'::regnamespace AND relkind IN ('r', "
         "'p'))";
}

std::string roles() {
  return "(SELECT rolname FROM pg_roles WHERE rolname LIKE 'keywork\\_%' AND rolname <> 'keywork_owner')";
}

/// A transaction of the service in one of its purposes, rolled back at the end.
struct acting {
  explicit acting(const std::string& purpose, const std::string& user = "", const std::string& org = "")
      : connection(shared_database().service_conninfo) {
    connection.script("BEGIN");
    connection.exec(
        "SELECT set_config('role', $1, true), set_config('keywork.user', $2, true), "
        "set_config('keywork.org', $3, true)",
        {purpose, user, org});
  }
  std::string refusal_of(const std::string& sql) {
    try {
      connection.exec(sql);
    } catch (const sql_error& error) {
      return error.sqlstate();
    }
    return "";
  }
  sql_connection connection;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(schema)

BOOST_AUTO_TEST_CASE(R13_every_table_forces_row_security) {
  sql_connection owner(shared_database().owner_conninfo);
  BOOST_TEST(column_of(owner, "SELECT relname FROM " + tables() + " t").size() >= 22U);
  expect_none("SELECT relname || ' does not force row-level security' FROM " + tables() +
              " t WHERE NOT (relrowsecurity AND relforcerowsecurity)");
}

BOOST_AUTO_TEST_CASE(R13_every_table_has_a_policy_for_every_role_that_may_touch_it) {
  expect_none("SELECT relname || ' has no policy' FROM " + tables() +
              " t WHERE NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = t.oid)");
  expect_none(
      "SELECT relname || ' has no policy for ' || rolname FROM " + tables() + " t, " + roles() +
      " r WHERE has_any_column_privilege(rolname, t.oid, 'SELECT, INSERT, UPDATE') "
      "AND NOT EXISTS (SELECT FROM pg_policies p WHERE p.schemaname = 'keywork' AND p.tablename = relname "
      "AND rolname = ANY (p.roles))");
}

BOOST_AUTO_TEST_CASE(R13_no_policy_is_for_everybody) {
  expect_none(
      "SELECT tablename || '.' || policyname || ' is for public' FROM pg_policies "
      "WHERE schemaname = 'keywork' AND 'public' = ANY (roles)");
}

BOOST_AUTO_TEST_CASE(the_service_owns_nothing_and_cannot_bypass) {
  store::refuse_unsafe_service_role(shared_database().service_conninfo);
  expect_none(
      "SELECT rolname || ' is too strong' FROM pg_roles WHERE rolname LIKE 'keywork\\_%' AND "
      "(rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)");
  expect_none("SELECT rolname || ' is a member of the owner' FROM " + roles() +
              " r WHERE pg_has_role(rolname, 'keywork_owner', 'MEMBER')");
  expect_none(
      "SELECT relname || ' is not owned by keywork_owner' FROM pg_class "
      "WHERE relnamespace = 'keywork'::regnamespace AND relowner <> 'keywork_owner'::regrole");
  expect_none(
      "SELECT relname || ' is open to keywork_service itself' FROM " + tables() +
      " t WHERE EXISTS (SELECT FROM aclexplode(relacl) a WHERE a.grantee = 'keywork_service'::regrole)");
}

BOOST_AUTO_TEST_CASE(public_has_nothing) {
  expect_none("SELECT relname || ' is granted to public' FROM " + tables() +
              " t WHERE EXISTS (SELECT FROM aclexplode(relacl) a WHERE a.grantee = 0)");
  expect_none(
      "SELECT proname || ' can be executed by public' FROM pg_proc "
      "WHERE pronamespace = 'keywork'::regnamespace AND (proacl IS NULL OR EXISTS "
      "(SELECT FROM aclexplode(proacl) a WHERE a.grantee = 0))");
  expect_none(
      "SELECT 'the schema is granted to public' FROM pg_namespace n, aclexplode(n.nspacl) a "
      "WHERE nspname = 'keywork' AND a.grantee = 0");
}

BOOST_AUTO_TEST_CASE(functions_that_look_behind_row_security_pin_their_search_path) {
  expect_none(
      "SELECT proname FROM pg_proc WHERE pronamespace = 'keywork'::regnamespace AND prosecdef AND NOT EXISTS "
      "(SELECT FROM unnest(proconfig) c WHERE c = 'search_path=pg_catalog, pg_temp')");
}

BOOST_AUTO_TEST_CASE(R27_the_audit_log_is_append_only_for_every_role) {
  expect_none("SELECT rolname || ' may ' || p FROM " + roles() +
              " r, unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'REFERENCES']) p "
              "WHERE has_table_privilege(rolname, 'keywork.audit_entries', p)");
  expect_none("SELECT rolname || ' may update a column' FROM " + roles() +
              " r WHERE has_any_column_privilege(rolname, 'keywork.audit_entries', 'UPDATE')");
  acting person("keywork_person");
  BOOST_TEST(person.refusal_of("UPDATE keywork.audit_entries SET kind = 'x'") == "42501");
  BOOST_TEST(acting("keywork_person").refusal_of("DELETE FROM keywork.audit_entries") == "42501");
  BOOST_TEST(acting("keywork_provisioner").refusal_of("TRUNCATE keywork.audit_entries") == "42501");
}

BOOST_AUTO_TEST_CASE(R31_no_role_deletes_what_retention_keeps) {
  // A digest that is not sent after all is taken out of the outbox, and so are old mails with links to sign
  // in; their policies leave the others there.
  expect_none(
      "SELECT rolname || ' may delete from ' || t FROM " + roles() +
      " r, unnest(ARRAY['support_cases', 'notes', 'note_revisions', 'tenant_collaborators', 'organisations', "
      "'users', 'outbox', 'caseload', 'goals', 'sessions', 'documents', 'erasures', 'digests']) t "
      "WHERE has_table_privilege(rolname, 'keywork.' || t, 'DELETE') "
      "AND (rolname, t) NOT IN (('keywork_digest', 'outbox'), ('keywork_login', 'outbox'))");
  expect_none(
      "SELECT 'a policy lets ' || unnest(polroles)::regrole::text || ' delete any mail' FROM pg_policy "
      "WHERE polrelid = 'keywork.outbox'::regclass AND polcmd = 'd' "
      "AND pg_get_expr(polqual, polrelid) !~ CASE WHEN 'keywork_login'::regrole = ANY (polroles)"
      " THEN 'sign_in' ELSE 'housing_officer_digest' END");
}

BOOST_AUTO_TEST_CASE(who_is_bound_to_nobody_sees_nothing) {
  for (const std::string purpose : {"keywork_person", "keywork_loader"}) {
    acting nobody(purpose);
    const auto readable = column_of(nobody.connection, "SELECT relname FROM " + tables() +
                                                           " t WHERE has_table_privilege(t.oid, 'SELECT')");
    BOOST_TEST(readable.size() > 10U);
    for (const auto& table : readable) {
      if (table == "plans") continue;
      const auto seen = nobody.connection.exec("SELECT count(*) FROM keywork." + table);
      BOOST_TEST(seen.number(0, 0) == 0, purpose << " sees " << table);
    }
  }
}

BOOST_AUTO_TEST_CASE(an_impossible_binding_is_an_error) {
  acting odd("keywork_person", "nobody in particular");
  BOOST_TEST(odd.refusal_of("SELECT * FROM keywork.notes WHERE author_id = keywork.me()") == "22P02");
}

BOOST_AUTO_TEST_CASE(the_service_without_a_purpose_may_nothing) {
  sql_connection service(shared_database().service_conninfo);
  BOOST_CHECK_THROW(service.exec("SELECT * FROM keywork.plans"), sql_error);
  BOOST_CHECK_THROW(service.exec("SET ROLE keywork_owner"), sql_error);
}

BOOST_AUTO_TEST_CASE(each_purpose_reaches_its_own_tables_only) {
  const auto may = [](const std::string& purpose, const std::string& sql) {
    return acting(purpose).refusal_of(sql) != "42501";
  };
  for (const auto& purpose : purposes) {
    BOOST_TEST(may(purpose, "SELECT tier FROM keywork.plans"), purpose);
    BOOST_TEST(!may(purpose, "UPDATE keywork.plans SET features = '{support_cases}'"), purpose);
  }
  BOOST_TEST(!may("keywork_person", "SELECT * FROM keywork.users"));
  BOOST_TEST(!may("keywork_person", "SELECT * FROM keywork.logins"));
  BOOST_TEST(!may("keywork_person", "SELECT * FROM keywork.magic_links"));
  BOOST_TEST(!may("keywork_person", "SELECT * FROM keywork.outbox"));
  BOOST_TEST(!may("keywork_person", "INSERT INTO keywork.caseload DEFAULT VALUES"));
  BOOST_TEST(!may("keywork_loader", "SELECT * FROM keywork.users"));
  BOOST_TEST(!may("keywork_loader", "DELETE FROM keywork.notes"));
  BOOST_TEST(!may("keywork_login", "SELECT * FROM keywork.notes"));
  BOOST_TEST(!may("keywork_login", "SELECT * FROM keywork.organisations"));
  BOOST_TEST(!may("keywork_mailer", "SELECT token_hash FROM keywork.magic_links"));
  BOOST_TEST(!may("keywork_mailer", "UPDATE keywork.outbox SET to_address = 'a@b.c'"));
  BOOST_TEST(!may("keywork_directory", "SELECT context_summary FROM keywork.support_cases"));
  BOOST_TEST(!may("keywork_directory", "SELECT full_name FROM keywork.users"));
  BOOST_TEST(!may("keywork_provisioner", "SELECT * FROM keywork.support_cases"));
  BOOST_TEST(!may("keywork_provisioner", "UPDATE keywork.organisations SET name = 'x'"));
  BOOST_TEST(may("keywork_directory", "SELECT id, org_id FROM keywork.support_cases"));
  BOOST_TEST(
      may("keywork_mailer", "UPDATE keywork.outbox SET attempts = attempts + 1 WHERE state = 'queued'"));
}

BOOST_AUTO_TEST_CASE(R10_safeguarding_is_for_professional_notes_by_constraint) {
  sql_connection owner(shared_database().owner_conninfo);
  const auto insert = [&](const std::string& stream, const std::string& flagged_at) {
    try {
      owner.exec(
          "INSERT INTO keywork.notes (id, org_id, case_id, stream, body, safeguarding, flagged_at, "
          "author_id, "
          "author_name, created_at) VALUES (gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), $1, "
          "'x', "
          "true, $2::timestamp, gen_random_uuid(), 'A', now())",
          {stream, flagged_at});
    } catch (const sql_error& error) {
      return error.sqlstate();
    }
    return std::string();
  };
  BOOST_TEST(insert("shared", "2026-01-01") == "23514");
  // What is left to refuse is only that there is no such case.
  BOOST_TEST(insert("professional", "2026-01-01") == "23503");
}

BOOST_AUTO_TEST_CASE(R36_the_price_list_is_the_default_catalogue) {
  sql_connection owner(shared_database().owner_conninfo);
  const auto rows = owner.exec(
      "SELECT tier, price_pence_per_month, price_pence_per_year, tenancies, users, array_to_string(features, "
      "',') "
      "FROM keywork.plans ORDER BY position");
  const auto& expected = model::default_catalogue().plans;
  BOOST_REQUIRE_EQUAL(static_cast<std::size_t>(rows.rows()), expected.size());
  const auto text = [](const std::optional<std::int64_t>& n) {
    return n ? std::to_string(*n) : std::string();
  };
  for (int row = 0; row < rows.rows(); ++row) {
    const auto& plan = expected[static_cast<std::size_t>(row)];
    std::string features;
    for (const auto& feature : plan.features) features += (features.empty() ? "" : ",") + feature;
    BOOST_TEST(rows.text(row, 0) == plan.tier);
    BOOST_TEST(rows.number(row, 1) == plan.price_pence_per_month);
    BOOST_TEST(rows.number(row, 2) == plan.price_pence_per_year);
    BOOST_TEST(rows.text(row, 3) == text(plan.tenancies));
    BOOST_TEST(rows.text(row, 4) == text(plan.users));
    BOOST_TEST(rows.text(row, 5) == features);
  }
}

namespace {

/// One organisation with one case; a worker's accepted invite, and one not accepted. Rolled back at the end.
struct small_world {
  small_world() : owner(shared_database().owner_conninfo) {
    owner.script(R"(BEGIN;
      INSERT INTO keywork.users VALUES ('00000000-0000-7000-8000-000000000001', 'w@example.org', 'W', now());
      INSERT INTO keywork.organisations VALUES ('00000000-0000-7000-8000-000000000002', 'managing_agent', 'North',
        'enterprise', 'Europe/London', 7, 25, false, now());
      INSERT INTO keywork.landlords VALUES ('00000000-0000-7000-8000-000000000003',
        '00000000-0000-7000-8000-000000000002', 'L', now());
      INSERT INTO keywork.properties VALUES ('00000000-0000-7000-8000-000000000004',
        '00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000003', '1', '', 'T', 'P', now());
      INSERT INTO keywork.tenancies VALUES ('00000000-0000-7000-8000-000000000005',
        '00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000004', '2026-01-01', NULL, 1,
        'weekly', 'other', NULL, NULL, now());
      INSERT INTO keywork.tenants VALUES ('00000000-0000-7000-8000-000000000006',
        '00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000005', 'Ann', 'a@example.org', NULL,
        'inherit');
      INSERT INTO keywork.support_cases VALUES ('00000000-0000-7000-8000-000000000007',
        '00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000005',
        '00000000-0000-7000-8000-000000000006', 'SC-1', '', '2026-01-01', NULL, '2026-01-01', '2026-01-01', 1);
      INSERT INTO keywork.tenant_collaborators (id, org_id, case_id, tenant_id, participation, user_id, full_name,
        email, created_at, created_by_id, invited_at) VALUES ('00000000-0000-7000-8000-000000000008',
        '00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000007',
        '00000000-0000-7000-8000-000000000006', 'full', '00000000-0000-7000-8000-000000000001', 'W',
        'w@example.org', '2026-01-02', '00000000-0000-7000-8000-000000000001', '2026-01-02');)");
  }
  ~small_world() { owner.script("ROLLBACK"); }
  /// The one line, or how many there are.
  std::string line() {
    const auto rows = owner.exec(
        "SELECT tenant_name || ' ' || organisation_name || ' ' || last_activity_at::date || ' ' || in_tier "
        "FROM keywork.caseload");
    return rows.rows() == 1 ? std::string(rows.text(0, 0)) : std::to_string(rows.rows()) + " lines";
  }
  sql_connection owner;
};

}  // namespace

BOOST_AUTO_TEST_CASE(R19_the_caseload_follows_every_change_it_shows) {
  small_world w;
  BOOST_TEST(w.line() == "0 lines");
  w.owner.script("UPDATE keywork.tenant_collaborators SET accepted_at = now()");
  BOOST_TEST(w.line() == "Ann North 2026-01-01 true");
  w.owner.script("UPDATE keywork.tenants SET full_name = 'Bea'");
  BOOST_TEST(w.line() == "Bea North 2026-01-01 true");
  w.owner.script("UPDATE keywork.organisations SET name = 'South', tier = 'business'");
  BOOST_TEST(w.line() == "Bea South 2026-01-01 false");
  w.owner.script("UPDATE keywork.plans SET features = '{support_cases}' WHERE tier = 'business'");
  BOOST_TEST(w.line() == "Bea South 2026-01-01 true");
  // A professional note moves last_activity_at alone, and must not show (DOMAIN §3).
  w.owner.script("UPDATE keywork.support_cases SET last_activity_at = '2026-02-02', version = 2");
  BOOST_TEST(w.line() == "Bea South 2026-01-01 true");
  w.owner.script("UPDATE keywork.support_cases SET shared_activity_at = '2026-02-03', version = 3");
  BOOST_TEST(w.line() == "Bea South 2026-02-03 true");
  w.owner.script(
      "UPDATE keywork.tenant_collaborators SET ended_at = now(), ended_by_id = "
      "'00000000-0000-7000-8000-000000000001'");
  BOOST_TEST(w.line() == "0 lines");
}

BOOST_AUTO_TEST_CASE(R17_an_address_stands_on_a_team_once_at_a_time) {
  small_world w;
  const auto again = [&](const std::string& address) {
    w.owner.script("SAVEPOINT here");
    std::string state;
    try {
      w.owner.exec(
          "INSERT INTO keywork.tenant_collaborators (id, org_id, case_id, tenant_id, participation, "
          "contact_name, "
          "contact_email, created_at, created_by_id) SELECT gen_random_uuid(), org_id, case_id, tenant_id, "
          "'reference_only', 'C', $1, now(), created_by_id FROM keywork.tenant_collaborators",
          {address});
    } catch (const sql_error& error) {
      state = error.sqlstate();
    }
    w.owner.script("ROLLBACK TO here");
    return state;
  };
  BOOST_TEST(again("w@example.org") == "23505");
  BOOST_TEST(again("W@EXAMPLE.ORG") == "23505");
  BOOST_TEST(again("other@example.org") == "");
  w.owner.script("UPDATE keywork.tenant_collaborators SET ended_at = now(), ended_by_id = created_by_id");
  BOOST_TEST(again("w@example.org") == "");
}

BOOST_AUTO_TEST_SUITE_END()
