#include <boost/test/unit_test.hpp>

#include "net/mail/make_transport.hpp"
#include "net/mail/smtp_transport.hpp"
#include "net/mail/smtp_wire.hpp"
#include "tests/net/mail/support.hpp"

using namespace net::mail;
using namespace mail_tests;
using actors::delivery;
using actors::delivery_outcome;

namespace {

const std::string ready = "220 hello\r\n", fine = "250 fine\r\n", go_on = "354 go on\r\n";

delivery send_to(std::uint16_t port, const actors::outgoing_mail& mail = an_invite()) {
  return make_smtp_transport(local(port))->deliver(mail);
}
bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

struct expectation {
  std::vector<std::string> script;
  delivery_outcome outcome;
  std::string_view in_detail;
};
void check(const expectation& e) {
  scripted_server server{e.script};
  const auto result = send_to(server.port());
  BOOST_TEST_CONTEXT("script ends with " << e.script.back() << "detail: " << result.detail) {
    BOOST_TEST((result.outcome == e.outcome));
    BOOST_TEST(has(result.detail, e.in_detail));
    BOOST_TEST(!has(result.detail, "token"));
  }
}

/// TLS with a certificate for `name`, trusted where `trusted`.
smtp_settings over_tls(smtp_security how, const smtp_sink& sink, const std::filesystem::path& authorities) {
  auto s = local(sink.port());
  s.security = how;
  s.authorities = authorities;
  return s;
}
std::vector<std::string> tls(const char* how, const temporary_folder& keys, const std::string& host) {
  return {"--tls", how, "--cert", keys.path() / (host + ".pem"), "--key", keys.path() / (host + ".key")};
}
void operator+=(std::vector<std::string>& to, const std::vector<std::string>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mail_smtp)

BOOST_AUTO_TEST_CASE(a_real_server_gets_exactly_the_bytes_that_the_folder_gets) {
  const temporary_folder kept, written;
  const smtp_sink sink{kept.path()};
  auto mail = an_invite();
  mail.fields[1].second =
      "...." + std::string(10'000, '.') + " שלום 👩‍👧 " + std::string(10'000, 'x');
  const auto result = send_to(sink.port(), mail);
  BOOST_TEST((result.outcome == delivery_outcome::sent), result.detail);
  make_transport("file:" + written.path().string(), local(1).from)->deliver(mail);
  BOOST_TEST(contents_of(kept.path() / "0.eml") == contents_of(written.path() / written.mails().at(0)));
  BOOST_TEST(contents_of(kept.path() / "0.envelope") ==
             "no-reply@keywork.example\npriya@example.org\nclear\nanonymous\n");
  auto found = read_by_python(kept.path() / "0.eml");
  BOOST_TEST(found["defects"].as_array().empty());
  BOOST_TEST(has(std::string(found["text"].as_string()), mail.fields[1].second));
}

BOOST_AUTO_TEST_CASE(a_leading_dot_is_doubled_on_the_wire) {
  BOOST_TEST(dot_stuffed(".\r\n..\r\na.\r\n\r\n.b") == "..\r\n...\r\na.\r\n\r\n..b\r\n.\r\n");
  BOOST_TEST(dot_stuffed("") == ".\r\n");
  scripted_server server{{ready, fine, fine, fine, go_on, fine, "221 bye\r\n"}};
  auto mail = an_invite();
  mail.fields[0].second = "x";
  mail.fields[1].second = ".. " + std::string(200, '.');  // wrapped at 75, so that a line begins with a dot
  BOOST_TEST((send_to(server.port(), mail).outcome == delivery_outcome::sent));
  const auto heard = server.heard();
  const auto content = heard.substr(heard.find("DATA\r\n") + 6);
  BOOST_TEST(has(content, "\r\n.."));
  BOOST_TEST(content.find("\r\n.\r\n") == content.rfind("\r\n.\r\n"));
  for (std::size_t at = 0; (at = content.find('\n', at)) != std::string::npos; ++at) {
    BOOST_TEST(content[at - 1] == '\r');
  }
}

BOOST_AUTO_TEST_CASE(every_attempt_carries_the_same_message_id_and_bytes) {
  const temporary_folder kept;
  const smtp_sink sink{kept.path()};
  const auto transport = make_smtp_transport(local(sink.port()));
  transport->deliver(an_invite());
  transport->deliver(an_invite());
  BOOST_TEST(contents_of(kept.path() / "0.eml") == contents_of(kept.path() / "1.eml"));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_composed_is_refused_before_anything_is_sent) {
  // nobody listens on this port: a connection would come to try_later
  for (const std::string bad : {"x\r\nBcc: eve@example.org", "a@b>\r\nRCPT TO:<eve@example.org", "plain"}) {
    auto mail = an_invite();
    mail.to_address = bad;
    BOOST_TEST((send_to(1, mail).outcome == delivery_outcome::refused));
  }
  auto mail = an_invite();
  mail.to_name = "Priya\r\nBcc: eve@example.org";
  BOOST_TEST((send_to(1, mail).outcome == delivery_outcome::refused));
  mail = an_invite();
  mail.fields.clear();
  BOOST_TEST((send_to(1, mail).outcome == delivery_outcome::refused));
}

BOOST_AUTO_TEST_CASE(a_server_that_is_not_there_is_tried_again) {
  const auto result = send_to(1);
  BOOST_TEST((result.outcome == delivery_outcome::try_later));
  BOOST_TEST(has(result.detail, "mail server 127.0.0.1:1: cannot connect"));
  auto nowhere = local(25);
  nowhere.host = "no-such-host.invalid";
  BOOST_TEST((make_smtp_transport(nowhere)->deliver(an_invite()).outcome == delivery_outcome::try_later));
}

BOOST_AUTO_TEST_CASE(a_temporary_no_at_any_step_is_tried_again) {
  const std::vector<std::string> whole{ready, fine, fine, fine, go_on, fine};
  for (const std::string no : {"421 closing\r\n", "450 later\r\n", "451-later\r\n451 still\r\n"}) {
    for (std::size_t step = 0; step < whole.size(); ++step) {
      std::vector<std::string> script(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(step));
      script.push_back(no);
      check({script, delivery_outcome::try_later, no.substr(0, 3)});
    }
  }
}

BOOST_AUTO_TEST_CASE(a_final_no_to_the_recipient_or_the_content_refuses_the_mail) {
  const auto refused = delivery_outcome::refused;
  check({{ready, fine, fine, "550 5.1.1 nobody of that name\r\n"}, refused, "550 5.1.1 nobody of that name"});
  check({{ready, fine, fine, "501 5.1.3 bad address\r\n"}, refused, "recipient"});
  check({{ready, fine, fine, "556 takes no mail\r\n"}, refused, "556"});
  check({{ready, fine, fine, fine, "554 no valid recipients\r\n"}, refused, "554"});
  check({{ready, fine, fine, fine, go_on, "554 5.7.1 spam\r\n"}, refused, "554 5.7.1"});
  check({{ready, fine, fine, fine, go_on, "552 too big\r\n"}, refused, "552"});
}

BOOST_AUTO_TEST_CASE(a_final_no_that_is_about_us_is_tried_again_and_says_so) {
  const auto later = delivery_outcome::try_later;
  check({{"554 no service for you\r\n"}, later, "554 no service for you"});
  check({{ready, "550 no\r\n", "550 no\r\n"}, later, "550 no"});
  check({{ready, fine, "550 bad sender\r\n"}, later, "our sender's address (550 bad sender)"});
  check({{ready, fine, "530 authenticate first\r\n"}, later, "530"});
  check({{ready, fine, fine, "530 authenticate first\r\n"}, later, "530"});
  check({{ready, fine, fine, "552 mailbox full\r\n"}, later, "552"});
  check({{ready, fine, fine, fine, "503 bad sequence\r\n"}, later, "503"});
}

BOOST_AUTO_TEST_CASE(a_server_that_quotes_the_mail_in_its_refusal_does_not_reach_the_detail) {
  check({{ready, fine, fine, fine, go_on, "554 5.7.1 blocked: https://keywork.example/invite?token=abc\r\n"},
         delivery_outcome::refused,
         "554 5.7.1)"});
  scripted_server server{{ready, fine, fine, "550 \x1b[2Jevil\tname " + std::string(600, 'x') + "\r\n"}};
  const auto result = send_to(server.port());
  BOOST_TEST(has(result.detail, "550 ?[2Jevil?name x"));
  BOOST_TEST(result.detail.size() < 300u);
}

BOOST_AUTO_TEST_CASE(a_server_that_hangs_up_at_any_step_is_tried_again) {
  const std::vector<std::string> whole{ready, fine, fine, fine, go_on};
  for (std::size_t step = 0; step <= whole.size(); ++step) {
    std::vector<std::string> script(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(step));
    script.push_back("close");
    check({script, delivery_outcome::try_later, ""});
  }
}

BOOST_AUTO_TEST_CASE(whether_the_mail_may_be_there_is_known_by_how_far_it_came) {
  const std::vector<std::string> whole{ready, fine, fine, fine, go_on};
  for (std::size_t step = 0; step <= whole.size(); ++step) {
    std::vector<std::string> script(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(step));
    script.push_back("close");
    scripted_server server{script};
    BOOST_TEST(send_to(server.port()).unsure == (step == whole.size()), step);
  }
  scripted_server busy{{ready, fine, fine, fine, go_on, "451 4.3.0 later\r\n"}};
  BOOST_TEST(!send_to(busy.port()).unsure);
}

BOOST_AUTO_TEST_CASE(a_server_that_hangs_up_after_taking_the_mail_has_it) {
  check({{ready, fine, fine, fine, go_on, "250 2.0.0 yours is mine\r\n", "close"},
         delivery_outcome::sent,
         "250 2.0.0"});
}

BOOST_AUTO_TEST_CASE(what_is_no_smtp_is_tried_again) {
  const auto later = delivery_outcome::try_later;
  for (const std::string& garbage :
       {std::string("HTTP/1.1 400 Bad Request\r\n\r\n"), std::string("\r\n"), std::string("22\r\n"),
        std::string("220x\r\n"), std::string("199 no\r\n"), std::string("\0\0\0\0\n", 5),
        std::string("220-a\r\n250 b\r\n"), std::string("220-a\r\nb\r\n"), std::string("-220 a\r\n"),
        std::string(1'000'000, 'x')}) {
    check({{garbage}, later, "reply"});
  }
  std::string endless;
  for (int i = 0; i < 10'000; ++i) endless += "220-more\r\n";
  check({{endless}, later, "too long"});
}

BOOST_AUTO_TEST_CASE(an_old_server_without_EHLO_is_spoken_to_with_HELO) {
  scripted_server server{{ready, "502 what?\r\n", fine, fine, fine, go_on, fine}};
  BOOST_TEST((send_to(server.port()).outcome == delivery_outcome::sent));
  BOOST_TEST(has(server.heard(), "\r\nHELO "));
}

BOOST_AUTO_TEST_CASE(silence_and_dripping_end_with_the_time_limit_at_every_step) {
  const std::vector<std::string> whole{ready, fine, fine, fine, go_on};
  for (const std::string how : {"silence", "drip"}) {
    for (std::size_t step = 0; step <= whole.size(); ++step) {
      std::vector<std::string> script(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(step));
      script.push_back(how);
      scripted_server server{script};
      auto settings = local(server.port());
      settings.limits.reply = std::chrono::milliseconds{150};
      const auto result = make_smtp_transport(settings)->deliver(an_invite());
      BOOST_TEST((result.outcome == delivery_outcome::try_later));
      BOOST_TEST(has(result.detail, "took too long"), result.detail);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_whole_delivery_has_a_limit_of_its_own) {
  scripted_server server{{ready, "silence"}};
  auto settings = local(server.port());
  settings.limits.whole = std::chrono::milliseconds{150};
  const auto result = make_smtp_transport(settings)->deliver(an_invite());
  BOOST_TEST(has(result.detail, "took too long"));
}

BOOST_AUTO_TEST_CASE(tls_with_a_trusted_certificate_carries_mail_and_password) {
  const temporary_folder kept, keys;
  make_certificate(keys.path(), "127.0.0.1");
  for (const auto& [word, how] :
       {std::pair{"starttls", smtp_security::demanded}, std::pair{"implicit", smtp_security::implicit},
        std::pair{"starttls", smtp_security::offered}}) {
    auto options = tls(word, keys, "127.0.0.1");
    options += {"--user", "postie", "--password", "pässword: 1"};
    const smtp_sink sink{kept.path(), options};
    auto settings = over_tls(how, sink, keys.path() / "127.0.0.1.pem");
    settings.user = "postie";
    settings.password = "pässword: 1";
    auto mail = an_invite();
    mail.fields[1].second = std::string(300'000, '.');  // many TLS records
    const auto result = make_smtp_transport(settings)->deliver(mail);
    BOOST_TEST((result.outcome == delivery_outcome::sent), result.detail);
    BOOST_TEST(has(contents_of(kept.path() / "0.envelope"), "\ntls\nauthenticated\n"));
    std::filesystem::remove(kept.path() / "0.envelope");
  }
}

BOOST_AUTO_TEST_CASE(a_certificate_that_is_not_trusted_or_for_another_name_gets_nothing) {
  const temporary_folder kept, keys;
  make_certificate(keys.path(), "127.0.0.1");
  make_certificate(keys.path(), "other.example");
  for (const auto& [word, how] :
       {std::pair{"starttls", smtp_security::demanded}, std::pair{"starttls", smtp_security::offered},
        std::pair{"implicit", smtp_security::implicit}}) {
    const smtp_sink untrusted{kept.path(), tls(word, keys, "127.0.0.1")};
    const smtp_sink other{kept.path(), tls(word, keys, "other.example")};
    const smtp_settings cases[] = {over_tls(how, untrusted, keys.path() / "other.example.pem"),
                                   over_tls(how, untrusted, {}),  // the system's authorities
                                   over_tls(how, other, keys.path() / "other.example.pem")};
    for (const auto& settings : cases) {
      const auto result = make_smtp_transport(settings)->deliver(an_invite());
      BOOST_TEST((result.outcome == delivery_outcome::try_later));
      BOOST_TEST((has(result.detail, "ertificate") || has(result.detail, "SSL")), result.detail);
    }
  }
  BOOST_TEST(std::filesystem::is_empty(kept.path()));
}

BOOST_AUTO_TEST_CASE(without_STARTTLS_nothing_is_sent_where_it_is_demanded) {
  scripted_server server{{ready, "250-here\r\n250 AUTH PLAIN\r\n"}};
  auto settings = local(server.port());
  settings.security = smtp_security::demanded;
  settings.user = "postie";
  settings.password = "secret";
  const auto result = make_smtp_transport(settings)->deliver(an_invite());
  BOOST_TEST((result.outcome == delivery_outcome::try_later));
  BOOST_TEST(has(result.detail, "STARTTLS"));
  const auto heard = server.heard();
  BOOST_TEST(heard.starts_with("EHLO "));
  BOOST_TEST(heard.find("\r\n") == heard.size() - 2);  // and not a word more
}

BOOST_AUTO_TEST_CASE(clear_text_slipped_in_behind_STARTTLS_ends_the_attempt) {
  scripted_server server{
      {ready, "250-here\r\n250 STARTTLS\r\n", "220 go\r\n250-forged\r\n250 AUTH PLAIN\r\n"}};
  auto settings = local(server.port());
  settings.security = smtp_security::offered;
  const auto result = make_smtp_transport(settings)->deliver(an_invite());
  BOOST_TEST((result.outcome == delivery_outcome::try_later));
  BOOST_TEST(has(result.detail, "clear text after STARTTLS"));
}

BOOST_AUTO_TEST_CASE(silence_inside_the_TLS_handshake_ends_with_the_time_limit) {
  for (const auto& script :
       {std::vector<std::string>{ready, "250-here\r\n250 STARTTLS\r\n", "220 go\r\n", "silence"},
        std::vector<std::string>{"silence"}}) {
    scripted_server server{script};
    auto settings = local(server.port());
    settings.security = script.size() > 1 ? smtp_security::demanded : smtp_security::implicit;
    settings.limits.reply = std::chrono::milliseconds{150};
    const auto result = make_smtp_transport(settings)->deliver(an_invite());
    BOOST_TEST((result.outcome == delivery_outcome::try_later));
    BOOST_TEST(has(result.detail, "took too long"), result.detail);
  }
}

BOOST_AUTO_TEST_CASE(a_password_on_this_machine_works_without_TLS_by_PLAIN_and_LOGIN) {
  for (const std::string offer : {"AUTH PLAIN LOGIN", "auth LOGIN"}) {
    const bool plain = has(offer, "PLAIN");
    std::vector<std::string> script{ready, "250-here\r\n250 " + offer + "\r\n"};
    if (!plain) script += {"334 VXNlcm5hbWU6\r\n", "334 UGFzc3dvcmQ6\r\n"};
    script += {"235 welcome\r\n", fine, fine, go_on, fine};
    scripted_server server{script};
    const auto spec = "smtp://postie:s3cret@127.0.0.1:" + std::to_string(server.port());
    const auto result = make_transport(spec, local(1).from)->deliver(an_invite());
    BOOST_TEST((result.outcome == delivery_outcome::sent), result.detail);
    const auto heard = server.heard();
    BOOST_TEST(
        has(heard, plain ? "AUTH PLAIN AHBvc3RpZQBzM2NyZXQ=\r\n" : "AUTH LOGIN\r\ncG9zdGll\r\nczNjcmV0\r\n"));
  }
}

BOOST_AUTO_TEST_CASE(a_refused_password_is_our_mistake_and_stays_out_of_the_detail) {
  for (const std::string no :
       {"535 5.7.8 bad: postie s3cret\r\n", "454 later s3cret\r\n", "504 s3cret unknown\r\n"}) {
    scripted_server server{{ready, "250-here\r\n250 AUTH PLAIN\r\n", no}};
    const auto spec = "smtp://postie:s3cret@127.0.0.1:" + std::to_string(server.port());
    const auto result = make_transport(spec, local(1).from)->deliver(an_invite());
    BOOST_TEST((result.outcome == delivery_outcome::try_later));
    BOOST_TEST(has(result.detail, "check the mail settings"));
    BOOST_TEST(!has(result.detail, "s3cret"));
  }
  scripted_server server{{ready, "250-here\r\n250 AUTH CRAM-MD5\r\n"}};
  const auto spec = "smtp://postie:s3cret@127.0.0.1:" + std::to_string(server.port());
  BOOST_TEST(has(make_transport(spec, local(1).from)->deliver(an_invite()).detail,
                 "neither AUTH PLAIN nor AUTH LOGIN"));
}

BOOST_AUTO_TEST_SUITE_END()
