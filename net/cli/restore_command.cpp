#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>

#include "model/clock.hpp"
#include "net/cli/backup_files.hpp"
#include "net/cli/commands.hpp"
#include "net/cli/database.hpp"
#include "odb/migrate.hpp"
#include "odb/migrations.hpp"
#include "odb/restoration.hpp"

namespace net::cli {
namespace {

namespace fs = std::filesystem;

struct restore_options {
  fs::path from;
  std::vector<fs::path> ledgers;
};

/// Where the entries of the ledger of erasures are read from, each file once: the backup's own, the one
/// beside the data, and those that were saved elsewhere.
std::vector<fs::path> ledgers_for(const options& o, const restore_options& asked) {
  std::vector<fs::path> all{asked.from / erasures_name};
  if (fs::exists(o.data / "erasures.log")) all.push_back(o.data / "erasures.log");
  for (const auto& file : asked.ledgers) {
    if (!fs::is_regular_file(file)) throw usage_error("--ledger: there is no file " + file.string());
    all.push_back(file);
  }
  return all;
}

/// Somebody else's key is not overwritten; the backup's own is there after an interrupted restore.
void refuse_other_key(const options& o, const restore_options& asked) {
  const auto key = o.data / "key";
  if (fs::exists(key) && read_small_file(key) != read_small_file(asked.from / key_name))
    throw std::runtime_error(key.string() +
                             " is another key than the backup's, and a restore overwrites nothing. Choose "
                             "another --data, or move the key away if nothing needs it");
}

/// The directory's name, also where a slash was put behind it.
std::string name_of(const fs::path& backup) {
  const auto whole = fs::absolute(backup).lexically_normal();
  return (whole.has_filename() ? whole : whole.parent_path()).filename().string();
}

void put_key(const options& o, const restore_options& asked) {
  const auto key = o.data / "key", draft = o.data / "key.restored";
  if (fs::exists(key)) return;
  fs::remove(draft);
  write_private_file(draft, read_small_file(asked.from / key_name));
  fs::rename(draft, key);
}

void replay(store::restoration& to, const std::vector<fs::path>& ledgers) {
  for (const auto& file : ledgers) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read " + file.string());
    std::int64_t number = 0;
    for (std::string line; std::getline(in, line);) {
      ++number;
      // A program that was killed while it wrote leaves the last line unfinished.
      if (in.eof()) {
        say(file.string() + ": the last line is unfinished and left out");
        break;
      }
      if (!to.erase_again(line))
        throw std::runtime_error(
            file.string() + ", line " + std::to_string(number) +
            ": this is no entry of the ledger of erasures. The restore is not finished; mend "
            "or leave out that file and run it again");
      if (number % 1000 == 0) say("  " + std::to_string(number) + " entries");
    }
    say("replayed " + std::to_string(number) + " erasures of " + file.string());
  }
}

/// Told while the restore can still be stopped, and begun anew with a ledger.
void warn_without_ledger(const std::vector<fs::path>& ledgers, model::instant made_at) {
  if (ledgers.size() > 1) return;
  say("WARNING: no ledger of erasures is newer than the backup. What was erased after " +
      model::to_text(made_at) +
      " comes back, unless its ledger is given: --ledger with the erasures.log of the lost data, or with the "
      "erasures.jsonl of a later backup");
}

/// What nobody can tell from a backup, and what to do about it.
void tell_of_access(const store::restoration::ended& ended, model::instant made_at) {
  const auto then = model::to_text(made_at);
  std::cout
      << "ended: " << ended.sessions << " browsers' logins and " << ended.links
      << " links that nobody had used. People sign in anew, and invite again whom they still wait for\n"
      << "bearer tokens: " << ended.tokens << " are good as of " << then
      << ", also those that were revoked since. Before you serve: 'keywork token list', and 'keywork "
         "token end'\n"
      << "access that was ended after " << then
      << " is there again: assignments, members, landlords of a property manager. Nothing here tells of "
         "it: compare each organisation's members and each case's team with what you know, and end it "
         "once more"
      << std::endl;
}

int restore(const options& o, const restore_options& asked) {
  if (!o.database_url.empty() && o.migration_url.empty())
    throw usage_error("restore needs --migration-url beside --database-url");
  const auto ledgers = ledgers_for(o, asked);
  say("verifying the backup");
  std::string hash;
  const auto manifest = verified_manifest(asked.from, hash);
  if (manifest.schema > static_cast<std::int64_t>(store::migrations().size()))
    throw std::runtime_error("the backup was made by a newer program (" + manifest.version.value +
                             "), which can restore it");
  refuse_other_key(o, asked);
  warn_without_ledger(ledgers, manifest.made_at);
  const database db(o, store::cluster_use::command, no_data::begun, half_restored::welcome);
  if (db.is_served()) throw std::runtime_error("a 'serve' runs on " + o.data.string() + ". Stop it first");
  store::restoration to(db.owner(), hash, name_of(asked.from));
  fs::create_directories(o.data);
  put_key(o, asked);
  if (!to.is_loaded()) {
    say("restoring the database as of " + model::to_text(manifest.made_at));
    to.load(asked.from / dump_name, say);
  }
  db.migrate();
  replay(to, ledgers);
  const auto now = model::system_clock().now();
  const auto ended = to.end_logins(now);
  const auto held = to.hold_back(now);
  store::refuse_unsafe_service_role(db.service());
  to.finish();
  std::cout << "restored as of " << model::to_text(manifest.made_at) << "; " << held
            << " mails that waited then are held back, for 'keywork outbox'" << std::endl;
  tell_of_access(ended, manifest.made_at);
  return 0;
}

}  // namespace

void add_restore(command_line& to) {
  const auto asked = std::make_shared<restore_options>();
  auto& restoring = to.add("restore", "Bring a backup into an empty --data or an empty database",
                           [asked](const options& o) { return restore(o, *asked); });
  restoring.footer(
      "What was erased after the backup is erased again: by the ledger in the backup, by erasures.log in "
      "--data, "
      "and by every --ledger. An interrupted restore goes on when it is run again.");
  restoring.add_option("--from", asked->from, "The backup: the directory with manifest.json in it")
      ->required();
  restoring.add_option("--ledger", asked->ledgers,
                       "An erasures.log that was saved, or the erasures.jsonl of a later backup; any number");
}

}  // namespace net::cli
