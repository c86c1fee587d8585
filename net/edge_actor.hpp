#pragma once
// Shows CAF: include it in .cpp files only.
#include <chrono>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "actors/login_cache.hpp"
#include "actors/secrets.hpp"
#include "model/clock.hpp"
#include "net/admin/metrics.hpp"
#include "net/content/content_actor.hpp"
#include "net/events/streams.hpp"
#include "net/incoming.hpp"
#include "net/open_requests.hpp"
#include "net/responder.hpp"
#include "net/routes.hpp"

namespace net {

/// What the edges of one node share. Whatever is named here lives longer than they do.
struct edge_setup {
  const model::clock& clock;
  actors::login_cache& logins;
  const actors::link_keeper& links;
  responder& out;
  metrics& measured;
  actors::gateway_actor gateway;
  actors::lists_actor lists;
  actors::login_actor login;
  /// Where people reach the service; cookies are `Secure` where it is https.
  std::string public_url;
  /// For every request to another actor: shorter than the listener waits for an answer.
  std::chrono::seconds patience = usual_patience;
  streams_actor streams = {};
  /// Files and exports.
  contents::content_actor contents = {};
  std::shared_ptr<contents::streams> downloads = std::make_shared<contents::streams>();
  /// What the mail provider tells (POST /webhooks/resend). Nothing is taken where there is no key.
  actors::mail_desk_actor mail_desk = {};
  std::string resend_webhook_key = {};
  /// What the signing service tells (POST /webhooks/docuseal). Nothing is taken where there is no secret.
  actors::signing_desk_actor signing_desk = {};
  std::string docuseal_webhook_secret = {};
  static constexpr std::chrono::seconds usual_patience{30};
};
using edge_setup_ptr = std::shared_ptr<const edge_setup>;

/// For the metrics: the operation ids by their place in the table.
std::vector<std::string_view> route_ids();

/// Which organisation's actor an id leads to, as this edge has learnt it. Ids are made here and never change
/// their organisation, so that "nothing has this id" stays true as well; failures are not kept. Bounded: when
/// it is full it starts afresh.
class organisation_book {
 public:
  explicit organisation_book(std::size_t most = 50'000) : most_(most) {}
  const actors::located* find(const actors::locate& what) const;
  /// Whether its actor was not known here before, and has to be watched.
  bool keep(const actors::locate& what, const actors::located& where);
  /// The actor is gone.
  void forget(const caf::actor_addr& gone);

 private:
  // An id of one kind is none of another, even where the bytes are the same.
  using key = decltype(actors::locate::what);
  struct key_hash {
    std::size_t operator()(const key& k) const;
  };
  std::size_t most_;
  std::unordered_map<key, actors::located, key_hash> entries_;
  std::unordered_set<caf::actor_addr> watched_;
};

/// The edge proper also looks, once a second, after what was asked too long ago.
using patient_edge = edge_actor::extend<caf::reacts_to<actors::tick>>;

struct edge_state {
  static inline const char* name = "edge";
  edge_setup_ptr setup;
  organisation_book book;
  open_requests open;
};

/// Route, authenticate, check, parse, ask one actor, answer. Never blocks; several run side by side.
patient_edge::behavior_type edge_behavior(patient_edge::stateful_pointer<edge_state> self,
                                          edge_setup_ptr setup);

}  // namespace net
