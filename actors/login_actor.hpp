#pragma once
#include "actors/rate_limit.hpp"
#include "actors/services.hpp"

namespace actors {

/// How long a browser stays signed in.
inline constexpr std::chrono::hours session_lifetime{14 * 24};

inline constexpr std::chrono::seconds sweep_pause{60};

struct login_state {
  static inline const char* name = "login";
  services_ptr given;
  gateway_actor gateway;
  std::optional<rate_limit> per_address;
  std::optional<rate_limit> per_source;
  std::optional<rate_limit> redeems;
};

/// Links, logins and bearer tokens (R37–R39). The gateway leads to the case that an invite is accepted at.
login_actor::behavior_type login_behavior(login_actor::stateful_pointer<login_state> self, services_ptr s,
                                          gateway_actor gateway);

}  // namespace actors
