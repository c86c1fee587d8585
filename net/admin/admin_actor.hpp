#pragma once
// Shows CAF: include it in .cpp files only.
#include <chrono>

#include "net/admin/metrics.hpp"
#include "net/incoming.hpp"
#include "net/responder.hpp"

namespace net {

/// What the admin listener's actor needs; all of it lives longer than the actor.
struct admin_setup {
  responder& out;
  const metrics& measured;
  /// Asked for a round trip to the database.
  actors::store_actor store;
  std::chrono::seconds patience{3};
};

struct admin_state {
  static inline const char* name = "admin";
};

/// `/healthz`: 200 while the process answers at all. `/readyz`: 200 if the database answers, else 503.
/// `/metrics`.
edge_actor::behavior_type admin_behavior(edge_actor::stateful_pointer<admin_state> self, admin_setup setup);

}  // namespace net
