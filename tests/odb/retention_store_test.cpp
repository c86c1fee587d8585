#include "odb/retention_store.hpp"

#include <boost/test/unit_test.hpp>
#include <set>
#include <thread>

#include "odb/audit_chain.hpp"
#include "odb/demo_store.hpp"
#include "tests/odb/retention_world.hpp"

using rehearsal::fresh_id;
using rehearsal::morning;
using rehearsal::with_full_case;
using store::candidate_list;
using store::erasure_kind;
using store::erasure_result;

namespace store {
inline std::ostream& operator<<(std::ostream& out, erasure_result r) { return out << model::to_text(r); }
}  // namespace store

namespace {

struct with_due_case : with_full_case {
  erasure_result erase(const store::erasure_order& o) { return store::erase(world.session, o).result; }
  erasure_result erase(erasure_kind what) { return erase(order(what)); }

  void chain_holds(long erased) const {
    store::audit_part part;
    part.org = org();
    store::verify_audit(db.service_conninfo, part, [&](const store::chain_report& report) {
      BOOST_TEST(!report.broken.has_value(), to_line(report));
      BOOST_TEST(report.erased == erased);
    });
  }
};

struct with_safeguarding : with_full_case {
  with_safeguarding() : with_full_case(2) {}
  erasure_result erase(const store::erasure_order& o) { return store::erase(world.session, o).result; }
  std::vector<model::flagged_note> flagged() {
    return store::candidate_of(world.session, org(), of_case())->what.flagged;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(retention_store_suite, with_due_case)

BOOST_AUTO_TEST_CASE(R31_a_case_goes_from_every_table_there_is) {
  // What is to be erased has to be there first, or this proves nothing: a new table with something of a case
  // in it belongs into the world of this test.
  const std::set<std::string> not_of_the_case{"erasures", "retention_failures", "caseload", "magic_links"};
  for (const auto& table : tables("case_id"))
    if (!not_of_the_case.contains(table))
      BOOST_TEST(count(table + " WHERE case_id = '" + to_text(of_case()) + "'") > 0, table);
  BOOST_TEST(count("caseload") == 1);
  BOOST_TEST(count("magic_links WHERE case_id IS NOT NULL") == 1);
  const auto entries = count("audit_entries WHERE case_id = '" + to_text(of_case()) + "'");

  BOOST_TEST(erase(erasure_kind::case_) == erasure_result::done);
  BOOST_TEST(rows_of_the_case() == " audit_entries=" + std::to_string(entries) + " erasures=1");
  // A person's account and their own identity container are theirs, and stay.
  BOOST_TEST(tables_with_the_word() == " users");
  BOOST_TEST(count("support_cases") == 1);
  BOOST_TEST(count("caseload") == 0);
  chain_holds(entries);
  // One entry more tells of it, in the organisation's own log.
  BOOST_TEST(count("audit_entries WHERE kind = 'retention.erased' AND case_id IS NULL AND salt IS NOT NULL"
                   " AND subject_id = '" +
                   to_text(of_case()) + "'") == 1);
  // Two mails: the invite's and the document's, to be removed from a folder.
  BOOST_TEST(store::erased_mails(world.session, with_full_case::years_on(30), 10).size() == 2u);
}

BOOST_AUTO_TEST_CASE(R31_what_is_erased_is_written_down_once_and_for_all) {
  erase(erasure_kind::case_);
  BOOST_TEST(erase(erasure_kind::case_) == erasure_result::gone);
  const auto lines = store::unwritten_erasures(world.session, 10);
  BOOST_TEST_REQUIRE(lines.size() == 1u);
  BOOST_TEST(lines[0].line.find(R"("what":"case")") != std::string::npos, lines[0].line);
  BOOST_TEST(lines[0].line.find(R"("notes": 4)") != std::string::npos, lines[0].line);
  BOOST_TEST(lines[0].line.find(R"("counts":{)") != std::string::npos, lines[0].line);
  BOOST_TEST(lines[0].line.find('\n') == std::string::npos);
  store::erasures_written(world.session, lines);
  BOOST_TEST(store::unwritten_erasures(world.session, 10).empty());
  BOOST_TEST(count("erasures") == 1);
}

BOOST_AUTO_TEST_CASE(R29_nothing_is_erased_that_is_not_as_it_was_planned) {
  const auto refused = [&](const store::erasure_order& o) {
    const auto result = erase(o);
    BOOST_TEST(count("erasures") == 0);
    BOOST_TEST(count("notes WHERE case_id = '" + to_text(of_case()) + "'") == 4);
    return result;
  };
  auto o = order(erasure_kind::case_);
  o.believed += std::chrono::minutes{61};
  BOOST_TEST(refused(o) == erasure_result::clocks_disagree);
  o.believed -= std::chrono::minutes{122};
  BOOST_TEST(refused(o) == erasure_result::clocks_disagree);
  o = order(erasure_kind::case_);
  o.closed_at += std::chrono::microseconds{1};
  BOOST_TEST(refused(o) == erasure_result::case_changed);
  o = order(erasure_kind::case_);
  o.rules.windows.default_ = 6;
  BOOST_TEST(refused(o) == erasure_result::rules_changed);
  o = order(erasure_kind::case_);
  o.rules.zone = "Europe/Paris";
  BOOST_TEST(refused(o) == erasure_result::rules_changed);
  // Whatever the plan says: by the years alone it is days too early.
  BOOST_TEST(refused(order(erasure_kind::case_, *model::parse_instant("2033-11-18T00:00:00Z"))) ==
             erasure_result::not_due);
  execute("UPDATE keywork.support_cases SET closed_at = NULL WHERE id = $case");
  BOOST_TEST(refused(order(erasure_kind::case_)) == erasure_result::case_changed);
  o = order(erasure_kind::case_);
  o.of_case = world.opened.at(1);  // an open one
  BOOST_TEST(refused(o) == erasure_result::case_changed);
}

BOOST_AUTO_TEST_CASE(R29_nobody_erases_by_a_time_of_their_own) {
  const auto real = model::system_clock().now();
  const auto closed_at = real - std::chrono::days{366 * 8};
  execute("UPDATE keywork.support_cases SET closed_at = '" + model::to_text(closed_at) +
          "' WHERE id = $case");
  const auto erased_at = [&](model::instant now) {
    auto o = order(erasure_kind::case_, now);
    o.closed_at = closed_at;
    o.believed = real;
    return erase(o);
  };
  const auto is_refused = [&](model::instant now) {
    const auto result = erased_at(now);
    BOOST_TEST(result == erasure_result::clocks_disagree);
    BOOST_TEST(count("erasures") == 0);
    BOOST_TEST(count("notes WHERE case_id = '" + to_text(of_case()) + "'") == 4);
  };
  const auto a_little_more = std::chrono::minutes{61};
  // Without a rehearsal it is the machine's; a demo that goes by the machine's clock is none.
  for (const auto* demo :
       {"DELETE FROM keywork.demo_installation",
        "INSERT INTO keywork.demo_installation (only_one) VALUES (true)",
        "UPDATE keywork.demo_installation SET clock_at = '2000-01-01', real_at = '2000-01-01'"}) {
    execute(demo);
    for (const auto off : {a_little_more, -a_little_more}) is_refused(real + off);
    is_refused(with_full_case::years_on(30));
  }
  // In one it is what its clock has come to, with what can have passed since that was kept.
  const auto chosen = with_full_case::years_on(9);
  execute("UPDATE keywork.demo_installation SET speed = 2, clock_at = '" + model::to_text(chosen) +
          "', real_at = '" + model::to_text(real - std::chrono::hours{1}) + "'");
  is_refused(real);
  is_refused(chosen - a_little_more);
  is_refused(chosen + std::chrono::hours{2} + a_little_more);
  BOOST_TEST(erased_at(chosen + std::chrono::hours{2}) == erasure_result::done);
}

BOOST_AUTO_TEST_CASE(R29_what_is_not_known_erases_nothing) {
  store::sql_connection service(db.service_conninfo);
  const auto quoted = [](const std::string& text) { return "'" + text + "'"; };
  const auto o = order(erasure_kind::case_);
  const auto when = quoted(model::to_text(o.now));
  const auto asked = [&](const std::vector<std::string>& given) {
    service.script("BEGIN; SET LOCAL ROLE keywork_retention");
    std::string said;
    try {
      const auto found =
          service.exec("SELECT coalesce((keywork.erase(ROW(" + quoted(to_text(o.org)) + ", " +
                       quoted(to_text(fresh_id<model::erasure_id>())) + ", " + quoted(to_text(o.of_case)) +
                       ", 'case', '{}', '', 'a rule', " + when + ", " + when + ", " + given[0] +
                       ", NULL)::keywork.erasures, " + given[1] + ", '{}', " + given[2] + ", " + given[3] +
                       ", " + given[4] + ", " + given[5] + ", 10, NULL)).refused, 'done')");
      said = std::string(found.text(0, 0));
    } catch (const store::sql_error& e) {
      said = e.sqlstate();
    }
    service.script("ROLLBACK");
    return said;
  };
  const std::vector<std::string> good{when,
                                      quoted(model::to_text(o.closed_at)),
                                      quoted(o.rules.zone),
                                      std::to_string(o.rules.windows.default_),
                                      std::to_string(o.rules.windows.safeguarding),
                                      quoted(model::to_text(o.believed))};
  BOOST_TEST(asked(good) == "done");
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto given = good;
    given[i] = "NULL";
    BOOST_TEST(asked(given) == "not_due", i);
  }
}

BOOST_AUTO_TEST_CASE(R29_by_the_machines_time_what_is_due_is_erased) {
  execute("DELETE FROM keywork.demo_installation");
  const auto real = model::system_clock().now();
  auto o = order(erasure_kind::case_, real + std::chrono::minutes{59});
  o.closed_at = real - std::chrono::days{366 * 8};
  o.believed = real;
  execute("UPDATE keywork.support_cases SET closed_at = '" + model::to_text(o.closed_at) +
          "' WHERE id = $case");
  BOOST_TEST(erase(o) == erasure_result::done);
}

BOOST_AUTO_TEST_CASE(only_data_without_organisations_become_a_demo) {
  execute("DELETE FROM keywork.demo_installation");
  store::sql_connection service(db.service_conninfo);
  service.script("SET ROLE keywork_provisioner");
  BOOST_CHECK_THROW(service.script("INSERT INTO keywork.demo_installation (only_one) VALUES (true)"),
                    store::sql_error);
  BOOST_TEST(count("demo_installation") == 0);
  const auto fresh = rehearsal::test_cluster::instance().fresh();
  store::mark_demo(fresh.service_conninfo);
  BOOST_TEST(store::find_demo(fresh.service_conninfo).has_value());
}

BOOST_AUTO_TEST_CASE(R32_a_legal_hold_stands_in_the_way_of_whoever_planned_before_it) {
  execute(
      "UPDATE keywork.support_cases SET held_since = $morning, hold_reason = 'A court.' WHERE id = $case");
  BOOST_TEST(erase(erasure_kind::case_) == erasure_result::case_changed);
  execute("UPDATE keywork.support_cases SET held_since = NULL, hold_reason = NULL WHERE id = $case");
  execute("UPDATE keywork.organisations SET held_since = $morning, hold_reason = 'A court.' WHERE id = $org");
  BOOST_TEST(erase(erasure_kind::case_) == erasure_result::rules_changed);
  execute("UPDATE keywork.organisations SET held_since = NULL, hold_reason = NULL WHERE id = $org");
  BOOST_TEST(erase(erasure_kind::case_) == erasure_result::done);
}

BOOST_AUTO_TEST_CASE(R30_two_sweeps_at_once_erase_it_once) {
  constexpr int sweeps = 4;
  std::vector<erasure_result> results(sweeps);
  std::vector<std::thread> threads;
  const auto o = order(erasure_kind::case_);
  for (int n = 0; n < sweeps; ++n)
    threads.emplace_back([&, n] {
      store::session own(db.service_conninfo);
      results.at(static_cast<std::size_t>(n)) = store::erase(own, o).result;
    });
  for (auto& t : threads) t.join();
  BOOST_TEST(std::count(results.begin(), results.end(), erasure_result::done) == 1);
  BOOST_TEST(std::count(results.begin(), results.end(), erasure_result::gone) == sweeps - 1);
  BOOST_TEST(count("erasures") == 1);
}

BOOST_AUTO_TEST_CASE(R30_a_case_that_cannot_be_erased_stays_whole) {
  execute(
      "CREATE TABLE keywork.elsewhere (org_id uuid, case_id uuid, FOREIGN KEY (org_id, case_id) REFERENCES"
      " keywork.support_cases); INSERT INTO keywork.elsewhere VALUES ($org, $case)");
  try {
    erase(erasure_kind::case_);
    BOOST_TEST(false, "it was erased");
  } catch (const std::exception& e) {
    const std::string why = e.what();
    BOOST_TEST(why.find("23503") != std::string::npos, why);
    BOOST_TEST(why.find(rehearsal::canary) == std::string::npos, why);
  }
  BOOST_TEST(count("notes WHERE case_id = '" + to_text(of_case()) + "'") == 4);
  BOOST_TEST(count("erasures") == 0);
}

BOOST_AUTO_TEST_CASE(R31_a_large_case_goes_in_pieces) {
  execute(
      "INSERT INTO keywork.notes (id, org_id, case_id, stream, body, safeguarding, author_id, author_name, "
      "created_at)"
      " SELECT gen_random_uuid(), $org, $case, 'shared', $word || n, false, $worker, $word, $morning"
      " FROM generate_series(1, 4500) n");
  const auto found =
      store::candidates(world.session, org(), candidate_list::due, with_full_case::years_on(8), {}, 10);
  BOOST_TEST_REQUIRE(found.size() == 1u);
  BOOST_TEST(found[0].many_notes);
  BOOST_TEST(!found[0].many_documents);
  int pieces = 0;
  for (auto more = true; more; ++pieces) {
    const auto piece = store::erase(world.session, order(erasure_kind::notes));
    BOOST_TEST(piece.result == erasure_result::done);
    more = piece.more;
  }
  BOOST_TEST(pieces == 3);
  BOOST_TEST(count("notes WHERE case_id = '" + to_text(of_case()) + "'") == 0);
  BOOST_TEST(count("search_entries WHERE kind = 'note' AND case_id = '" + to_text(of_case()) + "'") == 0);
  BOOST_TEST(erase(erasure_kind::case_) == erasure_result::done);
  BOOST_TEST(count("erasures") == 4);
  // The case has one audit entry, however many pieces it went in.
  BOOST_TEST(count("audit_entries WHERE kind = 'retention.erased'") == 1);
}

BOOST_AUTO_TEST_CASE(R30_candidates_are_what_may_be_due_and_nothing_else) {
  using rehearsal::fresh_id;
  const auto found = [&](int years) {
    return store::candidates(world.session, org(), candidate_list::due,
                             model::latest_candidate(7, with_full_case::years_on(years)), {}, 10)
        .size();
  };
  BOOST_TEST(found(6) == 0u);
  BOOST_TEST(found(8) == 1u);  // the other case is open
  BOOST_TEST(store::count_candidates(world.session, org(), rules(), with_full_case::years_on(8)) == 1);
  execute(
      "UPDATE keywork.support_cases SET held_since = $morning, hold_reason = 'A court.' WHERE id = $case");
  BOOST_TEST(found(8) == 0u);
}

BOOST_AUTO_TEST_CASE(R29_what_shorter_windows_make_due_is_counted) {
  const model::retention_rules shorter{"Europe/London", {2, 25}};
  const auto count = [&](int years) {
    return store::count_newly_due(world.session, org(), rules(), shorter, with_full_case::years_on(years));
  };
  BOOST_TEST((count(1) == model::due_counts{0, 0}));
  BOOST_TEST((count(3) == model::due_counts{1, 0}));
  BOOST_TEST((count(9) == model::due_counts{0, 0}));
}

BOOST_AUTO_TEST_CASE(R30_a_rehearsal_counts_and_erases_nothing) {
  const auto none = store::rehearse_sweep(world.session, org(), with_full_case::years_on(1));
  BOOST_TEST(none.cases == 0);
  const auto found = store::rehearse_sweep(world.session, org(), with_full_case::years_on(8));
  BOOST_TEST(found.cases == 1);
  BOOST_TEST(found.counts.notes == 4);
  BOOST_TEST(found.counts.goals == 1);
  BOOST_TEST(found.counts.sessions == 1);
  BOOST_TEST(found.counts.documents == 1);
  BOOST_TEST(found.counts.team == 2);
  BOOST_TEST(found.counts.cases == 1);
  BOOST_TEST_REQUIRE(found.oldest.size() == 1u);
  BOOST_TEST((found.oldest[0].of_case == of_case()));
  BOOST_TEST(count("notes WHERE case_id = '" + to_text(of_case()) + "'") == 4);
}

BOOST_AUTO_TEST_CASE(R31_the_roles_of_the_service_cannot_erase_otherwise) {
  store::sql_connection service(db.service_conninfo);
  const auto refused = [&](const std::string& statement) {
    service.script("BEGIN; SET LOCAL ROLE keywork_retention");
    std::string state = "00000";
    try {
      service.script(statement);
    } catch (const store::sql_error& e) {
      state = e.sqlstate();
    }
    service.script("ROLLBACK");
    return state;
  };
  for (const auto* statement :
       {"DELETE FROM keywork.notes", "UPDATE keywork.support_cases SET kept_since = NULL",
        "SELECT body FROM keywork.notes", "SELECT detail FROM keywork.audit_entries",
        "INSERT INTO keywork.erasures SELECT * FROM keywork.erasures", "DELETE FROM keywork.erasures",
        "SELECT keywork.erase_again(NULL)", "SELECT keywork.carry_out(NULL)",
        "SELECT keywork.erase_rest(NULL, NULL, NULL, NULL)"})
    BOOST_TEST(refused(statement) == "42501", statement);
}

BOOST_AUTO_TEST_CASE(R31_the_ledger_is_carried_out_again_in_a_restored_database) {
  // Two databases that were one: the second is the backup.
  with_due_case backup;
  backup.execute("UPDATE keywork.support_cases SET closed_at = NULL WHERE id = $case");
  erase(erasure_kind::case_);
  auto line = store::unwritten_erasures(world.session, 1).at(0).line;
  const auto replace = [&line](const std::string& what, const std::string& by) {
    line.replace(line.find(what), what.size(), by);
  };
  replace(to_text(org()), to_text(backup.org()));
  replace(to_text(of_case()), to_text(backup.of_case()));
  auto restored = backup.owner();
  for (int twice = 0; twice < 2; ++twice)
    restored.exec("SELECT keywork.erase_again(json_populate_record(NULL::keywork.erasures, $1::json))",
                  {line});
  BOOST_TEST(backup.tables_with_the_word() == " users");
  BOOST_TEST(backup.count("erasures") == 1);
  BOOST_TEST(backup.count("erasures WHERE counts LIKE '%\"notes\": 4%'") == 1);
  backup.chain_holds(count("audit_entries WHERE salt IS NULL"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(retention_safeguarding_suite, with_safeguarding)

BOOST_AUTO_TEST_CASE(R31_safeguarding_notes_and_the_shell_outlive_the_rest) {
  BOOST_TEST(erase(order(erasure_kind::case_)) == erasure_result::case_changed);
  BOOST_TEST(erase(order(erasure_kind::rest)) == erasure_result::done);
  BOOST_TEST(erase(order(erasure_kind::rest)) == erasure_result::done_before);
  BOOST_TEST(tables_with_the_word() == " note_revisions notes search_entries users");
  BOOST_TEST(count("notes WHERE case_id = '" + to_text(of_case()) + "'") == 2);
  BOOST_TEST(count("note_revisions") == 2);
  BOOST_TEST(count("support_cases WHERE context_summary = '' AND kept_since = closed_at") == 1);
  // The operators still read them, and nobody else is on the case.
  const auto seen = world.session.notes(world.admin.user, org(), of_case(), model::stream::professional, {});
  BOOST_TEST(seen.size() == 2u);
  BOOST_TEST(!world.session.has_caseload(worker().user));
  BOOST_TEST(
      (store::candidates(world.session, org(), candidate_list::due, with_full_case::years_on(40), {}, 9)
           .empty()));
  BOOST_TEST(
      store::candidates(world.session, org(), candidate_list::kept, with_full_case::years_on(40), {}, 9)
          .size() == 1u);
}

BOOST_AUTO_TEST_CASE(R31_the_shell_goes_after_the_last_of_them) {
  erase(order(erasure_kind::rest));
  auto notes = flagged();
  BOOST_TEST_REQUIRE(notes.size() == 2u);
  auto first = order(erasure_kind::safeguarding);
  first.safeguarding = {notes[0]};
  BOOST_TEST(erase(first) == erasure_result::done);
  BOOST_TEST(erase(first) == erasure_result::case_changed);  // it is not there any more
  first.safeguarding = {notes[1]};
  first.safeguarding[0].flagged_at += std::chrono::hours{1};  // flagged anew since it was planned
  BOOST_TEST(erase(first) == erasure_result::case_changed);
  first.safeguarding = {notes[1]};
  BOOST_TEST(erase(first) == erasure_result::done);
  BOOST_TEST(erase(order(erasure_kind::case_)) == erasure_result::done);
  BOOST_TEST(tables_with_the_word() == " users");
  BOOST_TEST(count("erasures") == 4);
}

BOOST_AUTO_TEST_CASE(R7_a_case_that_is_opened_again_counts_from_its_next_closing) {
  erase(order(erasure_kind::rest));
  execute("UPDATE keywork.support_cases SET closed_at = NULL WHERE id = $case");
  BOOST_TEST(count("support_cases WHERE kept_since IS NOT NULL") == 0);
}

BOOST_AUTO_TEST_CASE(R32_a_note_that_is_unflagged_later_is_due_with_the_rest) {
  erase(order(erasure_kind::rest));
  const auto note = flagged().at(0);
  execute("UPDATE keywork.notes SET safeguarding = false WHERE id = '" + to_text(note.id) + "'");
  const auto found =
      store::candidates(world.session, org(), candidate_list::due, with_full_case::years_on(40), {}, 9);
  BOOST_TEST_REQUIRE(found.size() == 1u);
  BOOST_TEST(!found[0].what.rest_is_erased);
  BOOST_TEST(erase(order(erasure_kind::rest)) == erasure_result::done);
  BOOST_TEST(count("notes WHERE case_id = '" + to_text(of_case()) + "'") == 1);
}

BOOST_AUTO_TEST_CASE(R29_what_is_left_is_found_by_the_first_that_counts) {
  const auto later = "timestamp '2030-02-01 00:00:00'";
  execute(std::string("UPDATE keywork.notes SET flagged_at = ") + later +
          " WHERE ctid IN (SELECT ctid FROM keywork.notes WHERE safeguarding LIMIT 1)");
  erase(order(erasure_kind::rest));
  BOOST_TEST(count("support_cases WHERE kept_since = closed_at") == 1);
  auto o = order(erasure_kind::safeguarding);
  for (const auto& n : flagged())
    if (n.flagged_at == morning) o.safeguarding.push_back(n);
  BOOST_TEST_REQUIRE(o.safeguarding.size() == 1u);
  BOOST_TEST(erase(o) == erasure_result::done);
  BOOST_TEST(count(std::string("support_cases WHERE kept_since = ") + later) == 1);
}

BOOST_AUTO_TEST_SUITE_END()
