#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/describe.hpp"
#include "model/ids.hpp"
#include "model/time.hpp"

namespace model {

/// How far a sweep is: cases that there are to look at and that it has looked at, those that lost something,
/// those of which nothing is left, notes that went, cases that could not be swept.
struct run_progress {
  std::int64_t candidates = 0;
  std::int64_t seen = 0;
  std::int64_t cases = 0;
  std::int64_t shells = 0;
  std::int64_t notes = 0;
  std::int64_t failed = 0;
  friend bool operator==(const run_progress&, const run_progress&) = default;
};

enum class run_outcome { done, legal_hold };
BOOST_DESCRIBE_ENUM(run_outcome, done, legal_hold)

/// A case that could not be swept; `error` is free of row contents.
struct run_failure {
  case_id of_case;
  std::string error;
};

/// A sweep of one organisation: of a day, or one that somebody asked for (R30).
struct retention_run {
  retention_run_id id;
  bool daily = false;
  model::day day;
  instant asked_at;
  std::optional<user_id> asked_by;
  std::optional<instant> started_at;
  std::optional<instant> finished_at;
  std::optional<run_outcome> outcome;
  /// Why it does not go on.
  std::optional<std::string> trouble;
  run_progress progress;
  /// The first of them.
  std::vector<run_failure> failures;
};

}  // namespace model
