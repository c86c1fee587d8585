#pragma once
#include <deque>

#include "actors/said_lately.hpp"
#include "actors/services.hpp"
#include "model/clock_watch.hpp"
#include "odb/digest_plan.hpp"

namespace actors {

struct digest_state {
  static inline const char* name = "digest";
  services_ptr given;
  std::optional<model::clock_watch> watch;
  /// The organisations that are still to be looked after in this round.
  std::deque<store::digest_due> line;
  /// A round is under way: the next tick leaves it alone.
  bool busy = false;
  /// That the clocks differ, or that this machine's was set, has been told.
  bool clocks_differ = false;
  /// Whose digests could not be planned.
  said_lately not_planned;
};

/// Plans what is due: for each organisation the digests of every month that is over and not done with, at
/// 07:00 on the first of the next one or as soon after as the service is there (R35). That there is one of
/// each is the ledger's doing, so that any number of these may run, and end at any point. `up` is what the
/// machine's clock is watched by.
digest_actor::behavior_type digest_behavior(digest_actor::stateful_pointer<digest_state> self, services_ptr s,
                                            model::clock_watch::uptime up);

}  // namespace actors
