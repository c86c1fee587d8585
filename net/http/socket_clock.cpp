#include "net/http/socket_clock.hpp"

#include <chrono>

namespace net::http {

std::int64_t socket_milliseconds() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

}  // namespace net::http
