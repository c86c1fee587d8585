#pragma once
#include "actors/mail_transport.hpp"
#include "actors/services.hpp"

namespace actors {

struct mailer_options {
  std::shared_ptr<mail_transport> transport;
  /// Where the links in mails lead: the service's public address, without a slash at the end.
  std::string public_url;
};

struct mailer_state {
  static inline const char* name = "mailer";
  services_ptr given;
  mailer_options options;
  /// A mail is looked for or on its way: the next tick leaves it alone.
  bool busy = false;
  int looks = 0;
};

/// When to try a mail again after so many attempts: doubling from 10 seconds up to a day, with `share` (0 to
/// 1) of half the wait taken off, so that many mails do not come back at once.
std::chrono::seconds retry_wait(int attempts, double share);

/// Sends what is due in the outbox, at least once each (the store remembers what was sent). Blocks while it
/// sends: spawn it detached.
mailer_actor::behavior_type mailer_behavior(mailer_actor::stateful_pointer<mailer_state> self, services_ptr s,
                                            mailer_options options);

}  // namespace actors
