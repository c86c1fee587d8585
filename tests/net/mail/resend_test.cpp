#include <boost/test/unit_test.hpp>

#include "net/mail/make_transport.hpp"
#include "net/mail/resend_transport.hpp"
#include "tests/net/mail/support.hpp"

using namespace net::mail;
using namespace mail_tests;
using actors::delivery;
using actors::delivery_outcome;
using std::chrono::milliseconds;
using std::chrono::seconds;
using clock_of_sockets = std::chrono::steady_clock;

namespace {

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// Enough for a busy machine; what never answers is given less.
constexpr milliseconds patience{20'000}, impatience{2'000};

resend_settings settings_for(std::uint16_t port, milliseconds whole = patience) {
  resend_settings s;
  s.base = "http://127.0.0.1:" + std::to_string(port);
  s.key = "re_test";
  s.from = {"no-reply@keywork.example", "Keywork"};
  s.whole = whole;
  return s;
}

actors::outgoing_mail a_mail() {
  auto m = an_invite();
  m.key = m.id;
  return m;
}

/// A stub with a script, and a transport that speaks to it.
struct speaking {
  explicit speaking(const std::string& script, milliseconds whole = patience)
      : stub(folder.path(), script), transport(make_resend_transport(settings_for(stub.port(), whole))) {}
  temporary_folder folder;
  resend_stub stub;
  std::unique_ptr<actors::mail_transport> transport;
  delivery send(const actors::outgoing_mail& m = a_mail()) { return transport->deliver(m); }
  delivery send_again(const delivery& before) {
    BOOST_TEST((before.outcome == delivery_outcome::try_later), before.detail);
    return send();
  }
};

struct expectation {
  const char* script;
  delivery_outcome outcome;
  bool unsure;
  std::string_view in_detail;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(mail_resend)

BOOST_AUTO_TEST_CASE(a_mail_is_handed_over_as_the_api_wants_it) {
  speaking to("ok");
  const auto d = to.send();
  BOOST_TEST((d.outcome == delivery_outcome::sent), d.detail);
  auto asked = to.stub.request(0);
  BOOST_TEST(asked["path"].as_string() == "/emails");
  auto& headers = asked["headers"].as_object();
  BOOST_TEST(headers["authorization"].as_string() == "Bearer re_test");
  BOOST_TEST(headers["user-agent"].as_string().starts_with("keywork/"));
  BOOST_TEST(headers["idempotency-key"].as_string() == an_invite().id);
  BOOST_TEST(headers["content-type"].as_string() == "application/json");
  const auto mails = to.stub.mails();
  BOOST_TEST_REQUIRE(mails.size() == 1u);
  BOOST_TEST(mails[0].at("id").as_string() == d.provider_id);
  const auto& body = mails[0].at("mail").as_object();
  BOOST_TEST(body.at("from").as_string() == "\"Keywork\" <no-reply@keywork.example>");
  BOOST_TEST(body.at("to").as_array().at(0).as_string() == "\"Priya Nair\" <priya@example.org>");
  BOOST_TEST(has(std::string(body.at("text").as_string()), "https://keywork.example/invite?token=abc&x=1"));
  BOOST_TEST(has(std::string(body.at("html").as_string()), "North Homes"));
  BOOST_TEST(body.at("headers").at("Message-ID").as_string() == "<" + an_invite().id + "@keywork.example>");
  BOOST_TEST(body.at("tags").at(0).at("name").as_string() == resend_mail_tag);
  BOOST_TEST(body.at("tags").at(0).at("value").as_string() == an_invite().id);
  BOOST_TEST(!body.contains("attachments"));
}

BOOST_AUTO_TEST_CASE(a_name_cannot_become_another_address) {
  speaking to("ok");
  auto m = a_mail();
  m.to_name = "Priya\" <evil@example.org>, \\x";
  BOOST_TEST((to.send(m).outcome == delivery_outcome::sent));
  BOOST_TEST(to.stub.mails()[0].at("mail").at("to").at(0).as_string() ==
             "\"Priya\\\" <evil@example.org>, \\\\x\" <priya@example.org>");
  m = a_mail();
  m.to_address = "priya@example.org\r\nBcc: evil@example.org";
  BOOST_TEST((to.send(m).outcome == delivery_outcome::refused));
  m = a_mail();
  m.to_name = "Priya\r\nBcc: evil@example.org";
  BOOST_TEST((to.send(m).outcome == delivery_outcome::refused));
  BOOST_TEST(to.stub.requests() == 1);
}

BOOST_AUTO_TEST_CASE(a_mail_that_got_there_is_made_once_however_often_it_is_given) {
  for (const auto* trouble : {"lost", "cut", "under-way", "trouble", "limited", "noid"}) {
    speaking to(trouble);
    const auto d = to.send_again(to.send());
    BOOST_TEST((d.outcome == delivery_outcome::sent), trouble << ": " << d.detail);
    const auto mails = to.stub.mails();
    BOOST_TEST_REQUIRE(mails.size() == 1u, trouble);
    BOOST_TEST(mails[0].at("id").as_string() == d.provider_id);
    // Byte for byte the same, or the key would be refused.
    BOOST_TEST(to.stub.request(0)["body"].as_string() == to.stub.request(1)["body"].as_string());
  }
}

BOOST_AUTO_TEST_CASE(what_its_answers_come_to) {
  const auto later = delivery_outcome::try_later, refused = delivery_outcome::refused;
  const std::vector<expectation> all{{"lost", later, true, "closed the connection"},
                                     {"cut", later, true, "closed the connection"},
                                     {"noid", later, true, "without the mail's id"},
                                     {"limited", later, false, "429 rate_limit_exceeded"},
                                     {"quota", later, false, "429 daily_quota_exceeded"},
                                     {"under-way", later, true, "409 concurrent_idempotent_requests"},
                                     {"forbidden", later, false, "KEYWORK_RESEND_KEY"},
                                     {"invalid", refused, false, "422 validation_error"},
                                     {"trouble", later, true, "500 internal_server_error"},
                                     {"elsewhere", later, false, "--mail"},
                                     {"large", later, true, "too large"},
                                     {"garbage", later, true, "no HTTP"},
                                     {"silence", later, true, "too long"},
                                     {"drip", later, true, "too long"}};
  for (const auto& e : all) {
    speaking to(e.script, e.in_detail == "too long" ? impatience : patience);
    const auto d = to.send();
    BOOST_TEST_CONTEXT(e.script << ": " << d.detail) {
      BOOST_TEST((d.outcome == e.outcome));
      BOOST_TEST(d.unsure == e.unsure);
      BOOST_TEST(has(d.detail, e.in_detail));
      BOOST_TEST(!has(d.detail, "priya"));
      BOOST_TEST(!has(d.detail, "re_test"));
    }
  }
}

BOOST_AUTO_TEST_CASE(another_mail_under_the_same_key_is_refused_and_not_tried_again) {
  speaking to("ok,ok");
  BOOST_TEST((to.send().outcome == delivery_outcome::sent));
  auto changed = a_mail();
  changed.fields[1].second = "South Homes";
  const auto d = to.send(changed);
  BOOST_TEST((d.outcome == delivery_outcome::refused));
  BOOST_TEST(has(d.detail, "another mail under this key"));
  changed.key += "/1";
  BOOST_TEST((to.send(changed).outcome == delivery_outcome::sent));
  BOOST_TEST(to.stub.mails().size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_wrong_key_is_the_operators_to_mend_and_no_service_at_all_is_tried_again) {
  temporary_folder folder;
  const resend_stub stub{folder.path()};
  auto s = settings_for(stub.port());
  s.key = "re_other";
  auto d = make_resend_transport(s)->deliver(a_mail());
  BOOST_TEST((d.outcome == delivery_outcome::try_later));
  BOOST_TEST(has(d.detail, "401 missing_api_key"));
  BOOST_TEST(!d.unsure);
  s = settings_for(1);  // nobody listens there
  d = make_resend_transport(s)->deliver(a_mail());
  BOOST_TEST((d.outcome == delivery_outcome::try_later));
  BOOST_TEST(!d.unsure);
}

BOOST_AUTO_TEST_CASE(it_goes_no_faster_than_two_in_a_second_and_waits_when_told) {
  speaking to("limited,ok");
  auto d = to.send();
  BOOST_TEST((d.again_in == seconds{2}));
  BOOST_TEST((to.transport->pause() > milliseconds{0}));
  BOOST_TEST((to.transport->pause() <= milliseconds{2'500}));

  speaking unhurried("forbidden,forbidden,forbidden");  // which say nothing of a rate
  const auto began = clock_of_sockets::now();
  for (int i = 0; i < 3; ++i) unhurried.send();
  BOOST_TEST((clock_of_sockets::now() - began >= milliseconds{1'000}));
  BOOST_TEST((unhurried.transport->pause() == milliseconds{0}));

  speaking exhausted("used-up");
  exhausted.send();
  BOOST_TEST((exhausted.transport->pause() > milliseconds{0}));

  speaking no_more_today("quota");
  no_more_today.send();
  BOOST_TEST((no_more_today.transport->pause() > std::chrono::minutes{59}));
}

BOOST_AUTO_TEST_CASE(tls_with_a_certificate_that_is_not_trusted_or_for_another_name_gets_nothing) {
  const temporary_folder keys, folder;
  make_certificate(keys.path(), "localhost");
  const auto pem = (keys.path() / "localhost.pem").string();
  const resend_stub stub{
      folder.path(), "", {"--cert", pem, "--key", (keys.path() / "localhost.key").string()}};
  auto s = settings_for(stub.port());
  s.base = "https://localhost:" + std::to_string(stub.port());
  auto d = make_resend_transport(s)->deliver(a_mail());
  BOOST_TEST((d.outcome == delivery_outcome::try_later), d.detail);
  BOOST_TEST(!d.unsure);
  s.authorities = pem;
  s.base = "https://127.0.0.1:" + std::to_string(stub.port());  // trusted, but it is localhost's
  d = make_resend_transport(s)->deliver(a_mail());
  BOOST_TEST((d.outcome == delivery_outcome::try_later), d.detail);
  BOOST_TEST(!d.unsure);
  BOOST_TEST(stub.requests() == 0);
  s.base = "https://localhost:" + std::to_string(stub.port());
  d = make_resend_transport(s)->deliver(a_mail());
  BOOST_TEST((d.outcome == delivery_outcome::sent), d.detail);
  BOOST_TEST(stub.requests() == 1);
}

BOOST_AUTO_TEST_CASE(settings_that_cannot_work_are_refused) {
  const transport_secrets secrets{"re_test", {}};
  const sender from{"no-reply@keywork.example", "Keywork"};
  BOOST_CHECK_NO_THROW(make_transport("resend:", from, {}, secrets));
  BOOST_CHECK_NO_THROW(make_transport("resend:https://mail.example:8443/", from, {}, secrets));
  for (const auto* spec : {"resend:http://mail.example", "resend:mail.example", "resend:https://",
                           "resend:ftp://x", "resend:https://user:pass@mail.example"})
    BOOST_CHECK_THROW(make_transport(spec, from, {}, secrets), std::invalid_argument);
  BOOST_CHECK_THROW(make_transport("resend:", from), std::invalid_argument);
  BOOST_CHECK_THROW(make_transport("resend:", from, {}, {"re_\r\nx", {}}), std::invalid_argument);
  BOOST_CHECK_THROW(make_transport("resend:", {"nobody", "x"}, {}, secrets), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
