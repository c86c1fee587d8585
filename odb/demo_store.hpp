#pragma once
#include <optional>
#include <string>

#include "model/time.hpp"

namespace store {

/// How far the clock of an installation to try things out in has come, as it was kept last.
struct kept_clock {
  model::instant time;
  /// What the machine's clock said then.
  model::instant real;
  /// How many times as fast as time it runs; nothing for the machine's own clock.
  std::optional<int> speed;
  /// Kept by a service that goes on, not by one that stops.
  bool running = false;
};

struct demo_installation {
  /// Nothing before the first service.
  std::optional<kept_clock> last;
};

/// Makes an installation without any organisation one to try things out in, for ever. Does nothing to any
/// other. `conninfo`: of the service, here and below. All three throw sql_error.
void mark_demo(const std::string& conninfo);

/// Nothing for an installation that is none to try things out in.
std::optional<demo_installation> find_demo(const std::string& conninfo);

/// Of an installation to try things out in.
void keep_clock(const std::string& conninfo, const kept_clock& clock);

}  // namespace store
