#include "net/content/content_actor.hpp"

#include <boost/test/unit_test.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <filesystem>

#include "actors/secrets.hpp"
#include "net/content/heading.hpp"
#include "net/http/outlet.hpp"
#include "tests/net/content/files.hpp"

using namespace net::contents;
namespace http = net::http;

namespace {

class fixed_clock final : public model::clock {
 public:
  model::instant now() const override { return *model::parse_instant("2026-11-21T09:30:00Z"); }
};

/// A store whose database is away, for this reason. (Without an argument of its own CAF would bind a
/// reference to nothing.)
actors::store_actor::behavior_type no_store(actors::store_actor::pointer, const std::string& why) {
  return {[why](const actors::store_question&) {
            return actors::store_answer{{}, true, true, why};
          },
          [](const actors::case_change&) { return actors::commit_answer{}; }, [](const actors::tick&) {}};
}

template <class Id>
Id id_of(int n) {
  Id id;
  id.value.data[15] = static_cast<std::uint8_t>(n);
  return id;
}

actors::stream_order order_of(std::variant<actors::stream_document, model::make_export> what) {
  return {id_of<model::user_id>(1),
          id_of<model::org_id>(2),
          id_of<model::case_id>(3),
          {"Harbour Homes", "Dan Price", "14 Mill Lane", "SC-0001", "Europe/London", "Ada Obi",
           *model::parse_instant("2026-11-21T23:30:00Z")},
          std::move(what)};
}

actors::stream_document text_document(std::string body) {
  actors::stream_document d;
  d.document.title = "Support agreement";
  d.document.media_type = "text/markdown";
  d.document.content_sha256 = actors::sha256(body);
  d.document.created_at = *model::parse_instant("2026-11-20T09:30:00Z");
  d.body = std::move(body);
  return d;
}

actors::stream_document file_document(std::int64_t size) {
  actors::stream_document d;
  d.document.title = "Photo";
  d.document.media_type = "image/png";
  d.document.file = id_of<model::file_id>(4);
  d.document.file_name = "kitchen.png";
  d.document.content_size = size;
  return d;
}

/// The content actor alone, on a scheduler that the test turns.
class world {
 public:
  world() {
    config_.set("scheduler.policy", caf::atom("testing"));
    config_.set("logger.console", caf::atom("none"));
    config_.add_message_types<caf::id_block::keywork>();
    key_file_ = std::filesystem::temp_directory_path() / actors::random_token("keywork-content-test-");
    links_ = std::make_unique<actors::link_keeper>(key_file_);
    ids_ = std::make_unique<actors::random_ids>(clock_);
    system_ = std::make_unique<caf::actor_system>(config_);
    store_ = system_->spawn(no_store, std::string("away"));
    given_ = std::make_shared<const actors::services>(
        actors::services{clock_, *ids_, *links_, {}, actors::store_pool{{store_}}, {}, counted_, logins_});
    contents_ = system_->spawn(content_behavior, given_, shared);
    run();
  }
  ~world() {
    caf::anon_send_exit(contents_, caf::exit_reason::kill);
    caf::anon_send_exit(store_, caf::exit_reason::kill);
    run();
    contents_ = content_actor{};
    store_ = actors::store_actor{};
    given_ = {};
    std::filesystem::remove(key_file_);
  }
  void run() { dynamic_cast<caf::scheduler::test_coordinator&>(system_->scheduler()).run(); }

  http::response open(actors::stream_order order, std::shared_ptr<void> place = {}) {
    caf::scoped_actor self{*system_};
    auto asked = self->request(contents_, caf::infinite,
                               stream_wanted{std::make_shared<const actors::stream_order>(std::move(order)),
                                             "\"tag\"", "req-1", std::move(place)});
    run();
    std::optional<stream_opened> got;
    asked.receive([&](const stream_opened& o) { got = o; }, [](const caf::error&) {});
    BOOST_REQUIRE(got);
    BOOST_REQUIRE(std::holds_alternative<http::response>(got->what));
    return std::get<http::response>(got->what);
  }

  upload_judged judge(std::string body, std::string type, std::string name) {
    auto r = std::make_shared<http::request>();
    r->body = std::move(body);
    if (!type.empty()) r->headers = {{"Content-Type", std::move(type)}};
    caf::scoped_actor self{*system_};
    auto asked = self->request(contents_, caf::infinite, uploaded{r, std::move(name)});
    run();
    std::optional<upload_judged> got;
    asked.receive([&](const upload_judged& j) { got = j; }, [](const caf::error&) {});
    BOOST_REQUIRE(got);
    return *got;
  }

  std::shared_ptr<streams> shared = std::make_shared<streams>();

 private:
  fixed_clock clock_;
  caf::actor_system_config config_;
  std::filesystem::path key_file_;
  std::unique_ptr<actors::link_keeper> links_;
  std::unique_ptr<actors::random_ids> ids_;
  actors::counters counted_;
  actors::login_cache logins_;
  std::unique_ptr<caf::actor_system> system_;
  actors::store_actor store_;
  actors::services_ptr given_;
  content_actor contents_;
};

/// What a client would get of a stream, and how it ended.
struct got {
  std::string bytes;
  http::outlet::step end = http::outlet::step::nothing;
  std::size_t most_waiting = 0;
};
got read_all(world& w, const http::response& r) {
  got all;
  http::outlet reader{r.stream};
  reader.open(false, [] {});
  do {
    all.most_waiting = std::max(all.most_waiting, r.stream->waiting());
    all.end = reader.next(all.bytes);
    reader.written();
    w.run();
  } while (all.end == http::outlet::step::part);
  return all;
}

std::string header_of(const http::response& r, std::string_view name) {
  for (const auto& h : r.headers)
    if (http::same_name(h.name, name)) return h.value;
  return {};
}

std::string long_text() {
  std::string out;
  for (int i = 0; out.size() < 99'000; ++i) out += "Paragraph " + std::to_string(i) + " of the plan.\n\n";
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(content_actor_tests)

BOOST_AUTO_TEST_CASE(R23_a_text_goes_out_as_pdf_with_its_length_and_its_name) {
  world w;
  const auto r = w.open(order_of(text_document("# Aims\n\nTo settle in.")));
  BOOST_TEST(header_of(r, "Content-Type") == "application/pdf");
  BOOST_TEST(header_of(r, "Content-Disposition").find("filename=\"Support agreement.pdf\"") !=
             std::string::npos);
  BOOST_TEST(header_of(r, "ETag") == "\"tag\"");
  BOOST_TEST(header_of(r, "Content-Security-Policy").starts_with("sandbox;"));
  const auto all = read_all(w, r);
  BOOST_TEST((all.end == http::outlet::step::end));
  BOOST_TEST(all.bytes.starts_with("%PDF-"));
  BOOST_TEST(all.bytes.size() == r.stream->length().value());
  BOOST_TEST(w.shared->bytes.load() == all.bytes.size());
}

BOOST_AUTO_TEST_CASE(nobody_is_sent_more_than_they_read) {
  world w;
  const auto r = w.open(order_of(text_document(long_text())));
  w.run();
  BOOST_TEST(r.stream->waiting() <= http::outflow::high_water);
  const auto all = read_all(w, r);
  BOOST_TEST((all.end == http::outlet::step::end));
  BOOST_TEST(all.most_waiting <= http::outflow::high_water);
}

BOOST_AUTO_TEST_CASE(a_stream_whose_place_is_taken_gives_it_back_when_it_ends) {
  world w;
  {
    const auto r = w.open(order_of(text_document("short")), w.shared->downloads.take());
    read_all(w, r);
  }
  w.run();
  BOOST_TEST(w.shared->downloads.taken() == 0);
  BOOST_TEST(w.shared->broken.load() == 0u);
}

BOOST_AUTO_TEST_CASE(an_answer_that_nobody_takes_leaves_nothing_behind) {
  world w;
  // Asked for, and then the edge had no patience any more.
  w.open(order_of(file_document(1'000'000)), w.shared->downloads.take());
  w.open(order_of(text_document(long_text())), w.shared->downloads.take());
  w.run();
  BOOST_TEST(w.shared->downloads.taken() == 0);
}

BOOST_AUTO_TEST_CASE(a_reader_who_hangs_up_ends_the_work) {
  world w;
  const auto r = w.open(order_of(text_document(long_text())), w.shared->downloads.take());
  {
    http::outlet reader{r.stream};
    std::string some;
    reader.next(some);
    BOOST_TEST(!some.empty());
  }
  w.run();
  BOOST_TEST(r.stream->gone());
  BOOST_TEST(w.shared->downloads.taken() == 0);
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_read_breaks_the_answer_off) {
  world w;
  const auto r = w.open(order_of(file_document(1'000'000)));
  BOOST_TEST(header_of(r, "Content-Type") == "image/png");
  BOOST_TEST(r.stream->length().value() == 1'000'000u);
  BOOST_TEST((read_all(w, r).end == http::outlet::step::broken));
  BOOST_TEST(w.shared->broken.load() == 1u);
}

BOOST_AUTO_TEST_CASE(R28_an_export_without_its_rows_is_no_export) {
  for (const auto format : {model::export_format::csv, model::export_format::pdf}) {
    world w;
    const auto r =
        w.open(order_of(model::make_export{model::export_content::notes, format}), w.shared->exports.take());
    BOOST_TEST((read_all(w, r).end == http::outlet::step::broken));
    BOOST_TEST(w.shared->exports.taken() == 0);
  }
}

BOOST_AUTO_TEST_CASE(R28_an_export_is_named_by_the_day_it_is_at_the_organisation) {
  world w;
  auto order = order_of(model::make_export{model::export_content::notes, model::export_format::csv});
  order.heading.time_zone = "Asia/Tokyo";
  BOOST_TEST(header_of(heading_of(order, ""), "Content-Disposition").find("SC-0001-notes-2026-11-22.csv") !=
             std::string::npos);
  BOOST_TEST(header_of(heading_of(order, ""), "ETag").empty());
}

BOOST_AUTO_TEST_CASE(places_are_bounded) {
  places few{2};
  auto one = few.take(), two = few.take();
  BOOST_TEST((one && two));
  BOOST_TEST(!few.take());
  one.reset();
  BOOST_TEST(few.taken() == 1);
  BOOST_TEST(few.take());
}

BOOST_AUTO_TEST_CASE(R23_an_upload_comes_back_as_what_it_is) {
  world w;
  const auto file = content_test::pdf();
  const auto taken = w.judge(file, "application/pdf", "plan.pdf");
  const auto& found = std::get<model::uploaded_file>(taken.what);
  BOOST_TEST(found.name == "plan.pdf");
  BOOST_TEST(found.media_type == "application/pdf");
  BOOST_TEST(found.sha256 == actors::sha256(file));
  BOOST_TEST(found.bytes->size() == file.size());
  BOOST_TEST(found.bytes->read(5, 3) == file.substr(5, 3));
  BOOST_TEST(found.bytes->read(file.size() + 1, 3).empty());
  const auto refused = w.judge(file, "image/png", "");
  BOOST_TEST((std::get<model::refusal>(refused.what).code == model::refusal_code::unsupported_media_type));
}

BOOST_AUTO_TEST_SUITE_END()
