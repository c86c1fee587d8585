#include "net/spool_directory.hpp"

#include <stdlib.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <fstream>

namespace fs = std::filesystem;

namespace {

struct scratch {
  scratch() {
    auto name = (fs::temp_directory_path() / "keywork-spool-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(name.data()));
    path = name;
  }
  ~scratch() { fs::remove_all(path); }
  fs::path path;
};

fs::perms mode(const fs::path& path) { return fs::status(path).permissions(); }

}  // namespace

BOOST_FIXTURE_TEST_SUITE(spool_directory, scratch)

BOOST_AUTO_TEST_CASE(it_is_made_in_the_data_directory_for_nobody_else) {
  const auto data = path / "data";
  const auto made = net::spool_directory_in(data);
  BOOST_TEST(made == (data / "spool").string());
  BOOST_TEST((mode(made) == fs::perms::owner_all));
  BOOST_TEST(((mode(data) & (fs::perms::others_read | fs::perms::others_write)) == fs::perms::none));
  BOOST_TEST(net::spool_directory_in(data) == made);
}

BOOST_AUTO_TEST_CASE(one_that_is_open_to_others_is_shut_and_the_data_directory_left_alone) {
  fs::create_directory(path / "spool");
  fs::permissions(path / "spool", fs::perms::all);
  fs::permissions(path, fs::perms::all);
  BOOST_TEST(net::spool_directory_in(path) == (path / "spool").string());
  BOOST_TEST((mode(path / "spool") == fs::perms::owner_all));
  BOOST_TEST((mode(path) == fs::perms::all));
}

BOOST_AUTO_TEST_CASE(where_there_can_be_none_the_systems_temporary_one_serves) {
  BOOST_TEST(net::spool_directory_in({}) == "");
  std::ofstream(path / "file") << "x";
  BOOST_TEST(net::spool_directory_in(path / "file") == "");
  fs::create_directory(path / "taken");
  std::ofstream(path / "taken" / "spool") << "x";
  BOOST_TEST(net::spool_directory_in(path / "taken") == "");
}

BOOST_AUTO_TEST_SUITE_END()
