#pragma once
#include <deque>

#include "actors/said_lately.hpp"
#include "actors/services.hpp"
#include "odb/digest_plan.hpp"

namespace actors {

struct digest_state {
  static inline const char* name = "digest";
  services_ptr given;
  /// The organisations that are still to be looked after in this round.
  std::deque<store::digest_due> line;
  /// A round is under way: the next tick leaves it alone.
  bool busy = false;
  /// That the clocks differ, or that this machine's was set.
  said_lately<std::string_view> stops;
  /// Whose digests could not be planned.
  said_lately<model::org_id> not_planned;
};

/// Plans what is due: for each organisation the digests of every month that is over and not done with, at
/// 07:00 on the first of the next one or as soon after as the service is there (R35). That there is one of
/// each is the ledger's doing, so that any number of these may run, and end at any point.
digest_actor::behavior_type digest_behavior(digest_actor::stateful_pointer<digest_state> self,
                                            services_ptr s);

}  // namespace actors
