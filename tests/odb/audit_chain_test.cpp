#include "odb/audit_chain.hpp"

#include <boost/test/unit_test.hpp>
#include <thread>

#include "tests/odb/session_world.hpp"

using rehearsal::fresh_id;
using rehearsal::morning;
using rehearsal::small_world;
using store::chain_damage;
using store::commit_result;

namespace store {
inline std::ostream& operator<<(std::ostream& out, chain_damage d) {
  constexpr std::array names = {"edited", "removed", "reordered", "forged"};
  return out << names.at(static_cast<std::size_t>(d));
}
}  // namespace store

namespace {

/// A world whose log has at least 8 entries: 5 of its making and 5 notes, one a day.
struct with_log : rehearsal::with_database {
  with_log() {
    for (int day = 0; day < 5; ++day) {
      auto change =
          world.change(world.load(), world.admin, model::note_added{world.note(world.admin, "note")});
      change.origin.at = morning + std::chrono::days(day);
      const std::vector changes{change};
      must(world.session.commit(changes).at(0));
    }
  }

  std::string org() const { return "'" + to_text(world.org->settings.id) + "'"; }
  /// As somebody who may do everything with the database, past every trigger.
  void tamper(const std::string& sql) const {
    auto intruder = owner();
    intruder.script("SET session_replication_role = replica; SET search_path = keywork; " + sql);
  }
  std::vector<store::chain_report> verify(const store::audit_part& part = {}) const {
    std::vector<store::chain_report> reports;
    store::verify_audit(db.service_conninfo, part,
                        [&](const store::chain_report& report) { reports.push_back(report); });
    return reports;
  }
  store::chain_report report(store::audit_part part = {}) const {
    part.org = world.org->settings.id;
    return verify(part).at(0);
  }
  void holds(const store::audit_part& part = {}) const {
    const auto seen = report(part);
    BOOST_TEST(!seen.broken.has_value(), to_line(seen));
  }
  void breaks(long seq, chain_damage what, const store::audit_part& part = {}) const {
    const auto seen = report(part);
    BOOST_TEST_REQUIRE(seen.broken.has_value(), to_line(seen));
    BOOST_TEST(seen.broken->seq == seq, to_line(seen));
    BOOST_TEST(seen.broken->what == what, to_line(seen));
  }
  long last() const { return owner().exec("SELECT max(seq) FROM keywork.audit_entries").number(0, 0); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(audit_chain_suite, with_log)

BOOST_AUTO_TEST_CASE(R27_every_entry_is_a_link_of_its_organisations_chain) {
  small_world other(db.service_conninfo);
  const auto reports = verify();
  BOOST_TEST(reports.size() == 2u);
  for (const auto& r : reports) {
    BOOST_TEST(!r.broken.has_value(), to_line(r));
    BOOST_TEST(r.entries == count("audit_entries WHERE org_id = '" + to_text(r.org) + "'"));
    BOOST_TEST(r.head_seq == r.entries);
    BOOST_TEST(r.head_hash.size() == 64u);
  }
  BOOST_TEST(report().entries == 10);
  BOOST_TEST(
      count("audit_entries WHERE kind = 'note.created' AND subject_id IN (SELECT id FROM keywork.notes)") ==
      5);
}

BOOST_AUTO_TEST_CASE(R27_links_stand_in_the_order_of_the_events) {
  BOOST_TEST_REQUIRE(world.open_case(1) == commit_result::done);
  auto elsewhere = world.note(world.admin, "elsewhere");
  elsewhere.of_case = world.opened.at(1);
  auto two = world.change(world.load(), world.admin, model::note_added{world.note(world.admin, "one")});
  two.events.push_back(model::note_added{world.note(world.admin, "two")});
  const std::vector batch{two, world.change(*world.session.load_case(elsewhere.org, elsewhere.of_case),
                                            world.admin, model::note_added{elsewhere})};
  for (const auto result : world.session.commit(batch)) BOOST_TEST(result == commit_result::done);
  BOOST_TEST(count("audit_entries WHERE kind = 'note.created'") == 8);
  // The notes' ids count up.
  BOOST_TEST(count("audit_entries a JOIN keywork.audit_entries b ON a.case_id = b.case_id AND a.kind = b.kind"
                   " WHERE a.kind = 'note.created' AND a.subject_id < b.subject_id AND a.seq > b.seq") == 0);
  holds();
}

BOOST_AUTO_TEST_CASE(R27_parallel_commits_over_the_same_organisations_neither_deadlock_nor_break) {
  constexpr int rounds = 40;
  small_world other(db.service_conninfo);
  for (auto* w : {&world, &other}) must(w->open_case(1));
  const auto write = [&](std::size_t n, bool backwards, int& done) {
    store::session session(db.service_conninfo);
    for (int round = 0; round < rounds; ++round) {
      std::vector<store::case_commit> batch;
      for (const auto* w : {&world, &other}) {
        auto note = w->note(w->admin, "note");
        note.of_case = w->opened.at(n);
        batch.push_back(
            w->change(*session.load_case(note.org, note.of_case), w->admin, model::note_added{note}));
      }
      if (backwards) std::swap(batch[0], batch[1]);
      for (const auto result : session.commit(batch)) done += result == commit_result::done;
    }
  };
  int first = 0, second = 0;
  std::thread one([&] { write(0, false, first); });
  write(1, true, second);
  one.join();
  BOOST_TEST(first == 2 * rounds);
  BOOST_TEST(second == 2 * rounds);
  BOOST_TEST(owner()
                 .exec("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
                 .number(0, 0) == 0);
  for (const auto& r : verify()) BOOST_TEST(!r.broken.has_value(), to_line(r));
}

BOOST_AUTO_TEST_CASE(R27_an_edit_is_found_whatever_was_edited) {
  holds();
  const auto before = owner().exec("SELECT id, detail, kind FROM keywork.audit_entries WHERE seq = 4");
  tamper("UPDATE audit_entries SET detail = '{}' WHERE seq = 4");
  breaks(4, chain_damage::edited);
  BOOST_TEST((report().broken->id == model::parse_id<model::audit_id>(before.text(0, 0))));
  BOOST_TEST(to_line(report()).find("BROKEN at number 4, entry " + std::string(before.text(0, 0)) +
                                    ", tenancy") != std::string::npos);
  tamper("UPDATE audit_entries SET detail = $$" + std::string(before.text(0, 1)) + "$$ WHERE seq = 4");
  holds();
  for (const std::string edit :
       {"by_name = 'Eve'", "kind = 'note.kept'", "at = at + interval '1 microsecond'",
        "by_id = gen_random_uuid()", "case_id = NULL", "subject_id = NULL", "request_id = ''",
        "salt = decode('00', 'hex')", "salt = NULL, detail = '{}'", "id = gen_random_uuid()",
        "detail = '{}', personal_digest = keywork.audit_digest(salt, by_name, '{}')"}) {
    tamper(
        "CREATE TABLE kept AS SELECT * FROM audit_entries WHERE seq = 8; ALTER TABLE audit_entries DROP "
        "CONSTRAINT "
        "erased_as_a_whole; UPDATE audit_entries SET " +
        edit + " WHERE seq = 8");
    BOOST_TEST_CONTEXT(edit) { breaks(8, chain_damage::edited); }
    tamper(
        "DELETE FROM audit_entries WHERE seq = 8; INSERT INTO audit_entries SELECT * FROM kept; DROP TABLE "
        "kept; "
        "ALTER TABLE audit_entries ADD CONSTRAINT erased_as_a_whole CHECK (true)");
  }
  holds();
  tamper("UPDATE audit_entries SET kind = 'x' WHERE seq = 10");
  breaks(10, chain_damage::edited);
}

BOOST_AUTO_TEST_CASE(R27_a_removal_is_found_in_the_middle_and_at_both_ends) {
  tamper("CREATE TABLE kept AS SELECT * FROM audit_entries");
  for (const long seq : {1, 5, 10}) {
    tamper("DELETE FROM audit_entries WHERE seq = " + std::to_string(seq));
    breaks(seq, chain_damage::removed);
    tamper("INSERT INTO audit_entries SELECT * FROM kept WHERE seq = " + std::to_string(seq));
  }
  holds();
  tamper(
      "DELETE FROM audit_entries WHERE seq = 5; UPDATE audit_entries SET seq = seq + 1000 WHERE seq > 5;"
      "UPDATE audit_entries SET seq = seq - 1001 WHERE seq > 5; UPDATE audit_heads SET seq = seq - 1");
  breaks(5, chain_damage::forged);
  tamper("DELETE FROM audit_entries");
  breaks(1, chain_damage::removed);
  tamper("DELETE FROM audit_heads");
  BOOST_TEST((report().broken->what == chain_damage::removed));
}

BOOST_AUTO_TEST_CASE(R27_a_log_cut_short_together_with_its_head_misses_the_head_that_was_written_down) {
  const auto written = report();
  const store::audit_part part{.known = store::known_link{written.head_seq, written.head_hash}};
  holds(part);
  tamper(
      "DELETE FROM audit_entries WHERE seq = 10;"
      "UPDATE audit_heads SET seq = 9, hash = (SELECT hash FROM audit_entries WHERE seq = 9)");
  holds();
  breaks(10, chain_damage::removed, part);
  BOOST_TEST(world.keep(world.admin, model::note_added{world.note(world.admin, "more")}) ==
             commit_result::done);
  holds();
  breaks(10, chain_damage::forged, part);
}

BOOST_AUTO_TEST_CASE(R27_another_order_is_found) {
  const std::string swap =
      "UPDATE audit_entries SET seq = -1 WHERE seq = 6; UPDATE audit_entries SET seq = 6 WHERE seq = 9;"
      "UPDATE audit_entries SET seq = 9 WHERE seq = -1;";
  tamper(swap);
  breaks(6, chain_damage::reordered);
  tamper(swap);
  holds();
  // Each under the number and the hash of the other.
  tamper(swap +
         "UPDATE audit_entries a SET hash = b.hash FROM audit_entries b"
         " WHERE (a.seq, b.seq) IN ((6, 9), (9, 6))");
  breaks(6, chain_damage::reordered);
}

BOOST_AUTO_TEST_CASE(R27_an_entry_that_the_service_did_not_write_is_found) {
  const std::string forged =
      "INSERT INTO audit_entries (id, org_id, at, by_id, by_name, request_id, kind, detail, seq, salt, "
      "personal_digest,"
      " hash) SELECT gen_random_uuid(), org_id, at, by_id, by_name, request_id, kind, detail, 11, salt, "
      "personal_digest,"
      " hash FROM audit_entries WHERE seq = 10";
  tamper(forged);
  breaks(11, chain_damage::forged);
  tamper("UPDATE audit_heads SET seq = 11");
  breaks(11, chain_damage::edited);
  tamper("UPDATE audit_heads SET hash = decode(repeat('ab', 32), 'hex')");
  breaks(11, chain_damage::forged);
  tamper("DELETE FROM audit_entries WHERE seq = 11; UPDATE audit_heads SET seq = 10");
  breaks(10, chain_damage::forged);
  tamper("UPDATE audit_heads SET hash = (SELECT hash FROM audit_entries WHERE seq = 10)");
  holds();
  tamper(
      "ALTER TABLE audit_entries DROP CONSTRAINT audit_entries_seq; INSERT INTO audit_entries (id, org_id, "
      "at, by_id,"
      " by_name, request_id, kind, detail, seq, salt, personal_digest, hash) SELECT gen_random_uuid(), "
      "org_id, at,"
      " by_id, by_name, request_id, kind, detail, seq, salt, personal_digest, hash FROM audit_entries WHERE "
      "seq = 3");
  BOOST_TEST(report().broken->seq == 3);
}

BOOST_AUTO_TEST_CASE(R31_a_chain_with_erased_details_still_holds) {
  tamper("UPDATE audit_entries SET salt = NULL, by_name = '', detail = '{}' WHERE seq BETWEEN 4 AND 6");
  holds();
  BOOST_TEST(report().erased == 3);
  tamper("UPDATE audit_entries SET kind = 'x' WHERE seq = 5");
  breaks(5, chain_damage::edited);
  BOOST_CHECK_THROW(tamper("UPDATE audit_entries SET detail = '{\"in\": \"its place\"}' WHERE seq = 4"),
                    store::sql_error);
}

BOOST_AUTO_TEST_CASE(R27_a_part_of_the_log_is_verified_with_what_stands_around_it) {
  const store::audit_part part{.from = morning + std::chrono::days(2), .to = morning + std::chrono::days(3)};
  const auto seen = report(part);
  BOOST_TEST(!seen.broken.has_value(), to_line(seen));
  BOOST_TEST(seen.entries == 2);
  BOOST_TEST(seen.first == 8);
  BOOST_TEST(seen.last == 9);
  BOOST_TEST(report({.from = morning + std::chrono::days(9)}).entries == 0);
  BOOST_TEST(report({.to = morning - std::chrono::days(9)}).entries == 0);
  BOOST_TEST(report({.to = morning + std::chrono::days(1)}).entries == 7);
  tamper(
      "CREATE TABLE kept AS SELECT * FROM audit_entries; UPDATE audit_entries SET kind = 'x' WHERE seq = 5");
  holds(part);
  breaks(5, chain_damage::edited);
  for (const std::string gone : {"7", "8", "9", "10"}) {
    tamper("DELETE FROM audit_entries WHERE seq = " + gone);
    breaks(std::stol(gone), chain_damage::removed, part);
    tamper("INSERT INTO audit_entries SELECT * FROM kept WHERE seq = " + gone);
  }
  tamper("DELETE FROM audit_entries WHERE seq IN (8, 9)");
  breaks(9, chain_damage::removed, part);
}

BOOST_AUTO_TEST_CASE(R27_entries_that_are_dated_long_before_what_stands_before_them_are_named) {
  BOOST_TEST(report().backdated == 0);
  const auto write = [&](std::chrono::minutes after) {
    auto change = world.change(world.load(), world.admin, model::note_added{world.note(world.admin, "note")});
    change.origin.at = morning + std::chrono::days(4) + after;
    const std::vector changes{change};
    must(world.session.commit(changes).at(0));
  };
  for (const int minutes : {-59, 10, -51, -49}) write(std::chrono::minutes(minutes));
  const auto seen = report();
  BOOST_TEST(!seen.broken.has_value(), to_line(seen));
  BOOST_TEST(seen.backdated == 1);
  BOOST_TEST(seen.first_backdated == 13);
  BOOST_TEST(
      to_line(seen).find(", 1 dated more than an hour before what stands before, the first is number 13;") !=
      std::string::npos);
}

BOOST_AUTO_TEST_CASE(R27_one_broken_chain_is_not_anothers) {
  small_world other(db.service_conninfo);
  tamper("UPDATE audit_entries SET kind = 'x' WHERE seq = 2 AND org_id = " + org());
  for (const auto& r : verify())
    BOOST_TEST(r.broken.has_value() == (r.org == world.org->settings.id), to_line(r));
  BOOST_TEST(verify({.org = fresh_id<model::org_id>()}).empty());
}

BOOST_AUTO_TEST_CASE(R27_no_role_of_the_service_can_write_a_chain_of_its_own) {
  store::sql_connection service(db.service_conninfo);
  for (const std::string role : {"keywork_person", "keywork_provisioner"}) {
    const auto by = role == "keywork_person" ? world.admin.user : model::user_id{};
    service.script("BEGIN");
    service.exec("SELECT set_config('role', $1, true), set_config('keywork.user', $2, true)",
                 {role, to_text(world.admin.user)});
    service.exec(
        "INSERT INTO keywork.audit_entries (id, org_id, at, by_id, by_name, request_id, kind, detail, seq, "
        "salt,"
        " personal_digest, hash) VALUES ($1::uuid, $2::uuid, $3::timestamp, $4::uuid, 'A', 'r', "
        "'settings.changed', '{}', 999, '', '', '')",
        {to_text(rehearsal::fresh_id_of<model::audit_id>(morning)), to_text(world.org->settings.id),
         model::to_text(morning), to_text(by)});
    service.script("COMMIT");
    holds();
  }
  BOOST_TEST(last() == 12);
}

BOOST_AUTO_TEST_CASE(R27_every_role_of_the_service_is_refused_any_change_of_what_is_written) {
  const auto roles = owner().exec(
      "SELECT rolname FROM pg_roles WHERE pg_has_role('keywork_service', oid, 'MEMBER') AND rolname <> "
      "'keywork_service'");
  BOOST_TEST(roles.rows() >= 7);
  store::sql_connection service(db.service_conninfo);
  for (int i = 0; i < roles.rows(); ++i)
    for (const std::string table : {"audit_entries", "audit_heads", "case_reads"})
      for (const auto& statement :
           {"UPDATE keywork." + table + " SET org_id = org_id", "DELETE FROM keywork." + table,
            "TRUNCATE keywork." + table, "DROP TABLE keywork." + table,
            "ALTER TABLE keywork." + table + " DISABLE TRIGGER ALL"}) {
        service.exec("SELECT set_config('role', $1, false)", {std::string(roles.text(i, 0))});
        std::string state;
        try {
          service.script(statement);
        } catch (const store::sql_error& e) {
          state = e.sqlstate();
        }
        BOOST_TEST(state == "42501", roles.text(i, 0) << ": " << statement);
        service.script("RESET ROLE");
      }
  BOOST_TEST(report().entries == 10);
}

BOOST_AUTO_TEST_CASE(a_schema_without_a_chain_is_told_apart_from_a_broken_one) {
  tamper("ALTER TABLE audit_heads RENAME TO something_else");
  BOOST_CHECK_THROW(report(), store::migration_error);
}

BOOST_AUTO_TEST_SUITE_END()
