#include "net/cli/backup_files.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "model/json.hpp"
#include "net/json_in.hpp"

namespace net::cli {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// An open file, closed at the end.
class open_file {
 public:
  open_file(const fs::path& path, int flags, mode_t mode = 0)
      : path_(path), file_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {
    if (file_ < 0) fail("cannot open " + path.string());
  }
  ~open_file() { ::close(file_); }
  open_file(const open_file&) = delete;
  open_file& operator=(const open_file&) = delete;

  std::size_t read(char* to, std::size_t most) {
    for (;;) {
      const auto got = ::read(file_, to, most);
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) fail("cannot read " + path_.string());
    }
  }
  void write(std::string_view content) {
    while (!content.empty()) {
      const auto put = ::write(file_, content.data(), content.size());
      if (put < 0 && errno != EINTR) fail("cannot write " + path_.string());
      if (put > 0) content.remove_prefix(static_cast<std::size_t>(put));
    }
  }
  void sync() {
    if (::fsync(file_) != 0) fail("cannot write " + path_.string() + " to the disk");
  }

 private:
  fs::path path_;
  int file_;
};

void sync(const fs::path& path) { open_file(path, O_RDONLY).sync(); }

backup_file described(const fs::path& path) {
  open_file file(path, O_RDONLY | O_NOFOLLOW);
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  backup_file found{{path.filename().string()}, 0, {}};
  std::vector<char> piece(1 << 20);
  while (const auto got = file.read(piece.data(), piece.size())) {
    crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(piece.data()), got);
    found.size += static_cast<std::int64_t>(got);
  }
  std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
  crypto_hash_sha256_final(&state, hash.data());
  std::array<char, 2 * crypto_hash_sha256_BYTES + 1> hex{};
  sodium_bin2hex(hex.data(), hex.size(), hash.data(), hash.size());
  found.sha256.value = hex.data();
  return found;
}

constexpr std::string_view draft_prefix = ".unfinished-";

int lock_directory(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) fail("cannot open " + path.string());
  if (::flock(file, LOCK_EX | LOCK_NB) == 0) return file;
  ::close(file);
  return -1;
}

/// What programs that were killed have left; what one is still writing has its lock.
void remove_leftovers(const fs::path& directory) {
  for (const auto& entry : fs::directory_iterator(directory)) {
    if (!entry.path().filename().string().starts_with(draft_prefix)) continue;
    const int lock = lock_directory(entry.path());
    if (lock < 0) continue;
    fs::remove_all(entry.path());
    ::close(lock);
  }
}

[[noreturn]] void refuse(const fs::path& backup, const std::string& why) {
  throw std::runtime_error(backup.string() + " is no whole backup: " + why + ". Nothing was changed.");
}

bool is_plain_name(const std::string& name) {
  return !name.starts_with('.') && name.find('/') == std::string::npos && name != manifest_name;
}

}  // namespace

backup_draft::backup_draft(fs::path final) : final_(fs::absolute(std::move(final))) {
  const auto directory = final_.parent_path();
  std::error_code why;
  fs::create_directories(directory, why);
  if (why) throw std::runtime_error("--to: " + directory.string() + " cannot be made: " + why.message());
  remove_leftovers(directory);
  if (fs::exists(final_) && !(fs::is_directory(final_) && fs::is_empty(final_)))
    throw std::runtime_error(final_.string() + " is there already, and a backup overwrites nothing");
  path_ =
      directory / (std::string(draft_prefix) + final_.filename().string() + "-" + std::to_string(::getpid()));
  if (::mkdir(path_.c_str(), 0700) != 0) fail("cannot make the directory " + path_.string());
  lock_ = lock_directory(path_);
}

backup_draft::~backup_draft() {
  std::error_code left_behind;
  if (!path_.empty()) fs::remove_all(path_, left_behind);
  if (lock_ >= 0) ::close(lock_);
}

void backup_draft::finish(backup_manifest manifest) {
  for (const char* name : {dump_name, key_name, erasures_name}) {
    if (::chmod((path_ / name).c_str(), 0600) != 0) fail("cannot set the mode of " + (path_ / name).string());
    sync(path_ / name);
    manifest.files.push_back(described(path_ / name));
  }
  write_private_file(path_ / manifest_name, model::to_json(manifest) + "\n");
  sync(path_);
  if (::rename(path_.c_str(), final_.c_str()) != 0)
    fail("cannot rename " + path_.string() + " to " + final_.string());
  path_.clear();
  sync(final_.parent_path());
}

backup_manifest verified_manifest(const fs::path& backup, std::string& hash) {
  const auto at = backup / manifest_name;
  if (!fs::exists(at)) refuse(backup, "there is no manifest.json in it");
  auto read = read_json<backup_manifest>(read_small_file(at));
  if (const auto* no = std::get_if<model::refusal>(&read))
    refuse(backup, "its manifest.json cannot be read: " + no->detail);
  auto& manifest = std::get<backup_manifest>(read);
  if (manifest.format != 1)
    refuse(backup, "it was made by a newer program (" + manifest.version.value + "), which can restore it");
  for (const char* wanted : {dump_name, key_name, erasures_name})
    if (std::none_of(manifest.files.begin(), manifest.files.end(),
                     [&](const auto& file) { return file.name.value == wanted; }))
      refuse(backup, std::string("its manifest.json does not name ") + wanted);
  for (const auto& file : manifest.files) {
    if (!is_plain_name(file.name.value)) refuse(backup, "its manifest.json names a file elsewhere");
    const auto path = backup / file.name.value;
    if (!fs::exists(path)) refuse(backup, file.name.value + " is missing");
    const auto found = described(path);
    if (found.size != file.size || found.sha256.value != file.sha256.value)
      refuse(backup, file.name.value + " is not what was written");
  }
  hash = described(at).sha256.value;
  return std::move(manifest);
}

void write_private_file(const fs::path& path, std::string_view content) {
  open_file file(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
  file.write(content);
  file.sync();
}

std::string read_small_file(const fs::path& path) {
  constexpr std::size_t most = 1 << 20;
  open_file file(path, O_RDONLY | O_NOFOLLOW);
  std::string content(most, '\0');
  std::size_t got = 0;
  while (const auto more = file.read(content.data() + got, most - got)) got += more;
  if (got == most) throw std::runtime_error(path.string() + " is larger than it may be");
  content.resize(got);
  return content;
}

}  // namespace net::cli
