#pragma once
#include <unordered_map>

#include "actors/services.hpp"

namespace actors {

struct gateway_state {
  static inline const char* name = "gateway";
  services_ptr given;
  std::unordered_map<model::org_id, org_actor> organisations;
  std::unordered_map<caf::actor_addr, model::org_id> ids;
  ~gateway_state();
};

gateway_actor::behavior_type gateway_behavior(gateway_actor::stateful_pointer<gateway_state> self,
                                              services_ptr s);

}  // namespace actors
