#pragma once
#include <chrono>
#include <functional>
#include <map>

#include "actors/erased_mail.hpp"
#include "actors/retention_sweep.hpp"
#include "actors/said_lately.hpp"
#include "actors/services.hpp"
#include "odb/scrub.hpp"

namespace actors {

struct retention_options {
  /// The ledger beside the data.
  std::filesystem::path ledger;
  /// Removes the copies of these mails, wherever this program left any; may be empty. Throws where it cannot.
  std::function<void(const std::vector<erased_mail>&)> remove_mails;
  /// The owner of a PostgreSQL of this program's own, whose files are scrubbed after a sweep; else empty.
  std::string scrubbed;
  /// How long the pause after a piece of work is, in lengths of that piece: the sweep takes at most so much
  /// of the database's time.
  double pause = 1;
};

/// The rewriting of tables that is under way, and since when deleted rows lie in them.
struct scrubbing {
  std::shared_ptr<store::scrub> work;
  model::instant since;
  /// Somebody uses a table for long: not before this.
  std::chrono::steady_clock::time_point not_before{};
};

/// Told what could not be written or removed, and why: `ledger` or `mails`.
using trouble_listener = std::function<void(std::string_view what, const std::string& why)>;
/// Writes the ledger's lines and removes the copies of mails; true if there is more of it. What cannot be
/// done now is told and left for the next time, and the rest is done; where nobody listens, throws
/// std::system_error.
bool finish_outside(store::session& s, const retention_options& options, model::instant now,
                    const trouble_listener& tell = {});
/// One step of taking the deleted rows out of the files, where there are any; true if there is more of it.
bool scrub_some(store::session& s, const std::string& owner_conninfo, scrubbing& under_way);

struct retention_state {
  static inline const char* name = "retention";
  services_ptr given;
  retention_options options;
  /// A connection of its own, so that nobody's request waits behind an erasure.
  store_actor store;
  /// That the clocks stand in the way.
  said_lately<std::string_view> stops;
  /// Work is under way: the next tick leaves it alone.
  bool busy = false;
  /// What goes on after the pause.
  void (*next)(retention_actor::stateful_pointer<retention_state>) = nullptr;
  std::shared_ptr<run_finder> finder;
  std::shared_ptr<retention_sweep> sweep;
  std::shared_ptr<actors::scrubbing> scrub = std::make_shared<actors::scrubbing>();
  /// The troubles outside the database, by what they concern. Used by the store's thread alone.
  std::shared_ptr<said_lately<std::string>> told = std::make_shared<said_lately<std::string>>();
  ~retention_state();
};

/// Sweeps what is due, a little at a time (R29 to R32), and does what an erasure leaves to do outside the
/// database. `store` is used by nobody else, and ends with this actor.
retention_actor::behavior_type retention_behavior(retention_actor::stateful_pointer<retention_state> self,
                                                  services_ptr s, retention_options options,
                                                  store_actor store);

}  // namespace actors
