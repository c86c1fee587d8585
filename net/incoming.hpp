#pragma once
// The message a listener gives to an actor behind it. Shows CAF: include it in .cpp files only.
#include <memory>

#include "actors/protocol.hpp"
#include "net/http/message.hpp"

namespace net {

/// One request on its way in; it never leaves the node. Shared because CAF may copy a message.
struct incoming {
  http::exchange to;
  std::shared_ptr<http::request> asked;
  /// Only the head is there: the body, a large one, comes once it is admitted.
  bool announced = false;
};

}  // namespace net

// Spelled from the root: CAF has a namespace `net` of its own.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(::net::incoming)

CAF_BEGIN_TYPE_ID_BLOCK(keywork_edge, caf::id_block::keywork::end)
CAF_ADD_TYPE_ID(keywork_edge, (::net::incoming))
CAF_END_TYPE_ID_BLOCK(keywork_edge)

namespace net {

/// Takes requests and sees to it that each is answered, through its responder, later and from its own thread.
using edge_actor = caf::typed_actor<caf::reacts_to<incoming>>;

}  // namespace net
