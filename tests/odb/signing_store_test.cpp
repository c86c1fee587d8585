#include "odb/signing_store.hpp"

#include <boost/test/unit_test.hpp>

#include "model/signing.hpp"
#include "tests/odb/session_world.hpp"

using rehearsal::fresh_id;
using rehearsal::morning;
using rehearsal::with_database;
using std::chrono::hours;
using std::chrono::minutes;
using store::commit_result;
using store::notice_result;

namespace {

class some_bytes final : public model::file_source {
 public:
  explicit some_bytes(std::string bytes) : bytes_(std::move(bytes)) {}
  std::uint64_t size() const override { return bytes_.size(); }
  std::string read(std::uint64_t offset, std::size_t most) const override {
    return bytes_.substr(offset, most);
  }

 private:
  std::string bytes_;
};

struct with_signatures : with_database {
  model::document unwritten() {
    model::document d;
    d.id = fresh_id<model::document_id>();
    d.org = org();
    d.of_case = of_case();
    d.type = model::document_type::agreement;
    d.title = "Support agreement";
    d.author = world.admin.user;
    d.author_name = world.admin.full_name;
    d.created_at = morning;
    d.media_type = std::string(model::document_text_type);
    d.content_size = 9;
    d.content_sha256 = std::string(64, 'a');
    return d;
  }
  model::document draft() {
    const auto d = unwritten();
    must(world.keep(world.admin, model::document_created{d, "the words"}));
    return d;
  }
  /// Not written down yet: an agreement from a template, to be signed on a form.
  model::document draft_on_form() {
    auto d = unwritten();
    d.made_from = fresh_id<model::template_id>();
    d.signing_template = 7;
    return d;
  }

  model::document approved() { return through_approval(draft()); }
  model::document through_approval(model::document d) {
    d.status = model::document_status::submitted;
    d.submitted_at = morning;
    d.submitted_by = "A";
    must(world.keep(world.admin, model::document_submitted{d}));
    d.status = model::document_status::approved;
    d.approved_at = morning;
    d.approved_by = "A";
    must(world.keep(world.admin, model::document_approved{d}));
    return d;
  }

  model::document_sent sending(model::document d) const {
    d.status = model::document_status::sent;
    d.sent_at = morning;
    d.sent_to_name = "Tess Tenant";
    d.sent_to_email = "tess@example.org";
    d.signing = model::signing_status::requested;
    return {d, fresh_id<model::mail_id>(), fresh_id<model::signature_id>()};
  }

  /// Sent for signature, with its request.
  model::document_sent sent() {
    const auto e = sending(approved());
    must(world.keep(world.admin, e));
    return e;
  }

  std::optional<store::due_signature> take(model::instant now = morning) {
    return store::take_due_signature(world.session, now, now + minutes{5});
  }
  store::due_signature taken(model::instant now = morning) { return take(now).value(); }
  /// Taken by the service under this number.
  void at_service() { store::signature_sent(world.session, taken(), 7, morning, morning + hours{1}); }

  std::string state() const { return column("state"); }
  std::string column(const std::string& name) const {
    return std::string(owner().exec("SELECT " + name + " FROM keywork.signature_requests").text(0, 0));
  }

  notice_result told(const store::signature_notice& n, model::instant now = morning) {
    return store::keep_notice(world.session, n, now);
  }

  model::document stored(const model::document& d) {
    return *world.session.load_document(org(), of_case(), d.id);
  }
  commit_result by_service(const model::case_event& event) {
    return world.keep(model::signing_service(), event);
  }
  static model::document settled(model::document d, model::signing_status what) {
    d.signing = what;
    return d;
  }
  static model::document_signed_copy_kept copies(model::document d, const std::string& copy,
                                                 const std::string& audit) {
    d.signed_file = fresh_id<model::file_id>();
    d.signed_size = static_cast<std::int64_t>(copy.size());
    d.signed_sha256 = std::string(64, 'c');
    d.signing_audit_file = fresh_id<model::file_id>();
    d.signing_audit_size = static_cast<std::int64_t>(audit.size());
    d.signing_audit_sha256 = std::string(64, 'd');
    return {d, std::make_shared<some_bytes>(copy), std::make_shared<some_bytes>(audit)};
  }
  std::string downloaded(const model::caller& by, model::document d, std::optional<model::file_id> file) {
    d.file = file;
    std::string all;
    for (std::int32_t i = 0; auto piece = world.session.document_chunk(by.user, d, i); ++i) all += *piece;
    return all;
  }
  /// As the service's own role, without the program.
  bool may(const std::string& role, const std::string& statement, const std::string& user = {}) const {
    store::sql_connection connection(db.service_conninfo);
    connection.script("BEGIN");
    connection.exec(
        "SELECT set_config('role', $1, true), set_config('keywork.user', $2, true),"
        " set_config('keywork.org', $3, true)",
        {role, user, to_text(world.org->settings.id)});
    try {
      return connection.exec(statement).affected() > 0;
    } catch (const store::sql_error& e) {
      if (e.sqlstate() == "42501") return false;
      throw;
    }
  }

  model::org_id org() const { return world.org->settings.id; }
  model::case_id of_case() const { return world.opened.at(0); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(signing_store, with_signatures)

BOOST_AUTO_TEST_CASE(R24_the_request_is_there_with_the_document_or_not_at_all) {
  const auto e = sent();
  BOOST_TEST(state() == "queued");
  BOOST_TEST(count("outbox WHERE template_name LIKE 'document%'") == 0);
  const auto due = taken();
  BOOST_TEST((due.id == e.signature.value()));
  BOOST_TEST((due.document == e.after.id));
  BOOST_TEST(!due.tried);
  BOOST_TEST(due.attempts == 1);
  BOOST_TEST(!due.submission.has_value());

  // The same document cannot be asked for twice.
  auto again = e;
  again.signature = fresh_id<model::signature_id>();
  BOOST_TEST(world.keep(world.admin, again) != commit_result::done);
  BOOST_TEST(count("signature_requests") == 1);
}

BOOST_AUTO_TEST_CASE(R24_what_is_taken_is_nobody_elses_until_its_time_is_up) {
  sent();
  taken();
  BOOST_TEST(state() == "creating");
  BOOST_TEST(!take(morning + minutes{4}).has_value());
  const auto again = taken(morning + minutes{5});
  BOOST_TEST(again.tried);
  BOOST_TEST(again.attempts == 2);
}

BOOST_AUTO_TEST_CASE(R24_nothing_is_due_before_its_time) {
  sent();
  const auto due = taken();
  store::signature_retry(world.session, due, false, morning + minutes{10}, "the way was blocked\n\xff");
  BOOST_TEST(state() == "queued");
  BOOST_TEST(column("last_error") == "the way was blocked??");
  BOOST_TEST(!take(morning + minutes{9}).has_value());
  const auto next = taken(morning + minutes{10});
  BOOST_TEST(!next.tried);
  store::signature_retry(world.session, next, true, morning + minutes{20}, "it never answered");
  BOOST_TEST(state() == "creating");
  BOOST_TEST(taken(morning + minutes{20}).tried);
}

BOOST_AUTO_TEST_CASE(R24_what_the_service_has_is_looked_after_later) {
  sent();
  at_service();
  BOOST_TEST(state() == "sent");
  BOOST_TEST(!take(morning + minutes{59}).has_value());
  const auto look = taken(morning + hours{1});
  BOOST_TEST(look.submission.value() == 7);
  BOOST_TEST((look.sent_at.value() == morning));
  store::signature_unchanged(world.session, look, morning + hours{2}, std::nullopt);
  BOOST_TEST(!take(morning + hours{2} - minutes{1}).has_value());
  const auto next = taken(morning + hours{2});
  BOOST_TEST(next.attempts == 1);
  store::signature_unchanged(world.session, next, morning + hours{3}, "no answer");
  BOOST_TEST(column("last_error") == "no answer");
  BOOST_TEST(taken(morning + hours{3}).attempts == 2);
}

BOOST_AUTO_TEST_CASE(R24_what_was_told_makes_its_turn_come_now_and_counts_once) {
  const auto e = sent();
  at_service();
  const store::signature_notice signed_now{"form.completed", 11, "2026-11-21T09:30:00Z", e.signature, {}};
  const auto later = morning + minutes{30};
  BOOST_TEST((told(signed_now, later) == notice_result::kept));
  BOOST_TEST((told(signed_now, later) == notice_result::known_already));
  const auto look = taken(later);
  BOOST_TEST(look.submission.value() == 7);
  // By the service's own number, and of another moment.
  const store::signature_notice by_number{"submission.completed", 7, "2026-11-21T09:31:00Z", {}, 7};
  BOOST_TEST((told(by_number, later + minutes{1}) == notice_result::kept));
  // Told while it was looked at: it is looked at again at once.
  store::signature_unchanged(world.session, look, later + hours{1}, std::nullopt);
  BOOST_TEST(take(later + minutes{2}).has_value());
}

BOOST_AUTO_TEST_CASE(R24_what_is_told_before_the_answer_is_not_forgotten_and_breaks_no_lease) {
  const auto e = sent();
  const auto due = taken();
  BOOST_TEST((told({"form.completed", 11, "t", e.signature, {}}) == notice_result::kept));
  BOOST_TEST(!take(morning + minutes{1}).has_value());
  store::signature_sent(world.session, due, 7, morning + minutes{2}, morning + hours{1});
  BOOST_TEST(take(morning + minutes{2}).has_value());
}

BOOST_AUTO_TEST_CASE(what_is_told_of_nobody_is_not_ours_and_old_receipts_go) {
  BOOST_TEST((told({"form.viewed", 1, "t", fresh_id<model::signature_id>(), 99}) == notice_result::not_ours));
  BOOST_TEST((told({"template.created", 1, "t", {}, {}}) == notice_result::not_ours));
  BOOST_TEST(count("webhook_receipts") == 2);
  told({"form.viewed", 2, "t", {}, {}}, morning + hours{73});
  BOOST_TEST(count("webhook_receipts") == 1);
}

BOOST_AUTO_TEST_CASE(R24_an_outcome_ends_the_looking_but_for_files) {
  sent();
  at_service();
  const auto look = taken(morning + hours{1});
  store::signature_settled(world.session, look, model::signing_status::signed_, morning + hours{1},
                           morning + hours{2}, "no audit log yet");
  BOOST_TEST(state() == "completed");
  const auto files = taken(morning + hours{2});
  BOOST_TEST(files.completed);
  BOOST_TEST(files.attempts == 1);
  store::signature_settled(world.session, files, model::signing_status::signed_, morning + hours{2}, {}, {});
  BOOST_TEST(!take(morning + hours{10'000}).has_value());
  BOOST_TEST(store::count_signatures(world.session).waiting == 0);
}

BOOST_AUTO_TEST_CASE(counts_tell_what_waits_and_what_failed) {
  sent();
  BOOST_TEST(store::count_signatures(world.session).waiting == 1);
  const auto due = taken();
  BOOST_TEST(store::count_signatures(world.session).waiting == 1);
  store::signature_settled(world.session, due, model::signing_status::failed, morning, {}, "no");
  const auto counted = store::count_signatures(world.session);
  BOOST_TEST(counted.waiting == 0);
  BOOST_TEST(counted.failed == 1);
}

BOOST_AUTO_TEST_CASE(R24_the_papers_are_the_document_and_whose_it_is) {
  sent();
  const auto papers = store::load_signing_papers(world.session, taken()).value();
  BOOST_TEST(papers.document.content == "the words");
  BOOST_TEST(papers.document.document.sent_to_email.value() == "tess@example.org");
  BOOST_TEST(papers.tenant == "Tess Tenant");
  BOOST_TEST(papers.organisation == world.org->settings.name);
  BOOST_TEST(papers.time_zone == world.org->settings.time_zone);
}

BOOST_AUTO_TEST_CASE(R24_R26_the_service_writes_the_outcome_its_files_and_who_said_so) {
  const auto e = sent();
  const auto version = world.load().header.version;
  BOOST_TEST(by_service(model::document_signed{settled(e.after, model::signing_status::signed_)}) ==
             commit_result::done);
  const std::string copy(300'000, 'c'), audit = "%PDF audit";
  const auto kept = copies(settled(e.after, model::signing_status::signed_), copy, audit);
  BOOST_TEST(by_service(kept) == commit_result::done);
  BOOST_TEST(world.load().header.version == version + 2);
  const auto d = stored(e.after);
  BOOST_TEST((d.signing == model::signing_status::signed_));
  BOOST_TEST(d.signed_sha256.value() == std::string(64, 'c'));
  BOOST_TEST((downloaded(world.admin, d, d.signed_file) == copy));
  BOOST_TEST(downloaded(world.admin, d, d.signing_audit_file) == audit);
  const auto log = owner().exec(
      "SELECT by_id, by_name FROM keywork.audit_entries WHERE kind IN ('document.signature_recorded',"
      " 'document.signed_copy_kept')");
  BOOST_TEST_REQUIRE(log.rows() == 2);
  BOOST_TEST(log.text(0, 0) == "00000000-0000-0000-0000-000000000000");
  BOOST_TEST(log.text(0, 1) == "Signing service");
}

BOOST_AUTO_TEST_CASE(R13_the_signed_copy_is_the_operators_whatever_the_program_asks) {
  const auto e = sent();
  const auto worker = accepted("wanda@support.example");
  must(by_service(copies(settled(e.after, model::signing_status::signed_), "signed bytes", "audit bytes")));
  const auto d = stored(e.after);
  BOOST_TEST(world.session.document(worker.user, org(), of_case(), d.id).has_value());
  BOOST_TEST(downloaded(worker, d, d.signed_file).empty());
  BOOST_TEST(downloaded(worker, d, d.signing_audit_file).empty());
  BOOST_TEST(downloaded(world.admin, d, d.signed_file) == "signed bytes");
}

BOOST_AUTO_TEST_CASE(R13_the_service_writes_nothing_but_outcomes_of_what_is_being_signed) {
  const auto other = approved();
  const auto e = sent();
  const std::string mine = " WHERE id = '" + to_text(e.after.id) + "'";
  const std::string role = "keywork_signer";
  BOOST_TEST(may(role, "UPDATE keywork.documents SET signing = 'signed'" + mine));
  BOOST_TEST(
      !may(role, "UPDATE keywork.documents SET signing = 'signed' WHERE id = '" + to_text(other.id) + "'"));
  for (const std::string change :
       {"title = 'x'", "status = 'void'", "content_sha256 = NULL", "sent_to_email = 'a@b.c'"})
    BOOST_TEST(!may(role, "UPDATE keywork.documents SET " + change + mine));
  BOOST_TEST(!may(role, "UPDATE keywork.support_cases SET closed_at = NULL"));
  BOOST_TEST(!may(role, "SELECT context_summary FROM keywork.support_cases"));
  BOOST_TEST(!may(role, "SELECT body FROM keywork.document_texts"));
  BOOST_TEST(!may(role, "SELECT body FROM keywork.notes"));
  BOOST_TEST(!may(role, "DELETE FROM keywork.signature_requests"));
  BOOST_TEST(!may(role,
                  "INSERT INTO keywork.document_chunks (org_id, file_id, index, document_id, case_id, bytes)"
                  " SELECT org_id, id, 0, id, case_id, 'x' FROM keywork.documents" +
                      mine));
}

BOOST_AUTO_TEST_CASE(R13_a_person_asks_for_a_signature_with_the_document_alone_and_writes_no_outcome) {
  const auto other = approved();
  const auto e = sent();
  const std::string person = "keywork_person";
  const auto admin = to_text(world.admin.user);
  const auto ask_for = [&](const model::document& d) {
    return "INSERT INTO keywork.signature_requests (org_id, id, case_id, document_id, state, attempts,"
           " next_attempt_at, written_at) VALUES ('" +
           to_text(org()) + "', gen_random_uuid(), '" + to_text(of_case()) + "', '" + to_text(d.id) +
           "', 'queued', 0, '2026-11-21', '2026-11-21')";
  };
  BOOST_TEST(!may(person, ask_for(other), admin));
  owner().script("DELETE FROM keywork.signature_requests");
  BOOST_TEST(may(person, ask_for(e.after), admin));
  BOOST_TEST(!may(person, ask_for(e.after), to_text(accepted("wanda@support.example").user)));
  const std::string mine = " WHERE id = '" + to_text(e.after.id) + "'";
  BOOST_TEST(may(person, "UPDATE keywork.documents SET signing = 'declined'" + mine, admin));
  for (const std::string outcome : {"'expired'", "'failed'", "NULL"})
    BOOST_TEST(!may(person, "UPDATE keywork.documents SET signing = " + outcome + mine, admin));
  BOOST_TEST(!may(person,
                  "UPDATE keywork.documents SET signing = 'signed', signed_file_id = id, signed_size = 1,"
                  " signed_sha256 = repeat('a', 64)" +
                      mine,
                  admin));
  BOOST_TEST(!may(person, "UPDATE keywork.signature_requests SET state = 'failed'", admin));
  for (const std::string own : {"state", "last_error", "submission_id"})
    BOOST_TEST(!may(person, "SELECT " + own + " FROM keywork.signature_requests", admin));
}

BOOST_AUTO_TEST_CASE(R13_where_the_service_tells_who_signed_is_the_operators_to_know) {
  const auto e = sent();
  const auto worker = accepted("wanda@support.example");
  const std::string url = "https://docuseal.com/file/abc/audit.pdf?x=1";
  const auto seen = [&](const model::caller& by) {
    return store::signing_audit_url(world.session, by.user, org(), of_case(), e.after.id);
  };
  BOOST_TEST(!seen(world.admin).has_value());
  const auto due = taken();
  store::keep_signing_audit_url(world.session, due, "https://docuseal.com/file/before.pdf");
  store::keep_signing_audit_url(world.session, due, url);
  BOOST_TEST(seen(world.admin).value() == url);
  BOOST_TEST(!seen(worker).has_value());
  BOOST_TEST(world.session.document(worker.user, org(), of_case(), e.after.id).has_value());
  BOOST_TEST(
      !may("keywork_person", "SELECT audit_url FROM keywork.signature_requests", to_text(worker.user)));
  BOOST_TEST(
      may("keywork_person", "SELECT audit_url FROM keywork.signature_requests", to_text(world.admin.user)));
  BOOST_TEST(!may("keywork_person",
                  "UPDATE keywork.signature_requests SET audit_url = 'https://evil.example/x'",
                  to_text(world.admin.user)));
  BOOST_CHECK_THROW(store::keep_signing_audit_url(world.session, due, "javascript:alert(1)"), std::exception);
}

BOOST_AUTO_TEST_CASE(R24_what_fills_a_form_is_kept_with_the_text_and_goes_with_it) {
  const auto make = [&](const std::string& values) {
    auto d = draft_on_form();
    d.signing_values_sha256 = std::string(64, 'e');
    must(world.keep(world.admin, model::document_created{d, "the words", values}));
    return d;
  };
  const auto d = make("tenant.full_name=Tess\n");
  BOOST_TEST(stored(d).signing_template.value() == 7);
  BOOST_TEST(stored(d).signing_values_sha256.value() == std::string(64, 'e'));
  must(world.keep(world.admin, sending(through_approval(d))));
  const auto papers = store::load_signing_papers(world.session, taken()).value();
  BOOST_TEST(papers.signing_values == "tenant.full_name=Tess\n");
  BOOST_TEST(papers.document.content == "the words");
  const auto other = make("tenant.full_name=Bob\n");
  auto edited = other;
  edited.signing_template.reset();
  edited.signing_values_sha256.reset();
  edited.content_sha256 = std::string(64, 'f');
  must(world.keep(world.admin, model::document_edited{other, edited, "other words"}));
  BOOST_TEST(owner()
                 .exec("SELECT signing_values IS NULL FROM keywork.document_texts WHERE document_id = '" +
                       to_text(other.id) + "'")
                 .text(0, 0) == "t");
}

BOOST_AUTO_TEST_CASE(R13_nobody_gives_a_document_a_form_or_takes_a_frozen_one_away) {
  auto d = draft_on_form();
  d.signing_values_sha256 = std::string(64, 'e');
  must(world.keep(world.admin, model::document_created{d, "the words", ""}));
  const auto admin = to_text(world.admin.user);
  const auto change = [&](const std::string& what) {
    return may("keywork_person",
               "UPDATE keywork.documents SET " + what + " WHERE id = '" + to_text(d.id) + "'", admin);
  };
  BOOST_TEST(!change("signing_template = 8"));
  BOOST_TEST(!change("signing_values_sha256 = repeat('0', 64)"));
  BOOST_TEST(change("signing_template = NULL, signing_values_sha256 = NULL"));
  through_approval(d);
  BOOST_TEST(!change("signing_template = 8"));
  BOOST_TEST(!change("signing_template = NULL, signing_values_sha256 = NULL"));
  BOOST_TEST(
      !change("status = 'void', void_reason = 'x', signing_template = NULL, signing_values_sha256 = NULL"));
  BOOST_TEST(change("status = 'void', void_reason = 'x'"));
}

BOOST_AUTO_TEST_CASE(R31_what_was_signed_and_its_request_go_with_the_document) {
  const auto e = sent();
  must(by_service(copies(settled(e.after, model::signing_status::signed_), "signed bytes", "audit bytes")));
  BOOST_TEST(count("document_chunks") == 2);
  owner().script("SELECT keywork.erase_documents('" + to_text(org()) + "', '" + to_text(of_case()) +
                 "', ARRAY['" + to_text(e.after.id) + "']::uuid[])");
  for (const auto* left : {"documents", "document_chunks", "signature_requests"})
    BOOST_TEST(count(left) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
