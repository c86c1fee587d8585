#include "model/json.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

#include "model/case_view.hpp"
#include "model/org_commands.hpp"

using namespace std::string_literals;
using namespace std::chrono_literals;
using model::to_json;

namespace {

enum class colour { red, dark_blue };
BOOST_DESCRIBE_ENUM(colour, red, dark_blue)

struct parts {
  std::optional<std::string> maybe;
  model::if_permitted<std::string> secret;
  std::vector<int> numbers;
  bool case_ = false;
};
BOOST_DESCRIBE_STRUCT(parts, (), (maybe, secret, numbers, case_))

struct only_secret {
  model::if_permitted<int> secret;
};
BOOST_DESCRIBE_STRUCT(only_secret, (), (secret))

}  // namespace

BOOST_AUTO_TEST_SUITE(json)

BOOST_AUTO_TEST_CASE(numbers_to_the_ends_of_their_range) {
  BOOST_TEST(to_json(true) == "true");
  BOOST_TEST(to_json(false) == "false");
  BOOST_TEST(to_json(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
  BOOST_TEST(to_json(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
  BOOST_TEST(to_json(std::uint8_t{200}) == "200");
  BOOST_TEST(to_json(0.1) == "0.1");
  BOOST_TEST(to_json(1e300) == "1e+300");
}

BOOST_AUTO_TEST_CASE(what_JSON_cannot_say_of_numbers_is_null) {
  BOOST_TEST(to_json(std::numeric_limits<double>::infinity()) == "null");
  BOOST_TEST(to_json(std::nan("")) == "null");
}

BOOST_AUTO_TEST_CASE(hostile_text_stays_inside_its_quotes) {
  BOOST_TEST(to_json("\"},{\"admin\":true,\"x\":\""s) == R"("\"},{\"admin\":true,\"x\":\"")");
  BOOST_TEST(to_json("back\\slash\\"s) == R"("back\\slash\\")");
  BOOST_TEST(to_json("a\b\f\n\r\tb"s) == R"("a\b\f\n\r\tb")");
  BOOST_TEST(to_json("\0\x01\x1f"s) == R"("\u0000\u0001\u001f")"s);
  BOOST_TEST(to_json("</script><!--"s) == R"("</script><!--")");
  BOOST_TEST(to_json(""s) == R"("")");
}

BOOST_AUTO_TEST_CASE(every_byte_that_needs_no_escape_passes_as_it_is) {
  std::string all;
  for (int c = 0x20; c < 0x100; ++c)
    if (c != '"' && c != '\\') all += static_cast<char>(c);
  BOOST_TEST((to_json(all) == '"' + all + '"'));
  const auto unicode = "\u0645\u0631 e\u0301 \U0001F469\u200D\U0001F52C \u2028 \u202e \x7f"s;
  BOOST_TEST((to_json(unicode) == '"' + unicode + '"'));
}

BOOST_AUTO_TEST_CASE(an_escape_is_found_wherever_it_stands) {
  for (const std::string filler : {"x", "\xc3", "\x7f", "!"})
    for (std::size_t at = 0; at < 20; ++at)
      for (const auto& [raw, escaped] :
           {std::pair{"\""s, "\\\""s}, {"\\"s, "\\\\"s}, {"\x1f"s, "\\u001f"s}}) {
        std::string before, after;
        while (before.size() < at) before += filler;
        while (before.size() + after.size() < 19) after += filler;
        BOOST_TEST((to_json(before + raw + after) == '"' + before + escaped + after + '"'));
      }
}

BOOST_AUTO_TEST_CASE(an_empty_optional_is_null_and_what_is_not_permitted_leaves_no_trace) {
  BOOST_TEST(to_json(parts{}) == R"({"maybe":null,"numbers":[],"case":false})");
  BOOST_TEST(to_json(parts{"x", {"y"}, {1, -2}, true}) ==
             R"({"maybe":"x","secret":"y","numbers":[1,-2],"case":true})");
  BOOST_TEST(to_json(only_secret{}) == "{}");
  BOOST_TEST(to_json(std::vector<only_secret>(2)) == "[{},{}]");
}

BOOST_AUTO_TEST_CASE(ids_times_enums_and_checked_texts_are_strings) {
  BOOST_TEST(to_json(model::note_id{}) == R"("00000000-0000-0000-0000-000000000000")");
  BOOST_TEST(to_json(model::uuid{}) == R"("00000000-0000-0000-0000-000000000000")");
  BOOST_TEST(to_json(model::instant{1500ms}) == R"("1970-01-01T00:00:01.5Z")");
  BOOST_TEST(to_json(model::day{2026y / 5 / 1}) == R"("2026-05-01")");
  BOOST_TEST(to_json(colour::dark_blue) == R"("dark_blue")");
  BOOST_TEST(to_json(model::name_text{"\"Ann\""}) == R"("\"Ann\"")");
  BOOST_TEST(to_json(model::email_text{"a@b.cd"}) == R"("a@b.cd")");
}

BOOST_AUTO_TEST_CASE(variants_and_pointers_are_what_they_hold) {
  BOOST_TEST(to_json(std::variant<int, std::string>{"x"}) == R"("x")");
  BOOST_TEST(to_json(std::make_shared<const int>(3)) == "3");
  BOOST_TEST(to_json(std::shared_ptr<const parts>{}) == "null");
}

BOOST_AUTO_TEST_CASE(fields_are_an_object) {
  BOOST_TEST(to_json(model::fields{}) == "{}");
  BOOST_TEST(to_json(model::fields{{"a", "1"}, {"b\"", "2\n"}}) == R"({"a":"1","b\"":"2\n"})");
}

BOOST_AUTO_TEST_CASE(kept_fragments_are_taken_as_they_are) {
  BOOST_TEST(to_json(std::vector{model::raw_json{"{\"a\":1}"}, model::raw_json{"2"}}) == R"([{"a":1},2])");
}

BOOST_AUTO_TEST_CASE(a_command_is_written_under_its_outside_names) {
  model::change_settings c;
  c.support_retention_years = model::retention_years_input{7, {}};
  BOOST_TEST(to_json(c).find(R"("support_retention_years":{"default":7,"safeguarding":null})") !=
             std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
