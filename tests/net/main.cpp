#define BOOST_TEST_MODULE net
#define BOOST_TEST_NO_MAIN
#include <boost/test/unit_test.hpp>

#include "actors/log.hpp"

// The log of thousands of requests would bury the one line that tells what failed.
int main(int argc, char** argv) {
  actors::log::set_level("error");
  return boost::unit_test::unit_test_main(&init_unit_test, argc, argv);
}
