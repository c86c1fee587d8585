#include "net/cli/database.hpp"

#include "actors/log.hpp"
#include "net/cli/command_line.hpp"
#include "net/cli/rehearsal.hpp"
#include "odb/migrate.hpp"
#include "odb/migrations.hpp"
#include "odb/restoration.hpp"

namespace net::cli {

namespace {

namespace fs = std::filesystem;

void refuse_missing(const fs::path& data) {
  // What cannot be looked at is not missing: private_cluster says what is in the way.
  std::error_code closed;
  if (fs::status(data / "pg" / "cluster", closed).type() == fs::file_type::not_found)
    throw store::cluster_error("there is no Keywork data in " +
                               fs::absolute(data).lexically_normal().string() +
                               ": give the --data of a serve");
}

}  // namespace

database::database(const options& o, store::cluster_use use, no_data none, half_restored what)
    : progress_(use == store::cluster_use::serve ? tell : say) {
  if (o.database_url.empty()) {
    if (none == no_data::refused) refuse_missing(o.data);
    cluster_.emplace(o.data, progress_, store::cluster_options{use, false});
    service_ = cluster_->service_conninfo();
    owner_ = cluster_->owner_conninfo();
  } else {
    service_ = o.database_url;
    owner_ = o.migration_url;
  }
  if (what == half_restored::refused) store::refuse_half_restored(owner_.empty() ? service_ : owner_);
}

void database::migrate() const {
  if (!owner_.empty()) store::migrate(owner_, store::migrations(), progress_);
}

const model::clock& database::clock() const {
  // Nobody knows whether an external database is served: what was kept last then says so.
  if (!clock_) clock_ = command_clock(service_, is_served() || !cluster_);
  return *clock_;
}

void database::revive() {
  if (cluster_ && cluster_->revive())
    actors::log::warning("database.started_again", {{"why", "the private PostgreSQL had ended"}});
}

}  // namespace net::cli
