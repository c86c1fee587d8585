#include "net/cli/database.hpp"

#include "actors/log.hpp"
#include "net/cli/command_line.hpp"
#include "net/cli/rehearsal.hpp"
#include "odb/migrate.hpp"
#include "odb/migrations.hpp"
#include "odb/restoration.hpp"

namespace net::cli {

database::database(const options& o, store::cluster_use use, half_restored what)
    : progress_(use == store::cluster_use::serve ? tell : say) {
  if (o.database_url.empty()) {
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
