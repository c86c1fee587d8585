#include "odb/client_program.hpp"

#include <libpq-fe.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <system_error>

#include "odb/pg.hpp"
#include "odb/private_cluster.hpp"
#include "odb/server_process.hpp"

namespace store {
namespace {

namespace fs = std::filesystem;

/// A connection string without its password, and the password.
struct signing_in {
  std::string conninfo;
  std::string password;
};

signing_in take_apart(const std::string& conninfo) {
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> parsed(
      PQconninfoParse(conninfo.c_str(), nullptr), PQconninfoFree);
  if (!parsed)
    throw std::invalid_argument(
        "the database's connection string is neither key=value pairs nor a postgresql:// URL");
  signing_in found;
  for (const auto* option = parsed.get(); option->keyword; ++option) {
    if (!option->val) continue;
    if (option->keyword == std::string_view("password"))
      found.password = option->val;
    else
      found.conninfo += conninfo_pair(option->keyword, option->val) + " ";
  }
  return found;
}

/// What of the caller's environment says how to reach a database: PGSSLROOTCERT, ~/.pgpass and the like.
std::vector<std::string> environment_for(const signing_in& found) {
  std::vector<std::string> kept;
  for (char** entry = environ; *entry; ++entry) {
    const std::string_view text(*entry);
    const bool is_password = text.starts_with("PGPASSWORD=") && !found.password.empty();
    if ((text.starts_with("PG") && !is_password) || text.starts_with("HOME=")) kept.emplace_back(text);
  }
  if (!found.password.empty()) kept.push_back("PGPASSWORD=" + found.password);
  return kept;
}

/// Where a child's words go.
class scratch {
 public:
  scratch() : file_(memfd_create("keywork-client", MFD_CLOEXEC)) {
    if (file_ < 0) throw std::system_error(errno, std::generic_category(), "cannot make a scratch file");
  }
  ~scratch() { close(file_); }
  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;
  int file() const { return file_; }
  std::string text() const {
    std::string read(16384, '\0');
    const auto count = pread(file_, read.data(), read.size(), 0);
    read.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return read;
  }

 private:
  int file_;
};

/// The first line that says what is wrong. The lines behind it (DETAIL, CONTEXT) may quote rows.
std::string first_error(const std::string& said) {
  auto at = said.find("error: ");
  if (at == std::string::npos) at = said.find("fatal: ");
  if (at == std::string::npos) at = 0;
  return said.substr(at, said.find('\n', at) - at);
}

}  // namespace

fs::path find_client(const std::string& name, int server_major) {
  const auto usable = [&](const fs::path& directory) {
    return access((directory / name).c_str(), X_OK) == 0;
  };
  if (const char* chosen = std::getenv("KEYWORK_PG_BIN"); chosen && *chosen) {
    if (usable(chosen)) return fs::absolute(chosen) / name;
    throw cluster_error("KEYWORK_PG_BIN is " + std::string(chosen) + ", where there is no " + name + ".");
  }
  int best = 0;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", none)) {
    const int major = std::atoi(entry.path().filename().c_str());
    if (major >= server_major && usable(entry.path() / "bin") && (best == 0 || major < best)) best = major;
  }
  if (best == 0)
    throw cluster_error("There is no " + name + " for PostgreSQL " + std::to_string(server_major) +
                        " on this machine. Install it (apt-get install postgresql-client-" +
                        std::to_string(server_major) + ") or name its directory in KEYWORK_PG_BIN.");
  return fs::path("/usr/lib/postgresql") / std::to_string(best) / "bin" / name;
}

void run_client(const fs::path& program, std::vector<std::string> arguments, const std::string& conninfo,
                const std::function<void()>& meanwhile) {
  constexpr auto between = std::chrono::seconds(2);
  const auto found = take_apart(conninfo);
  const scratch said;
  launch what;
  what.command = {program.string()};
  if (!conninfo.empty())
    what.command.insert(what.command.end(), {"--no-password", "--dbname=" + found.conninfo});
  what.command.insert(what.command.end(), arguments.begin(), arguments.end());
  what.user = {geteuid(), getegid(), "the caller"};
  what.output = said.file();
  what.environment = environment_for(found);
  what.death_signal = SIGKILL;
  auto child = server_process::start(what);
  try {
    while (!child.ended_within(between))
      if (meanwhile) meanwhile();
  } catch (...) {
    child.signal(SIGKILL);
    child.ended_within(between);
    throw;
  }
  if (child.status() == 0) return;
  const auto name = program.filename().string();
  const auto why = said.text();
  throw cluster_error(name + " failed (" + std::to_string(child.status()) +
                      "): " + (why.empty() ? "it said nothing" : first_error(why)));
}

}  // namespace store
