#pragma once
#include "actors/said_lately.hpp"
#include "actors/services.hpp"

namespace actors {

struct mail_desk_state {
  static inline const char* name = "mail_desk";
  services_ptr given;
  gateway_actor gateway;
  /// What cases are to be told is being read: the next tick leaves it alone.
  bool busy = false;
  /// The last mail whose case was told; from the beginning where there is none.
  model::uuid told;
  model::instant swept_at;
  /// The mails whose case did not take what it was told.
  said_lately<model::mail_id> not_told;
};

/// Takes in what the mail provider tells, each telling once, and answers when it is kept. What a case has to
/// hear of it (the mail of an invite, R16) it is told afterwards, as often as it takes: what is still to be
/// told stands in the outbox.
mail_desk_actor::behavior_type mail_desk_behavior(mail_desk_actor::stateful_pointer<mail_desk_state> self,
                                                  services_ptr s, gateway_actor gateway);

}  // namespace actors
