#include "net/integrations/webhook_signature.hpp"

#include <boost/test/unit_test.hpp>

#include "net/integrations/resend_events.hpp"
#include "net/mail/encode.hpp"

using namespace net::integrations;
using namespace std::chrono_literals;

namespace {

// The example that Svix publishes with its libraries.
const std::string secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const std::string id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const std::string timestamp = "1614265330";
const std::string body = R"({"test": 2432232314})";
const std::string good = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
const model::instant then{std::chrono::seconds{1614265330}};

bool signed_(const std::string& with, model::instant now = then, const std::string& text = body) {
  return is_signed_by_svix(svix_key(secret).value(), {id, timestamp, with}, text, now);
}

actors::mail_notice notice(const std::string& text) {
  return std::get<0>(read_resend_event("msg_1", text)).value();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(webhook_signature)

BOOST_AUTO_TEST_CASE(the_mac_is_that_of_rfc_4231) {
  const auto hex = [](const mac& m) {
    std::string out;
    for (const auto b : m) {
      out += "0123456789abcdef"[b >> 4];
      out += "0123456789abcdef"[b & 15];
    }
    return out;
  };
  BOOST_TEST(hex(hmac_sha256("Jefe", {"what do ya want ", "for nothing?"})) ==
             "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  BOOST_TEST(hex(hmac_sha256(std::string(131, '\xaa'),
                             {"Test Using Larger Than Block-Size Key - Hash Key First"})) ==
             "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  const auto m = hmac_sha256("Jefe", {"what do ya want for nothing?"});
  BOOST_TEST(matches_hex(m, hex(m)));
  BOOST_TEST(!matches_hex(m, hex(m).substr(2)));
  BOOST_TEST(!matches_hex(m, std::string(64, 'z')));
  BOOST_TEST(!matches_hex(m, ""));
}

BOOST_AUTO_TEST_CASE(the_published_example_is_accepted) {
  BOOST_TEST(signed_(good));
  BOOST_TEST(signed_("v1a,xyz v2,abc v1,AAAA " + good));  // whichever of those listed
  BOOST_TEST(signed_(good, then + 5min));
  BOOST_TEST(signed_(good, then - 5min));
}

BOOST_AUTO_TEST_CASE(whatever_is_wrong_is_refused) {
  BOOST_TEST(!signed_(""));
  BOOST_TEST(!signed_("v1,"));
  BOOST_TEST(!signed_("v1"));
  BOOST_TEST(!signed_(good.substr(3)));
  BOOST_TEST(!signed_("v2," + good.substr(3)));
  BOOST_TEST(!signed_("v1,h" + good.substr(4)));
  BOOST_TEST(!signed_(good.substr(0, good.size() - 1)));
  BOOST_TEST(!signed_(good + "x"));
  BOOST_TEST(!signed_(good, then + 5min + 1s));
  BOOST_TEST(!signed_(good, then - 5min - 1s));
  BOOST_TEST(!signed_(good, then + 10 * 365 * 24h));
  BOOST_TEST(!signed_(good, then, body + " "));
  const auto key = svix_key(secret).value();
  for (const auto* when :
       {"", "x", "-1614265330", "1614265330 ", "1614265330.5", "99999999999999999999", "+1614265330"})
    BOOST_TEST(!is_signed_by_svix(key, {id, when, good}, body, then));
  BOOST_TEST(!is_signed_by_svix(key, {"", timestamp, good}, body, then));
  BOOST_TEST(!is_signed_by_svix(key, {id + "x", timestamp, good}, body, then));
  BOOST_TEST(!is_signed_by_svix("another key of ours", {id, timestamp, good}, body, then));
}

BOOST_AUTO_TEST_CASE(a_secret_that_is_none_is_told) {
  BOOST_TEST(svix_key(secret).value().size() == 24u);
  for (const auto* none : {"", "whsec_", "whsec_!!!", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_QUJD"})
    BOOST_TEST(!svix_key(none).has_value(), none);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(resend_events)

BOOST_AUTO_TEST_CASE(a_mails_way_is_read) {
  const auto n = notice(R"({"type":"email.bounced","created_at":"2024-11-22T23:41:12.126Z","data":{
    "broadcast_id":"8b14","created_at":"2024-11-22T23:41:11.894719+00:00",
    "email_id":"56761188-7520-42d8-8898-ff6fc54ce618","from":"Acme <onboarding@resend.dev>","to":["delivered@resend.dev"],
    "subject":"x","bounce":{"message":"The recipient's address is on the list.","subType":"Suppressed","type":"Permanent"},
    "tags":{"keywork_mail":"01931f0e-7c00-7000-8000-00000000002a"}}})");
  BOOST_TEST(n.id == "msg_1");
  BOOST_TEST((n.what == actors::mail_event::bounced));
  BOOST_TEST(n.provider_id == "56761188-7520-42d8-8898-ff6fc54ce618");
  BOOST_TEST((n.mail == model::parse_id<model::mail_id>("01931f0e-7c00-7000-8000-00000000002a")));
  BOOST_TEST((n.at == model::parse_instant("2024-11-22T23:41:12.126Z")));
  BOOST_TEST(n.reason.value() == "Suppressed: The recipient's address is on the list.");
}

BOOST_AUTO_TEST_CASE(tags_come_as_a_list_too_and_what_is_missing_is_missing) {
  auto n = notice(R"({"type":"email.delivered","data":{"email_id":"a","tags":[{"name":"x","value":"y"},
    {"name":"keywork_mail","value":"01931f0e-7c00-7000-8000-00000000002a"}]}})");
  BOOST_TEST(n.mail.has_value());
  BOOST_TEST(!n.at.has_value());
  n = notice(R"({"type":"email.failed","created_at":5,"data":{"email_id":"a","tags":{"keywork_mail":"no id"},
    "failed":{"reason":"reached_daily_quota"}}})");
  BOOST_TEST(!n.mail.has_value());
  BOOST_TEST(n.reason.value() == "reached_daily_quota");
  const std::vector<std::pair<std::string, actors::mail_event>> all{
      {"sent", actors::mail_event::sent},
      {"delivery_delayed", actors::mail_event::delayed},
      {"complained", actors::mail_event::complained},
      {"delivered", actors::mail_event::delivered}};
  for (const auto& [type, what] : all)
    BOOST_TEST((notice(R"({"type":"email.)" + type + R"(","data":{"email_id":"a"}})").what == what));
}

BOOST_AUTO_TEST_CASE(other_events_are_nothing_to_us_and_what_is_none_is_refused) {
  for (const auto* other : {R"({"type":"email.opened","data":{}})", R"({"type":"contact.created"})"})
    BOOST_TEST(!std::get<0>(read_resend_event("msg_1", other)).has_value());
  for (const auto* none :
       {"", "x", "[]", "{}", R"({"type":5})", R"({"type":"email.sent"})",
        R"({"type":"email.sent","data":{"email_id":7}})", R"({"type":"email.sent","data":[]})"})
    BOOST_TEST(std::holds_alternative<model::refusal>(read_resend_event("msg_1", none)), none);
}

BOOST_AUTO_TEST_SUITE_END()
