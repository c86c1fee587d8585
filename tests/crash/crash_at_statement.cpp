// Preloaded into the real program by tests/functional/test_crash.py: stands between it and libpq, counts what
// it says to the database in one role (`KEYWORK_CRASH_ROLE`), and kills it as kill -9 does at a chosen place.
//   KEYWORK_CRASH_BEFORE=n  the n-th statement is not said any more
//   KEYWORK_CRASH_AFTER=n   the answer to the n-th statement is not heard any more
//   KEYWORK_CRASH_LOG=file  a line for each: its number, and its name or text (never a value)
// A statement counts from the one that takes the role to the end of its transaction, COMMIT included.
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <strings.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

struct pg_conn;
struct pg_result;

namespace {

long number_in(const char* variable) {
  const char* text = std::getenv(variable);
  return text ? std::atol(text) : 0;
}

class crash {
 public:
  static crash& the() {
    static crash one;
    return one;
  }

  /// The number of this statement before it is said; 0 for one that does not count.
  long begins(pg_conn* on, std::string_view what, const char* const* values, const int* lengths) {
    const std::scoped_lock lock(guard_);
    if (what == "bind") in_role_[on] = is_role(values, lengths);
    const auto found = in_role_.find(on);
    if (found == in_role_.end() || !found->second) return 0;
    write_down(what);
    if (++count_ == before_) end();
    return count_;
  }

  void ended(pg_conn* on, std::string_view what, long number) {
    const std::scoped_lock lock(guard_);
    if (number == after_) end();
    if (is_end(what)) in_role_.erase(on);
  }

  void forget(pg_conn* closed) {
    const std::scoped_lock lock(guard_);
    in_role_.erase(closed);
  }

 private:
  crash() {
    if (const char* role = std::getenv("KEYWORK_CRASH_ROLE")) role_ = role;
    if (const char* log = std::getenv("KEYWORK_CRASH_LOG"))
      log_ = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  }

  bool is_role(const char* const* values, const int* lengths) const {
    if (!values || !values[0]) return false;
    const auto length = lengths ? static_cast<std::size_t>(lengths[0]) : std::strlen(values[0]);
    return std::string_view(values[0], length) == role_;
  }
  static bool is_end(std::string_view what) {
    return strncasecmp(what.data(), "commit", 6) == 0 || strncasecmp(what.data(), "rollback", 8) == 0;
  }
  void write_down(std::string_view what) {
    if (log_ < 0) return;
    const auto line = std::to_string(count_ + 1) + " " + std::string(what.substr(0, what.find('\n'))) + "\n";
    if (write(log_, line.data(), line.size()) < 0) end();
  }
  [[noreturn]] static void end() {
    kill(getpid(), SIGKILL);
    for (;;) pause();
  }

  std::mutex guard_;
  std::map<pg_conn*, bool> in_role_;
  std::string role_;
  const long before_ = number_in("KEYWORK_CRASH_BEFORE");
  const long after_ = number_in("KEYWORK_CRASH_AFTER");
  long count_ = 0;
  int log_ = -1;
};

/// libpq's own function of that name.
template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

template <class Say>
pg_result* said(pg_conn* on, const char* what, const char* const* values, const int* lengths, Say say) {
  const long number = crash::the().begins(on, what, values, lengths);
  auto* result = say();
  if (number > 0) crash::the().ended(on, what, number);
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
}
