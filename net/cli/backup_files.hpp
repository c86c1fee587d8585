#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "model/describe.hpp"
#include "model/time.hpp"

namespace net::cli {

struct backup_file {
  model::text<100> name;
  std::int64_t size = 0;
  model::text<64, 64> sha256;
};
BOOST_DESCRIBE_STRUCT(backup_file, (), (name, size, sha256))

/// What a backup says of itself: manifest.json.
struct backup_manifest {
  /// Of this description and of the files beside it.
  std::int64_t format = 1;
  /// The program's version and the number of the latest migration.
  model::text<100> version;
  std::int64_t schema = 0;
  model::instant made_at;
  std::vector<backup_file> files;
};
BOOST_DESCRIBE_STRUCT(backup_manifest, (), (format, version, schema, made_at, files))

// The files of a backup.
inline constexpr const char* manifest_name = "manifest.json";
inline constexpr const char* dump_name = "keywork.dump";
inline constexpr const char* key_name = "key";
inline constexpr const char* erasures_name = "erasures.jsonl";

/// A backup that is being written, under a name that no reader takes for one. Goes away again unless it is
/// finished; one that a killed program left goes with the next.
class backup_draft {
 public:
  /// `final` must not be there, or be empty. Makes it and its parents private to the user. Throws
  /// std::runtime_error, std::filesystem::filesystem_error.
  explicit backup_draft(std::filesystem::path final);
  ~backup_draft();
  backup_draft(const backup_draft&) = delete;
  backup_draft& operator=(const backup_draft&) = delete;

  std::filesystem::path operator/(const char* name) const { return path_ / name; }
  /// Describes the files, writes all of it to the disk and gives it its name.
  void finish(backup_manifest manifest);

 private:
  std::filesystem::path final_;
  std::filesystem::path path_;
  int lock_ = -1;
};

/// The manifest of a backup whose files are all there and as they were written. `hash`: where to put the
/// manifest's own. Throws std::runtime_error that says what is wrong with it.
backup_manifest verified_manifest(const std::filesystem::path& backup, std::string& hash);

/// A new file of mode 0600, written to the disk.
void write_private_file(const std::filesystem::path& path, std::string_view content);
/// The whole of a small file. Throws std::runtime_error.
std::string read_small_file(const std::filesystem::path& path);

}  // namespace net::cli
