#pragma once
// Shows CAF: include it in .cpp files only.
#include <memory>
#include <string>
#include <unordered_map>
#include <variant>

#include "actors/services.hpp"
#include "net/content/inspector.hpp"
#include "net/content/source.hpp"
#include "net/content/streams.hpp"
#include "net/http/outflow.hpp"
#include "net/incoming.hpp"

namespace net::contents {

// Its messages never leave the node.

/// A body that is to become a document's content.
struct uploaded {
  std::shared_ptr<const http::request> asked;
  /// Empty where the client gave none.
  std::string file_name;
};
struct upload_judged {
  std::variant<model::uploaded_file, model::refusal> what;
};

/// A form with a file in it, that is to become a document.
struct form_uploaded {
  std::shared_ptr<const http::request> asked;
};
struct filled_form {
  model::create_document made;
  model::uploaded_file file;
  /// SHA-256 of the whole body.
  std::string body_hash;
};
struct form_judged {
  std::variant<filled_form, model::refusal> what;
};

/// An answer that the case has let pass, to be streamed.
struct stream_wanted {
  std::shared_ptr<const actors::stream_order> order;
  std::string etag;
  std::string request_id;
  /// Of `places`, held until the stream ends.
  std::shared_ptr<void> place;
};
/// The answer with its stream under way. Where nobody takes the stream it ends by itself.
struct stream_opened {
  std::variant<http::response, model::refusal> what;
};

/// There is something to do for this stream: there is room again, it goes on, or its reader is gone.
struct stream_turn {
  std::uint64_t stream = 0;
};

}  // namespace net::contents

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(::net::contents::uploaded)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(::net::contents::upload_judged)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(::net::contents::form_uploaded)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(::net::contents::form_judged)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(::net::contents::stream_wanted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(::net::contents::stream_opened)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(::net::contents::stream_turn)

// Well behind the edge's own block, which may grow.
CAF_BEGIN_TYPE_ID_BLOCK(keywork_content, caf::id_block::keywork_edge::end + 32)
CAF_ADD_TYPE_ID(keywork_content, (::net::contents::uploaded))
CAF_ADD_TYPE_ID(keywork_content, (::net::contents::upload_judged))
CAF_ADD_TYPE_ID(keywork_content, (::net::contents::form_uploaded))
CAF_ADD_TYPE_ID(keywork_content, (::net::contents::form_judged))
CAF_ADD_TYPE_ID(keywork_content, (::net::contents::stream_wanted))
CAF_ADD_TYPE_ID(keywork_content, (::net::contents::stream_opened))
CAF_ADD_TYPE_ID(keywork_content, (::net::contents::stream_turn))
CAF_END_TYPE_ID_BLOCK(keywork_content)

namespace net::contents {

/// Files on their way in and out: inspects uploads, prints PDF and CSV, and feeds streamed answers no faster
/// than they are read. What it does takes a thread's time, so that it has one of its own (caf::detached); all
/// streams take turns in it.
using content_actor =
    caf::typed_actor<caf::replies_to<uploaded>::with<upload_judged>,
                     caf::replies_to<form_uploaded>::with<form_judged>,
                     caf::replies_to<stream_wanted>::with<stream_opened>, caf::reacts_to<stream_turn>>;

/// A streamed answer under way.
struct stream_state {
  std::shared_ptr<http::outflow> flow;
  source_ptr from;
  std::string made;        ///< and not pushed yet
  std::size_t pushed = 0;  ///< of `made`
  bool asking = false;
  bool all_made = false;
  std::string request_id;
  model::uuid of_case;
  std::shared_ptr<void> place;
};

struct content_state {
  static inline const char* name = "content";
  actors::services_ptr given;
  std::shared_ptr<streams> shared;
  std::unique_ptr<contents::inspector> inspector;
  std::unordered_map<std::uint64_t, stream_state> under_way;
  std::uint64_t last = 0;
};

content_actor::behavior_type content_behavior(content_actor::stateful_pointer<content_state> self,
                                              actors::services_ptr given, std::shared_ptr<streams> shared);

}  // namespace net::contents
