#pragma once
// What the tests of large bodies share.
#include <stdlib.h>

#include <filesystem>
#include <stdexcept>
#include <string>

#include "net/http/listener.hpp"
#include "tests/net/http/client.hpp"

namespace net::http::testing {

namespace fs = std::filesystem;

inline std::string put_head(std::size_t size, const std::string& target = "/",
                            const std::string& headers = {}) {
  return "PUT " + target + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(size) + "\r\n" +
         headers + "\r\n";
}

/// Bytes of which no two pages are alike.
inline std::string content(std::size_t size, std::size_t from = 0) {
  std::string out(size, '\0');
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<char>(((from + i) * 2654435761u) >> 13);
  return out;
}

inline std::string code(const answer& a) {
  const auto at = a.body.find("\"code\":\"") + 8;
  return a.body.substr(at, a.body.find('"', at) - at);
}

/// A directory of the test's own.
class directory {
 public:
  directory() {
    std::string name = (fs::temp_directory_path() / "http-uploads-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error("no directory for the test");
    path_ = name;
  }
  ~directory() { fs::remove_all(path_); }
  std::string path() const { return path_.string(); }
  /// Open files of this process below it, with and without a name.
  std::size_t open_files() const {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
      std::error_code gone;
      count += fs::read_symlink(entry.path(), gone).string().starts_with(path_.string() + "/");
    }
    return count;
  }

 private:
  fs::path path_;
};

inline listener_options spooling(const directory& d) {
  listener_options o;
  o.body_limit = [](const request&) -> std::size_t { return 100'000'000; };
  o.spool_above = 1000;
  o.spool_directory = d.path();
  return o;
}

inline bool none_left(const served& server) {
  return server.eventually([](const auto& k) { return k.spooled == 0; });
}

}  // namespace net::http::testing
