#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <utility>

#include "net/http/listener.hpp"
#include "tests/net/http/client.hpp"
#include "tests/net/http/producer.hpp"

namespace net::http::testing {

inline const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

/// A server whose every request is answered with that stream, unless its path is /plain.
class streaming : public served {
 public:
  explicit streaming(const producer& p, listener_options options = {}, unsigned status = 200)
      : served(std::move(options), [flow = p.flow(), status](served& self, exchange to, const request& r) {
          if (r.path == "/plain") return self.answer(to, "plain");
          response out;
          out.status = status;
          out.stream = flow;
          self.listener().answer(to, std::move(out));
        }) {}
};

inline bool no_streams(const served& server) {
  return server.eventually([](const auto& k) { return k.streams == 0; });
}

inline std::string plain(client& c) {
  c.send("GET /plain HTTP/1.1\r\nHost: a\r\n\r\n");
  return c.read().body;
}

inline constexpr std::size_t part_size = 50'000;

inline std::string content(std::size_t from) {
  std::string out(part_size, '\0');
  for (std::size_t i = 0; i < part_size; ++i) out[i] = static_cast<char>(((from + i) * 2654435761u) >> 13);
  return out;
}

/// So many parts of content, one after the other, then nothing.
inline std::function<std::string()> parts(std::size_t count) {
  return [at = std::size_t{0}, count]() mutable {
    return at < count ? content(part_size * at++) : std::string();
  };
}
}  // namespace net::http::testing
