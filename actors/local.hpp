#pragma once
// Messages that never leave the node: they carry work for a database connection, which belongs to its node.
#include <any>
#include <caf/all.hpp>
#include <functional>
#include <memory>
#include <string>

#include "actors/wire.hpp"
#include "odb/session.hpp"

namespace actors {

/// A question for the database: what to ask, given a session.
struct store_question {
  std::function<std::any(store::session&)> ask;
};

/// What came of it: a value of the type the question's author knows, or why there is none.
struct store_answer {
  std::any value;
  bool failed = false;
  /// The database is away: trying again later makes sense.
  bool unavailable = false;
  std::string error;
};

struct case_change {
  std::shared_ptr<const store::case_commit> commit;
};

struct commit_answer {
  store::commit_result result = store::commit_result::unavailable;
};

/// An answer that waits for its time.
struct sign_in_done {
  caf::typed_response_promise<reply_message> promise;
};

}  // namespace actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::sign_in_done)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::store_question)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::store_answer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::case_change)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::commit_answer)
