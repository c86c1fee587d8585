#include "net/mail/compose.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "net/mail/encode.hpp"
#include "net/mail/unsendable.hpp"
#include "tests/net/mail/support.hpp"

using namespace net::mail;

namespace {

letter a_letter() {
  return {"01931f0e-7c00-7000-8000-00000000002a",
          {"no-reply@keywork.example", "Keywork"},
          "priya@example.org",
          "Priya Nair",
          "A subject",
          "Some text\n",
          "<p>Some text</p>\n",
          mail_tests::an_invite().written_at};
}

boost::json::object read_back(const letter& what) {
  const mail_tests::temporary_folder folder;
  const auto file = folder.path() / "it.eml";
  std::ofstream(file, std::ios::binary) << compose(what);
  auto found = mail_tests::read_by_python(file);
  BOOST_TEST(found["defects"].as_array().empty(), boost::json::serialize(found["defects"]));
  BOOST_TEST(found["seven_bit"].as_bool());
  BOOST_TEST(found["bare_line_ends"].as_int64() == 0);
  BOOST_TEST(found["longest_line"].as_int64() <= 76);
  BOOST_TEST(found["headers"].as_array().size() == 9u);  // none injected
  return found;
}
std::string text_of(boost::json::object& o, const char* name) { return std::string(o[name].as_string()); }
std::string name_in(boost::json::object& o, const char* header) {
  return std::string(o[header].as_array().at(0).as_array().at(0).as_string());
}
std::string address_in(boost::json::object& o, const char* header) {
  return std::string(o[header].as_array().at(0).as_array().at(1).as_string());
}

// clang-format 14 counts these characters differently from one run to the next.
// clang-format off
/// Hebrew, Arabic, a family of four joined emoji, a flag, combining marks, a character outside the BMP.
const std::string world =
    "שלום العربية 👨‍👩‍👧‍👦 🏴󠁧󠁢󠁳󠁣󠁴󠁿 e\u0301a\u0323\u0302 𝒳 "
    "naïve "
    "£ "
    "– "
    "end";
// clang-format on

}  // namespace

BOOST_AUTO_TEST_SUITE(mail_compose)

BOOST_AUTO_TEST_CASE(a_second_reader_finds_what_was_written) {
  auto found = read_back(a_letter());
  BOOST_TEST(text_of(found, "subject") == "A subject");
  BOOST_TEST(name_in(found, "to") == "Priya Nair");
  BOOST_TEST(address_in(found, "to") == "priya@example.org");
  BOOST_TEST(name_in(found, "from") == "Keywork");
  BOOST_TEST(text_of(found, "date") == "2026-11-21T09:30:00+00:00");
  BOOST_TEST(text_of(found, "message_id") == "<01931f0e-7c00-7000-8000-00000000002a@keywork.example>");
  BOOST_TEST(text_of(found, "auto_submitted") == "auto-generated");
  BOOST_TEST(text_of(found, "text") == "Some text\n");
  BOOST_TEST(text_of(found, "html") == "<p>Some text</p>\n");
  BOOST_TEST(boost::json::serialize(found["types"]) ==
             R"(["multipart/alternative","text/plain","text/html"])");
}

BOOST_AUTO_TEST_CASE(every_script_and_sign_survives_byte_for_byte) {
  auto what = a_letter();
  what.subject = world + world + world;
  what.to_name = world + ", \"quoted\" \\ <x@y.example>";
  what.text = world + "\n" + world + world + world + "\n";
  what.html = "<p>" + world + "</p>\n";
  auto found = read_back(what);
  BOOST_TEST(text_of(found, "subject") == what.subject);
  BOOST_TEST(name_in(found, "to") == what.to_name);
  BOOST_TEST(address_in(found, "to") == "priya@example.org");
  BOOST_TEST(text_of(found, "text") == what.text);
  BOOST_TEST(text_of(found, "html") == what.html);
}

BOOST_AUTO_TEST_CASE(no_encoded_word_ends_inside_a_character) {
  for (std::size_t shift = 0; shift < 4; ++shift) {
    auto what = a_letter();
    what.subject = std::string(shift, 'x');
    for (int i = 0; i < 50; ++i) what.subject += "😀";
    auto found = read_back(what);
    BOOST_TEST(text_of(found, "subject") == what.subject);
    const auto header = header_text(what.subject);
    for (std::size_t at = 0; (at = header.find("=?UTF-8?B?", at)) != std::string::npos; ++at) {
      const auto end = header.find("?=", at + 10);
      BOOST_TEST(end + 2 - at <= 75u);
    }
  }
}

BOOST_AUTO_TEST_CASE(odd_names_and_subjects_come_back_as_they_were) {
  for (const std::string name : {"O'Neill, Sam (North)", "a@b.example", "\"", "\\",
                                 "=?UTF-8?B?eA==?=", " leading", "trailing ", "two  spaces", "a.b", "Ünal"}) {
    auto what = a_letter();
    what.to_name = what.subject = name;
    auto found = read_back(what);
    BOOST_TEST(name_in(found, "to") == name);
    BOOST_TEST(text_of(found, "subject") == name);
    BOOST_TEST(address_in(found, "to") == "priya@example.org");
  }
}

BOOST_AUTO_TEST_CASE(a_mail_without_a_name_goes_to_the_address) {
  auto what = a_letter();
  what.to_name.clear();
  auto found = read_back(what);
  BOOST_TEST(address_in(found, "to") == "priya@example.org");
}

BOOST_AUTO_TEST_CASE(long_lines_dots_and_every_line_end_survive) {
  auto what = a_letter();
  what.text =
      ".\n..\n.hidden\nFrom here\n" + std::string(10'000, 'x') + "\n" + std::string(10'000, '.') +
      "\ntrailing space \ntab\t\n=\n--=_01931f0e-7c00-7000-8000-00000000002a--\nmac\rdos\r\nunix\n\nno end";
  auto found = read_back(what);
  auto expected = what.text;
  expected.replace(expected.find("mac\rdos\r\n"), 9, "mac\ndos\n");
  BOOST_TEST((text_of(found, "text") == expected + "\n"));
}

BOOST_AUTO_TEST_CASE(line_ends_and_NUL_are_refused_in_every_header_field) {
  std::string letter::*const fields[] = {&letter::id, &letter::to_address, &letter::to_name,
                                         &letter::subject};
  for (const auto field : fields) {
    for (const auto& bad :
         {std::string("x\r\nBcc: eve@example.org"), std::string("x\nBcc: eve@example.org"),
          std::string("x\rBcc: eve@example.org"), std::string("x\0y", 3), std::string("x\x7f")}) {
      auto what = a_letter();
      what.*field += bad;
      BOOST_CHECK_THROW(compose(what), unsendable);
    }
  }
  for (std::string sender::*const field : {&sender::address, &sender::name}) {
    auto what = a_letter();
    what.from.*field += "\r\nBcc: eve@example.org";
    BOOST_CHECK_THROW(compose(what), unsendable);
  }
}

BOOST_AUTO_TEST_CASE(what_is_not_utf8_or_holds_NUL_is_refused) {
  for (std::string letter::*const field :
       {&letter::to_name, &letter::subject, &letter::text, &letter::html}) {
    for (const auto& bad : {std::string("\xff"), std::string("\xc0\xaf"), std::string("\xed\xa0\x80"),
                            std::string("\xf4\x90\x80\x80"), std::string("\xe2\x82"), std::string(1, '\0')}) {
      auto what = a_letter();
      what.*field = bad;
      BOOST_CHECK_THROW(compose(what), unsendable);
    }
  }
}

BOOST_AUTO_TEST_CASE(only_addresses_that_can_stand_in_an_envelope_are_taken) {
  for (const std::string good :
       {"a@b", "priya.nair+x@example.org", "o'neill@sub.example.co.uk", "x_y@1and1.example"}) {
    BOOST_TEST(is_wire_address(good), good);
  }
  for (const auto& bad : {std::string(""),
                          std::string("@"),
                          std::string("a@"),
                          std::string("@b"),
                          std::string("a b@c"),
                          std::string("a@b c"),
                          std::string("a@b>"),
                          std::string("<a@b>"),
                          std::string("a@b, c@d"),
                          std::string("a..b@c"),
                          std::string(".a@b"),
                          std::string("a.@b"),
                          std::string("a@b..c"),
                          std::string("a@-b"),
                          std::string("a@b-.c"),
                          std::string("a@b."),
                          std::string("\"a b\"@c"),
                          std::string("a@b@c"),
                          std::string("a@[127.0.0.1]"),
                          std::string("ä@b.example"),
                          std::string("a@bücher.example"),
                          std::string("a@b SIZE=1"),
                          std::string("a(x)@b"),
                          std::string("a@b\0", 4),
                          std::string(65, 'a') + "@b",
                          "a@" + std::string(64, 'b'),
                          std::string("a@b\r\nDATA")}) {
    BOOST_TEST(!is_wire_address(bad), bad);
  }
}

BOOST_AUTO_TEST_SUITE_END()
