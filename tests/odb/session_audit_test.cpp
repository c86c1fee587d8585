#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>

#include "tests/odb/session_world.hpp"

using rehearsal::emoji;
using rehearsal::fresh_id;
using rehearsal::morning;
using rehearsal::small_world;

namespace {

struct with_entries : rehearsal::with_database {
  store::audit_query everything() const { return {.org = world.org->settings.id}; }
  store::audit_query of_case() const {
    return {.org = world.org->settings.id, .of_case = world.opened.at(0)};
  }
  std::vector<std::string> kinds(const store::audit_query& asked, model::user_id who) {
    std::vector<std::string> all;
    for (const auto& e : world.session.audit(who, asked)) all.push_back(e.kind);
    return all;
  }
  std::vector<std::string> kinds(const store::audit_query& asked) { return kinds(asked, world.admin.user); }
  /// Everything before happened in one moment, in which entries stand in any order.
  void keep_later(const model::caller& who, const model::note& note, std::chrono::minutes later) {
    auto change = world.change(world.load(), who, model::note_added{note});
    change.origin.at = morning + later;
    must(world.session.commit(std::vector{change}).at(0));
  }
  store::case_read read_by(const model::caller& who, std::chrono::microseconds later = {}) const {
    store::case_read read;
    read.org = world.org->settings.id;
    read.of_case = world.opened.at(0);
    read.user = who.user;
    read.first_at = morning + later;
    read.user_name = who.full_name;
    read.request_id = "request-2";
    return read;
  }
};

using names = std::vector<std::string>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(session_audit_suite, with_entries)

BOOST_AUTO_TEST_CASE(R26_an_entry_comes_back_as_it_was_kept) {
  auto invite = world.invite("hostile@example.org");
  invite.collaborator.full_name = invite.created->full_name = emoji;
  must(world.keep(world.admin, invite));
  const auto hostile = worker(invite);
  auto row = invite.collaborator;
  row.accepted_at = morning;
  must(world.keep(hostile, model::collaborator_accepted{row}));
  const auto note = world.note(hostile, "body");
  keep_later(hostile, note, std::chrono::minutes(1));
  const auto seen = world.session.audit(world.admin.user, of_case()).at(0);
  BOOST_TEST(seen.kind == "note.created");
  BOOST_TEST(seen.by_name == emoji);
  BOOST_TEST((seen.by == hostile.user));
  BOOST_TEST((seen.at == morning + std::chrono::minutes(1)));
  BOOST_TEST((seen.of_case == note.of_case));
  BOOST_TEST((seen.subject == note.id.value));
  BOOST_TEST(seen.request_id == "request-1");
  BOOST_TEST(seen.detail.find(to_text(note.id)) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(R26_the_log_is_listed_newest_first_by_any_filter) {
  const auto worker = accepted("full@example.org");
  const auto first = world.note(worker, "first"), second = world.note(world.admin, "second");
  keep_later(worker, first, std::chrono::minutes(1));
  keep_later(world.admin, second, std::chrono::hours(1));

  const auto newest = world.session.audit(world.admin.user, everything());
  BOOST_TEST((newest.at(0).subject == second.id.value));
  BOOST_TEST((newest.at(1).subject == first.id.value));
  auto all = kinds(everything());
  std::ranges::sort(all);
  BOOST_TEST(all == (names{"case.opened", "collaborator.accepted", "collaborator.invited", "landlord.added",
                           "note.created", "note.created", "organisation.created", "property.added",
                           "tenancy.created"}),
             boost::test_tools::per_element());
  BOOST_TEST(kinds(of_case()).size() == 5u);
  auto asked = everything();
  asked.kind = "collaborator.";
  BOOST_TEST(kinds(asked).size() == 2u);
  asked.kind = "collaborator.accepted";
  BOOST_TEST(kinds(asked).size() == 1u);
  asked.kind = "collaborator";
  BOOST_TEST(kinds(asked).empty());
  asked = of_case();
  asked.subject = first.id.value;
  asked.kind = "note.";  // here, ids of different kinds may be equal
  BOOST_TEST(kinds(asked).size() == 1u);
  asked.of_case.reset();
  BOOST_TEST(kinds(asked).size() == 1u);
  asked = everything();
  asked.by = worker.user;
  BOOST_TEST(kinds(asked) == (names{"note.created", "collaborator.accepted"}),
             boost::test_tools::per_element());
  asked = everything();
  asked.from = morning + std::chrono::hours(1);
  BOOST_TEST(kinds(asked) == names{"note.created"}, boost::test_tools::per_element());
  asked.to = asked.from;
  BOOST_TEST(kinds(asked).size() == 1u);
  asked.from.reset();
  asked.to = morning + std::chrono::minutes(59);
  asked.kind = "note.";
  BOOST_TEST(kinds(asked).size() == 1u);
  asked = everything();
  asked.wanted.limit = 2;
  std::set<std::string> pages;
  for (auto part = world.session.audit(world.admin.user, asked); !part.empty();
       part = world.session.audit(world.admin.user, asked)) {
    for (const auto& e : part) pages.insert(to_text(e.id));
    asked.wanted.after = part.back().id.value;
  }
  BOOST_TEST(pages.size() == 9u);
}

BOOST_AUTO_TEST_CASE(R23_a_full_collaborator_reads_the_documents_trail_and_nothing_else) {
  const auto full = accepted("full@example.org");
  const auto reader = accepted("reader@example.org", model::participation::context_only);
  owner().exec(
      "INSERT INTO keywork.audit_entries (id, org_id, case_id, at, by_id, by_name, request_id, kind, detail)"
      " SELECT gen_random_uuid(), $1::uuid, $2::uuid, now(), $3::uuid, 'Ada', 'r', kind, '{}'"
      " FROM unnest(ARRAY['document.submitted', 'documents', 'note.created']) kind",
      {to_text(world.org->settings.id), to_text(world.opened.at(0)), to_text(world.admin.user)});
  BOOST_TEST(kinds(everything(), full.user) == names{"document.submitted"}, boost::test_tools::per_element());
  BOOST_TEST(kinds(everything(), reader.user).empty());
  BOOST_TEST(kinds(everything(), fresh_id<model::user_id>()).empty());
  BOOST_TEST(kinds(of_case()).size() == 8u);
}

BOOST_AUTO_TEST_CASE(R11_a_former_body_is_for_operators_alone) {
  const auto worker = accepted("full@example.org");
  auto note = world.note(worker, "before");
  must(world.keep(worker, model::note_added{note}));
  const model::note_revision before{
      fresh_id<model::revision_id>(), note.org, note.of_case, note.id, "before", morning, worker.user};
  note.body = "after";
  note.edited_at = morning;
  must(world.keep(worker, model::note_edited{note, before}));
  auto& s = world.session;
  BOOST_TEST(s.revision(world.admin.user, note.org, note.of_case, before.id)->body == "before");
  BOOST_TEST(!s.revision(worker.user, note.org, note.of_case, before.id).has_value());
  BOOST_TEST(!s.revision(world.admin.user, note.org, fresh_id<model::case_id>(), before.id).has_value());
  BOOST_TEST(
      !s.revision(world.admin.user, note.org, note.of_case, fresh_id<model::revision_id>()).has_value());
}

BOOST_AUTO_TEST_CASE(R26_who_opens_a_case_is_written_down_once_an_hour_for_the_admins) {
  using namespace std::chrono_literals;
  const auto worker = accepted("full@example.org");
  const auto reader = accepted("reader@example.org", model::participation::context_only);
  auto& s = world.session;
  const auto org = world.org->settings.id;
  const auto of_case = world.opened.at(0);
  for (const auto& who : {world.admin, worker, reader}) {
    BOOST_TEST(s.keep_read(read_by(who)));
    BOOST_TEST(!s.keep_read(read_by(who)));
    BOOST_TEST(!s.keep_read(read_by(who, 59min)));
  }
  BOOST_TEST(s.keep_read(read_by(worker, 60min)));
  const auto seen = s.reads(world.admin.user, org, of_case, {});
  BOOST_TEST_REQUIRE(seen.size() == 4u);
  BOOST_TEST((seen[0].user == worker.user));
  BOOST_TEST((seen[0].first_at == morning + 60min));
  BOOST_TEST((seen[0].hour == std::chrono::floor<std::chrono::hours>(morning) + 1h));
  BOOST_TEST(seen[0].user_name == worker.full_name);
  BOOST_TEST(seen[0].request_id == "request-2");
  const auto rest = s.reads(world.admin.user, org, of_case, {10, seen[0].id});
  BOOST_TEST(rest.size() == 3u);
  for (const auto& who : {worker, reader}) BOOST_TEST(s.reads(who.user, org, of_case, {}).empty());

  const auto stranger = small_world::person(fresh_id<model::user_id>(), "Stan Stranger");
  BOOST_CHECK_THROW(s.keep_read(read_by(stranger)), std::exception);
  BOOST_TEST(count("case_reads") == 4);
  s.set_tier(org, "business", "test", fresh_id<model::audit_id>(), morning);
  BOOST_TEST(s.reads(world.admin.user, org, of_case, {}).empty());
  BOOST_CHECK_THROW(s.keep_read(read_by(worker, 3h)), std::exception);
}

BOOST_AUTO_TEST_CASE(R26_nobody_writes_down_that_somebody_else_read) {
  const auto worker = accepted("full@example.org");
  store::sql_connection service(db.service_conninfo);
  service.exec("SELECT set_config('role', 'keywork_person', false), set_config('keywork.user', $1, false)",
               {to_text(worker.user)});
  BOOST_CHECK_THROW(
      service.exec("INSERT INTO keywork.case_reads VALUES ($1::uuid, $2::uuid, $3::uuid, '2026-11-21 09:00',"
                   " gen_random_uuid(), '2026-11-21 09:10', 'A', 'r')",
                   {to_text(world.org->settings.id), to_text(world.opened.at(0)), to_text(world.admin.user)}),
      store::sql_error);
}

// --- wall 2 alone: statements as somebody, past everything but the database

namespace {

struct with_forger : with_entries {
  /// The SQLSTATE; empty where it was let in.
  std::string refusal(model::user_id who, const std::string& sql, std::vector<store::sql_text> values) {
    store::sql_connection service(db.service_conninfo);
    service.exec("SELECT set_config('role', 'keywork_person', false), set_config('keywork.user', $1, false)",
                 {to_text(who)});
    try {
      service.exec(sql, std::move(values));
    } catch (const store::sql_error& e) {
      return e.sqlstate();
    }
    return "";
  }
  std::string log(const model::caller& who, const std::string& kind, std::optional<model::case_id> of_case,
                  std::optional<model::user_id> by = {}, model::instant at = morning) {
    return refusal(
        who.user,
        "INSERT INTO keywork.audit_entries (id, org_id, case_id, at, by_id, by_name, request_id, kind, "
        "detail)"
        " VALUES ($1, $2, $3, $4, $5, 'Somebody Else', 'r', $6, '{}')",
        {to_text(rehearsal::fresh_id_of<model::audit_id>(morning)), to_text(world.org->settings.id),
         of_case ? store::sql_text(to_text(*of_case)) : std::nullopt, model::to_text(at),
         to_text(by.value_or(who.user)), kind});
  }
  std::string log(const model::caller& who, const std::string& kind) {
    return log(who, kind, world.opened.at(0));
  }
  std::string read(const model::caller& who, model::user_id as, model::instant at) {
    return refusal(
        who.user,
        "INSERT INTO keywork.case_reads (org_id, case_id, user_id, hour, id, first_at, user_name, request_id)"
        " VALUES ($1, $2, $3, date_trunc('hour', $5::timestamp), $4, $5, 'Somebody Else', 'r')",
        {to_text(world.org->settings.id), to_text(world.opened.at(0)), to_text(as),
         to_text(rehearsal::fresh_id_of<model::audit_id>(morning)), model::to_text(at)});
  }
  const std::string let_in, refused = "42501";
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(R27_an_entry_is_in_the_name_of_who_writes_it_whatever_they_say, with_forger) {
  const auto worker = accepted("full@example.org");
  BOOST_TEST(log(worker, "goal.created", world.opened.at(0), world.admin.user) == refused);
  BOOST_TEST(log(worker, "goal.created") == let_in);
  BOOST_TEST(log(world.admin, "settings.changed", std::nullopt) == let_in);
  BOOST_TEST(count("audit_entries WHERE kind = 'goal.created' AND by_name = 'Wanda Worker'") == 1);
  BOOST_TEST(count("audit_entries WHERE kind = 'settings.changed' AND by_name = 'Ada Admin'") == 1);
  BOOST_TEST(count("audit_entries WHERE by_name = 'Somebody Else'") == 0);
}

BOOST_FIXTURE_TEST_CASE(R27_an_entrys_time_is_that_of_its_id, with_forger) {
  using namespace std::chrono_literals;
  for (const auto off : {std::chrono::microseconds(-24h), std::chrono::microseconds(-1ms),
                         std::chrono::microseconds(1ms), std::chrono::microseconds(24h * 365)})
    BOOST_TEST(log(world.admin, "case.closed", world.opened.at(0), {}, morning + off) == refused);
  BOOST_TEST(log(world.admin, "case.closed") == let_in);
}

BOOST_FIXTURE_TEST_CASE(R13_R26_nobody_logs_what_their_role_cannot_have_done, with_forger) {
  const auto full = accepted("full@example.org");
  const auto reader = accepted("reader@example.org", model::participation::context_only);
  const auto stranger = small_world::person(fresh_id<model::user_id>(), "Stan Stranger");
  for (const auto* kind : {"session.created", "session.edited"}) {
    for (const auto& who : {world.admin, full, reader}) BOOST_TEST(log(who, kind) == let_in, kind);
    BOOST_TEST(log(stranger, kind) == refused, kind);
  }
  for (const auto* kind : {"note.created", "goal.progress_added", "document.submitted", "document.voided"}) {
    for (const auto& who : {world.admin, full}) BOOST_TEST(log(who, kind) == let_in, kind);
    BOOST_TEST(log(reader, kind) == refused, kind);
  }
  for (const auto* kind : {"case.closed", "note.safeguarding_flagged", "document.approved",
                           "collaborator.ended", "contact.added", "export.made"}) {
    BOOST_TEST(log(world.admin, kind) == let_in, kind);
    for (const auto& who : {full, reader}) BOOST_TEST(log(who, kind) == refused, kind);
  }
  // What is no kind, not a case's, or not a person's.
  for (const auto* kind : {"", "k", "note", "note.", "note.Created", "note.created ", "notes.created",
                           "member.added", "note.created\nnote.edited"})
    BOOST_TEST(log(world.admin, kind) == refused, kind);
  for (const auto* kind : {"note.created", "case.closed", "organisation.created", "organisation.tier_changed",
                           "retention.erased", "digest.sent"})
    BOOST_TEST(log(world.admin, kind, std::nullopt) == refused, kind);
  BOOST_TEST(log(full, "property.added", std::nullopt) == refused);
}

BOOST_FIXTURE_TEST_CASE(R26_a_line_of_the_readers_log_is_in_the_readers_name_and_of_its_time, with_forger) {
  using namespace std::chrono_literals;
  const auto worker = accepted("full@example.org");
  BOOST_TEST(read(worker, world.admin.user, morning) == refused);
  BOOST_TEST(read(worker, worker.user, morning - 2h) == refused);
  BOOST_TEST(read(worker, worker.user, morning) == let_in);
  BOOST_TEST(count("case_reads WHERE user_name = 'Wanda Worker'") == 1);
  BOOST_TEST(count("case_reads") == 1);
}

BOOST_AUTO_TEST_SUITE_END()
