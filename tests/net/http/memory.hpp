#pragma once
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <fstream>

namespace net::http::testing {

/// Bytes of this process that are in memory now.
inline std::size_t resident() {
  std::size_t all = 0;
  std::size_t in_memory = 0;
  std::ifstream("/proc/self/statm") >> all >> in_memory;
  return in_memory * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

/// Whether memory in use means anything: sanitizers keep what has been given back.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool memory_tells = false;
#else
inline constexpr bool memory_tells = true;
#endif

/// How far the memory in use has risen above where it was when this was made, at most.
class high_tide {
 public:
  void look() { highest_ = std::max(highest_, resident()); }
  std::size_t risen() const { return highest_ > before_ ? highest_ - before_ : 0; }

 private:
  std::size_t before_ = resident();
  std::size_t highest_ = 0;
};

}  // namespace net::http::testing
