#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include "edge_world.hpp"
#include "net/integrations/webhook_signature.hpp"
#include "net/mail/encode.hpp"

using namespace edge_test;

namespace {

const std::string bounced =
    R"({"type":"email.bounced","created_at":"2026-11-21T09:29:00Z","data":{"email_id":"re_1","bounce":{"message":"full"}}})";

/// A provider that signs as Svix does.
struct provider : world {
  provider() : world(true) {}

  std::string now(std::chrono::seconds off = {}) const {
    return std::to_string(
        std::chrono::floor<std::chrono::seconds>(clock.time + off).time_since_epoch().count());
  }
  static std::string signature(const std::string& id, const std::string& timestamp, const std::string& body) {
    const auto key = net::integrations::svix_key(resend_webhook_secret).value();
    const auto m = net::integrations::hmac_sha256(key, {id, ".", timestamp, ".", body});
    return "v1," + net::mail::base64({reinterpret_cast<const char*>(m.data()), m.size()});
  }
  net::http::response tell(const std::string& body, std::vector<net::http::header> headers) {
    headers.push_back({"Content-Type", "application/json"});
    return send("POST", "/webhooks/resend", std::move(headers), body);
  }
  net::http::response tell(const std::string& body, std::chrono::seconds off = {}) {
    const auto at = now(off);
    return tell(
        body,
        {{"svix-id", "msg_1"}, {"svix-timestamp", at}, {"svix-signature", signature("msg_1", at, body)}});
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(edge_webhooks)

BOOST_AUTO_TEST_CASE(what_is_signed_is_taken_in_without_a_login) {
  provider p;
  const auto r = p.tell(bounced);
  BOOST_TEST(r.status == 200u);
  BOOST_TEST(body_of(r) == R"({"received":true})");
  BOOST_TEST_REQUIRE(p.others.mail_notices.size() == 1u);
  const auto& n = p.others.mail_notices[0];
  BOOST_TEST(n.id == "msg_1");
  BOOST_TEST(n.provider_id == "re_1");
  BOOST_TEST((n.what == actors::mail_event::bounced));
  BOOST_TEST(n.reason.value() == "full");
}

BOOST_AUTO_TEST_CASE(what_is_not_or_not_now_or_twice_is_refused_alike) {
  provider p;
  const auto at = p.now();
  const auto good = provider::signature("msg_1", at, bounced);
  const std::vector<std::vector<net::http::header>> all{
      {},
      {{"svix-id", "msg_1"}, {"svix-timestamp", at}},
      {{"svix-id", "msg_2"}, {"svix-timestamp", at}, {"svix-signature", good}},
      {{"svix-id", "msg_1"}, {"svix-timestamp", p.now(std::chrono::seconds{1})}, {"svix-signature", good}},
      {{"svix-id", "msg_1"}, {"svix-timestamp", at}, {"svix-signature", "v1,AAAA"}},
      {{"svix-id", "msg_1"}, {"svix-id", "msg_1"}, {"svix-timestamp", at}, {"svix-signature", good}}};
  std::string first;
  for (auto headers : all) {
    headers.push_back({"X-Request-Id", "r"});
    const auto r = p.tell(bounced, headers);
    BOOST_TEST(r.status == 401u);
    if (first.empty()) first = body_of(r);
    BOOST_TEST(body_of(r) == first);
  }
  BOOST_TEST(p.tell(bounced, std::chrono::seconds{301}).status == 401u);
  BOOST_TEST(p.tell(bounced, std::chrono::seconds{-301}).status == 401u);
  BOOST_TEST(p.tell(bounced, std::chrono::seconds{-299}).status == 200u);
  BOOST_TEST(p.others.mail_notices.size() == 1u);
}

BOOST_AUTO_TEST_CASE(who_signs_lives_in_the_machines_time) {
  provider p;
  p.clock.chosen_ahead = std::chrono::hours{24 * 365};
  BOOST_TEST(p.tell(bounced).status == 401u);
  BOOST_TEST(p.tell(bounced, -p.clock.chosen_ahead).status == 200u);
}

BOOST_AUTO_TEST_CASE(other_events_are_received_and_what_cannot_be_read_is_not) {
  provider p;
  BOOST_TEST(p.tell(R"({"type":"email.opened","data":{"email_id":"re_1"}})").status == 200u);
  BOOST_TEST(p.tell("{").status == 400u);
  BOOST_TEST(p.tell(R"({"type":"email.sent","data":{}})").status == 400u);
  BOOST_TEST(p.others.mail_notices.empty());
}

BOOST_AUTO_TEST_CASE(what_could_not_be_kept_is_to_be_told_again) {
  provider p;
  p.others.reply = model::refusal::unavailable();
  BOOST_TEST(p.tell(bounced).status == 503u);
}

BOOST_AUTO_TEST_CASE(without_a_secret_there_is_nothing_at_this_address) {
  world w;
  BOOST_TEST(w.send("POST", "/webhooks/resend", {}, bounced).status == 404u);
  provider p;
  BOOST_TEST(p.send("GET", "/webhooks/resend").status == 405u);
}

BOOST_AUTO_TEST_SUITE_END()
