#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/audit.hpp"
#include "model/case_events.hpp"
#include "model/org_events.hpp"

namespace store {

/// An answer kept for `Idempotency-Key`: given again to the same user with the same key and input for 24
/// hours.
struct kept_answer {
  std::string key;
  /// Hash of method, path and body.
  std::string fingerprint;
  /// What was answered: `created` or `ok`, the id behind Location, the body and its ETag.
  bool created = false;
  std::optional<model::uuid> made;
  std::string etag;
  std::string body;
};

/// Whose change, at what time, in which request.
struct change_origin {
  model::caller who;
  std::string request_id;
  model::instant at;
};

/// A change of one case, to be kept as a whole or not at all.
struct case_commit {
  change_origin origin;
  /// The header after the change; its `version` is one more than the state's it was decided on.
  model::case_header after;
  model::case_place place;
  std::vector<model::case_event> events;
  std::optional<kept_answer> answer;
};

/// A change of one organisation.
struct org_commit {
  change_origin origin;
  /// The state after the change; `version` is one more than the state's it was decided on. Shared, never
  /// changed.
  std::shared_ptr<const model::org_state> after;
  std::vector<model::org_event> events;
  std::optional<kept_answer> answer;
};

/// How a commit ended. Only `done` left anything behind.
enum class commit_result {
  done,
  /// Somebody else made this version: reload and decide again.
  version_conflict,
  /// A unique value was taken meanwhile (an address, an idempotency key): reload and decide again.
  taken,
  /// Row-level security refused what the actors' checks let through: a defect, told loudly.
  forbidden,
  /// The database cannot be reached or cannot take it now.
  unavailable
};

}  // namespace store
