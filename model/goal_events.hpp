#pragma once
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

struct session_added {
  static constexpr std::string_view kind = "session.created";
  support_session session;
};
BOOST_DESCRIBE_STRUCT(session_added, (), (session))

struct session_edited {
  static constexpr std::string_view kind = "session.edited";
  support_session before;
  support_session after;
};
BOOST_DESCRIBE_STRUCT(session_edited, (), (before, after))

}  // namespace model
