#pragma once
#include <optional>
#include <vector>

#include "model/goal.hpp"
#include "model/org_commands.hpp"
#include "model/support_session.hpp"

namespace model {

struct add_goal {
  name_text title;
  std::optional<text<5000, 0>> description;
  std::optional<day> target_date;
  std::optional<goal_status> status;
};
BOOST_DESCRIBE_STRUCT(add_goal, (), (title, description, target_date, status))

struct edit_goal {
  goal_id goal;
  std::optional<name_text> title;
  std::optional<text<5000, 0>> description;
  change_of<day> target_date;
  std::optional<goal_status> status;
};
BOOST_DESCRIBE_STRUCT(edit_goal, (), (goal, title, description, target_date, status))

struct add_progress {
  goal_id goal;
  model::text<5000> text;
};
BOOST_DESCRIBE_STRUCT(add_progress, (), (goal, text))

struct add_session {
  instant starts_at;
  std::optional<instant> ends_at;
  session_type type = session_type::appointment;
  std::optional<std::vector<name_text>> attendees;
  std::optional<session_status> status;
  std::optional<text<20000, 0>> outcome_note;
};
BOOST_DESCRIBE_STRUCT(add_session, (), (starts_at, ends_at, type, attendees, status, outcome_note))

struct edit_session {
  session_id session;
  std::optional<instant> starts_at;
  change_of<instant> ends_at;
  std::optional<session_type> type;
  std::optional<std::vector<name_text>> attendees;
  std::optional<session_status> status;
  std::optional<text<20000, 0>> outcome_note;
};
BOOST_DESCRIBE_STRUCT(edit_session, (), (session, starts_at, ends_at, type, attendees, status, outcome_note))

}  // namespace model
