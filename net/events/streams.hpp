#pragma once
// What is said to the actor that owns the open streams of events. Shows CAF: include it in .cpp files only.
#include <memory>
#include <string>
#include <variant>

#include "net/http/outflow.hpp"
#include "net/incoming.hpp"

namespace net {

/// Somebody, whose login was found good just now, wants to be told what changes on a case.
struct open_events {
  actors::known_login who;
  std::string token_hash;
  model::case_id of_case;
  std::string request_id;
};

/// The stream, its first event in it, for the listener; or why there is none.
struct events_opened {
  std::variant<std::shared_ptr<http::outflow>, model::refusal> what;
};

/// The client has read, or is gone.
struct hearer_moved {
  model::uuid stream;
};

}  // namespace net

// Spelled from the root: CAF has a namespace `net` of its own.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(::net::open_events)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(::net::events_opened)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(::net::hearer_moved)

// Far enough behind the edge's own for those to grow.
CAF_BEGIN_TYPE_ID_BLOCK(keywork_events, caf::id_block::keywork_edge::end + 50)
CAF_ADD_TYPE_ID(keywork_events, (::net::open_events))
CAF_ADD_TYPE_ID(keywork_events, (::net::events_opened))
CAF_ADD_TYPE_ID(keywork_events, (::net::hearer_moved))
CAF_END_TYPE_ID_BLOCK(keywork_events)

namespace net {

/// Owns the open streams of events: tells each what the cases tell of it, as text, and ends it with the
/// access, the login or the client.
using streams_actor = caf::typed_actor<caf::replies_to<open_events>::with<events_opened>,
                                       /// News of a case for some of the streams.
                                       caf::reacts_to<actors::case_told>, caf::reacts_to<hearer_moved>,
                                       /// Once in a while: heartbeats, and the looks after logins and
                                       /// subscriptions that come with them.
                                       caf::reacts_to<actors::tick>>;

}  // namespace net
