#include "odb/private_cluster_files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <system_error>

namespace store {
namespace {

namespace fs = std::filesystem;

constexpr int oldest_major = 15;
constexpr std::string_view socket_name = "/.s.PGSQL.5432";

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

void make_directory(const fs::path& path, mode_t mode) {
  if (mkdir(path.c_str(), mode) != 0) fail("cannot make the directory " + path.string());
  if (chmod(path.c_str(), mode) != 0) fail("cannot set the mode of " + path.string());
}

void give_to(const fs::path& path, const os_user& user) {
  if (geteuid() == 0 && lchown(path.c_str(), user.uid, user.gid) != 0)
    fail("cannot give " + path.string() + " to " + user.name);
}

/// Whole or not at all, also when the disk is full or the power goes.
void write_file(const fs::path& path, const std::string& text) {
  const auto draft = path.string() + ".new";
  unlink(draft.c_str());
  const int file = open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
  if (file < 0) fail("cannot write " + draft);
  const bool written = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       fchmod(file, 0644) == 0 && fsync(file) == 0;
  const int error = errno;
  close(file);
  errno = error;
  if (!written) fail("cannot write " + draft);
  if (rename(draft.c_str(), path.c_str()) != 0) fail("cannot write " + path.string());
}

void sync_directory(const fs::path& path) {
  const int directory = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) fail("cannot open " + path.string());
  fsync(directory);
  close(directory);
}

/// FNV-1a: a name that stays the same between programs and versions, not a secret.
std::string short_hash(std::string_view text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  std::ostringstream hex;
  hex << std::hex << hash;
  return hex.str();
}

/// A value in server.conf.
std::string setting_text(std::string_view value) {
  std::string text = "'";
  for (const char c : value) text += c == '\'' ? std::string("''") : c == '\\' ? "\\\\" : std::string(1, c);
  return text + "'";
}

/// The number at the end of `postgres (PostgreSQL) 15.20 (…)`'s name; 0 if there is none.
int major_of(const fs::path& directory) {
  const auto answer = run_to_end({.command = {(directory / "postgres").string(), "--version"},
                                  .user = {geteuid(), getegid(), "the caller"}});
  const auto at = answer.output.find("PostgreSQL) ");
  return at == std::string::npos ? 0 : std::atoi(answer.output.c_str() + at + 12);
}

bool has_programs(const fs::path& directory) {
  return access((directory / "postgres").c_str(), X_OK) == 0 &&
         access((directory / "initdb").c_str(), X_OK) == 0;
}

}  // namespace

cluster_files::cluster_files(const fs::path& data_dir)
    : data(fs::canonical(data_dir)),
      lock(data / "lock"),
      home(data / "pg"),
      cluster(home / "cluster"),
      settings(home / "server.conf"),
      access(home / "hba.conf"),
      log(home / "log") {}

bool cluster_files::initialised() const {
  if (fs::is_directory(cluster)) return true;
  if (fs::exists(home) && !fs::is_empty(home))
    throw cluster_error(home.string() +
                        " is there but was not made by this program (it has no 'cluster' in it). " +
                        "Move it away or choose another --data.");
  return false;
}

int cluster_files::major_version() const {
  int major = 0;
  std::ifstream(cluster / "PG_VERSION") >> major;
  if (major == 0)
    throw cluster_error("Cannot read " + (cluster / "PG_VERSION").string() +
                        ": the database is damaged or belongs to another user.");
  return major;
}

fs::path cluster_files::socket_directory(const os_user& user) const {
  const auto inside = home / "run";
  const auto& text = inside.native();
  // Commas and quotes separate directories both for the server and for libpq.
  const bool plain = std::none_of(text.begin(), text.end(), [](char c) {
    return c == ',' || c == '"' || c == '\'' || c == '\\' || static_cast<unsigned char>(c) < ' ';
  });
  if (plain && text.size() + socket_name.size() < sizeof(sockaddr_un::sun_path)) return inside;
  return "/tmp/keywork-" + std::to_string(user.uid) + "-" + short_hash(data.native());
}

void cluster_files::prepare_socket_directory(const os_user& user) const {
  const auto directory = socket_directory(user);
  if (mkdir(directory.c_str(), 0700) == 0) return give_to(directory, user);
  if (errno != EEXIST) fail("cannot make the directory " + directory.string());
  struct stat seen {};
  if (lstat(directory.c_str(), &seen) != 0) fail("cannot look at " + directory.string());
  // Root made it and was killed before giving it away.
  const bool ours = seen.st_uid == user.uid || (geteuid() == 0 && seen.st_uid == 0);
  if (!S_ISDIR(seen.st_mode) || !ours || (seen.st_mode & 077) != 0)
    throw cluster_error("The directory of the database's socket, " + directory.string() +
                        ", must be private to the user " + user.name +
                        " (mode 0700) and is not. Remove it and start again.");
  give_to(directory, user);
}

fs::path prepare_data_directory(const fs::path& data) {
  const auto path = fs::absolute(data);
  if (!fs::exists(path)) {
    if (path.has_parent_path()) fs::create_directories(path.parent_path());
    // Root's is passable, not readable, so that the user postgres gets to its own part.
    if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
      fail("cannot make the data directory " + path.string());
    if (geteuid() == 0 && chmod(path.c_str(), 0711) != 0) fail("cannot set the mode of " + path.string());
  }
  if (!fs::is_directory(path)) throw cluster_error("--data " + path.string() + " is not a directory.");
  return fs::canonical(path);
}

os_user server_user(const cluster_files& files) {
  const auto me = geteuid();
  struct stat seen {};
  if (lstat(files.cluster.c_str(), &seen) != 0) {
    if (errno != ENOENT) fail("cannot look at " + files.cluster.string());
    if (me != 0) return find_os_user(me).value_or(os_user{me, getegid(), std::to_string(me)});
    if (const auto user = find_os_user(std::string("postgres"))) return *user;
    throw cluster_error(
        "PostgreSQL does not run as root, and the system user 'postgres' is missing. Install PostgreSQL "
        "(apt-get install postgresql) or start this program as an ordinary user.");
  }
  const auto owner =
      find_os_user(seen.st_uid).value_or(os_user{seen.st_uid, seen.st_gid, std::to_string(seen.st_uid)});
  if (me != 0 && owner.uid != me)
    throw cluster_error("The database in " + files.home.string() + " belongs to the user " + owner.name +
                        ". Run this as root or as that user, or choose another --data.");
  if (owner.uid == 0)
    throw cluster_error(
        "The database in " + files.cluster.string() +
        " belongs to root, as whom PostgreSQL does not run. Give it back to the user it was made by: "
        "chown -R postgres: " +
        files.cluster.string());
  return owner;
}

server_binaries find_binaries(const cluster_files& files) {
  const int wanted = files.initialised() ? files.major_version() : 0;
  server_binaries best;
  std::string seen;
  if (const char* chosen = std::getenv("KEYWORK_PG_BIN"); chosen && *chosen) {
    if (!has_programs(chosen))
      throw cluster_error("KEYWORK_PG_BIN is " + std::string(chosen) +
                          ", where there is no postgres and initdb.");
    best = {fs::absolute(chosen), major_of(chosen)};
    seen = std::to_string(best.major) + " ";
  } else {
    std::error_code none;
    for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", none)) {
      const int major = std::atoi(entry.path().filename().c_str());
      if (!has_programs(entry.path() / "bin")) continue;
      seen += std::to_string(major) + " ";
      const bool better = wanted ? major == wanted : major > best.major;
      if (better) best = {entry.path() / "bin", major};
    }
  }
  if (wanted && best.major != wanted)
    throw cluster_error("The database in " + files.home.string() + " was written by PostgreSQL " +
                        std::to_string(wanted) + "; installed here: " + (seen.empty() ? "none" : seen) +
                        "- install that version (apt-get install postgresql-" + std::to_string(wanted) +
                        "), or move the data with pg_upgrade or pg_dump.");
  if (best.major < oldest_major)
    throw cluster_error(
        "PostgreSQL " + std::to_string(oldest_major) +
        " or newer is needed; found: " + (seen.empty() ? "none" : seen) +
        "- install it (apt-get install postgresql) or name its bin directory in KEYWORK_PG_BIN.");
  return best;
}

void initialise(const cluster_files& files, const server_binaries& binaries, const os_user& user, bool fast) {
  const auto draft = files.data / "pg.new";
  fs::remove_all(draft);
  const bool as_other = user.uid != geteuid();
  make_directory(draft, as_other ? 0711 : 0700);
  make_directory(draft / "cluster", 0700);
  give_to(draft / "cluster", user);
  launch what{
      .command = {(binaries.directory / "initdb").string(), "--pgdata=" + (draft / "cluster").string(),
                  "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--auth-local=trust",
                  "--auth-host=reject", "--data-checksums", "--no-instructions"},
      .user = user};
  what.death_signal = 9;
  if (fast) what.command.push_back("--no-sync");
  const auto done = run_to_end(what);
  if (done.status != 0)
    throw cluster_error("Making the database failed. " + explain_failure(files, done.output));
  if (rename(draft.c_str(), files.home.c_str()) != 0)
    fail("cannot rename " + draft.string() + " to " + files.home.string());
  if (!fast) sync_directory(files.data);
}

void write_settings(const cluster_files& files, const os_user& user, bool fast) {
  std::ostringstream text;
  text << "# Written by keywork at every start. Put changes into local.conf beside it.\n"
       << "listen_addresses = ''\nport = 5432\nunix_socket_permissions = 0700\n"
       << "unix_socket_directories = " << setting_text(files.socket_directory(user).native()) << "\n"
       << "max_connections = 50\nshared_buffers = 128MB\nmax_wal_size = 1GB\njit = off\n"
       // Costs little more than 'minimal' and allows pg_basebackup and continuous archiving of a running
       // service.
       << "wal_level = replica\nmax_wal_senders = 4\n"
       // What was erased is thrown away with the log that it stands in, not kept to be written over.
       << "wal_recycle = off\n"
       << (fast ? "fsync = off\nfull_page_writes = off\nsynchronous_commit = off\n"
                : "fsync = on\nfull_page_writes = on\nsynchronous_commit = on\n")
       << "timezone = 'UTC'\nlog_timezone = 'UTC'\nlc_messages = 'C'\n"
       // Nothing a person wrote may get into the log. Even the first line of an error can quote a value
       // ("invalid input syntax for type uuid: …"), so errors of statements are told to the client only
       // ('log' ranks above 'error' here: server events, FATAL and PANIC stay).
       << "log_destination = 'stderr'\nlogging_collector = off\nlog_min_messages = log\n"
       << "log_min_error_statement = panic\nlog_error_verbosity = terse\nlog_statement = 'none'\n"
       << "log_min_duration_statement = -1\nlog_parameter_max_length = 0\n"
       << "log_parameter_max_length_on_error = 0\nlog_checkpoints = off\nlog_line_prefix = '%m [%p] '\n";
  if (fs::exists(files.home / "local.conf")) text << "include = 'local.conf'\n";
  write_file(files.settings, text.str());
  write_file(
      files.access,
      "# Written by keywork at every start. The socket's directory is open to the server's own user and to\n"
      "# root only, which is what makes 'trust' safe.\n"
      "local all all trust\nlocal replication all trust\n");
}

std::string explain_failure(const cluster_files& files, const std::string& said) {
  std::string advice;
  if (said.find("No space left on device") != std::string::npos)
    advice = "The disk that holds " + files.data.string() + " is full: free some space and start again. ";
  else if (said.find("could not map anonymous shared memory") != std::string::npos)
    advice =
        "There is not enough memory: lower shared_buffers in " + (files.home / "local.conf").string() + ". ";
  return advice + "PostgreSQL says: " + (said.empty() ? "nothing" : said);
}

data_lock::data_lock(const cluster_files& files) {
  file_ = open(files.lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file_ < 0) {
    if (errno == EACCES || errno == EPERM)
      throw cluster_error(
          "The data in " + files.data.string() +
          " belong to another user. Run this as that user or as root, or choose another --data.");
    fail("cannot open " + files.lock.string());
  }
  struct stat seen {};
  struct stat parent {};
  const bool known = fstat(file_, &seen) == 0 && stat(files.data.c_str(), &parent) == 0;
  if (!known || !S_ISREG(seen.st_mode) || seen.st_nlink != 1) {
    close(file_);
    throw cluster_error(files.lock.string() + " must be an ordinary file. Remove it and start again.");
  }
  // Root made it in somebody's directory: let that user open it too.
  if (geteuid() == 0 && seen.st_uid != parent.st_uid && fchown(file_, parent.st_uid, parent.st_gid) != 0) {
    close(file_);
    fail("cannot give " + files.lock.string() + " to its directory's owner");
  }
}

data_lock::~data_lock() {
  // Emptied first, so that the next holder is never mistaken for this one.
  if (taken_ && ftruncate(file_, 0) != 0) errno = 0;
  close(file_);
}

bool data_lock::try_take() {
  if (flock(file_, LOCK_EX | LOCK_NB) == 0) return taken_ = true;
  if (errno != EWOULDBLOCK && errno != EINTR) fail("cannot lock the data directory");
  return false;
}

void data_lock::describe(cluster_use use, bool ready) {
  const auto text = std::string(use == cluster_use::serve ? "serve " : "command ") +
                    std::to_string(getpid()) + (ready ? " ready\n" : " starting\n");
  if (ftruncate(file_, 0) != 0 ||
      pwrite(file_, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()))
    fail("cannot write the lock of the data directory");
}

data_lock::holder data_lock::read_holder() const {
  char text[100] = {};
  if (pread(file_, text, sizeof text - 1, 0) < 0) fail("cannot read the lock of the data directory");
  std::istringstream words(text);
  std::string use, pid, state;
  words >> use >> pid >> state;
  return {use == "serve", state == "ready", pid};
}

}  // namespace store
