#include "odb/server_process.hpp"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

namespace store {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

template <typename Lookup>
std::optional<os_user> look_up(Lookup lookup) {
  std::vector<char> buffer(16384);
  passwd entry{};
  passwd* found = nullptr;
  if (lookup(&entry, buffer.data(), buffer.size(), &found) != 0 || !found) return {};
  return os_user{entry.pw_uid, entry.pw_gid, entry.pw_name};
}

/// Becomes the user. Only functions that are safe between fork and exec.
bool become(const os_user& user) {
  if (user.uid == geteuid() && user.uid == getuid()) return true;
  return setgroups(1, &user.gid) == 0 && setresgid(user.gid, user.gid, user.gid) == 0 &&
         setresuid(user.uid, user.uid, user.uid) == 0;
}

[[noreturn]] void child_gives_up(const char* what) {
  const char* reason = strerrordesc_np(errno);
  for (const char* part : {"keywork: ", what, ": ", reason ? reason : "unknown error", "\n"})
    if (write(STDERR_FILENO, part, std::strlen(part)) < 0) break;
  _exit(127);
}

/// The child's life from fork to exec: async-signal-safe calls only, since other threads may hold locks.
[[noreturn]] void become_program(const launch& what, char* const* arguments, char* const* environment,
                                 pid_t parent) {
  sigset_t none;
  sigemptyset(&none);
  for (int number = 1; number < 32; ++number) ::signal(number, SIG_DFL);
  // Its own session: Ctrl-C in the terminal goes to the program, which then stops the server in order.
  setsid();
  sigprocmask(SIG_SETMASK, &none, nullptr);
  const int nothing = open("/dev/null", O_RDONLY);
  if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 || dup2(what.output, STDOUT_FILENO) < 0 ||
      dup2(what.output, STDERR_FILENO) < 0)
    _exit(127);
  close_range(3, ~0U, 0);
  umask(077);
  if (!become(what.user)) child_gives_up("cannot become the database's user");
  if (chdir("/") != 0) child_gives_up("cannot enter /");
  // After the change of user, which would clear it. The parent may have gone before: then go too.
  if (what.death_signal && prctl(PR_SET_PDEATHSIG, what.death_signal) != 0) child_gives_up("prctl");
  if (getppid() != parent) _exit(127);
  execve(arguments[0], arguments, environment);
  child_gives_up(arguments[0]);
}

}  // namespace

std::optional<os_user> find_os_user(const std::string& name) {
  return look_up([&](auto... rest) { return getpwnam_r(name.c_str(), rest...); });
}

std::optional<os_user> find_os_user(uid_t uid) {
  return look_up([&](auto... rest) { return getpwuid_r(uid, rest...); });
}

server_process server_process::start(const launch& what) {
  std::vector<char*> arguments;
  for (const auto& word : what.command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  // Nothing of the caller's environment: PGDATA, PGOPTIONS and the like would change what the server does.
  std::string path = "PATH=/usr/bin:/bin", language = "LC_ALL=C.UTF-8", zone = "TZ=UTC";
  std::vector<char*> environment{path.data(), language.data(), zone.data()};
  for (const auto& setting : what.environment) environment.push_back(const_cast<char*>(setting.c_str()));
  environment.push_back(nullptr);
  const auto parent = getpid();
  const auto pid = fork();
  if (pid < 0) fail("cannot start a process");
  if (pid == 0) become_program(what, arguments.data(), environment.data(), parent);
  return server_process(pid);
}

bool server_process::ended_within(std::chrono::milliseconds limit) {
  constexpr auto step = std::chrono::milliseconds(5);
  for (auto waited = std::chrono::milliseconds(0);; waited += step) {
    if (ended_) return true;
    int raw = 0;
    const auto got = waitpid(pid_, &raw, WNOHANG);
    // ECHILD: somebody else collected it, so it has ended all the same.
    ended_ = got == pid_ || (got < 0 && errno == ECHILD);
    if (got == pid_) status_ = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
    if (ended_ || waited >= limit) return ended_;
    nap(step);
  }
}

void server_process::signal(int number) const {
  if (!ended_) kill(pid_, number);
}

finished run_to_end(launch what) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) fail("cannot make a pipe");
  what.output = ends[1];
  std::optional<server_process> child;
  try {
    child = server_process::start(what);
  } catch (...) {
    close(ends[0]);
    close(ends[1]);
    throw;
  }
  close(ends[1]);
  finished result;
  std::array<char, 4096> chunk{};
  for (;;) {
    const auto count = read(ends[0], chunk.data(), chunk.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    result.output.append(chunk.data(), static_cast<std::size_t>(count));
    if (result.output.size() > 32768) result.output.erase(0, result.output.size() - 16384);
  }
  close(ends[0]);
  while (!child->ended_within(std::chrono::seconds(1))) {
  }
  result.status = child->status();
  return result;
}

std::optional<fs::path> first_closed_directory(const os_user& user, const fs::path& directory) {
  std::vector<std::string> steps;
  fs::path so_far;
  for (const auto& part : directory) steps.push_back((so_far /= part).string());
  if (steps.size() > 250) throw std::runtime_error("the path " + directory.string() + " is too deep");
  const auto pid = fork();
  if (pid < 0) fail("cannot start a process");
  if (pid == 0) {
    if (!become(user)) _exit(255);
    for (std::size_t i = 0; i < steps.size(); ++i)
      if (access(steps[i].c_str(), X_OK) != 0) _exit(static_cast<int>(i) + 1);
    _exit(0);
  }
  int raw = 0;
  while (waitpid(pid, &raw, 0) < 0)
    if (errno != EINTR) fail("cannot wait for a process");
  const int answer = WIFEXITED(raw) ? WEXITSTATUS(raw) : 255;
  if (answer == 255)
    throw std::runtime_error("cannot become the user " + user.name + " to look at " + directory.string());
  if (answer == 0) return {};
  return steps[static_cast<std::size_t>(answer) - 1];
}

std::vector<pid_t> postgres_processes_in(const fs::path& directory) {
  std::vector<pid_t> found;
  for (const auto& entry : fs::directory_iterator("/proc", fs::directory_options::skip_permission_denied)) {
    const auto name = entry.path().filename().string();
    if (!std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; })) continue;
    std::string command;
    std::getline(std::ifstream(entry.path() / "comm"), command);
    if (command != "postgres") continue;
    // Processes end while one looks at them: an unreadable link is one that does not count.
    std::error_code gone;
    if (fs::read_symlink(entry.path() / "cwd", gone) == directory && !gone) found.push_back(std::stoi(name));
  }
  return found;
}

void nap(std::chrono::milliseconds length) { poll(nullptr, 0, static_cast<int>(length.count())); }

}  // namespace store
