#include <boost/test/unit_test.hpp>

#include "actors/services.hpp"
#include "tests/actors/world.hpp"

using namespace actor_tests;
using namespace actors;
using namespace model;
using rc = refusal_code;

namespace {

conditions key(std::string k, std::string fingerprint = "same") {
  return {"r", {}, {}, std::move(k), std::move(fingerprint)};
}
conditions if_match(std::string etag) { return {"r", std::move(etag), {}, {}, ""}; }
conditions if_none_match(std::string etag) { return {"r", {}, std::move(etag), {}, ""}; }

}  // namespace

BOOST_FIXTURE_TEST_SUITE(case_actor_, world)

BOOST_AUTO_TEST_CASE(R10_each_kind_of_caller_gets_their_view) {
  ask(admin, north_case, note("SHARED-WORDS")).answer();
  ask(manager, north_case, note("SECRET-WORDS", stream::professional)).answer();
  BOOST_TEST(ask(admin, north_case, view_workspace{}).holds("SECRET-WORDS"));
  for (const auto& who : {fay, connie}) {
    const auto seen = ask(who, north_case, view_workspace{});
    BOOST_TEST(seen.holds("SHARED-WORDS"));
    BOOST_TEST(!seen.holds("SECRET-WORDS"));
    BOOST_TEST(ask(who, north_case, view_notes{stream::professional, {}}).code() == rc::not_permitted);
  }
  BOOST_TEST(ask(outsider, north_case, view_workspace{}).code() == rc::not_found);
}

BOOST_AUTO_TEST_CASE(a_command_is_decided_committed_and_answered) {
  const auto commits = counted().commits.load();
  const auto made = ask(fay, north_case, note("first"));
  BOOST_TEST(made.kind() == answer_kind::created);
  BOOST_TEST(made.holds("\"body\":\"first\""));
  BOOST_TEST(counted().commits.load() == commits + 1);
  BOOST_TEST(stored(north_case).find(made.made<note_id>())->body == "first");
  BOOST_TEST(ask(fay, north_case, view_workspace{}).holds("first"));
  const auto gone = ask(fay, north_case, case_command{delete_note{made.made<note_id>()}});
  BOOST_TEST(gone.kind() == answer_kind::no_content);
  BOOST_TEST(gone.text().empty());
}

BOOST_AUTO_TEST_CASE(reads_come_from_memory_once_the_case_is_loaded_and_the_reader_written_down) {
  ask(fay, north_case, view_workspace{}).answer();
  ask(connie, north_case, view_workspace{}).answer();
  hold(true, true);
  BOOST_TEST(ask(connie, north_case, view_workspace{}).kind() == answer_kind::ok);
  BOOST_TEST(held() == 0u);
}

BOOST_AUTO_TEST_CASE(reads_during_a_commit_come_from_the_last_committed_state) {
  ask(fay, north_case, view_workspace{}).answer();
  hold(false, true);
  const auto written = ask(fay, north_case, note("on its way"));
  BOOST_TEST(written.pending());
  BOOST_TEST(!ask(connie, north_case, view_workspace{}).holds("on its way"));
  hold_nothing();
  BOOST_TEST(written.kind() == answer_kind::created);
  BOOST_TEST(ask(connie, north_case, view_workspace{}).holds("on its way"));
}

BOOST_AUTO_TEST_CASE(commands_wait_for_each_other_in_order) {
  ask(fay, north_case, view_workspace{}).answer();
  hold(false, true);
  const auto one = ask(fay, north_case, note("one"));
  const auto two = ask(admin, north_case, note("two"));
  const auto closing = ask(admin, north_case, case_command{close_case{}});
  const auto late = ask(fay, north_case, note("late"));
  BOOST_TEST(held() == 1u);
  release();
  BOOST_TEST(!one.pending());
  BOOST_TEST(two.pending());
  release();
  BOOST_TEST(!two.pending());
  hold_nothing();
  BOOST_TEST(closing.kind() == answer_kind::ok);
  BOOST_TEST(late.code() == rc::case_closed);
  const auto notes = stored(north_case).shared;
  BOOST_REQUIRE(notes.size() == 2u);
  BOOST_TEST(notes.at(0)->body == "one");
  BOOST_TEST(notes.at(1)->body == "two");
}

BOOST_AUTO_TEST_CASE(requests_that_come_while_loading_are_answered_after_it) {
  pass(std::chrono::hours{1});  // the case was idle and has gone
  hold(true, false);
  const auto first = ask(admin, south_case, view_workspace{});
  const auto second = ask(admin, south_case, note("x"));
  const auto strange = ask(fay, south_case, view_workspace{});
  BOOST_TEST(first.pending());
  BOOST_TEST(held() == 1u);
  hold_nothing();
  BOOST_TEST(strange.code() == rc::not_found);
  BOOST_TEST(first.kind() == answer_kind::ok);
  BOOST_TEST(second.kind() == answer_kind::created);
}

BOOST_AUTO_TEST_CASE(a_lost_version_race_is_decided_again_once) {
  ask(fay, north_case, view_workspace{}).answer();
  const auto conflicts = counted().commit_conflicts.load();
  sql("UPDATE keywork.support_cases SET version = version + 1");
  BOOST_TEST(ask(fay, north_case, note("after all")).kind() == answer_kind::created);
  BOOST_TEST(counted().commit_conflicts.load() == conflicts + 1);
  BOOST_TEST(stored(north_case).shared.size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_is_decided_again_is_decided_on_what_is_there_now) {
  ask(fay, north_case, view_workspace{}).answer();
  sql("UPDATE keywork.support_cases SET version = version + 1, closed_at = now()");
  BOOST_TEST(ask(fay, north_case, note("too late")).code() == rc::case_closed);
  BOOST_TEST(ask(fay, north_case, view_workspace{}).holds("\"status\":\"closed\""));
}

BOOST_AUTO_TEST_CASE(a_race_lost_twice_is_503_and_the_next_one_works) {
  ask(fay, north_case, view_workspace{}).answer();
  hold(false, true);
  const auto written = ask(fay, north_case, note("x"));
  sql("UPDATE keywork.support_cases SET version = version + 1");
  release();
  BOOST_TEST(written.pending());
  BOOST_TEST(held() == 1u);
  sql("UPDATE keywork.support_cases SET version = version + 1");
  hold_nothing();
  BOOST_TEST(written.code() == rc::unavailable);
  BOOST_TEST(written.refusal().retry_after.has_value());
  BOOST_TEST(stored(north_case).shared.empty());
  BOOST_TEST(ask(fay, north_case, note("y")).kind() == answer_kind::created);
}

BOOST_AUTO_TEST_CASE(without_the_database_a_loaded_case_is_read_and_not_written) {
  ask(fay, north_case, view_workspace{}).answer();
  ask(connie, north_case, view_workspace{}).answer();
  cut_database();
  BOOST_TEST(ask(connie, north_case, view_workspace{}).kind() == answer_kind::ok);
  BOOST_TEST(ask(fay, north_case, note("x")).code() == rc::unavailable);
  // Nobody reads it anew without its being written down.
  BOOST_TEST(ask(manager, north_case, view_workspace{}).code() == rc::unavailable);
  // What became of it is not known, so that memory is not believed any more.
  BOOST_TEST(ask(connie, north_case, view_workspace{}).code() == rc::unavailable);
  BOOST_TEST(ask(admin, south_case, note("x")).code() == rc::unavailable);
  mend_database();
  BOOST_TEST(ask(fay, north_case, note("y")).kind() == answer_kind::created);
  BOOST_TEST(ask(admin, south_case, note("y")).kind() == answer_kind::created);
  BOOST_TEST(stored(north_case).shared.size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_same_idempotency_key_gets_the_same_answer) {
  const auto first = ask(fay, north_case, note("once"), key("k1"));
  const auto again = ask(fay, north_case, note("once"), key("k1"));
  BOOST_TEST(again.text() == first.text());
  BOOST_TEST(again.answer().etag == first.answer().etag);
  BOOST_TEST(again.kind() == answer_kind::created);
  BOOST_TEST((again.answer().made == first.answer().made));
  BOOST_TEST(stored(north_case).shared.size() == 1u);
  BOOST_TEST(ask(fay, north_case, note("other"), key("k1", "other")).code() == rc::idempotency_key_reused);
  BOOST_TEST(ask(admin, north_case, note("hers"), key("k1")).kind() == answer_kind::created);
  BOOST_TEST(stored(north_case).shared.size() == 2u);
  pass(std::chrono::hours{25});
  BOOST_TEST(ask(fay, north_case, note("a day later"), key("k1", "other")).kind() == answer_kind::created);
}

BOOST_AUTO_TEST_CASE(a_kept_answer_without_a_body_stays_without) {
  const auto n = ask(fay, north_case, note("x")).made<note_id>();
  for (int i = 0; i < 2; ++i)
    BOOST_TEST(ask(fay, north_case, case_command{delete_note{n}}, key("k1")).kind() ==
               answer_kind::no_content);
}

BOOST_AUTO_TEST_CASE(R16_a_kept_answer_is_not_given_to_who_has_lost_access) {
  ask(fay, north_case, note("once"), key("k1")).answer();
  ask(admin, north_case, case_command{end_assignment{row_of(north_case, fay.email)}}).answer();
  BOOST_TEST(ask(fay, north_case, note("once"), key("k1")).code() == rc::not_found);
}

BOOST_AUTO_TEST_CASE(a_key_survives_the_actor_that_answered) {
  const auto first = ask(fay, north_case, note("once"), key("k1"));
  kill_organisation();
  BOOST_TEST(ask(fay, north_case, note("once"), key("k1")).text() == first.text());
  BOOST_TEST(stored(north_case).shared.size() == 1u);
}

BOOST_AUTO_TEST_CASE(two_of_the_same_key_at_once_are_one) {
  ask(fay, north_case, view_workspace{}).answer();
  hold(false, true);
  const auto one = ask(fay, north_case, note("once"), key("k1"));
  const auto two = ask(fay, north_case, note("once"), key("k1"));
  hold_nothing();
  BOOST_TEST(one.text() == two.text());
  BOOST_TEST(stored(north_case).shared.size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_etag_saves_the_bytes_until_something_is_another) {
  const auto seen = ask(fay, north_case, view_workspace{});
  const auto etag = seen.answer().etag;
  BOOST_TEST(etag.size() > 2u);
  const auto again = ask(fay, north_case, view_workspace{}, if_none_match("\"x\", " + etag));
  BOOST_TEST(again.kind() == answer_kind::not_modified);
  BOOST_TEST(again.text().empty());
  ask(admin, north_case, note("secret", stream::professional)).answer();
  BOOST_TEST(ask(fay, north_case, view_workspace{}, if_none_match(etag)).kind() == answer_kind::not_modified);
  ask(admin, north_case, note("shared")).answer();
  BOOST_TEST(ask(fay, north_case, view_workspace{}, if_none_match(etag)).kind() == answer_kind::ok);
}

BOOST_AUTO_TEST_CASE(if_match_refuses_what_was_decided_on_an_older_view) {
  const auto etag = ask(manager, north_case, view_workspace{}).answer().etag;
  const case_command edit = edit_context_summary{{"New."}};
  BOOST_TEST(ask(manager, north_case, edit, if_match(etag)).kind() == answer_kind::ok);
  const auto late = ask(manager, north_case, case_command{edit_context_summary{{"Newer."}}}, if_match(etag));
  BOOST_TEST(late.code() == rc::version_mismatch);
  BOOST_TEST(ask(manager, north_case, case_command{edit_context_summary{{"Newer."}}}, if_match("*")).kind() ==
             answer_kind::ok);
  BOOST_TEST(ask(outsider, north_case, edit, if_match(etag)).code() == rc::not_found);
}

BOOST_AUTO_TEST_CASE(if_match_holds_for_commands_that_waited) {
  const auto etag = ask(manager, north_case, view_workspace{}).answer().etag;
  hold(false, true);
  const auto one = ask(manager, north_case, case_command{edit_context_summary{{"One."}}}, if_match(etag));
  const auto two = ask(manager, north_case, case_command{edit_context_summary{{"Two."}}}, if_match(etag));
  hold_nothing();
  BOOST_TEST(one.kind() == answer_kind::ok);
  BOOST_TEST(two.code() == rc::version_mismatch);
}

BOOST_AUTO_TEST_CASE(R12_a_case_says_who_may_upload_before_the_file_comes) {
  create_document letter;
  letter.title = {"Plan"};
  const auto d = ask(fay, north_case, case_command{letter}).made<document_id>();
  const auto reads = ask(admin, north_case, view_reads{{}}).text();
  for (const auto& who : {admin, manager, fay}) {
    BOOST_TEST(ask(who, north_case, may_upload{d}).kind() == answer_kind::no_content);
    BOOST_TEST(ask(who, north_case, may_upload{}).kind() == answer_kind::no_content);
  }
  BOOST_TEST(ask(connie, north_case, may_upload{d}).code() == rc::not_permitted);
  BOOST_TEST(ask(connie, north_case, may_upload{}).code() == rc::not_permitted);
  BOOST_TEST(ask(outsider, north_case, may_upload{d}).code() == rc::not_found);
  BOOST_TEST(ask(fay, north_case, may_upload{ids.make<document_id>()}).code() == rc::not_found);
  BOOST_TEST(ask(admin, south_case, may_upload{d}).code() == rc::not_found);
  // Nobody has read anything by that.
  BOOST_TEST(ask(admin, north_case, view_reads{{}}).text() == reads);
  ask(fay, north_case, case_command{edit_document{d, {}, document_body{"words"}, {}}}).answer();
  ask(fay, north_case, case_command{submit_document{d}}).answer();
  BOOST_TEST(ask(fay, north_case, may_upload{d}).code() == rc::wrong_status);
  ask(admin, north_case, case_command{close_case{}}).answer();
  BOOST_TEST(ask(fay, north_case, may_upload{}).code() == rc::case_closed);
  // What may be the repetition of an upload is answered as that was.
  BOOST_TEST(ask(fay, north_case, may_upload{}, key("again")).kind() == answer_kind::no_content);
}

BOOST_AUTO_TEST_CASE(R16_a_read_after_the_answer_to_end_sees_nothing) {
  ask(fay, north_case, view_workspace{}).answer();
  const auto end = begin(admin, north_case, case_command{end_assignment{row_of(north_case, fay.email)}});
  // In the same mailbox, before the end was committed: still the state before; it was never answered by then.
  run();
  BOOST_TEST(end.kind() == answer_kind::ok);
  for (const case_request& what :
       std::vector<case_request>{view_workspace{}, view_team{}, view_notes{}, note("x")})
    BOOST_TEST(ask(fay, north_case, what).code() == rc::not_found);
}

BOOST_AUTO_TEST_CASE(R16_what_waited_behind_the_end_is_refused_too) {
  ask(fay, north_case, view_workspace{}).answer();
  hold(false, true);
  const auto end = ask(admin, north_case, case_command{end_assignment{row_of(north_case, fay.email)}});
  const auto written = ask(fay, north_case, note("in the same breath"));
  hold_nothing();
  BOOST_TEST(end.kind() == answer_kind::ok);
  BOOST_TEST(written.code() == rc::not_found);
}

BOOST_AUTO_TEST_CASE(R16_notes_that_were_asked_for_before_the_end_are_not_given_after_it) {
  ask(fay, north_case, note("hers")).answer();
  hold(true, false);
  const auto notes = ask(fay, north_case, view_notes{});
  BOOST_TEST(held() == 1u);
  hold(false, false);
  ask(admin, north_case, case_command{end_assignment{row_of(north_case, fay.email)}}).answer();
  release();
  BOOST_TEST(notes.code() == rc::not_found);
}

BOOST_AUTO_TEST_CASE(notes_are_read_page_by_page_newest_first) {
  for (int i = 0; i < 5; ++i) {
    ask(fay, north_case, note("note " + std::to_string(i))).answer();
    pass(std::chrono::seconds{1});
  }
  const auto page = ask(connie, north_case, view_notes{{}, {2, {}}});
  BOOST_TEST(page.holds("note 4"));
  BOOST_TEST(page.holds("note 3"));
  BOOST_TEST(!page.holds("note 2"));
  const auto text = page.text();
  const auto at = text.find("\"next\":\"") + 8;
  const auto next = parse_uuid(text.substr(at, 36));
  BOOST_REQUIRE(next.has_value());
  const auto rest = ask(connie, north_case, view_notes{{}, {50, next}});
  BOOST_TEST(rest.holds("note 2"));
  BOOST_TEST(rest.holds("note 0"));
  BOOST_TEST(!rest.holds("note 3"));
  BOOST_TEST(rest.holds("\"next\":null"));
}

BOOST_AUTO_TEST_CASE(a_note_older_than_the_window_can_be_edited_and_deleted) {
  const auto old = ask(fay, north_case, note("old")).made<note_id>();
  for (std::size_t i = 0; i < workspace_list_length; ++i) ask(fay, north_case, note("more")).answer();
  BOOST_TEST(!ask(fay, north_case, view_workspace{}).holds("\"old\""));
  BOOST_TEST(
      ask(fay, north_case, case_command{edit_note{old, note_text{"changed"}, {}, {}}}).holds("changed"));
  BOOST_TEST(session->load_note(org, north_case, old)->body == "changed");
  ask(fay, north_case, case_command{delete_note{old}}).answer();
  BOOST_TEST(session->load_note(org, north_case, old)->deleted_at.has_value());
  BOOST_TEST(ask(fay, north_case, case_command{delete_note{note_id{ids.next()}}}).code() == rc::not_found);
}

BOOST_AUTO_TEST_CASE(R15_an_invite_finds_who_the_address_belongs_to) {
  ask(admin, south_case, case_command{invitation(fay.email)}).answer();
  const auto row = stored(south_case).team.at(0);
  BOOST_TEST((row->user == fay.user));
  BOOST_TEST(ask(fay, south_case, view_workspace{}).code() == rc::not_found);
  BOOST_TEST(ask(fay, south_case, case_command{accept_invite{row->id}}).kind() == answer_kind::ok);
  BOOST_TEST(ask(fay, south_case, view_workspace{}).kind() == answer_kind::ok);
}

BOOST_AUTO_TEST_CASE(thousands_of_refused_commands_may_wait_behind_one_commit) {
  ask(connie, north_case, view_workspace{}).answer();
  hold(false, true);
  const auto kept = begin(fay, north_case, note("first"));
  run();
  std::vector<asked> refused;
  for (int i = 0; i < 10'000; ++i) refused.push_back(begin(connie, north_case, note("not hers to write")));
  run();
  hold(false, false);
  release();
  BOOST_TEST(kept.kind() == answer_kind::created);
  BOOST_TEST(std::all_of(refused.begin(), refused.end(),
                         [](const asked& a) { return a.code() == refusal_code::not_permitted; }));
}

BOOST_AUTO_TEST_CASE(a_kept_answer_comes_before_the_condition_it_was_given_under) {
  conditions given;
  given.idempotency_key = "once";
  given.fingerprint = "the same";
  given.if_match = ask(fay, north_case, view_workspace{}).answer().etag;
  const auto first = ask(fay, north_case, note("kept once"), given);
  const auto again = ask(fay, north_case, note("kept once"), given);
  BOOST_TEST(first.kind() == answer_kind::created);
  BOOST_TEST(again.kind() == answer_kind::created);
  BOOST_TEST(first.text() == again.text());
}

BOOST_AUTO_TEST_CASE(a_change_is_answered_with_the_etag_of_the_workspace_it_leads_to) {
  const auto changed = ask(fay, north_case, note("tagged"));
  BOOST_TEST(changed.answer().etag == ask(fay, north_case, view_workspace{}).answer().etag);
}

BOOST_AUTO_TEST_SUITE_END()
