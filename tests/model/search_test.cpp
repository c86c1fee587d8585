#include "model/search.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(search)

BOOST_AUTO_TEST_CASE(capitals_and_small_letters_are_the_same) {
  BOOST_TEST(model::folded("ANN \u00c9\u0141\u0179\u0178") == "ann \u00e9\u0142\u017a\u00ff");
  BOOST_TEST(model::folded("\u03a3\u0416\u0401") == "\u03c3\u0436\u0451");
  BOOST_TEST(model::folded("\u00d7\u4e2d\U0001F600") == "\u00d7\u4e2d\U0001F600");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_text_stay) { BOOST_TEST(model::folded("\xc3") == "\xc3"); }

BOOST_AUTO_TEST_CASE(every_word_has_to_be_somewhere) {
  const model::search_words words("  high ANN\t");
  BOOST_TEST(words.match("1 High Street\nAnn Archer"));
  BOOST_TEST(!words.match("1 High Street\nBob"));
  BOOST_TEST(model::search_words(" \n").match("anything"));
  BOOST_TEST(!model::search_words("%").match("anything"));
}

BOOST_AUTO_TEST_SUITE_END()
