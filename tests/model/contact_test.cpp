#include "model/contact.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/model/text_of.hpp"

BOOST_AUTO_TEST_SUITE(contact)

namespace {
std::string email(std::string_view text) { return text_of(model::normalise_email(text)); }
std::string phone(std::string_view text) { return text_of(model::normalise_phone(text)); }
}  // namespace

BOOST_AUTO_TEST_CASE(R2_addresses_are_kept_trimmed_and_in_lower_case) {
  BOOST_TEST(email("  Ann.O'Hara+Case@Example.CO.uk\n") == "ann.o'hara+case@example.co.uk");
  BOOST_TEST(email("a@b.cd") == "a@b.cd");
}

BOOST_AUTO_TEST_CASE(what_mail_cannot_be_sent_to_is_refused) {
  const std::string long_local(65, 'a'), long_label(64, 'a');
  std::string long_domain = "a@";
  while (long_domain.size() < 254) long_domain += "abcdefgh.";
  for (const std::string& text : {std::string{""},
                                  std::string{"ann"},
                                  std::string{"@example.org"},
                                  std::string{"ann@"},
                                  std::string{"ann@localhost"},
                                  std::string{"a@b@example.org"},
                                  std::string{"ann @example.org"},
                                  std::string{"ann@exa mple.org"},
                                  std::string{"\"ann\"@example.org"},
                                  std::string{"ann(me)@example.org"},
                                  std::string{"ann@example..org"},
                                  std::string{".ann@example.org"},
                                  std::string{"an..n@example.org"},
                                  std::string{"ann.@example.org"},
                                  std::string{"ann@-example.org"},
                                  std::string{"ann@example.org."},
                                  std::string{"ann@[127.0.0.1]"},
                                  std::string{"ann@127.0.0.1"},
                                  std::string{"ann@example.org\r\nBcc: x@y.zz"},
                                  std::string{"Ann <ann@example.org>"},
                                  std::string{"a\0b@example.org", 15},
                                  std::string{"ann@ex\u00e4mple.org"},
                                  long_local + "@example.org",
                                  "ann@" + long_label + ".org",
                                  long_domain + "org"})
    BOOST_TEST(email(text) == "-", text);
}

BOOST_AUTO_TEST_CASE(R4_telephone_numbers_are_kept_as_E164) {
  for (const auto* text : {"07700 900100", "+44 7700 900100", "+44 (0)7700 900100", "(+44) 7700-900100",
                           "0044 7700 900100", "+44 0 7700 900100", " 07700.900.100 ", "(0)7700 900100"})
    BOOST_TEST(phone(text) == "+447700900100", text);
  BOOST_TEST(phone("020 7946 0018") == "+442079460018");
  BOOST_TEST(phone("016977 3999") == "+44169773999");
  BOOST_TEST(phone("+353 1 234 5678") == "+35312345678");
  BOOST_TEST(phone("+39 06 1234 5678") == "+390612345678");
}

BOOST_AUTO_TEST_CASE(what_is_no_telephone_number_is_refused) {
  for (const auto* text :
       {"", " ", "+", "0", "999", "7700 900100", "07700 90010", "07700 900100 00", "07700 90010a",
        "++447700900100", "+44+7700900100", "+0447700900100", "+1234567890123456", "07700 900100 ext 3",
        "+44\u00a07700900100", "(0)(0)(0)(0)(0)(0)(0)(0)(0)(0)(0)(0)(0)(0)(0)(0)(0)", "-"})
    BOOST_TEST(phone(text) == "-", text);
}

BOOST_AUTO_TEST_SUITE_END()
