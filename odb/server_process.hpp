#pragma once
#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace store {

/// An operating system user.
struct os_user {
  uid_t uid = 0;
  gid_t gid = 0;
  std::string name;
};

/// The user with that name or number; nothing when there is none.
std::optional<os_user> find_os_user(const std::string& name);
std::optional<os_user> find_os_user(uid_t uid);

/// A program to start as a child in its own session, with a minimal environment, `/` as working directory and
/// no open files but its output.
struct launch {
  std::vector<std::string> command;           ///< the program's absolute path and its arguments
  os_user user;                               ///< whom it runs as; only root can choose another than itself
  int output = -1;                            ///< file descriptor for its stdout and stderr
  std::vector<std::string> environment = {};  ///< NAME=VALUE, beside PATH, LC_ALL and TZ
  int death_signal = 0;  ///< sent to it when the thread that started it ends, kill -9 included
};

/// A started child. Ending its life here does not end the child: say so with signal() and wait().
class server_process {
 public:
  /// Throws std::system_error when no process can be made. A program that cannot be executed ends with status
  /// 127.
  static server_process start(const launch& what);

  /// Waits up to `limit` (0: only looks); true when the child has ended.
  bool ended_within(std::chrono::milliseconds limit);
  void signal(int number) const;
  pid_t pid() const { return pid_; }
  /// Exit status once ended; 128 + signal number if a signal ended it.
  int status() const { return status_; }

 private:
  explicit server_process(pid_t pid) : pid_(pid) {}
  pid_t pid_;
  bool ended_ = false;
  int status_ = 0;
};

struct finished {
  int status = 0;
  std::string output;  ///< the last 16 KiB of stdout and stderr
};
/// Starts it, reads its output and waits for its end. `what.output` is not used.
finished run_to_end(launch what);

/// The first directory on the way to `directory` that `user` may not enter; nothing when all are open.
std::optional<std::filesystem::path> first_closed_directory(const os_user& user,
                                                            const std::filesystem::path& directory);

/// Living PostgreSQL processes whose working directory is `directory` (a canonical path), that is: the server
/// of this data directory and what is left of it.
std::vector<pid_t> postgres_processes_in(const std::filesystem::path& directory);

/// A short pause between two looks.
void nap(std::chrono::milliseconds length);

}  // namespace store
