#include <boost/test/unit_test.hpp>

#include "tests/odb/session_world.hpp"

using rehearsal::emoji;
using rehearsal::fresh_id;
using rehearsal::morning;
using rehearsal::with_database;
using store::commit_result;

namespace {

/// Bytes that are made as they are read, so that a file needs no room here.
class long_file final : public model::file_source {
 public:
  explicit long_file(std::uint64_t size) : size_(size) {}
  std::uint64_t size() const override { return size_; }
  std::string read(std::uint64_t offset, std::size_t most) const override {
    std::string out(std::min<std::uint64_t>(most, size_ - offset), '\0');
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<char>((offset + i) * 31 % 256);
    return out;
  }

 private:
  std::uint64_t size_;
};

/// A file that breaks off while it is read.
class broken_file final : public model::file_source {
 public:
  std::uint64_t size() const override { return 600'000; }
  std::string read(std::uint64_t offset, std::size_t most) const override {
    if (offset > 0) throw std::runtime_error("the disk is gone");
    return std::string(most, 'x');
  }
};

struct with_parts : with_database {
  model::goal goal(const model::caller& by, std::string title = "Cook") {
    model::goal g;
    g.id = fresh_id<model::goal_id>();
    place(g, by);
    g.title = std::move(title);
    return g;
  }
  model::support_session session(const model::caller& by, model::instant when = morning) {
    model::support_session s;
    s.id = fresh_id<model::session_id>();
    place(s, by);
    s.starts_at = when;
    return s;
  }
  model::document document(const model::caller& by, const std::string& body) {
    model::document d;
    d.id = fresh_id<model::document_id>();
    place(d, by);
    d.title = "A document";
    if (!body.empty()) {
      d.media_type = "text/markdown";
      d.content_size = static_cast<std::int64_t>(body.size());
      d.content_sha256 = std::string(64, 'a');
    }
    return d;
  }
  model::document created(const model::caller& by, const std::string& body) {
    const auto d = document(by, body);
    must(world.keep(by, model::document_created{d, body.empty() ? std::nullopt : std::optional{body}}));
    return d;
  }
  static model::document with_file(model::document d, const model::file_source& bytes) {
    d.file = fresh_id<model::file_id>();
    d.file_name = "plan.pdf";
    d.media_type = "application/pdf";
    d.content_size = static_cast<std::int64_t>(bytes.size());
    d.content_sha256 = std::string(64, 'b');
    return d;
  }
  std::string downloaded(const model::caller& by, const model::document& d) {
    std::string all;
    for (std::int32_t i = 0; auto piece = world.session.document_chunk(by.user, d, i); ++i) all += *piece;
    return all;
  }
  /// Past the steps in between, as the store would find it.
  void force_sent(const model::document& d) {
    owner().script(
        "SET session_replication_role = replica; UPDATE keywork.documents SET status = 'sent',"
        " submitted_at = created_at, approved_at = created_at, approved_by = 'A', sent_at = created_at,"
        " sent_to_name = 'T', sent_to_email = 'tess@example.org' WHERE id = '" +
        to_text(d.id) + "'");
  }
  model::org_id org() const { return world.org->settings.id; }
  model::case_id of_case() const { return world.opened.at(0); }

 private:
  template <class Part>
  void place(Part& p, const model::caller& by) {
    p.org = org();
    p.of_case = of_case();
    p.author = by.user;
    p.author_name = by.full_name;
    p.created_at = morning;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(session_parts, with_parts)

BOOST_AUTO_TEST_CASE(R20_goals_and_their_progress_come_back_as_they_were_kept) {
  auto g = goal(world.admin, "Cook 👩🏽‍🚒");
  g.target_date = model::day{std::chrono::year{2028} / 2 / 29};
  BOOST_TEST(world.keep(world.admin, model::goal_added{g}) == commit_result::done);
  auto after = g;
  after.progress = "Made soup";
  after.progress_at = morning;
  after.progress_by = world.admin.full_name;
  const model::goal_progress p{
      fresh_id<model::progress_id>(), g.org,  g.of_case, g.id, "Made soup", world.admin.user,
      world.admin.full_name,          morning};
  BOOST_TEST(world.keep(world.admin, model::progress_added{after, p}) == commit_result::done);
  const auto loaded = world.load();
  BOOST_TEST_REQUIRE(loaded.goals.size() == 1u);
  BOOST_TEST(loaded.goals[0]->title == g.title);
  BOOST_TEST((loaded.goals[0]->target_date == g.target_date));
  BOOST_TEST(loaded.goals[0]->progress.value() == "Made soup");
  const auto entries = world.session.progress(world.admin.user, org(), of_case(), g.id, {});
  BOOST_TEST_REQUIRE(entries.size() == 1u);
  BOOST_TEST(entries[0].text == "Made soup");
  BOOST_TEST(world.session.goals(world.admin.user, org(), of_case(), {}).size() == 1u);
}

BOOST_AUTO_TEST_CASE(R21_sessions_are_listed_by_their_start_and_a_readers_own_stay_at_hand) {
  const auto reader = accepted("reader@example.org", model::participation::context_only);
  const auto hers = session(reader, morning - std::chrono::hours(1000));
  BOOST_TEST(world.keep(reader, model::session_added{hers}) == commit_result::done);
  for (int i = 0; i < 55; ++i)
    must(
        world.keep(world.admin, model::session_added{session(world.admin, morning + std::chrono::hours(i))}));
  const auto loaded = world.load();
  BOOST_TEST(loaded.sessions.size() == model::workspace_list_length + 1);
  BOOST_TEST((loaded.sessions.front()->id == hers.id));
  BOOST_TEST((loaded.sessions.back()->starts_at == morning + std::chrono::hours(54)));
  // Page by page, and under the reader's own row-level security.
  const auto first = world.session.sessions(world.admin.user, org(), of_case(), {30, {}});
  const auto second = world.session.sessions(world.admin.user, org(), of_case(), {30, first.back().id.value});
  BOOST_TEST(first.size() + second.size() == 56u);
  BOOST_TEST((second.back().id == hers.id));
  BOOST_TEST((first.back().starts_at > second.front().starts_at));
  const auto own = world.session.sessions(reader.user, org(), of_case(), {});
  BOOST_TEST_REQUIRE(own.size() == 1u);
  BOOST_TEST((own[0].id == hers.id));
}

BOOST_AUTO_TEST_CASE(R22_a_file_is_kept_in_pieces_and_comes_back_byte_for_byte) {
  const auto d = created(world.admin, "first words");
  const auto bytes = std::make_shared<const long_file>(1'000'003);
  const auto after = with_file(d, *bytes);
  BOOST_TEST(world.keep(world.admin, model::document_file_attached{d, after, bytes}) == commit_result::done);
  BOOST_TEST(count("document_chunks") == 4);
  BOOST_TEST(count("document_texts") == 0);
  BOOST_TEST((downloaded(world.admin, after) == bytes->read(0, bytes->size())));
  // Another file takes its place.
  const auto smaller = std::make_shared<const long_file>(10);
  const auto again = with_file(after, *smaller);
  BOOST_TEST(world.keep(world.admin, model::document_file_attached{after, again, smaller}) ==
             commit_result::done);
  BOOST_TEST(count("document_chunks") == 1);
  BOOST_TEST(downloaded(world.admin, after).empty());
}

BOOST_AUTO_TEST_CASE(R24_only_what_was_sent_to_an_address_is_mailed_there) {
  const auto d = created(world.admin, "first words");
  const auto bytes = std::make_shared<const long_file>(300'000);
  const auto after = with_file(d, *bytes);
  must(world.keep(world.admin, model::document_file_attached{d, after, bytes}));
  const auto mail = [&](const std::string& to) {
    return world.session.mailed_document(org(), of_case(), d.id, to);
  };
  BOOST_TEST(!mail("tess@example.org").has_value(), "what was not sent is not mailed");
  force_sent(after);
  BOOST_TEST(!mail("mallory@example.org").has_value(), "and to nobody else");
  const auto mailed = mail("tess@example.org");
  BOOST_TEST_REQUIRE(mailed.has_value());
  BOOST_TEST((mailed->content == bytes->read(0, bytes->size())));
}

BOOST_AUTO_TEST_CASE(R22_a_file_that_breaks_off_leaves_nothing) {
  const auto d = created(world.admin, "first words");
  const auto bytes = std::make_shared<const broken_file>();
  BOOST_CHECK_THROW(world.keep(world.admin, model::document_file_attached{d, with_file(d, *bytes), bytes}),
                    std::exception);
  BOOST_TEST(count("document_chunks") == 0);
  BOOST_TEST(world.session.load_document_text(org(), d.id).value() == "first words");
  BOOST_TEST(!world.load().documents.at(0)->file.has_value());
}

BOOST_AUTO_TEST_CASE(R23_what_is_no_draft_is_frozen_for_wall_2_too) {
  const auto worker = accepted("full@example.org");
  auto d = created(worker, "first words");
  auto submitted = d;
  submitted.status = model::document_status::submitted;
  submitted.submitted_at = morning;
  submitted.submitted_by = worker.full_name;
  BOOST_TEST(world.keep(worker, model::document_submitted{submitted}) == commit_result::done);
  BOOST_TEST(world.keep(worker, model::document_edited{submitted, submitted, "other words"}) ==
             commit_result::forbidden);
  BOOST_TEST(world.session.load_document_text(org(), d.id).value() == "first words");
  auto approved = submitted;
  approved.status = model::document_status::approved;
  approved.approved_at = morning;
  approved.approved_by = worker.full_name;
  BOOST_TEST(world.keep(worker, model::document_approved{approved}) == commit_result::forbidden);
  BOOST_TEST(world.keep(world.admin, model::document_approved{approved}) == commit_result::done);
}

BOOST_AUTO_TEST_CASE(R22_a_reader_sees_no_document_by_any_way) {
  const auto reader = accepted("reader@example.org", model::participation::context_only);
  const auto d = created(world.admin, "first words");
  const auto bytes = std::make_shared<const long_file>(10);
  const auto after = with_file(d, *bytes);
  must(world.keep(world.admin, model::document_file_attached{d, after, bytes}));
  BOOST_TEST(world.session.documents(world.admin.user, org(), of_case(), {}).size() == 1u);
  BOOST_TEST(world.session.documents(reader.user, org(), of_case(), {}).empty());
  BOOST_TEST(downloaded(reader, after).empty());
  BOOST_TEST(world.keep(reader, model::document_created{document(reader, ""), {}}) ==
             commit_result::forbidden);
}

BOOST_AUTO_TEST_CASE(R32_the_hold_is_the_operators) {
  const auto worker = accepted("full@example.org");
  BOOST_TEST(world.keep(worker, model::legal_hold_set{morning, "claim"}) == commit_result::forbidden);
  BOOST_TEST(world.keep(world.admin, model::case_closed{morning, {}}) == commit_result::done);
  BOOST_TEST(world.keep(world.admin, model::legal_hold_set{morning, "claim"}) == commit_result::done);
  BOOST_TEST(world.load().header.hold_reason.value() == "claim");
}

BOOST_AUTO_TEST_CASE(R29_flagged_notes_are_found_wherever_they_stand) {
  auto n = world.note(world.admin, "secret", model::stream::professional);
  n.safeguarding = true;
  n.flagged_at = morning;
  must(world.keep(world.admin, model::note_added{n}));
  const auto flagged = world.session.flagged_notes(world.admin.user, org(), of_case());
  BOOST_TEST_REQUIRE(flagged.size() == 1u);
  BOOST_TEST((flagged[0] == morning));
}

BOOST_AUTO_TEST_SUITE_END()
