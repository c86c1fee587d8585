#include "model/digest.hpp"

#include <boost/test/unit_test.hpp>

#include "model/json.hpp"
#include "model/wire.hpp"

using namespace model;

namespace {

instant at(std::string_view text) { return parse_instant(text).value(); }
const month october = parse_month("2026-10").value();
const instant sent = at("2026-11-01T07:00:00Z");

organisation northgate() {
  organisation o;
  o.name = "Northgate Homes";
  o.time_zone = "Europe/London";
  o.housing_officer_emails = {"connie@council.example", "harry@council.example"};
  return o;
}

digest_assignment connie() {
  digest_assignment a;
  a.of_case.value.data[15] = 1;
  a.reference = "SC-00001";
  a.tenant_name = "Tess Tenant";
  a.participation = participation::context_only;
  a.email = "connie@council.example";
  a.full_name = "Connie Council";
  a.accepted_at = at("2026-09-01T10:00:00Z");
  return a;
}

goal a_goal(std::string title, goal_status status = goal_status::active) {
  goal g;
  g.title = std::move(title);
  g.status = status;
  return g;
}

support_session a_session(std::string_view starts, session_status status) {
  support_session s;
  s.starts_at = at(starts);
  s.status = status;
  s.type = session_type::key_work;
  s.attendees = "Tess\nSam";
  s.outcome_note = "Went well.";
  return s;
}

note a_note(std::string body, std::string_view created = "2026-10-15T12:00:00Z") {
  static std::uint8_t count = 0;
  note n;
  n.id.value.data[15] = ++count;
  n.body = std::move(body);
  n.created_at = at(created);
  n.author_name = "Wanda Worker";
  return n;
}

std::optional<digest> made(const organisation& org, const digest_assignment& a, digest_parts parts) {
  digest_maker maker(org, october, sent);
  maker.add(a, parts);
  return maker.finish();
}

digest_parts everything() {
  return {{a_goal("Cook")},
          {a_session("2026-10-03T10:00:00Z", session_status::delivered)},
          {a_note("A quiet month")},
          false};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(digest_)

BOOST_AUTO_TEST_CASE(R33_a_recipient_is_accepted_active_listed_and_no_contact) {
  const auto org = northgate();
  BOOST_TEST(is_recipient(connie(), org));
  auto a = connie();
  a.participation = participation::full;
  BOOST_TEST(is_recipient(a, org));
  a.participation = participation::reference_only;
  BOOST_TEST(!is_recipient(a, org));
  a = connie();
  a.accepted_at.reset();
  BOOST_TEST(!is_recipient(a, org));
  a = connie();
  a.ended_at = sent;
  BOOST_TEST(!is_recipient(a, org));
  a = connie();
  a.email = "wanda@support.example";
  BOOST_TEST(!is_recipient(a, org));
  a.email = "Connie@Council.example";  // R2: compared without regard to case
  BOOST_TEST(is_recipient(a, org));
}

BOOST_AUTO_TEST_CASE(R34_visibility_decides_on_the_tenant_and_on_the_notes) {
  auto org = northgate();
  const auto reach = [&](note_visibility v) { return reach_of(v, org); };
  BOOST_CHECK(reach(note_visibility::hidden) == digest_reach::nothing);
  BOOST_CHECK(reach(note_visibility::visible) == digest_reach::with_notes);
  BOOST_CHECK(reach(note_visibility::inherit) == digest_reach::without_notes);
  org.support_notes_visible_to_housing_officer = true;
  BOOST_CHECK(reach(note_visibility::hidden) == digest_reach::nothing);
  BOOST_CHECK(reach(note_visibility::visible) == digest_reach::with_notes);
  BOOST_CHECK(reach(note_visibility::inherit) == digest_reach::with_notes);
}

BOOST_AUTO_TEST_CASE(R34_a_section_holds_goals_sessions_and_notes_only_where_they_may_be_told) {
  const auto org = northgate();
  auto a = connie();
  auto d = made(org, a, everything());
  BOOST_REQUIRE(d);
  BOOST_TEST(d->recipient == "Connie Council");
  BOOST_REQUIRE(d->sections.size() == 1u);
  BOOST_TEST(d->sections[0].goals.size() == 1u);
  BOOST_TEST(d->sections[0].sessions.size() == 1u);
  BOOST_TEST(d->sections[0].notes.empty());
  a.visibility = note_visibility::visible;
  d = made(org, a, everything());
  BOOST_REQUIRE(d);
  BOOST_TEST(d->sections[0].notes.at(0).body == "A quiet month");
  a.visibility = note_visibility::hidden;
  BOOST_TEST(!made(org, a, everything()));
}

BOOST_AUTO_TEST_CASE(R34_only_active_goals_with_their_latest_progress) {
  BOOST_TEST(!tell(a_goal("done", goal_status::achieved)));
  BOOST_TEST(!tell(a_goal("given up", goal_status::closed)));
  auto g = a_goal("Cook");
  BOOST_TEST(!tell(g).value().latest_progress.has_value());
  g.progress = "Made soup";
  g.progress_at = at("2026-10-20T10:00:00Z");
  g.progress_by = "Wanda";
  BOOST_TEST(tell(g).value().latest_progress.value().text == "Made soup");
}

BOOST_AUTO_TEST_CASE(R34_sessions_delivered_or_scheduled_in_the_period_by_their_date) {
  const auto period = period_of(october, "Europe/London");
  const auto told = [&](std::string_view starts, session_status s) {
    return tell(a_session(starts, s), period).has_value();
  };
  BOOST_TEST(told("2026-10-15T10:00:00Z", session_status::delivered));
  BOOST_TEST(told("2026-10-15T10:00:00Z", session_status::scheduled));
  BOOST_TEST(!told("2026-10-15T10:00:00Z", session_status::missed));
  BOOST_TEST(!told("2026-10-15T10:00:00Z", session_status::cancelled));
  BOOST_TEST(told("2026-09-30T23:00:00Z", session_status::delivered));  // midnight in London
  BOOST_TEST(!told("2026-09-30T22:59:59Z", session_status::delivered));
  BOOST_TEST(told("2026-10-31T23:59:59Z", session_status::delivered));
  BOOST_TEST(!told("2026-11-01T00:00:00Z", session_status::delivered));
  const auto s = tell(a_session("2026-10-15T10:00:00Z", session_status::delivered), period).value();
  BOOST_TEST(s.attendees.size() == 2u);
  BOOST_TEST(s.outcome_note == "Went well.");
}

BOOST_AUTO_TEST_CASE(R34_professional_and_deleted_notes_never) {
  const auto period = period_of(october, "Europe/London");
  auto n = a_note("x");
  BOOST_TEST(tell(n, period).has_value());
  n.stream = stream::professional;
  BOOST_TEST(!tell(n, period));
  n.safeguarding = true;
  BOOST_TEST(!tell(n, period));
  n.stream = stream::shared;  // which cannot be
  BOOST_TEST(!tell(n, period));
  n = a_note("x");
  n.deleted_at = sent;
  BOOST_TEST(!tell(n, period));
  BOOST_TEST(!tell(a_note("x", "2026-09-30T22:59:59Z"), period));
  BOOST_TEST(!tell(a_note("x", "2026-11-01T00:00:00Z"), period));
}

BOOST_AUTO_TEST_CASE(R35_nothing_to_say_is_no_digest) {
  const auto org = northgate();
  BOOST_TEST(!made(org, connie(), {}));
  BOOST_TEST(
      !made(org, connie(), {{a_goal("done", goal_status::achieved)}, {}, {a_note("not told")}, false}));
}

BOOST_AUTO_TEST_CASE(R35_who_came_after_it_was_due_is_not_told_of_a_missed_month) {
  const auto org = northgate();
  auto a = connie();
  a.accepted_at = sent;
  BOOST_TEST(made(org, a, everything()).has_value());
  a.accepted_at = sent + std::chrono::seconds{1};
  BOOST_TEST(!made(org, a, everything()));
}

BOOST_AUTO_TEST_CASE(R34_a_case_that_was_closed_before_the_period_is_over) {
  const auto org = northgate();
  auto a = connie();
  a.closed_at = at("2026-10-01T09:00:00Z");
  BOOST_TEST(made(org, a, everything()).has_value());
  a.closed_at = at("2026-09-30T22:00:00Z");
  BOOST_TEST(!made(org, a, everything()));
}

BOOST_AUTO_TEST_CASE(R34_a_mail_has_an_end_and_says_so) {
  const auto org = northgate();
  auto a = connie();
  a.visibility = note_visibility::visible;
  digest_parts many;
  for (std::size_t i = 0; i < most_told_of_a_kind + 1; ++i) many.notes.push_back(a_note("note"));
  auto d = made(org, a, many);
  BOOST_REQUIRE(d);
  BOOST_TEST(d->sections[0].notes.size() == most_told_of_a_kind);
  BOOST_TEST(d->sections[0].more);
  digest_parts large;
  for (int i = 0; i < 80; ++i) large.notes.push_back(a_note(std::string(20'000, 'x')));
  d = made(org, a, large);
  BOOST_REQUIRE(d);
  BOOST_TEST(d->sections[0].notes.size() == most_text_told / 20'000);
  BOOST_TEST(d->sections[0].more);
}

BOOST_AUTO_TEST_CASE(what_was_said_may_be_said_again_only_while_all_of_it_may_be_told) {
  const auto org = northgate();
  auto a = connie();
  a.visibility = note_visibility::visible;
  const auto said = made(org, a, everything()).value();
  const auto note = said.sections[0].notes[0].id;
  using now = std::vector<digest_reach_now>;
  const auto may = [&](const now& n) { return may_still_be_said(said, n); };
  BOOST_TEST(may({{a.of_case, digest_reach::with_notes, {note}}}));
  BOOST_TEST(!may({{a.of_case, digest_reach::with_notes, {}}}));
  BOOST_TEST(!may({{a.of_case, digest_reach::without_notes, {note}}}));
  BOOST_TEST(!may({{a.of_case, digest_reach::nothing, {note}}}));
  BOOST_TEST(!may({}));
  const auto without = made(org, connie(), everything()).value();
  BOOST_TEST(may_still_be_said(without, now{{a.of_case, digest_reach::without_notes, {}}}));
}

BOOST_AUTO_TEST_CASE(it_is_kept_and_read_again_as_it_was) {
  auto a = connie();
  a.visibility = note_visibility::visible;
  const auto said = made(northgate(), a, everything()).value();
  digest again;
  unpack(pack(said), again);
  BOOST_TEST(to_json(again) == to_json(said));
  BOOST_TEST(counts_of(again).notes == 1);
}

BOOST_AUTO_TEST_CASE(R34_nothing_professional_has_a_place_in_it) {
  // Every member that a digest shows, by name: a new one has to be thought about.
  a_note("x");
  auto a = connie();
  a.visibility = note_visibility::visible;
  const auto json = to_json(made(northgate(), a, everything()).value());
  for (const auto* never : {"stream", "professional", "safeguarding", "flagged", "context_summary", "hold"})
    BOOST_TEST(json.find(never) == std::string::npos, never);
}

BOOST_AUTO_TEST_SUITE_END()
