#pragma once
#include <string>
#include <string_view>

#include "model/goal.hpp"
#include "model/support_session.hpp"

namespace model {

struct goal_added {
  static constexpr std::string_view kind = "goal.created";
  model::goal goal;
};
BOOST_DESCRIBE_STRUCT(goal_added, (), (goal))

struct goal_edited {
  static constexpr std::string_view kind = "goal.edited";
  goal before;
  goal after;
};
BOOST_DESCRIBE_STRUCT(goal_edited, (), (before, after))

struct progress_added {
  static constexpr std::string_view kind = "goal.progress_added";
  goal after;
  goal_progress progress;
};
BOOST_DESCRIBE_STRUCT(progress_added, (), (after, progress))

/// `outcome_sha256` stands for the outcome note in the log (R11); empty where there is no note.
struct session_added {
  static constexpr std::string_view kind = "session.created";
  support_session session;
  std::string outcome_sha256 = {};
};
BOOST_DESCRIBE_STRUCT(session_added, (), (session, outcome_sha256))

struct session_edited {
  static constexpr std::string_view kind = "session.edited";
  support_session before;
  support_session after;
  std::string outcome_sha256_before = {};
  std::string outcome_sha256 = {};
};
BOOST_DESCRIBE_STRUCT(session_edited, (), (before, after, outcome_sha256_before, outcome_sha256))

}  // namespace model
