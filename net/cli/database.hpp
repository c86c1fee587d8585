#pragma once
#include <memory>
#include <optional>
#include <string>

#include "model/clock.hpp"
#include "net/options.hpp"
#include "odb/private_cluster.hpp"

namespace net::cli {

/// Whether a private database is begun where there is none. A mistyped --data would else be answered from an
/// empty one.
enum class no_data { refused, begun };

/// Whether a database may be opened that a restore has not brought to its end.
enum class half_restored { refused, welcome };

/// The database: a private PostgreSQL under the data directory, or the one that --database-url names. Lives
/// on the thread that made it.
class database {
 public:
  /// Throws what private_cluster throws; cluster_error for a database that is not to be opened.
  database(const options& o, store::cluster_use use, no_data none = no_data::refused,
           half_restored what = half_restored::refused);

  /// Brings the schema up to date where this program may; an external database without --migration-url is the
  /// administrator's (`keywork migrate`).
  void migrate() const;
  /// For the program's work.
  const std::string& service() const { return service_; }
  /// For migrations; empty for an external database without --migration-url.
  const std::string& owner() const { return owner_; }
  /// What time it is for this data: the machine's, or, where somebody rehearses, that of the rehearsal. For
  /// commands; needs the schema.
  const model::clock& clock() const;
  /// Whether a `serve` uses the private PostgreSQL meanwhile.
  bool is_served() const { return cluster_ && !cluster_->owns_server(); }
  void revive();

 private:
  store::progress progress_;
  std::optional<store::private_cluster> cluster_;
  std::string service_;
  std::string owner_;
  mutable std::shared_ptr<const model::clock> clock_;
};

}  // namespace net::cli
