#pragma once
#include "model/ids.hpp"
#include "model/magic_link.hpp"
#include "model/plans.hpp"

namespace model {

/// What `decide` may know of the world besides state, caller and command: the time, fresh ids and link
/// secrets, and what the tiers include.
struct moment {
  instant now;
  id_source& ids;
  link_source& links;
  const plan_catalogue& plans;
};

}  // namespace model
