#include "odb/private_cluster.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>

#include "odb/private_cluster_files.hpp"
#include "odb/running_serve.hpp"
#include "odb/server_process.hpp"

namespace store {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr auto superuser = "postgres";
constexpr auto look_interval = milliseconds(10);

std::string conninfo(const fs::path& socket, std::string_view user, std::string_view database) {
  // The empty ones keep the caller's PGHOSTADDR and PGOPTIONS from leading elsewhere.
  return conninfo_pair("host", socket.native()) + " hostaddr='' port=5432 options='' " +
         conninfo_pair("user", user) + " " + conninfo_pair("dbname", database);
}

std::string text_from(const fs::path& file, std::uintmax_t offset) {
  std::ifstream in(file, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(offset));
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (text.size() > 4000) text.erase(0, text.size() - 4000);
  return text;
}

std::uintmax_t size_of(const fs::path& file) {
  std::error_code missing;
  const auto size = fs::file_size(file, missing);
  return missing ? 0 : size;
}

/// The server may enter every directory above its data, or the error says which one is in the way.
void require_open_path(const os_user& user, const fs::path& data) {
  if (user.uid == geteuid()) return;
  const auto closed = first_closed_directory(user, data);
  if (!closed) return;
  throw cluster_error(
      "Started by root, the database runs as the system user " + user.name + ", who may not enter " +
      closed->string() +
      ". Choose a data directory that it can reach, such as --data "
      "/var/lib/keywork, start this program as an ordinary user, or open the way: chmod o+x " +
      closed->string());
}

}  // namespace

struct private_cluster::parts {
  parts(const fs::path& data, progress report, cluster_options chosen)
      : say(std::move(report)), options(chosen), files(prepare_data_directory(data)), lock(files) {}
  ~parts() { stop(); }

  void tell(const std::string& text) const {
    if (say) say(text);
  }
  bool take_lock();
  bool usable_beside(const data_lock::holder& holder);
  void start();
  void launch_server(const server_binaries& binaries);
  bool answers_before_end(int file, const server_binaries& binaries);
  void wait_for_leftovers();
  void forget_dead_server();
  void rotate_log() const;
  void create_database() const;
  void stop();
  std::string connection(std::string_view role, std::string_view database) const {
    return conninfo(files.socket_directory(user), role, database);
  }

  progress say;
  cluster_options options;
  cluster_files files;
  data_lock lock;
  os_user user;
  std::optional<server_process> server;
};

/// True when this program now owns the server, false when it may use another's.
bool private_cluster::parts::take_lock() {
  constexpr int looks = 1200, told_after = 20;
  for (int look = 0;; ++look) {
    if (lock.try_take()) {
      lock.describe(options.use, false);
      return true;
    }
    // From the second look on, so that a holder has had the time to say who it is.
    const auto holder = look > 0 ? lock.read_holder() : data_lock::holder{};
    if (holder.serves && options.use == cluster_use::serve) refuse_beside(holder.pid, files.data);
    if (usable_beside(holder)) return false;
    if (look == told_after)
      tell("Waiting for process " + holder.pid + ", which is using " + files.data.string());
    if (look == looks)
      throw cluster_error("Process " + holder.pid + " has been using " + files.data.string() +
                          " for a minute. Try again when it has ended.");
    nap(milliseconds(50));
  }
}

bool private_cluster::parts::usable_beside(const data_lock::holder& holder) {
  if (!holder.serves || !holder.ready || options.use != cluster_use::command) return false;
  user = server_user(files);
  return ping(connection(superuser, superuser)) == server_answer::ready;
}

void private_cluster::parts::start() {
  user = server_user(files);
  require_open_path(user, files.data);
  const auto binaries = find_binaries(files);
  if (!files.initialised()) {
    tell("Making a new PostgreSQL " + std::to_string(binaries.major) + " database in " + files.home.string());
    initialise(files, binaries, user, options.fast_and_unsafe);
  }
  wait_for_leftovers();
  forget_dead_server();
  files.prepare_socket_directory(user);
  write_settings(files, user, options.fast_and_unsafe);
  rotate_log();
  launch_server(binaries);
  create_database();
  lock.describe(options.use, true);
}

/// After kill -9 of its program the server shuts down by itself; one that does not is told to, ever more
/// firmly.
void private_cluster::parts::wait_for_leftovers() {
  constexpr int ask_politely = 10, insist = 30, give_up = 45;
  const auto pid_file = files.cluster / "postmaster.pid";
  if (!fs::exists(pid_file)) return;
  for (int look = 0;; ++look) {
    const auto left = postgres_processes_in(files.cluster);
    if (left.empty()) return;
    const int second = look * 20 / 1000;
    const bool on_the_second = look % 50 == 0;
    pid_t head = 0;
    std::ifstream(pid_file) >> head;
    if (look == 0) tell("Waiting for the database of an earlier run to stop");
    for (const auto pid : left) {
      if (on_the_second && second == ask_politely && pid == head) kill(pid, SIGINT);
      // Immediate shutdown: nothing committed is lost, the log is replayed at the start.
      if (on_the_second && second == insist) kill(pid, SIGQUIT);
    }
    if (second == give_up)
      throw cluster_error("A PostgreSQL of an earlier run (process " + std::to_string(left.front()) +
                          ") still uses " + files.cluster.string() +
                          " and does not stop. End it and start again.");
    nap(milliseconds(20));
  }
}

/// PostgreSQL refuses to start while the process number in a stale pid file belongs to anybody, which after a
/// reboot or in a container it soon does. The lock is ours and no server lives here, so the files are stale.
void private_cluster::parts::forget_dead_server() {
  for (const auto& file :
       {files.cluster / "postmaster.pid", files.socket_directory(user) / ".s.PGSQL.5432.lock"}) {
    pid_t pid = 0;
    std::ifstream(file) >> pid;
    const bool alive = pid > 0 && (kill(pid, 0) == 0 || errno == EPERM);
    if (alive) fs::remove(file);
  }
}

void private_cluster::parts::rotate_log() const {
  if (size_of(files.log) > 8U * 1024 * 1024) fs::rename(files.log, files.home / "log.1");
}

void private_cluster::parts::launch_server(const server_binaries& binaries) {
  constexpr int attempts = 20;
  const int file = open(files.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0)
    throw std::system_error(errno, std::generic_category(),
                            "cannot open the database's log " + files.log.string());
  bool ready = false;
  std::string said;
  try {
    for (int attempt = 0; attempt < attempts && !ready; ++attempt) {
      const auto before = size_of(files.log);
      ready = answers_before_end(file, binaries);
      if (ready) break;
      said = text_from(files.log, before);
      // Processes of a killed server, which let go of its memory in a moment.
      if (said.find("pre-existing shared memory block") == std::string::npos) break;
      nap(milliseconds(500));
    }
  } catch (...) {
    close(file);
    throw;
  }
  close(file);
  if (!ready)
    throw cluster_error("The database did not start. " + explain_failure(files, said) +
                        "\nIts log: " + files.log.string());
}

/// Starts the server; false when it ended instead of answering. Replaying the log after a crash may take
/// minutes.
bool private_cluster::parts::answers_before_end(int file, const server_binaries& binaries) {
  constexpr int tell_every = 500;
  server = server_process::start(
      {.command = {(binaries.directory / "postgres").string(), "-D", files.cluster.string(), "-c",
                   "config_file=" + files.settings.string(), "-c", "hba_file=" + files.access.string()},
       .user = user,
       .output = file,
       .death_signal = options.fast_and_unsafe ? SIGQUIT : SIGINT});
  const auto where = connection(superuser, superuser);
  for (int look = 1; ping(where) != server_answer::ready; ++look) {
    if (server->ended_within(look_interval)) return server.reset(), false;
    if (look % tell_every == 0)
      tell("The database is still starting (after a crash it first replays its log)");
  }
  return true;
}

void private_cluster::parts::create_database() const {
  sql_connection admin(connection(superuser, superuser));
  const auto seen = admin.exec("SELECT datacl IS NULL FROM pg_database WHERE datname = 'keywork'");
  if (seen.rows() == 0)
    admin.script("CREATE DATABASE keywork TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'");
  if (seen.rows() == 0 || seen.truth(0, 0)) admin.script("REVOKE ALL ON DATABASE keywork FROM PUBLIC");
}

void private_cluster::parts::stop() {
  if (!server) return;
  // Fast shutdown: connections are ended, a checkpoint is written.
  server->signal(options.fast_and_unsafe ? SIGQUIT : SIGINT);
  if (!server->ended_within(seconds(60))) {
    tell("The database does not stop; ending it. Nothing committed is lost.");
    server->signal(SIGQUIT);
    if (!server->ended_within(seconds(10))) server->signal(SIGKILL);
    server->ended_within(seconds(5));
  }
  server.reset();
}

private_cluster::private_cluster(fs::path data_dir, progress say, cluster_options options)
    : parts_(std::make_unique<parts>(data_dir, std::move(say), options)) {
  if (parts_->take_lock()) parts_->start();
}

private_cluster::~private_cluster() = default;

std::string private_cluster::service_conninfo(std::string_view database) const {
  return parts_->connection("keywork_service", database);
}

std::string private_cluster::owner_conninfo(std::string_view database) const {
  return parts_->connection(superuser, database);
}

bool private_cluster::revive() {
  if (!owns_server() || (parts_->server && !parts_->server->ended_within(milliseconds(0)))) return false;
  parts_->tell("The database has ended by itself; starting it again. Its log: " + log_file().string());
  parts_->server.reset();
  parts_->start();
  return true;
}

bool private_cluster::owns_server() const { return parts_->lock.taken(); }

fs::path private_cluster::log_file() const { return parts_->files.log; }

}  // namespace store
