#include "model/access.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>
#include <iomanip>
#include <set>
#include <sstream>

BOOST_AUTO_TEST_SUITE(access_)

namespace {

constexpr auto golden_path = KEYWORK_SOURCE_DIR "/tests/model/access_matrix.golden";

/// Every role × resource × action, those that the matrix does not name included.
std::string table() {
  std::ostringstream out;
  const auto row = [&](auto which, auto what, auto&& cell) {
    out << std::left << std::setw(20) << which << std::setw(9) << what;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<model::role>>(
        [&](auto who) { out << ' ' << std::setw(17) << cell(who); });
    auto line = out.str();
    line.erase(line.find_last_not_of(' ') + 1);
    out.str(line + '\n');
    out.seekp(0, std::ios::end);
  };
  row("resource", "action", [](auto who) { return who.name; });
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<model::resource>>([&](auto which) {
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<model::action>>([&](auto what) {
      row(which.name, what.name, [&](auto who) {
        return model::access::allowed(who.value, which.value, what.value) ? "yes" : "no";
      });
    });
  });
  return out.str();
}

std::string golden() {
  std::ifstream in(golden_path);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_access_matrix_is_the_one_agreed_upon) {
  const auto now = table();
  if (std::getenv("KEYWORK_UPDATE_GOLDEN")) {
    std::ofstream(golden_path) << now;
    BOOST_TEST_MESSAGE("written: " << golden_path);
  }
  BOOST_CHECK_MESSAGE(now == golden(),
                      "model/access.cpp and tests/model/access_matrix.golden differ. If the matrix is "
                      "to change, run this test with KEYWORK_UPDATE_GOLDEN=1 and have somebody read "
                      "the difference. The matrix is now:\n"
                          << now);
}

BOOST_AUTO_TEST_CASE(nobody_may_do_anything_without_a_role) {
  for (const auto& r : model::access::rules())
    BOOST_TEST(!model::access::allowed(model::role::none, r.which, r.what));
  BOOST_TEST(model::access::permissions(model::role::none).empty());
}

BOOST_AUTO_TEST_CASE(the_matrix_names_nothing_twice) {
  std::set<std::pair<int, int>> seen;
  for (const auto& r : model::access::rules())
    BOOST_TEST(seen.emplace(static_cast<int>(r.which), static_cast<int>(r.what)).second);
}

BOOST_AUTO_TEST_CASE(permissions_say_what_the_matrix_says) {
  const auto full = model::access::permissions(model::role::full);
  BOOST_TEST(std::count(full.begin(), full.end(), "shared_notes.write") == 1);
  BOOST_TEST(std::count(full.begin(), full.end(), "professional_notes.read") == 0);
  for (const auto who : {model::role::full, model::role::context_only})
    for (const auto& p : model::access::permissions(who)) {
      BOOST_TEST(!p.starts_with("professional_notes."));
      BOOST_TEST(!p.starts_with("organisation."));
    }
}

BOOST_AUTO_TEST_SUITE_END()
