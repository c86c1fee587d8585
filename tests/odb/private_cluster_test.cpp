#include "odb/private_cluster.hpp"

#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <functional>
#include <iterator>

#include "odb/server_process.hpp"
#include "tests/odb/test_cluster.hpp"

using rehearsal::temporary_directory;
using store::cluster_error;
using store::cluster_options;
using store::cluster_use;
using store::private_cluster;
using store::sql_connection;
namespace fs = std::filesystem;

namespace {

constexpr cluster_options serving{.use = cluster_use::serve, .fast_and_unsafe = true};
constexpr cluster_options commanding{.use = cluster_use::command, .fast_and_unsafe = true};

std::string content(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// What the error of `act` says; empty when it does not fail.
std::string complaint(const std::function<void()>& act) {
  try {
    act();
  } catch (const std::exception& error) {
    return error.what();
  }
  return {};
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// Another program: `life` runs in a child process, which then says "ready" and lives until it is ended.
class other_program {
 public:
  explicit other_program(const std::function<void(const std::function<void()>& ready)>& life) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    pid_ = fork();
    if (pid_ == 0) {
      close(ends[0]);
      int status = 1;
      try {
        life([&] {
          if (write(ends[1], "r", 1) != 1) _exit(2);
          pause();
        });
        status = 0;
      } catch (const std::exception& error) {
        std::fprintf(stderr, "other program: %s\n", error.what());
      }
      _exit(status);
    }
    close(ends[1]);
    char byte = 0;
    ready_ = read(ends[0], &byte, 1) == 1;
    close(ends[0]);
  }
  ~other_program() { kill_hard(); }
  bool ready() const { return ready_; }
  void kill_hard() {
    if (pid_ > 0) kill(pid_, SIGKILL);
    wait();
  }
  int wait() {
    int raw = -1;
    if (pid_ > 0) waitpid(pid_, &raw, 0);
    pid_ = -1;
    return raw;
  }

 private:
  pid_t pid_ = -1;
  bool ready_ = false;
};

long count(const std::string& conninfo, const std::string& table) {
  return sql_connection(conninfo).exec("SELECT count(*) FROM " + table).number(0, 0);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(private_cluster_suite)

BOOST_AUTO_TEST_CASE(a_start_makes_the_database_and_the_end_stops_the_server) {
  temporary_directory place;
  std::string there;
  {
    private_cluster cluster(place.path() / "data", {}, serving);
    BOOST_TEST(cluster.owns_server());
    there = cluster.owner_conninfo();
    sql_connection admin(there);
    BOOST_TEST(admin
                   .exec("SELECT pg_encoding_to_char(encoding) || ' ' || datcollate FROM pg_database "
                         "WHERE datname = 'keywork'")
                   .text(0, 0) == "UTF8 C.UTF-8");
    BOOST_TEST(admin.exec("SHOW listen_addresses").text(0, 0) == "");
    BOOST_TEST(admin.exec("SHOW TimeZone").text(0, 0) == "UTC");
    BOOST_TEST(admin.exec("SHOW data_checksums").text(0, 0) == "on");
  }
  BOOST_CHECK(store::ping(there) == store::server_answer::silent);
  BOOST_TEST(store::postgres_processes_in(place.path() / "data/pg/cluster").empty());
}

BOOST_AUTO_TEST_CASE(without_the_test_switch_every_commit_is_durable) {
  temporary_directory place;
  private_cluster cluster(place.path() / "data", {}, {.use = cluster_use::command});
  sql_connection admin(cluster.owner_conninfo());
  for (const std::string setting : {"fsync", "full_page_writes", "synchronous_commit"})
    BOOST_TEST(admin.exec("SHOW " + setting).text(0, 0) == "on");
}

BOOST_AUTO_TEST_CASE(only_the_servers_own_user_reaches_the_socket) {
  auto& cluster = rehearsal::test_cluster::instance().cluster();
  const auto home = cluster.log_file().parent_path();
  struct stat socket_directory {
  }, socket{}, data{};
  BOOST_REQUIRE(stat((home / "run").c_str(), &socket_directory) == 0);
  BOOST_REQUIRE(stat((home / "run/.s.PGSQL.5432").c_str(), &socket) == 0);
  BOOST_REQUIRE(stat((home / "cluster").c_str(), &data) == 0);
  BOOST_TEST((socket_directory.st_mode & 0777) == 0700);
  BOOST_TEST((socket.st_mode & 0777) == 0700);
  BOOST_TEST((data.st_mode & 0777) == 0700);
  if (geteuid() != 0) return;
  const auto stranger = store::find_os_user(std::string("nobody"));
  BOOST_TEST(store::first_closed_directory(*stranger, home / "run").has_value());
}

BOOST_AUTO_TEST_CASE(the_log_holds_nothing_a_person_wrote) {
  auto& cluster = rehearsal::test_cluster::instance().cluster();
  sql_connection admin(cluster.owner_conninfo());
  admin.script("CREATE TABLE secrets (word text PRIMARY KEY)");
  admin.exec("INSERT INTO secrets VALUES ($1)", {"marzipan"});
  BOOST_CHECK_THROW(admin.exec("INSERT INTO secrets VALUES ($1)", {"marzipan"}), store::sql_error);
  BOOST_CHECK_THROW(admin.exec("SELECT $1::text::uuid", {"marzipan"}), store::sql_error);
  BOOST_CHECK_THROW(admin.exec("SELECT 'marzipan' FROM nowhere"), store::sql_error);
  BOOST_TEST(has(content(cluster.log_file()), "ready to accept connections"));
  BOOST_TEST(!has(content(cluster.log_file()), "marzipan"));
}

BOOST_AUTO_TEST_CASE(the_error_of_a_statement_quotes_no_row) {
  auto& cluster = rehearsal::test_cluster::instance().cluster();
  sql_connection admin(cluster.owner_conninfo());
  admin.script("CREATE TEMP TABLE t (word text UNIQUE); INSERT INTO t VALUES ('marzipan')");
  try {
    admin.exec("INSERT INTO t VALUES ($1)", {"marzipan"});
    BOOST_FAIL("a duplicate was accepted");
  } catch (const store::sql_error& error) {
    BOOST_TEST(error.sqlstate() == "23505");
    BOOST_TEST(!has(error.what(), "marzipan"));
  }
  BOOST_CHECK_THROW(admin.exec("SELECT $1", {std::string("a\0b", 3)}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(after_kill_9_the_next_start_recovers_and_has_lost_nothing_acknowledged) {
  temporary_directory place;
  const auto data = place.path() / "data";
  other_program killed([&](const auto& ready) {
    private_cluster cluster(data, {}, {.use = cluster_use::serve});
    sql_connection(cluster.owner_conninfo()).script("CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)");
    ready();
  });
  BOOST_REQUIRE(killed.ready());
  killed.kill_hard();
  private_cluster cluster(data, {}, {.use = cluster_use::serve});
  BOOST_TEST(cluster.owns_server());
  BOOST_TEST(count(cluster.owner_conninfo(), "kept") == 1);
}

BOOST_AUTO_TEST_CASE(after_a_power_cut_stale_files_that_name_a_living_process_do_not_matter) {
  temporary_directory place;
  const auto data = place.path() / "data";
  const auto cluster_directory = data / "pg/cluster";
  other_program cut([&](const auto& ready) {
    private_cluster cluster(data, {}, {.use = cluster_use::serve});
    sql_connection(cluster.owner_conninfo()).script("CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)");
    for (const auto pid : store::postgres_processes_in(cluster_directory)) kill(pid, SIGKILL);
    ready();
  });
  BOOST_REQUIRE(cut.ready());
  cut.kill_hard();
  // After a reboot the number in the file belongs to somebody else: here, to a child that idles.
  other_program somebody([&](const auto& ready) { ready(); });
  auto text = content(cluster_directory / "postmaster.pid");
  BOOST_REQUIRE(!text.empty());
  text.replace(0, text.find('\n'), std::to_string(getpid()));
  std::ofstream(cluster_directory / "postmaster.pid") << text;
  std::ofstream(data / "pg/run/.s.PGSQL.5432.lock") << text;
  private_cluster cluster(data, {}, {.use = cluster_use::serve});
  BOOST_TEST(count(cluster.owner_conninfo(), "kept") == 1);
}

BOOST_AUTO_TEST_CASE(a_command_beside_serve_uses_its_server_and_leaves_it_running) {
  temporary_directory place;
  private_cluster serve(place.path() / "data", {}, serving);
  other_program beside([&](const auto&) {
    private_cluster command(place.path() / "data", {}, commanding);
    if (command.owns_server()) throw std::runtime_error("took the server over");
    sql_connection(command.owner_conninfo()).script("CREATE TABLE written (n int)");
  });
  BOOST_TEST(beside.wait() == 0);
  BOOST_TEST(count(serve.owner_conninfo(), "written") == 0);
}

BOOST_AUTO_TEST_CASE(a_second_serve_is_refused) {
  temporary_directory place;
  private_cluster serve(place.path() / "data", {}, serving);
  const auto said = complaint([&] { private_cluster second(place.path() / "data", {}, serving); });
  BOOST_TEST(has(said, "Another 'serve' (process " + std::to_string(getpid()) + ")"));
  BOOST_TEST(count(serve.owner_conninfo(), "pg_database") > 0);
}

BOOST_AUTO_TEST_CASE(serve_waits_for_a_command_that_owns_the_server) {
  temporary_directory place;
  const auto data = place.path() / "data";
  other_program command([&](const auto& ready) {
    private_cluster cluster(data, {}, commanding);
    if (!cluster.owns_server()) throw std::runtime_error("has no server");
    ready();
  });
  BOOST_REQUIRE(command.ready());
  bool told = false;
  private_cluster serve(
      data,
      [&](std::string_view text) {
        if (told || !has(std::string(text), "Waiting for process")) return;
        told = true;
        command.kill_hard();
      },
      serving);
  BOOST_TEST(told);
  BOOST_TEST(serve.owns_server());
}

BOOST_AUTO_TEST_CASE(two_commands_that_start_at_once_on_a_new_directory_take_turns) {
  temporary_directory place;
  const auto data = place.path() / "data";
  const auto add = [&](const std::string& table) {
    private_cluster cluster(data, {}, {.use = cluster_use::command});
    sql_connection(cluster.owner_conninfo()).script("CREATE TABLE " + table + " (n int)");
  };
  const pid_t other = fork();
  if (other == 0) _exit(complaint([&] { add("theirs"); }).empty() ? 0 : 1);
  add("ours");
  int status = -1;
  BOOST_REQUIRE(waitpid(other, &status, 0) == other);
  BOOST_TEST(status == 0);
  private_cluster cluster(data, {}, {.use = cluster_use::command});
  BOOST_TEST(count(cluster.owner_conninfo(), "ours") + count(cluster.owner_conninfo(), "theirs") == 0);
}

BOOST_AUTO_TEST_CASE(a_server_that_was_killed_is_started_again) {
  temporary_directory place;
  private_cluster cluster(place.path() / "data", {}, {.use = cluster_use::serve});
  sql_connection(cluster.owner_conninfo()).script("CREATE TABLE kept (n int)");
  BOOST_TEST(!cluster.revive());
  for (const auto pid : store::postgres_processes_in(place.path() / "data/pg/cluster")) kill(pid, SIGKILL);
  while (!cluster.revive()) store::nap(std::chrono::milliseconds(5));
  BOOST_TEST(count(cluster.owner_conninfo(), "kept") == 0);
}

BOOST_AUTO_TEST_CASE(a_path_too_long_for_a_socket_works_and_a_second_program_finds_it) {
  temporary_directory place;
  const auto data = place.path() / std::string(60, 'l') / std::string(60, 'o') / "it's, \"data\"";
  fs::create_directories(data.parent_path());
  std::string socket;
  {
    private_cluster serve(data, {}, serving);
    other_program beside([&](const auto&) {
      private_cluster command(data, {}, commanding);
      if (command.owner_conninfo() != serve.owner_conninfo()) throw std::runtime_error("another socket");
      sql_connection(command.owner_conninfo()).script("SELECT 1");
    });
    BOOST_TEST(beside.wait() == 0);
    const auto info = serve.owner_conninfo();
    socket = info.substr(6, info.find('\'', 6) - 6);
  }
  BOOST_REQUIRE(socket.starts_with("/tmp/keywork-"));
  // Somebody else's directory under that name is not trusted.
  fs::permissions(socket, fs::perms::all);
  const auto said = complaint([&] { private_cluster again(data, {}, serving); });
  BOOST_TEST(has(said, "must be private to the user"));
  fs::remove_all(socket);
}

BOOST_AUTO_TEST_CASE(a_half_made_cluster_is_made_anew) {
  temporary_directory place;
  const auto data = place.path() / "data";
  fs::create_directories(data / "pg.new/cluster/base");
  std::ofstream(data / "pg.new/cluster/PG_VERSION") << "15\n";
  fs::permissions(data, fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
  private_cluster cluster(data, {}, serving);
  BOOST_TEST(cluster.owns_server());
  BOOST_TEST(!fs::exists(data / "pg.new"));
}

BOOST_AUTO_TEST_CASE(a_foreign_directory_is_left_alone) {
  temporary_directory place;
  fs::create_directories(place.path() / "pg/photos");
  const auto said = complaint([&] { private_cluster cluster(place.path(), {}, serving); });
  BOOST_TEST(has(said, "was not made by this program"));
  BOOST_TEST(fs::exists(place.path() / "pg/photos"));
}

BOOST_AUTO_TEST_CASE(data_of_another_major_version_are_refused_with_advice) {
  temporary_directory place;
  const auto data = place.path() / "data";
  private_cluster(data, {}, serving);
  const auto version = data / "pg/cluster/PG_VERSION";
  std::ofstream(version) << "14\n";
  const auto said = complaint([&] { private_cluster cluster(data, {}, serving); });
  BOOST_TEST(has(said, "was written by PostgreSQL 14"));
  BOOST_TEST(has(said, "postgresql-14"));
}

BOOST_AUTO_TEST_CASE(a_wrong_KEYWORK_PG_BIN_is_named) {
  temporary_directory place;
  setenv("KEYWORK_PG_BIN", "/usr/share", 1);
  const auto said = complaint([&] { private_cluster cluster(place.path() / "data", {}, serving); });
  unsetenv("KEYWORK_PG_BIN");
  BOOST_TEST(has(said, "KEYWORK_PG_BIN is /usr/share"));
}

BOOST_AUTO_TEST_CASE(a_failed_start_shows_the_servers_own_words) {
  temporary_directory place;
  const auto data = place.path() / "data";
  private_cluster(data, {}, serving);
  std::ofstream(data / "pg/local.conf") << "shared_buffers = 'many'\n";
  const auto said = complaint([&] { private_cluster cluster(data, {}, serving); });
  BOOST_TEST(has(said, "shared_buffers"));
  BOOST_TEST(has(said, (data / "pg/log").string()));
  std::ofstream(data / "pg/local.conf") << "work_mem = '7MB'\n";
  private_cluster cluster(data, {}, serving);
  BOOST_TEST(sql_connection(cluster.owner_conninfo()).exec("SHOW work_mem").text(0, 0) == "7MB");
}

BOOST_AUTO_TEST_CASE(root_is_told_which_directory_is_closed_to_the_database) {
  if (geteuid() != 0) return;
  temporary_directory place;
  fs::permissions(place.path(), fs::perms::owner_all);
  const auto said = complaint([&] { private_cluster cluster(place.path() / "data", {}, serving); });
  BOOST_TEST(has(said, "who may not enter " + place.path().string()));
  BOOST_TEST(has(said, "chmod o+x " + place.path().string()));
}

BOOST_AUTO_TEST_CASE(an_ordinary_user_has_a_cluster_too_and_root_may_work_beside_it) {
  if (geteuid() != 0) return;
  const auto user = store::find_os_user(std::string("nobody"));
  temporary_directory place;
  const auto data = place.path() / "data";
  BOOST_REQUIRE(chown(place.path().c_str(), user->uid, user->gid) == 0);
  other_program ordinary([&](const auto& ready) {
    if (setgroups(0, nullptr) != 0 || setgid(user->gid) != 0 || setuid(user->uid) != 0) _exit(3);
    private_cluster cluster(data, {}, serving);
    sql_connection(cluster.owner_conninfo()).script("CREATE TABLE kept (n int)");
    ready();
  });
  BOOST_REQUIRE(ordinary.ready());
  {
    private_cluster beside(data, {}, commanding);
    BOOST_TEST(!beside.owns_server());
    BOOST_TEST(count(beside.owner_conninfo(), "kept") == 0);
  }
  ordinary.kill_hard();
  private_cluster alone(data, {}, commanding);
  BOOST_TEST(alone.owns_server());
  struct stat cluster {};
  BOOST_REQUIRE(stat((data / "pg/cluster").c_str(), &cluster) == 0);
  BOOST_TEST(cluster.st_uid == user->uid);
}

BOOST_AUTO_TEST_CASE(an_ordinary_user_is_told_that_the_data_belong_to_another) {
  if (geteuid() != 0) return;
  const auto user = store::find_os_user(std::string("nobody"));
  temporary_directory place;
  const auto data = place.path() / "data";
  private_cluster(data, {}, serving);
  other_program stranger([&](const auto&) {
    if (setgroups(0, nullptr) != 0 || setgid(user->gid) != 0 || setuid(user->uid) != 0) _exit(3);
    const auto said = complaint([&] { private_cluster cluster(data, {}, serving); });
    if (!has(said, "belong to another user")) throw std::runtime_error("said: " + said);
  });
  BOOST_TEST(stranger.wait() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
