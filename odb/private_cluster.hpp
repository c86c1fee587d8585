#pragma once
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "odb/pg.hpp"

namespace store {

/// The private PostgreSQL cannot be had. The text says why and what to do.
class cluster_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What the program wants the cluster for; decides who waits for whom, see private_cluster.
enum class cluster_use { serve, command };

struct cluster_options {
  cluster_use use = cluster_use::serve;
  /// For tests only: no fsync, and a hasty stop. A crash of the machine loses data.
  bool fast_and_unsafe = false;
};

/// A PostgreSQL of the program's own under `<data>/pg`, reached through a unix socket only.
///
/// **Who owns the server.** Whoever holds `<data>/lock` starts the server and stops it; nobody else does
/// either.
/// - `serve` always owns its server. A second `serve` on the same data is refused at once. When a short
/// command owns
///   it at that moment, `serve` waits for the command's end (a minute at most) and then starts its own.
/// - `command` uses the server of a running `serve` and leaves it running. Without one it owns a server
/// itself; a
///   second command meanwhile waits for the first.
/// The lock is the kernel's (flock), so kill -9 or a power cut frees it.
///
/// **Who may connect.** Everyone who can reach the socket is believed to be whom they say (pg_hba.conf:
/// `local all all trust`, nothing else, no TCP). That is safe because the socket lies in a directory of mode
/// 0700, and itself has mode 0700: the kernel lets only the server's own operating system user and root
/// through, and both can read and change the data files anyway. A password would lie in a file that exactly
/// the same two can read, so it would add a secret to keep without shutting anyone out; `peer` would need one
/// operating system user per database role.
///
/// **Whom it runs as.** PostgreSQL refuses to run as root. Started by root, its processes run as the system
/// user `postgres` (or as the owner of a data directory that another user made), who owns the data; otherwise
/// as the caller.
///
/// **Paths too long for a socket** (107 bytes): the socket lies in `/tmp/keywork-<uid>-<hash of the data
/// path>`, made 0700 and refused when it belongs to anyone else. Both programs compute the same name and need
/// the same /tmp.
///
/// **End of the program.** The destructor stops the server in order (fast shutdown). After kill -9 the kernel
/// tells the server to shut down; the next start waits for that, and PostgreSQL replays its log. The kernel
/// watches the *thread* that constructed this object: construct it on a thread that lives as long as the
/// object.
///
/// Settings are written to `<data>/pg/server.conf` at every start; `<data>/pg/local.conf`, when there,
/// overrides them.
class private_cluster {
 public:
  /// Makes the data directory and the cluster where missing and returns when the server answers and has the
  /// database `keywork`. Throws cluster_error, std::system_error or std::filesystem::filesystem_error (no
  /// space, no rights).
  explicit private_cluster(std::filesystem::path data_dir, progress say = {}, cluster_options options = {});
  /// Stops the server if this object started it.
  ~private_cluster();
  private_cluster(const private_cluster&) = delete;
  private_cluster& operator=(const private_cluster&) = delete;

  /// For the program's work: role keywork_service, which exists after migrate().
  std::string service_conninfo(std::string_view database = "keywork") const;
  /// For migrations: the superuser.
  std::string owner_conninfo(std::string_view database = "keywork") const;

  /// Starts the server again if it has ended by itself (killed, out of memory); true if it had to. Throws as
  /// the constructor does. To be called every second or so, on the thread that constructed this object.
  bool revive();

  /// True when this object started the server and will stop it.
  bool owns_server() const;
  /// PostgreSQL's own log: starts, stops, crashes. Holds no statements, parameters or row contents.
  std::filesystem::path log_file() const;

 private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

}  // namespace store
