#pragma once
#include <cstdint>

namespace net::http {

/// Milliseconds of a clock that never goes back, for deadlines on sockets only: a rehearsed time of the
/// domain must not close or keep connections.
std::int64_t socket_milliseconds();

}  // namespace net::http
