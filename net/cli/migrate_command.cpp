#include <CLI/CLI.hpp>
#include <iostream>

#include "net/cli/commands.hpp"
#include "net/cli/database.hpp"
#include "odb/migrate.hpp"
#include "odb/migrations.hpp"

namespace net::cli {
namespace {

int migrate(const options& o, bool dry_run) {
  const database db(o, store::cluster_use::command, no_data::begun);
  const auto& owner = db.owner().empty() ? db.service() : db.owner();
  if (dry_run) {
    const auto names = store::pending(owner, store::migrations());
    for (const auto& name : names) std::cout << "would apply " << name << '\n';
    if (names.empty()) std::cout << "the schema is up to date\n";
    return 0;
  }
  const auto report = store::migrate(owner, store::migrations(), say);
  std::cout << "the schema is at " << report.to << ", " << report.applied.size() << " migrations applied\n";
  return 0;
}

}  // namespace

void add_migrate(command_line& to) {
  const auto dry_run = std::make_shared<bool>(false);
  to.add("migrate", "Bring the database's schema up to date", [dry_run](const options& o) {
      return migrate(o, *dry_run);
    }).add_flag("--dry-run", *dry_run, "Only say what would be applied");
}

}  // namespace net::cli
