#include "net/mail/make_transport.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>

#include "net/mail/smtp_transport.hpp"

using namespace net::mail;

BOOST_AUTO_TEST_SUITE(mail_spec)

BOOST_AUTO_TEST_CASE(a_spec_says_host_port_credentials_and_security) {
  const auto full = parse_smtp("smtp://user%40x:p%3Aw%2F%25@mail.example.org:2525/");
  BOOST_TEST(full.user == "user@x");
  BOOST_TEST(full.password == "p:w/%");
  BOOST_TEST(full.host == "mail.example.org");
  BOOST_TEST(full.port == 2525);
  BOOST_TEST((full.security == smtp_security::demanded));
  BOOST_TEST(parse_smtp("smtp://a:b@c@mail.example").password == "b@c");
}

BOOST_AUTO_TEST_CASE(ports_and_security_have_the_usual_defaults) {
  BOOST_TEST(parse_smtp("smtp://mail.example").port == 25);
  BOOST_TEST(parse_smtp("smtp://a:b@mail.example").port == 587);
  BOOST_TEST(parse_smtp("smtps://a:b@mail.example").port == 465);
  BOOST_TEST((parse_smtp("smtp://mail.example").security == smtp_security::offered));
  BOOST_TEST((parse_smtp("smtps://mail.example").security == smtp_security::implicit));
  BOOST_TEST((parse_smtp("smtps://localhost").security == smtp_security::implicit));
  for (const auto* spec : {"smtp://localhost:2500", "smtp://127.0.0.1:2500", "smtp://a:b@[::1]:2500"}) {
    BOOST_TEST((parse_smtp(spec).security == smtp_security::none));
    BOOST_TEST(parse_smtp(spec).port == 2500);
  }
  // names that only look like this machine
  BOOST_TEST((parse_smtp("smtp://a:b@127.0.0.1.example").security == smtp_security::demanded));
  BOOST_TEST((parse_smtp("smtp://a:b@localhost.example").security == smtp_security::demanded));
}

BOOST_AUTO_TEST_CASE(impossible_specs_are_refused_with_one_line_without_the_password) {
  const std::string nul = std::string("smtp://a:hunter2%00@mail.example");
  for (const std::string& spec : {std::string(""),
                                  std::string("mail.example"),
                                  std::string("http://mail.example"),
                                  std::string("smtp:mail.example"),
                                  std::string("smtp://"),
                                  std::string("smtp://:25"),
                                  std::string("smtp://mail.example:"),
                                  std::string("smtp://mail.example:0"),
                                  std::string("smtp://mail.example:65536"),
                                  std::string("smtp://mail.example:25x"),
                                  std::string("smtp://mail.example:-1"),
                                  std::string("smtp://mail example"),
                                  std::string("smtp://mail.example/inbox"),
                                  std::string("smtp://user@mail.example"),
                                  std::string("smtp://:hunter2@mail.example"),
                                  std::string("smtp://user:@mail.example"),
                                  std::string("smtp://u:hunter2%@mail.example"),
                                  std::string("smtp://u:hunter2%zz@mail.example"),
                                  std::string("smtp://u:hunter2@"),
                                  std::string("smtp://u:hunter2@a:b:c"),
                                  std::string("smtp://u:hunter2%0d%0a@mail.example"),
                                  nul,
                                  std::string("smtp://[::1"),
                                  std::string("smtp://[1.2.3.4]"),
                                  std::string("smtp://[::1]25"),
                                  std::string("smtp://[::1]:"),
                                  std::string("smtps:u:hunter2@mail.example"),
                                  std::string("smtp://u:hunter2@mail.example\r\nx")}) {
    const auto one_clear_line = [](const std::invalid_argument& e) {
      const std::string text = e.what();
      return text.starts_with("mail: ") && text.find("hunter2") == std::string::npos &&
             text.find('\n') == std::string::npos;
    };
    BOOST_CHECK_EXCEPTION(make_transport(spec, {"us@keywork.example", "Keywork"}), std::invalid_argument,
                          one_clear_line);
  }
}

BOOST_AUTO_TEST_CASE(settings_that_cannot_work_or_would_show_the_password_are_refused) {
  smtp_settings s;
  s.host = "mail.example";
  s.from.address = "us@keywork.example";
  BOOST_CHECK_NO_THROW(make_smtp_transport(s));
  auto clear = s;
  clear.user = "u", clear.password = "p";
  BOOST_CHECK_THROW(make_smtp_transport(clear), std::invalid_argument);
  auto half = s;
  half.user = "u";
  BOOST_CHECK_THROW(make_smtp_transport(half), std::invalid_argument);
  auto nobody = s;
  nobody.from.address = "us\r\n@keywork.example";
  BOOST_CHECK_THROW(make_smtp_transport(nobody), std::invalid_argument);
  auto trust = s;
  trust.authorities = "/nonexistent/authorities.pem";
  BOOST_CHECK_THROW(make_smtp_transport(trust), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
