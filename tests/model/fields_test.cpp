#include "model/fields.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>

BOOST_AUTO_TEST_SUITE(fields)

BOOST_AUTO_TEST_CASE(fields_are_one_line_each) {
  BOOST_TEST(model::encode({{"name", "Ann"}, {"note", "a=b\nc\\d\r"}}) == "name=Ann\nnote=a=b\\nc\\\\d\\r\n");
  BOOST_TEST(model::encode({}) == "");
}

BOOST_AUTO_TEST_CASE(hostile_names_and_values_come_back_byte_for_byte) {
  const model::fields all{{"", ""},
                          {"a=b", "=="},
                          {"x\ny", "\\n"},
                          {"\\", "\r\n\\\r"},
                          {"name", "\xff\xfe"},
                          {"same", "1"},
                          {"same", "2"},
                          {"nul", std::string("\0", 1)}};
  BOOST_TEST((model::decode_fields(model::encode(all)) == all));
}

BOOST_AUTO_TEST_CASE(what_was_never_written_is_refused) {
  for (const auto* text :
       {"name", "name\n", "name=value", "name=a\\", "name=a\\\n", "name=\\x\n", "\n", "a=b\n\n"})
    BOOST_CHECK_THROW(model::decode_fields(text), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
