#define BOOST_TEST_MODULE odb
#include <boost/test/unit_test.hpp>
