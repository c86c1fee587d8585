#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "actors/retention_sweep.hpp"

namespace actors {
namespace {

constexpr std::size_t lines_at_once = 200;

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

class opened_file {
 public:
  explicit opened_file(const std::filesystem::path& path)
      : path_(path.string()),
        file_(::open(path_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) {
    if (file_ < 0) fail("cannot open " + path_);
  }
  ~opened_file() { ::close(file_); }
  opened_file(const opened_file&) = delete;
  opened_file& operator=(const opened_file&) = delete;

  /// Until it is closed nobody else writes there: a command does beside a serve.
  void lock() const {
    while (::flock(file_, LOCK_EX) != 0)
      if (errno != EINTR) fail("cannot lock " + path_);
  }
  /// A program that was killed while it wrote left a line without its end; nothing may be put behind it.
  bool ends_in_a_line() const {
    char last = '\n';
    const auto size = ::lseek(file_, 0, SEEK_END);
    if (size < 0 || (size > 0 && ::pread(file_, &last, 1, size - 1) != 1)) fail("cannot read " + path_);
    return last == '\n';
  }
  void cut_unfinished() const {
    auto end = ::lseek(file_, 0, SEEK_END);
    char last = 0;
    while (end > 0 && last != '\n') {
      if (::pread(file_, &last, 1, end - 1) != 1) fail("cannot read " + path_);
      if (last != '\n') --end;
    }
    if (::ftruncate(file_, end) != 0) fail("cannot write " + path_);
  }
  void write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const auto written = ::write(file_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail("cannot write " + path_);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(file_) != 0) fail("cannot write " + path_);
  }

 private:
  std::string path_;
  int file_;
};

}  // namespace

bool erasure_log::catch_up(store::session& s) const {
  const auto entries = store::unwritten_erasures(s, lines_at_once);
  if (entries.empty()) return false;
  std::string lines;
  for (const auto& e : entries) lines += e.line + '\n';
  append(lines);
  // Only now: after a crash in between they are written again, and read twice.
  store::erasures_written(s, entries);
  return entries.size() == lines_at_once;
}

void erasure_log::append(const std::string& lines) const {
  const opened_file file(file_);
  file.lock();
  if (!file.ends_in_a_line()) file.cut_unfinished();
  file.write(lines);
}

}  // namespace actors
