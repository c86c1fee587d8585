#define BOOST_TEST_MODULE actors
#define BOOST_TEST_NO_MAIN
#include <boost/test/unit_test.hpp>
#include <string_view>

#include "actors/log.hpp"
#include "tests/actors/far_side.hpp"

// The test of the wire starts this program a second time, as another node.
int main(int argc, char** argv) {
  actors::log::set_level("error");
  if (argc == 3 && std::string_view{argv[1]} == actor_tests::far_side_option)
    return actor_tests::ask_from_afar(argv[2]);
  return boost::unit_test::unit_test_main(&init_unit_test, argc, argv);
}
