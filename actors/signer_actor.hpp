#pragma once
#include "actors/services.hpp"
#include "actors/signing_service.hpp"

namespace actors {

struct signer_state {
  static inline const char* name = "signer";
  services_ptr given;
  gateway_actor gateway;
  std::shared_ptr<signing_service> service;
  /// A round is under way: the next tick leaves it alone.
  bool busy = false;
  /// When it began, by the machine's own clock.
  model::instant began;
};

/// Brings what was sent for signature to the signing service, each once, and what became of it back to its
/// case, by asking the service: hourly at first, and at once when it has told that something happened. Blocks
/// while it asks: spawn it detached.
signer_actor::behavior_type signer_behavior(signer_actor::stateful_pointer<signer_state> self, services_ptr s,
                                            gateway_actor gateway, std::shared_ptr<signing_service> service);

struct signing_desk_state {
  static inline const char* name = "signing_desk";
  services_ptr given;
};

/// Writes down what the signing service tells, once each, so that the signer asks. Answers `accepted`, also
/// for what is not ours.
signing_desk_actor::behavior_type signing_desk_behavior(
    signing_desk_actor::stateful_pointer<signing_desk_state> self, services_ptr s);

}  // namespace actors
