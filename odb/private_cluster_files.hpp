#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "odb/private_cluster.hpp"
#include "odb/server_process.hpp"

namespace store {

/// Where everything of a private cluster lies. Internal to private_cluster.
struct cluster_files {
  /// `data` is made absolute and canonical; it must exist.
  explicit cluster_files(const std::filesystem::path& data);

  std::filesystem::path data;      ///< the program's data directory
  std::filesystem::path lock;      ///< held by the program that owns the server
  std::filesystem::path home;      ///< data/pg: belongs to whoever started the program
  std::filesystem::path cluster;   ///< PostgreSQL's data directory, belongs to the server's user
  std::filesystem::path settings;  ///< server.conf
  std::filesystem::path access;    ///< hba.conf
  std::filesystem::path log;

  bool initialised() const;
  /// The major version that wrote the cluster.
  int major_version() const;
  /// The socket's directory for a server that runs as `user`.
  std::filesystem::path socket_directory(const os_user& user) const;
  /// Makes the socket's directory or makes sure that the one there is private to `user`. Throws
  /// cluster_error.
  void prepare_socket_directory(const os_user& user) const;
};

/// Makes the data directory where missing, passable for `postgres` when root makes it. Gives its canonical
/// path.
std::filesystem::path prepare_data_directory(const std::filesystem::path& data);

/// Whom the server runs as; see private_cluster. Throws cluster_error when the cluster belongs to somebody
/// else.
os_user server_user(const cluster_files& files);

struct server_binaries {
  std::filesystem::path directory;
  int major = 0;
};
/// PostgreSQL's programs: those of KEYWORK_PG_BIN, else the newest under /usr/lib/postgresql from version 15,
/// or, for a cluster that exists, those of the version that wrote it. Throws cluster_error.
server_binaries find_binaries(const cluster_files& files);

/// Makes the cluster beside its final place and renames it when complete, so that an interrupted one never
/// counts.
void initialise(const cluster_files& files, const server_binaries& binaries, const os_user& user, bool fast);

/// Writes server.conf and hba.conf.
void write_settings(const cluster_files& files, const os_user& user, bool fast);

/// What a failed server or initdb said, as advice.
std::string explain_failure(const cluster_files& files, const std::string& said);

/// The file that says who owns the server.
class data_lock {
 public:
  explicit data_lock(const cluster_files& files);
  ~data_lock();
  data_lock(const data_lock&) = delete;
  data_lock& operator=(const data_lock&) = delete;

  /// Takes the lock if it is free; never waits.
  bool try_take();
  bool taken() const { return taken_; }
  /// Tells others who has the lock.
  void describe(cluster_use use, bool ready);

  struct holder {
    bool serves = false;
    bool ready = false;
    std::string pid;
  };
  /// What the one who has the lock said of itself; empty while it has said nothing.
  holder read_holder() const;

 private:
  int file_ = -1;
  bool taken_ = false;
};

}  // namespace store
