#include "actors/signer_actor.hpp"

#include <boost/test/unit_test.hpp>
#include <map>

#include "odb/signing_store.hpp"
#include "tests/actors/world.hpp"

using namespace actor_tests;
using namespace actors;
using namespace model;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

class some_bytes final : public file_source {
 public:
  explicit some_bytes(std::string bytes) : bytes_(std::move(bytes)) {}
  std::uint64_t size() const override { return bytes_.size(); }
  std::string read(std::uint64_t offset, std::size_t most) const override {
    return bytes_.substr(offset, most);
  }

 private:
  std::string bytes_;
};

uploaded_file pdf(const std::string& words) {
  return {{}, "application/pdf", sha256(words), std::make_shared<some_bytes>(words)};
}

/// What becomes of a request on its way.
enum class way {
  open,     ///< taken and answered
  lost,     ///< taken, and the answer is lost
  blocked,  ///< it never arrives
  shut,     ///< the key is wrong
  refused,
  broken  ///< taken, and then something throws
};

/// A signing service in memory: it makes a request of whatever it is asked, as DocuSeal does.
class kept_service final : public signing_service {
 public:
  struct submission {
    signature_id id;
    signing_progress progress = signing_progress::pending;
    std::optional<std::string> copy, audit;
    std::optional<std::string> audit_url = {};
  };

  std::variant<std::optional<submission_id>, signing_trouble> find(signature_id id) override {
    ++finds;
    if (on_find) on_find();
    if (unreachable) return trouble(signing_trouble::kind::try_later, false);
    for (const auto& [number, s] : made)
      if (s.id == id) return std::optional{number};
    return std::optional<submission_id>{};
  }

  std::variant<submission_id, signing_trouble> request(const signing_order& what) override {
    orders.push_back(what);
    const auto how = next.empty() ? way::open : next.front();
    if (!next.empty()) next.erase(next.begin());
    if (how == way::blocked) return trouble(signing_trouble::kind::try_later, false);
    if (how == way::shut) return trouble(signing_trouble::kind::set_up, false);
    if (how == way::refused) return trouble(signing_trouble::kind::refused, false);
    const auto number = ++last;
    made[number] = {what.id, signing_progress::pending, {}, {}};
    if (how == way::broken) throw std::runtime_error("injected fault");
    if (how == way::lost) return trouble(signing_trouble::kind::try_later, true);
    return number;
  }

  std::variant<signing_report, signing_trouble> look(submission_id which, wanted_files wanted) override {
    ++looks;
    if (unreachable) return trouble(signing_trouble::kind::try_later, false);
    const auto& s = made.at(which);
    signing_report r{s.progress, {}, {}, {}};
    if (s.progress != signing_progress::completed) return r;
    r.audit_url = s.audit_url;
    if (wanted.signed_copy && s.copy) r.signed_copy = pdf(*s.copy);
    if (wanted.signing_audit && s.audit) r.signing_audit = pdf(*s.audit);
    if (wanted.signed_copy && !s.copy) r.missing = "no copy yet";
    if (wanted.signing_audit && !s.audit) r.missing = "no audit log yet";
    return r;
  }

  submission& only() { return made.begin()->second; }

  std::vector<way> next;
  std::vector<signing_order> orders;
  std::map<submission_id, submission> made;
  submission_id last = 0;
  int finds = 0, looks = 0;
  std::function<void()> on_find;
  bool unreachable = false;

 private:
  static signing_trouble trouble(signing_trouble::kind what, bool may_have_arrived) {
    return {what, may_have_arrived, "something is in the way", {}};
  }
};

struct signing_world : world {
  signing_world() : world(schedule::by_hand, actors::limits{}, true) {}

  void start() {
    start_signer(service);
    pass(seconds{1});
  }

  /// An agreement that is sent to be signed.
  document_id sent(case_id of = {}, template_id from = {}) {
    const auto where = of.is_nil() ? north_case : of;
    create_document making;
    making.type = document_type::agreement;
    making.title = {"Support agreement"};
    if (from.is_nil())
      making.body = document_body{"The words"};
    else
      making.template_id_ = from;
    const auto d = ask(admin, where, case_command{making}).made<document_id>();
    ask(admin, where, case_command{submit_document{d}}).answer();
    ask(admin, where, case_command{approve_document{d}}).answer();
    ask(admin, where, case_command{send_document{d, {{"Tess"}, {"tess@mail.example"}}, true}}).answer();
    return d;
  }

  /// Time goes by, and the signer looks around now and then.
  void live(std::chrono::microseconds time, std::chrono::microseconds step) {
    for (; time.count() > 0; time -= step) pass(step);
  }

  document at(document_id d) { return session->load_document(org, north_case, d).value(); }
  signing_status status(document_id d) { return at(d).signing.value(); }

  std::shared_ptr<kept_service> service = std::make_shared<kept_service>();
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(signer_actor_, signing_world)

BOOST_AUTO_TEST_CASE(R24_a_document_goes_to_the_service_once) {
  const auto d = sent();
  start();
  BOOST_TEST_REQUIRE(service->orders.size() == 1u);
  const auto& order = service->orders.front();
  BOOST_TEST(order.to_email == "tess@mail.example");
  BOOST_TEST(order.document.content == "The words");
  BOOST_TEST((order.document.document.id == d));
  BOOST_TEST(counted().signatures_requested.load() == 1u);
  BOOST_TEST(service->finds == 1);
  live(hours{48}, hours{1});
  BOOST_TEST(service->orders.size() == 1u);
  // Hourly on its first day, then every six hours.
  BOOST_TEST(service->looks >= 24 + 4);
  BOOST_TEST(service->looks <= 24 + 5);
  BOOST_TEST((status(d) == signing_status::requested));
}

BOOST_AUTO_TEST_CASE(R24_what_was_signed_comes_back_with_its_files) {
  const auto d = sent();
  start();
  service->only() = {service->only().id, signing_progress::completed, "signed words", "audit words"};
  pass(hours{1});
  BOOST_TEST((status(d) == signing_status::signed_));
  BOOST_TEST(at(d).signed_sha256.value() == sha256("signed words"));
  BOOST_TEST(at(d).signing_audit_sha256.value() == sha256("audit words"));
  BOOST_TEST(counted().signatures_settled.load() == 1u);
  const auto looks = service->looks;
  pass(hours{48});
  BOOST_TEST(service->looks == looks);
}

BOOST_AUTO_TEST_CASE(R24_what_is_told_is_asked_for_at_once_and_told_twice_is_nothing) {
  const auto d = sent();
  start();
  service->only() = {service->only().id, signing_progress::declined, {}, {}};
  const signing_notice notice{"form.declined", 1, "2026-11-21T09:00:00Z", service->only().id, {}};
  BOOST_TEST(tell(notice).kind() == answer_kind::no_content);
  pass(seconds{1});
  BOOST_TEST((status(d) == signing_status::declined));
  const auto looks = service->looks;
  BOOST_TEST(tell(notice).kind() == answer_kind::no_content);
  pass(seconds{5});
  BOOST_TEST(service->looks == looks);
}

// What the service tells is no outcome: whoever can make it tell something cannot make anything be signed.
BOOST_AUTO_TEST_CASE(R24_what_is_told_out_of_order_or_of_nobody_changes_nothing_by_itself) {
  const auto d = sent();
  start();
  tell({"submission.completed", 1, "t", {}, 1});
  tell({"form.declined", 9, "t", service->only().id, {}});
  tell({"submission.completed", 77, "t", signature_id{ids.next()}, 77});
  pass(seconds{1});
  BOOST_TEST((status(d) == signing_status::requested));
  service->only().progress = signing_progress::expired;
  tell({"submission.expired", 1, "u", {}, 1});
  pass(seconds{1});
  BOOST_TEST((status(d) == signing_status::expired));
}

BOOST_AUTO_TEST_CASE(R24_an_answer_that_is_lost_makes_no_second_request) {
  sent();
  service->next = {way::lost};
  start();
  BOOST_TEST(service->orders.size() == 1u);
  // The service may still be at work on it: it is not asked yet.
  pass(minutes{1});
  BOOST_TEST(service->finds == 1);
  pass(minutes{2});
  BOOST_TEST(service->finds == 2);
  BOOST_TEST(service->orders.size() == 1u);
  BOOST_TEST(service->made.size() == 1u);
  service->only().progress = signing_progress::declined;
  pass(hours{1});
  BOOST_TEST(counted().signatures_settled.load() == 1u);
}

BOOST_AUTO_TEST_CASE(R24_what_throws_while_asking_is_an_answer_that_is_lost) {
  sent();
  service->next = {way::broken};
  start();
  BOOST_TEST(service->orders.size() == 1u);
  pass(minutes{1});
  BOOST_TEST(service->finds == 1);
  pass(minutes{2});
  BOOST_TEST(service->finds == 2);
  BOOST_TEST(service->orders.size() == 1u);
  BOOST_TEST(store::count_signatures(*session).waiting == 1);
}

BOOST_AUTO_TEST_CASE(R24_a_signer_that_died_after_asking_asks_first_what_is_there) {
  sent();
  // One that took it, asked the service, and was killed.
  const auto due = store::take_due_signature(*session, clock.now(), clock.now() + minutes{5}).value();
  service->request({due.id, "Tess", "tess@mail.example", {}, {}});
  start();
  BOOST_TEST(service->orders.size() == 1u);
  pass(minutes{5});
  BOOST_TEST(service->finds == 1);
  BOOST_TEST(service->orders.size() == 1u);
  BOOST_TEST(service->made.size() == 1u);
}

BOOST_AUTO_TEST_CASE(R24_a_signer_that_died_before_asking_leaves_nothing_undone) {
  sent();
  store::take_due_signature(*session, clock.now(), clock.now() + minutes{5});
  start();
  pass(minutes{5});
  BOOST_TEST(service->finds == 1);
  BOOST_TEST(service->made.size() == 1u);
}

BOOST_AUTO_TEST_CASE(R24_a_signer_that_stood_still_leaves_it_to_who_has_it_by_now) {
  sent();
  service->on_find = [this] { clock.off_by += minutes{9}; };
  start();
  BOOST_TEST(service->orders.empty());
  service->on_find = {};
  pass(minutes{5});
  BOOST_TEST(service->orders.size() == 1u);
}

BOOST_AUTO_TEST_CASE(R24_a_restored_database_asks_for_nothing_that_is_there) {
  sent();
  start();
  sql("UPDATE keywork.signature_requests SET state = 'queued', attempts = 0, submission_id = NULL,"
      " sent_at = NULL, next_attempt_at = written_at");
  pass(seconds{1});
  BOOST_TEST(service->orders.size() == 1u);
  BOOST_TEST(service->made.size() == 1u);
  BOOST_TEST(store::count_signatures(*session).waiting == 1);
}

BOOST_AUTO_TEST_CASE(R24_while_it_cannot_be_asked_what_is_there_nothing_is_made) {
  sent();
  service->next = {way::lost};
  start();
  service->unreachable = true;
  live(hours{3}, minutes{10});
  BOOST_TEST(service->orders.size() == 1u);
  BOOST_TEST(service->finds > 2);
  service->unreachable = false;
  live(hours{6}, minutes{10});
  BOOST_TEST(service->orders.size() == 1u);
  BOOST_TEST(store::count_signatures(*session).waiting == 1);
  BOOST_TEST(service->made.size() == 1u);
}

BOOST_AUTO_TEST_CASE(R24_a_way_that_is_blocked_is_tried_again_with_growing_waits) {
  sent();
  service->next = {way::blocked, way::blocked};
  start();
  BOOST_TEST(service->orders.size() == 1u);
  pass(seconds{4});  // never before half the wait
  BOOST_TEST(service->orders.size() == 1u);
  pass(seconds{7});
  BOOST_TEST(service->orders.size() == 2u);
  pass(seconds{9});
  BOOST_TEST(service->orders.size() == 2u);
  pass(seconds{12});
  BOOST_TEST(service->orders.size() == 3u);
  BOOST_TEST(service->made.size() == 1u);
  BOOST_TEST(counted().signatures_retried.load() == 2u);
}

BOOST_AUTO_TEST_CASE(R24_a_service_that_is_not_set_up_waits_for_an_operator) {
  const auto d = sent();
  service->next = {way::shut};
  start();
  pass(minutes{14});
  BOOST_TEST(service->orders.size() == 1u);
  BOOST_TEST((status(d) == signing_status::requested));
  pass(minutes{2});
  BOOST_TEST(service->made.size() == 1u);
}

BOOST_AUTO_TEST_CASE(R24_what_is_refused_is_shown_with_the_document_and_not_tried_again) {
  const auto d = sent();
  service->next = {way::refused};
  start();
  BOOST_TEST((status(d) == signing_status::failed));
  BOOST_TEST(at(d).signing_error.value() == "something is in the way");
  const auto seen = ask(admin, north_case, actors::view_document{d});
  BOOST_TEST(seen.holds(R"("signing_status":"failed","signing_error":"something is in the way")"));
  pass(hours{48});
  BOOST_TEST(service->orders.size() == 1u);
  BOOST_TEST(store::count_signatures(*session).failed == 1);
}

BOOST_AUTO_TEST_CASE(R24_content_that_is_not_what_was_approved_goes_nowhere) {
  const auto d = sent();
  sql("SET session_replication_role = replica; UPDATE keywork.document_texts SET body = 'Other words'");
  start();
  BOOST_TEST(service->orders.empty());
  BOOST_TEST((status(d) == signing_status::failed));
}

BOOST_AUTO_TEST_CASE(R24_a_form_goes_with_what_stands_in_the_approved_text) {
  add_template form{
      document_type::agreement, {"On our form"}, {}, {"{{tenant.full_name}}, {{tenant.phone}}"}, {}, 7};
  const auto from = ask_org(admin, org_command{form}).made<template_id>();
  const auto d = sent({}, from);
  change_template other;
  other.template_id = from;
  other.signing_template = {true, 8};
  other.text_ = text<20000>{"Other words"};
  ask_org(admin, org_command{other}).answer();
  start();
  BOOST_TEST_REQUIRE(service->orders.size() == 1u);
  const auto& order = service->orders.front();
  BOOST_TEST(order.document.document.signing_template.value() == 7);
  BOOST_TEST_REQUIRE(order.values.size() == 2u);
  BOOST_TEST(order.values[0].first == "tenant.full_name");
  BOOST_TEST(order.document.content.starts_with(order.values[0].second));
  BOOST_TEST(order.values[1].second == "");
  BOOST_TEST(ask(fay, north_case, actors::view_document{d}).holds(R"("signing_template":7)"));
}

BOOST_AUTO_TEST_CASE(R24_what_fills_a_form_and_is_not_what_was_approved_goes_nowhere) {
  add_template form{document_type::agreement, {"On our form"}, {}, {"{{tenant.full_name}}"}, {}, 7};
  const auto d = sent({}, ask_org(admin, org_command{form}).made<template_id>());
  sql("SET session_replication_role = replica; UPDATE keywork.document_texts SET signing_values = 'today=x'");
  start();
  BOOST_TEST(service->orders.empty());
  BOOST_TEST((status(d) == signing_status::failed));
}

BOOST_AUTO_TEST_CASE(R24_where_the_service_tells_who_signed_is_shown_to_operators) {
  const auto d = sent();
  start();
  const std::string link = R"("signing_audit_url")";
  const auto shown = [&](const caller& who) { return ask(who, north_case, actors::view_document{d}); };
  BOOST_TEST(!shown(admin).holds(link));
  auto& s = service->only();
  s.progress = signing_progress::completed;
  s.copy = s.audit = "words";
  s.audit_url = "https://docuseal.com/file/abc/audit.pdf";
  pass(hours{1});
  BOOST_TEST((status(d) == signing_status::signed_));
  for (const auto& operators : {admin, manager})
    BOOST_TEST(shown(operators).holds(R"("signing_audit_url":"https://docuseal.com/file/abc/audit.pdf")"));
  BOOST_TEST(shown(fay).holds(R"("signing_status":"signed")"));
  BOOST_TEST(!shown(fay).holds(link));
  BOOST_TEST((shown(connie).code() == refusal_code::not_permitted));
  for (const auto& who : {admin, fay})
    BOOST_TEST(!ask(who, north_case, view_trail{d, {}}).holds("abc/audit.pdf"));
}

BOOST_AUTO_TEST_CASE(R24_a_file_that_comes_late_is_fetched_later_and_the_outcome_does_not_wait) {
  const auto d = sent();
  start();
  service->only() = {service->only().id, signing_progress::completed, "signed words", {}};
  pass(hours{1});
  BOOST_TEST((status(d) == signing_status::signed_));
  BOOST_TEST(at(d).signed_file.has_value());
  BOOST_TEST(!at(d).signing_audit_file.has_value());
  service->only().audit = "audit words";
  pass(minutes{1});
  BOOST_TEST(at(d).signing_audit_sha256.value() == sha256("audit words"));
  BOOST_TEST(counted().signatures_settled.load() == 1u);
}

BOOST_AUTO_TEST_CASE(R24_a_file_that_never_comes_is_given_up) {
  sent();
  start();
  service->only() = {service->only().id, signing_progress::completed, "signed words", {}};
  live(hours{24 * 7}, hours{2});
  const auto looks = service->looks;
  BOOST_TEST(looks > 10);
  BOOST_TEST(looks < 20);
  live(hours{24 * 7}, hours{12});
  BOOST_TEST(service->looks == looks);
}

BOOST_AUTO_TEST_CASE(R24_who_looks_on_hears_of_the_outcome) {
  const auto d = sent();
  start();
  const auto stream = watch(fay, north_case);
  const auto before = ask(fay, north_case, view_workspace{}).answer().etag;
  service->only() = {service->only().id, signing_progress::completed, "signed words", "audit words"};
  pass(hours{1});
  BOOST_TEST((ask(fay, north_case, view_workspace{}).answer().etag != before));
  BOOST_TEST_REQUIRE(!stream.news->empty());
  BOOST_TEST((status(d) == signing_status::signed_));
}

BOOST_AUTO_TEST_CASE(R24_the_signed_copy_is_for_operators) {
  const auto d = sent();
  start();
  const auto copy = [&](const caller& who) {
    return ask(who, north_case, view_signed{d, signed_file::copy});
  };
  BOOST_TEST((copy(admin).code() == refusal_code::not_found));
  service->only() = {service->only().id, signing_progress::completed, "signed words", "audit words"};
  pass(hours{1});
  const auto seen = copy(manager).answer();
  BOOST_TEST_REQUIRE(seen.stream.has_value());
  const auto& what = std::get<stream_document>(seen.stream->what).document;
  BOOST_TEST((what.file == at(d).signed_file));
  BOOST_TEST(what.file_name.value() == "Support agreement - signed");
  BOOST_TEST((copy(fay).code() == refusal_code::not_permitted));
  BOOST_TEST((copy(connie).code() == refusal_code::not_permitted));
  BOOST_TEST((copy(outsider).code() == refusal_code::not_found));
}

BOOST_AUTO_TEST_CASE(R36_an_outcome_is_kept_in_a_tier_without_the_workspace) {
  const auto d = sent();
  start();
  set_tier("starter");
  tell_organisation_changed();
  service->only().progress = signing_progress::declined;
  pass(hours{1});
  BOOST_TEST((status(d) == signing_status::declined));
}

BOOST_AUTO_TEST_CASE(R24_without_the_database_the_signer_waits_and_goes_on) {
  sent();
  start_signer(service);
  cut_database();
  pass(seconds{5});
  BOOST_TEST(service->orders.empty());
  mend_database();
  pass(seconds{2});
  BOOST_TEST(service->made.size() == 1u);
}

BOOST_AUTO_TEST_CASE(R24_a_case_that_crashes_is_told_again) {
  const auto d = sent();
  start();
  service->only() = {service->only().id, signing_progress::completed, "signed words", "audit words"};
  ids.broken = true;
  pass(hours{1});
  BOOST_TEST((status(d) == signing_status::requested));
  ids.broken = false;
  pass(minutes{5});
  BOOST_TEST((status(d) == signing_status::signed_));
}

BOOST_AUTO_TEST_SUITE_END()
