#pragma once
#include "model/utf8.hpp"
#include "odb/outbox_store.hpp"
#include "odb/session_impl.hpp"

/// Not public: what the session_outbox*.cpp share.
namespace store {

/// What somebody else's server said, in a form that can be kept whatever it said: some answer in Latin-1,
/// some at length, some nothing.
std::string keepable(std::string error);

/// Notes that `source` has told this; false if it has before. As a role that may for this source.
bool keep_receipt(unit& u, const std::string& source, const std::string& id, model::instant now);

}  // namespace store
