#include "net/integrations/docuseal_webhook.hpp"

#include <boost/test/unit_test.hpp>

#include "net/integrations/webhook_signature.hpp"

using namespace net::integrations;

namespace {

const std::string secret = "the secret, as it is shown";
const std::string body = R"({"event_type":"form.completed","data":{"id":1}})";
const model::instant now = *model::parse_instant("2026-11-21T09:30:00Z");
const auto now_seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();

std::string hex(const mac& m) {
  std::string out;
  for (const auto byte : m) {
    out += "0123456789abcdef"[byte >> 4];
    out += "0123456789abcdef"[byte & 15];
  }
  return out;
}

std::string signature(std::int64_t at, const std::string& of = body, const std::string& with = secret) {
  const auto seconds = std::to_string(at);
  return seconds + "." + hex(hmac_sha256(with, {seconds, ".", of}));
}

bool is_good(const std::string& header) { return is_signed_by_docuseal(secret, header, body, now); }

actors::signing_notice read(const std::string& text) {
  return std::get<actors::signing_notice>(read_docuseal_event(text));
}
bool refuses(const std::string& text) {
  return std::holds_alternative<model::refusal>(read_docuseal_event(text));
}

const std::string id = "0190a000-0000-7000-8000-000000000001";

}  // namespace

BOOST_AUTO_TEST_SUITE(docuseal_webhook)

// Computed with openssl dgst -sha256 -hmac.
BOOST_AUTO_TEST_CASE(R24_the_whole_secret_signs_the_time_a_dot_and_the_body) {
  const auto at = *model::parse_instant("2023-11-14T22:13:20Z");
  BOOST_TEST(is_signed_by_docuseal(
      "secret", "1700000000.b8569b78799ff9e3cbff0fc2d63a33a2b57f3282abd07c37ae5e8e7d79a5f163", "{}", at));
  BOOST_TEST(is_good(signature(now_seconds)));
}

BOOST_AUTO_TEST_CASE(R24_five_minutes_either_way_and_no_more) {
  for (const auto off : {-300, -1, 0, 300}) BOOST_TEST(is_good(signature(now_seconds + off)));
  for (const auto off : {-301, 301, -100'000}) BOOST_TEST(!is_good(signature(now_seconds + off)));
}

BOOST_AUTO_TEST_CASE(R24_nothing_else_is_a_signature) {
  const auto good = signature(now_seconds);
  BOOST_TEST(!is_good(signature(now_seconds, body + " ")));
  BOOST_TEST(!is_good(signature(now_seconds, body, "another secret")));
  BOOST_TEST(!is_good(std::to_string(now_seconds + 1) + good.substr(good.find('.'))));
  for (const std::string& bad :
       {std::string{}, std::string{"."}, std::string{"x"}, good.substr(0, good.size() - 1), good + "0",
        " " + good, good + "," + good, std::to_string(now_seconds) + "."})
    BOOST_TEST(!is_good(bad));
  BOOST_TEST(!is_signed_by_docuseal("", signature(now_seconds, body, ""), body, now));
}

BOOST_AUTO_TEST_CASE(R24_a_signers_event_names_our_id_and_the_request) {
  const auto told =
      read(R"({"event_type":"form.declined","timestamp":"2026-11-21T09:30:00Z","data":{"id":11,)"
           R"("submission_id":7,"external_id":")" +
           id + R"("}})");
  BOOST_TEST(told.event_type == "form.declined");
  BOOST_TEST(told.subject == 11);
  BOOST_TEST(told.timestamp == "2026-11-21T09:30:00Z");
  BOOST_TEST(model::to_text(told.request.value()) == id);
  BOOST_TEST(told.submission.value() == 7);
  BOOST_TEST(
      read(R"({"event_type":"form.viewed","data":{"id":1,"submission":{"id":8}}})").submission.value() == 8);
}

BOOST_AUTO_TEST_CASE(R24_a_requests_event_is_about_the_request) {
  const auto told =
      read(R"({"event_type":"submission.completed","data":{"id":7,"submitters":[{"external_id":null},)"
           R"({"external_id":")" +
           id + R"("}]}})");
  BOOST_TEST(told.submission.value() == 7);
  BOOST_TEST(model::to_text(told.request.value()) == id);
}

BOOST_AUTO_TEST_CASE(R24_other_events_are_about_nothing_of_ours) {
  const auto told = read(R"({"event_type":"template.created","data":{"id":7,"external_id":"theirs"}})");
  BOOST_TEST(!told.submission.has_value());
  BOOST_TEST(!told.request.has_value());
}

BOOST_AUTO_TEST_CASE(R24_what_is_no_event_is_refused) {
  const std::string long_name(101, 'x');
  for (const std::string& text :
       {std::string{}, std::string{"null"}, std::string{"[]"}, std::string{"{}"}, std::string{"\xff"},
        std::string{R"({"event_type":"form.completed"})"}, std::string{R"({"event_type":"x","data":[]})"},
        std::string{R"({"event_type":"x","data":{"id":"7"}})"}, std::string{R"({"data":{"id":7}})"},
        std::string{R"({"event_type":5,"data":{"id":7}})"},
        R"({"event_type":")" + long_name + R"(","data":{"id":7}})",
        R"({"event_type":"x","timestamp":")" + long_name + R"(","data":{"id":7}})"})
    BOOST_TEST(refuses(text));
}

BOOST_AUTO_TEST_SUITE_END()
