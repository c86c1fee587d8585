#include <boost/test/unit_test.hpp>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "tests/odb/test_cluster.hpp"

using rehearsal::test_cluster;

namespace {

using columns = std::map<std::string, std::string>;  // table.column → type and nullability

columns columns_of(const std::string& conninfo) {
  const auto rows = store::sql_connection(conninfo).exec(
      "SELECT table_name || '.' || column_name, udt_name || CASE is_nullable WHEN 'YES' THEN ' null' ELSE '' "
      "END"
      " FROM information_schema.columns WHERE table_schema = 'keywork'");
  columns found;
  for (int i = 0; i < rows.rows(); ++i) found[std::string(rows.text(i, 0))] = rows.text(i, 1);
  return found;
}

std::map<std::string, std::string> keys_of(const std::string& conninfo) {
  const auto rows = store::sql_connection(conninfo).exec(
      "SELECT t.relname, (SELECT string_agg(a.attname, ',' ORDER BY a.attname) FROM pg_attribute a"
      "  WHERE a.attrelid = t.oid AND a.attnum = ANY (c.conkey))"
      " FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid"
      " WHERE c.contype = 'p' AND t.relnamespace = 'keywork'::regnamespace");
  std::map<std::string, std::string> found;
  for (int i = 0; i < rows.rows(); ++i) found[std::string(rows.text(i, 0))] = rows.text(i, 1);
  return found;
}

std::string table_of(const std::string& column) { return column.substr(0, column.find('.')); }

/// Tables that no object is mapped to, and why.
const std::set<std::string> unmapped = {
    "schema_migrations",  // the ledger of the migrations themselves
    "plans",              // features is an array, which ODB cannot map: read through a native view
    "audit_heads",        // kept by a trigger, read by audit_chain.cpp
    "search_entries",     // kept by triggers, read by keywork.search() alone
    "document_texts",     // a document's content, written and read apart from it by session_documents.cpp
    "document_chunks",    // the same for a file, piece by piece
    "case_figures",       // kept by triggers, read through a native view
    "digests",            // written by statements that say who was first, read through native views
    "digest_progress",    // the same
    // Retention's own, written and read by retention_*.cpp and by the functions of 0014 alone.
    "retention_runs", "retention_failures", "erasures", "erasures_to_write", "erased_mails", "erased_bytes",
    "webhook_receipts",    // only added and taken away, by session_mail_news.cpp
    "demo_installation",   // one row, by demo_store.cpp
    "signature_requests",  // changed a few columns at a time, by signing_store.cpp
};

/// Tables whose key ODB does not know: rows that are only added, asked for and taken away, never changed by
/// key.
const std::set<std::string> keyless = {"housing_officer_emails", "manager_landlords",
                                       "support_provider_identity", "case_reads"};

/// Columns that a trigger fills and audit_chain.cpp alone reads, and one that retention writes.
const std::set<std::string> chained = {"support_cases.kept_since", "audit_entries.seq", "audit_entries.salt",
                                       "audit_entries.personal_digest", "audit_entries.hash"};

/// What the mailer alone writes, by statements of session_outbox.cpp: who asks for a mail leaves it to its
/// default.
const std::set<std::string> mailers = {"outbox.waits",         "outbox.first_tried_at", "outbox.taken_at",
                                       "outbox.unsure_since",  "outbox.resends",        "outbox.provider_id",
                                       "outbox.delayed_at",    "outbox.delivered_at",   "outbox.bounced_at",
                                       "outbox.complained_at", "outbox.fate_reason",    "outbox.news",
                                       "outbox.news_told"};

}  // namespace

BOOST_AUTO_TEST_SUITE(schema_agreement_suite)

BOOST_AUTO_TEST_CASE(what_odb_maps_is_what_the_migrations_make) {
  std::ifstream file(KEYWORK_ODB_SCHEMA);
  BOOST_TEST_REQUIRE(file.good(), "there is no " KEYWORK_ODB_SCHEMA);
  std::stringstream script;
  script << file.rdbuf();

  auto& cluster = test_cluster::instance();
  const auto migrated = cluster.fresh();
  const auto mapped = cluster.empty();
  store::sql_connection(mapped.owner_conninfo).script("CREATE SCHEMA keywork;" + script.str());

  const auto wanted = columns_of(mapped.owner_conninfo);
  const auto there = columns_of(migrated.owner_conninfo);
  BOOST_TEST(wanted.size() > 100u);
  for (const auto& [column, type] : wanted) {
    const auto found = there.find(column);
    BOOST_TEST((found != there.end()), "no migration makes " << column);
    if (found != there.end())
      BOOST_TEST(found->second == type, column << " is " << found->second << ", mapped as " << type);
  }
  for (const auto& [column, type] : there)
    if (!unmapped.contains(table_of(column)) && !chained.contains(column) && !mailers.contains(column))
      BOOST_TEST(wanted.contains(column), column << " is not mapped");

  const auto keys = keys_of(migrated.owner_conninfo);
  const auto mapped_keys = keys_of(mapped.owner_conninfo);
  for (const auto& [table, key] : mapped_keys)
    BOOST_TEST(keys.at(table) == key, table << " has the key " << keys.at(table) << ", mapped with " << key);
  for (const auto& [column, type] : wanted) {
    const auto table = table_of(column);
    BOOST_TEST((keyless.contains(table) || mapped_keys.contains(table)), table << " has no key");
  }
}

BOOST_AUTO_TEST_SUITE_END()
