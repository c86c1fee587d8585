#include "net/cli/backup_files.hpp"

#include <stdlib.h>
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <fstream>

using namespace net::cli;
namespace fs = std::filesystem;

BOOST_AUTO_TEST_SUITE(backup_files)

namespace {

struct place {
  place() {
    std::string name = (fs::temp_directory_path() / "keywork-test-XXXXXX").string();
    BOOST_REQUIRE(mkdtemp(name.data()));
    path = name;
  }
  ~place() { fs::remove_all(path); }
  fs::path path;
};

void fill(const backup_draft& draft) {
  write_private_file(draft / dump_name, "all of it");
  write_private_file(draft / key_name, std::string(32, 'k'));
  write_private_file(draft / erasures_name, "");
}

fs::path finished(const place& in) {
  const auto at = in.path / "kept" / "one";
  backup_draft draft(at);
  fill(draft);
  draft.finish({1, {"0.1.0"}, 16, model::instant{}, {}});
  return at;
}

std::vector<std::string> names_in(const fs::path& directory) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory)) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

std::string why_refused(const fs::path& backup) {
  std::string hash;
  try {
    verified_manifest(backup, hash);
  } catch (const std::runtime_error& e) {
    return e.what();
  }
  return "";
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_backup_has_its_name_when_it_is_whole) {
  const place here;
  const auto at = here.path / "kept" / "one";
  {
    backup_draft draft(at);
    fill(draft);
    BOOST_TEST(!fs::exists(at));
    BOOST_TEST(names_in(here.path / "kept").size() == 1U);
  }
  BOOST_TEST(names_in(here.path / "kept").empty());
  finished(here);
  BOOST_TEST(names_in(here.path / "kept") == std::vector<std::string>{"one"});
  BOOST_TEST(names_in(at) ==
             (std::vector<std::string>{"erasures.jsonl", "key", "keywork.dump", "manifest.json"}));
  struct stat seen {};
  BOOST_REQUIRE(stat(at.c_str(), &seen) == 0);
  BOOST_TEST((seen.st_mode & 0777U) == 0700U);
}

BOOST_AUTO_TEST_CASE(what_a_killed_program_left_goes_with_the_next) {
  const place here;
  fs::create_directories(here.path / "kept" / ".unfinished-one-1");
  write_private_file(here.path / "kept" / ".unfinished-one-1" / "key", "x");
  const backup_draft other(here.path / "kept" / "other");
  finished(here);
  // What somebody is still writing stays.
  BOOST_TEST(names_in(here.path / "kept").size() == 2U);
  BOOST_TEST(fs::exists(other / "."));
}

BOOST_AUTO_TEST_CASE(a_backup_writes_over_nothing) {
  const place here;
  const auto at = finished(here);
  BOOST_CHECK_THROW(backup_draft{at}, std::runtime_error);
  fs::create_directories(here.path / "empty");
  BOOST_CHECK_NO_THROW(backup_draft{here.path / "empty"});
}

BOOST_AUTO_TEST_CASE(a_whole_backup_is_recognised_by_its_hash) {
  const place here;
  const auto at = finished(here);
  std::string hash, again;
  BOOST_TEST(verified_manifest(at, hash).schema == 16);
  verified_manifest(at, again);
  BOOST_TEST(hash.size() == 64U);
  BOOST_TEST(hash == again);
}

BOOST_AUTO_TEST_CASE(what_is_damaged_is_no_backup) {
  const place here;
  const auto at = finished(here);
  const auto damaged = [&](const char* name, const std::string& content) {
    const auto kept = read_small_file(at / name);
    fs::remove(at / name);
    const auto without = why_refused(at);
    write_private_file(at / name, content);
    const auto with = why_refused(at);
    fs::remove(at / name);
    write_private_file(at / name, kept);
    BOOST_TEST(why_refused(at) == "");
    BOOST_TEST(without.find(name) != std::string::npos, without);
    return with;
  };
  BOOST_TEST(damaged(dump_name, "all of iT").find("not what was written") != std::string::npos);
  BOOST_TEST(damaged(key_name, "").find("not what was written") != std::string::npos);
  BOOST_TEST(damaged(manifest_name, "{}").find("cannot be read") != std::string::npos);
  BOOST_TEST(damaged(manifest_name, read_small_file(at / manifest_name) + "x").find("cannot be read") !=
             std::string::npos);
  auto elsewhere = read_small_file(at / manifest_name);
  elsewhere.replace(elsewhere.find("\"key\""), 5, "\"../key\"");
  BOOST_TEST(damaged(manifest_name, elsewhere) != "");
}

BOOST_AUTO_TEST_SUITE_END()
