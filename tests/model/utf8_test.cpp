#include "model/utf8.hpp"

#include <boost/test/unit_test.hpp>

using namespace std::string_view_literals;

BOOST_AUTO_TEST_SUITE(utf8)

BOOST_AUTO_TEST_CASE(well_formed_text_of_every_length_is_clean) {
  for (const auto text : {""sv, "plain"sv, "\u00e9"sv, "\u0645\u0631\u062d\u0628\u0627"sv,
                          "\U0001F469\u200D\U0001F52C"sv, "e\u0301"sv, "\uFFFF"sv, "\U0010FFFF"sv})
    BOOST_TEST(model::is_clean_text(text), text);
}

BOOST_AUTO_TEST_CASE(malformed_bytes_and_NUL_are_not_clean) {
  for (const auto text :
       {"\0"sv, "a\0b"sv, "\x80"sv, "\xc3"sv, "\xc0\x80"sv, "\xc1\xbf"sv, "\xe0\x80\xaf"sv, "\xe2\x82"sv,
        "\xed\xa0\x80"sv, "\xed\xbf\xbf"sv, "\xf0\x80\x80\xaf"sv, "\xf4\x90\x80\x80"sv, "\xf5\x80\x80\x80"sv,
        "\xff"sv, "\xe2\x28\xa1"sv, "ok\xf0\x9f\x98"sv})
    BOOST_TEST(!model::is_clean_text(text));
}

BOOST_AUTO_TEST_CASE(length_counts_code_points) {
  BOOST_TEST(model::length_in_characters("") == 0u);
  BOOST_TEST(model::length_in_characters("abc") == 3u);
  BOOST_TEST(model::length_in_characters("\u00e9\u4e2d\U0001F600") == 3u);
  BOOST_TEST(model::length_in_characters("e\u0301") == 2u);
}

BOOST_AUTO_TEST_CASE(white_space_and_invisible_characters_are_blank) {
  for (const auto text :
       {""sv, " "sv, "\t\r\n"sv, "\u00a0"sv, "\u200b\u2003"sv, "\u202e"sv, "\ufeff"sv, "\u3000"sv})
    BOOST_TEST(model::is_blank(text));
  for (const auto text : {"a"sv, " . "sv, "\u200ba"sv, "\u0301"sv, "\U0001F600"sv})
    BOOST_TEST(!model::is_blank(text));
}

BOOST_AUTO_TEST_SUITE_END()
