#pragma once
#include "actors/services.hpp"
#include "odb/digest_store.hpp"

namespace actors {

/// Whether what time it is can be relied on: the machine's clock was not set since the start, and the
/// database's is within an hour of it. Where it cannot, nothing goes for being old, and nothing becomes due.
inline bool knows_the_time(const services& s, store::session& session) {
  return !s.watch.was_set() && store::clocks_agree(session, s.clock.real_now());
}

}  // namespace actors
