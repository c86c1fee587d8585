#pragma once
#include <optional>
#include <string>

#include "model/describe.hpp"
#include "model/ids.hpp"

namespace model {

enum class goal_status { active, achieved, closed };
BOOST_DESCRIBE_ENUM(goal_status, active, achieved, closed)

/// A goal (R20), with its latest progress beside it, since wherever a goal is shown that is shown with it.
struct goal {
  goal_id id;
  org_id org;
  case_id of_case;
  std::string title;
  std::string description;
  std::optional<day> target_date;
  goal_status status = goal_status::active;
  user_id author;
  std::string author_name;
  instant created_at;
  std::optional<instant> edited_at;
  std::optional<std::string> progress;
  std::optional<instant> progress_at;
  std::optional<std::string> progress_by;
};
BOOST_DESCRIBE_STRUCT(goal, (),
                      (id, org, of_case, title, description, target_date, status, author, author_name,
                       created_at, edited_at, progress, progress_at, progress_by))

/// A dated entry of what was reached (R20). It is never changed.
struct goal_progress {
  progress_id id;
  org_id org;
  case_id of_case;
  goal_id goal;
  std::string text;
  user_id author;
  std::string author_name;
  instant created_at;
};
BOOST_DESCRIBE_STRUCT(goal_progress, (), (id, org, of_case, goal, text, author, author_name, created_at))

}  // namespace model
