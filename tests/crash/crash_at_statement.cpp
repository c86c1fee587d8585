// Preloaded into the real program by tests/functional/crashes.py: stands between it and libpq, and between it
// and one file, counts the places where it could be killed, and kills it as kill -9 does at the chosen one.
//   KEYWORK_CRASH_ROLE=name  what is said in this role counts, from the statement that takes it to COMMIT,
//                            and the moment after COMMIT, when it is done and nothing that follows from it is
//   KEYWORK_CRASH_FROM=text  what a connection says counts, from a statement that begins with this text on
//   KEYWORK_CRASH_FILE=path  what is done with this file counts; a write is done in pieces
//   KEYWORK_CRASH_AT=n       the n-th place is the end
//   KEYWORK_CRASH_LOG=file   a line for each place: its number and what it is, never a value
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <strings.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

struct pg_conn;
struct pg_result;

namespace {

/// The C library's or libpq's own function of that name.
template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

std::string setting(const char* variable) {
  const char* text = std::getenv(variable);
  return text ? text : "";
}

ssize_t really_write(int fd, const void* data, std::size_t size) {
  static auto* real = next<ssize_t(int, const void*, std::size_t)>("write");
  return real(fd, data, size);
}

class crash {
 public:
  static crash& the() {
    static crash one;
    return one;
  }

  /// Before a statement is said; true if it counts.
  bool begins(pg_conn* on, std::string_view what, const char* const* values, const int* lengths) {
    const std::scoped_lock lock(guard_);
    if (!from_.empty() && what.starts_with(from_)) counted_[on] = until::closed;
    if (what == "bind" && counted_[on] != until::closed)
      counted_[on] = is_role(values, lengths) ? until::end : until::never;
    const auto found = counted_.find(on);
    if (found == counted_.end() || found->second == until::never) return false;
    place(what);
    return true;
  }

  void ended(pg_conn* on, std::string_view what) {
    const std::scoped_lock lock(guard_);
    if (!is_end(what)) return;
    place("after " + std::string(what));
    if (counted_[on] == until::end) counted_.erase(on);
  }

  void forget(pg_conn* closed) {
    const std::scoped_lock lock(guard_);
    counted_.erase(closed);
  }

  bool is_file(int fd) const {
    if (file_.empty()) return false;
    char path[PATH_MAX];
    const auto length = readlink(("/proc/self/fd/" + std::to_string(fd)).c_str(), path, sizeof path);
    return length > 0 && std::string_view(path, static_cast<std::size_t>(length)) == file_;
  }

  void touches(std::string_view what) {
    const std::scoped_lock lock(guard_);
    place(what);
  }

 private:
  enum class until { never, end, closed };

  crash() {
    if (const auto log = setting("KEYWORK_CRASH_LOG"); !log.empty())
      log_ = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  }

  bool is_role(const char* const* values, const int* lengths) const {
    if (!values || !values[0]) return false;
    const auto length = lengths ? static_cast<std::size_t>(lengths[0]) : std::strlen(values[0]);
    return std::string_view(values[0], length) == role_;
  }
  static bool is_end(std::string_view what) {
    return strncasecmp(what.data(), "commit", 6) == 0 || strncasecmp(what.data(), "rollback", 8) == 0;
  }
  void place(std::string_view what) {
    ++count_;
    const auto line = std::to_string(count_) + " " + std::string(what.substr(0, what.find('\n'))) + "\n";
    if (log_ >= 0 && really_write(log_, line.data(), line.size()) < 0) end();
    if (count_ == at_) end();
  }
  [[noreturn]] static void end() {
    kill(getpid(), SIGKILL);
    for (;;) pause();
  }

  std::mutex guard_;
  std::map<pg_conn*, until> counted_;
  const std::string role_ = setting("KEYWORK_CRASH_ROLE");
  const std::string from_ = setting("KEYWORK_CRASH_FROM");
  const std::string file_ = setting("KEYWORK_CRASH_FILE");
  const long at_ = std::atol(setting("KEYWORK_CRASH_AT").c_str());
  long count_ = 0;
  int log_ = -1;
};

template <class Say>
pg_result* said(pg_conn* on, const char* what, const char* const* values, const int* lengths, Say say) {
  const bool counts = crash::the().begins(on, what, values, lengths);
  auto* result = say();
  if (counts) crash::the().ended(on, what);
  return result;
}

}  // namespace

extern "C" {

pg_result* PQexec(pg_conn* on, const char* text) {
  static auto* real = next<pg_result*(pg_conn*, const char*)>("PQexec");
  return said(on, text, nullptr, nullptr, [&] { return real(on, text); });
}

pg_result* PQexecParams(pg_conn* on, const char* text, int count, const unsigned* types,
                        const char* const* values, const int* lengths, const int* formats, int format) {
  static auto* real = next<pg_result*(pg_conn*, const char*, int, const unsigned*, const char* const*,
                                      const int*, const int*, int)>("PQexecParams");
  return said(on, text, values, lengths,
              [&] { return real(on, text, count, types, values, lengths, formats, format); });
}

pg_result* PQexecPrepared(pg_conn* on, const char* name, int count, const char* const* values,
                          const int* lengths, const int* formats, int format) {
  static auto* real =
      next<pg_result*(pg_conn*, const char*, int, const char* const*, const int*, const int*, int)>(
          "PQexecPrepared");
  return said(on, name, values, lengths,
              [&] { return real(on, name, count, values, lengths, formats, format); });
}

void PQfinish(pg_conn* on) {
  static auto* real = next<void(pg_conn*)>("PQfinish");
  crash::the().forget(on);
  real(on);
}

ssize_t write(int fd, const void* data, std::size_t size) {
  if (!crash::the().is_file(fd)) return really_write(fd, data, size);
  const auto* bytes = static_cast<const char*>(data);
  const std::pair<const char*, std::size_t> pieces[] = {{"write nothing", 1},
                                                        {"write a byte", size / 2},
                                                        {"write half", size - 1},
                                                        {"write all but a byte", size}};
  std::size_t done = 0;
  for (const auto& [so_far, upto] : pieces) {
    crash::the().touches(so_far);
    while (done < upto) {
      const auto written = really_write(fd, bytes + done, upto - done);
      if (written < 0) return done > 0 ? static_cast<ssize_t>(done) : written;
      done += static_cast<std::size_t>(written);
    }
  }
  return static_cast<ssize_t>(size);
}

int fsync(int fd) {
  static auto* real = next<int(int)>("fsync");
  if (crash::the().is_file(fd)) crash::the().touches("fsync");
  return real(fd);
}

int ftruncate(int fd, off_t length) noexcept {
  static auto* real = next<int(int, off_t)>("ftruncate");
  if (crash::the().is_file(fd)) crash::the().touches("ftruncate");
  return real(fd, length);
}
}
