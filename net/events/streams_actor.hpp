#pragma once
// Shows CAF: include it in .cpp files only.
#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "actors/login_cache.hpp"
#include "actors/secrets.hpp"
#include "model/clock.hpp"
#include "net/edge_actor.hpp"
#include "net/events/streams.hpp"

namespace net {

struct stream_limits {
  std::size_t most = 2'500;
  std::size_t most_of_one = 20;
  /// Bytes that may wait for a client; one that leaves more unread is let go.
  std::size_t unread = 64 * 1024;
  /// Between heartbeats; each stream has its own pace from here to `beat + beat_spread`.
  std::chrono::seconds beat{15};
  std::chrono::seconds beat_spread{10};
  /// How often it is looked whether something is due, and whether a login has ended.
  std::chrono::seconds tick{1};
};

/// Whatever is named here lives longer than the actor.
struct streams_setup {
  const model::clock& clock;
  actors::login_cache& logins;
  actors::gateway_actor gateway;
  actors::login_actor login;
  /// For every request to another actor.
  std::chrono::seconds patience{30};
  stream_limits limits = {};
  /// How many there are, for the metrics.
  std::shared_ptr<std::atomic<std::int64_t>> open = std::make_shared<std::atomic<std::int64_t>>(0);
};
using streams_setup_ptr = std::shared_ptr<const streams_setup>;

/// One open stream. A subscription at its case is renewed with every heartbeat: that asks afresh for the
/// access, keeps the case in memory, and finds by the version whatever was not told.
struct event_stream {
  /// Null until the case has let it in.
  std::shared_ptr<http::outflow> flow;
  actors::known_login who;
  std::string token_hash;
  model::case_id of_case;
  std::string request_id;
  /// What the client was told last, or would have been told had there been anything that it may know of.
  std::string version;
  /// Kinds that are known to have happened, waiting for the version they lead to.
  std::vector<std::string> pending;
  std::chrono::seconds pace{0};
  model::instant next_beat;
  /// When the case is asked again, where that has to wait.
  std::optional<model::instant> ask_at;
  bool asking = false;
  /// Told to ask again while an answer was under way.
  bool ask_once_more = false;
  /// How often lately the case had left or could not be asked: each time it is waited for longer.
  unsigned setbacks = 0;
};

struct streams_state {
  static inline const char* name = "streams";
  streams_setup_ptr setup;
  std::optional<actors::random_ids> ids;
  organisation_book book;
  std::map<model::uuid, event_stream> streams;
  std::unordered_map<model::user_id, std::size_t> of_user;
  /// Of the login cache, when the logins were last looked after.
  std::uint64_t generation = 0;
};

/// There is one; it never blocks.
streams_actor::behavior_type streams_behavior(streams_actor::stateful_pointer<streams_state> self,
                                              streams_setup_ptr setup);

}  // namespace net
