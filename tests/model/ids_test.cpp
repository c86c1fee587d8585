#include "model/ids.hpp"

#include <boost/test/unit_test.hpp>
#include <type_traits>
#include <unordered_set>

using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(ids)

BOOST_AUTO_TEST_CASE(an_id_reads_back_in_either_case) {
  const auto id = model::parse_id<model::note_id>("0193F0A1-0000-7ABC-9DEF-00112233aabb");
  BOOST_REQUIRE(id.has_value());
  BOOST_TEST(to_text(*id) == "0193f0a1-0000-7abc-9def-00112233aabb");
}

BOOST_AUTO_TEST_CASE(what_is_no_id_is_refused) {
  for (const auto* text : {"", "0193f0a1-0000-7abc-9def-00112233aab", "0193f0a1-0000-7abc-9def-00112233aabbc",
                           "0193f0a1-0000-7abc-9def-00112233aabg", "0193f0a100007abc9def00112233aabb----",
                           "{193f0a1-0000-7abc-9def-00112233aab}", "0193f0a1+0000-7abc-9def-00112233aabb",
                           "-193f0a1-0000-7abc-9def-00112233aabb", "0193f0a1-0000-7abc-9def-0011223 aabb"})
    BOOST_TEST(!model::parse_uuid(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(ids_of_different_kinds_do_not_mix) {
  static_assert(!std::is_convertible_v<model::note_id, model::case_id>);
  static_assert(!std::is_constructible_v<model::case_id, model::note_id>);
}

BOOST_AUTO_TEST_CASE(version_7_holds_the_milliseconds_and_the_given_random_bits) {
  const std::array<std::uint8_t, 10> ones{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
  const auto id = model::uuid_v7(model::instant{0x0123456789abms + 999us}, ones);
  BOOST_TEST(model::to_text(id) == "01234567-89ab-7fff-bfff-ffffffffffff");
  BOOST_TEST(model::to_text(model::uuid_v7(model::instant{0ms}, {})) ==
             "00000000-0000-7000-8000-000000000000");
}

BOOST_AUTO_TEST_CASE(later_ids_sort_after_earlier_ones) {
  const std::array<std::uint8_t, 10> high{0xff, 0xff}, low{};
  const model::note_id first{model::uuid_v7(model::instant{1000ms}, high)};
  const model::note_id second{model::uuid_v7(model::instant{1001ms}, low)};
  BOOST_TEST((first < second));
  BOOST_TEST((std::unordered_set<model::note_id>{first, second, first}.size() == 2));
}

BOOST_AUTO_TEST_SUITE_END()
