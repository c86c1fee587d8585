#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>

#include "net/cli/backup_files.hpp"
#include "net/cli/commands.hpp"
#include "net/cli/database.hpp"
#include "odb/dump.hpp"

namespace net::cli {
namespace {

namespace fs = std::filesystem;

/// `keywork-20261121T093000Z`
std::string name_for(model::instant at) {
  std::string name = "keywork-";
  for (const char c : model::to_text(std::chrono::floor<std::chrono::seconds>(at)))
    if (c != '-' && c != ':') name += c;
  return name;
}

std::int64_t write_erasures(store::dump_source& source, const fs::path& file) {
  std::ofstream out(file, std::ios::binary);
  std::int64_t count = 0;
  source.each_erasure([&](std::string_view line) {
    out << line << '\n';
    ++count;
  });
  out.close();
  if (!out) throw std::runtime_error("cannot write " + file.string() + ": is the disk full?");
  return count;
}

int backup(const options& o, const fs::path& to) {
  const database db(o, store::cluster_use::command);
  const auto key = o.data / "key";
  if (!fs::exists(key))
    throw std::runtime_error("the key " + key.string() +
                             " is not there, and belongs to a backup. Say the --data that 'serve' uses");
  const auto at = model::system_clock().now();
  const auto place = to / name_for(at);
  backup_draft draft(place);
  store::dump_source source(db.owner().empty() ? db.service() : db.owner());
  say("writing the database");
  source.write(draft / dump_name, say);
  write_private_file(draft / key_name, read_small_file(key));
  const auto erasures = write_erasures(source, draft / erasures_name);
  say("the key, and " + std::to_string(erasures) + " entries of the ledger of erasures; now the checksums");
  draft.finish({1, {KEYWORK_VERSION}, source.schema(), at, {}});
  std::cout << "backup " << fs::absolute(place).string() << std::endl;
  return 0;
}

}  // namespace

void add_backup(command_line& to) {
  const auto directory = std::make_shared<fs::path>();
  auto& making = to.add("backup", "Write a backup; works beside a running serve",
                        [directory](const options& o) { return backup(o, *directory); });
  making.footer(
      "With --database-url, which may be an administrator's then, the key is taken from --data all the "
      "same.");
  making.add_option("--to", *directory, "The directory in which the backup's own is made, keywork-INSTANT")
      ->required();
}

}  // namespace net::cli
