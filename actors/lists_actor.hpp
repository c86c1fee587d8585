#pragma once
#include "actors/services.hpp"

namespace actors {

struct lists_state {
  static inline const char* name = "lists";
  services_ptr given;
};

lists_actor::behavior_type lists_behavior(lists_actor::stateful_pointer<lists_state> self, services_ptr s);

/// Where somebody lands after signing in (R38).
std::string landing_of(const std::vector<store::membership_row>& memberships);

}  // namespace actors
