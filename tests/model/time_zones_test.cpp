#include "model/time_zones.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(time_zones)

BOOST_AUTO_TEST_CASE(R1_names_of_the_database_are_known_links_included) {
  for (const auto* name :
       {"Europe/London", "UTC", "America/Argentina/Buenos_Aires", "Asia/Calcutta", "Zulu", "Africa/Abidjan"})
    BOOST_TEST(model::is_time_zone(name), name);
}

BOOST_AUTO_TEST_CASE(other_names_are_not) {
  for (const auto* name : {"", "europe/london", "Europe/London ", "Europe", "Mars/Olympus", "../etc/passwd",
                           "GMT+25", "Factory"})
    BOOST_TEST(!model::is_time_zone(name), name);
}

BOOST_AUTO_TEST_SUITE_END()
