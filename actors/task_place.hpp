#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "model/describe.hpp"
#include "model/ids.hpp"
#include "model/time.hpp"

namespace actors {

/// Where a list of tasks goes on: behind the one that is due on this day and has this id.
struct task_place {
  model::day due_on;
  model::uuid id;
};
BOOST_DESCRIBE_STRUCT(task_place, (), (due_on, id))

/// The cursor that leads past a task: opaque to clients.
inline std::string cursor_after(const task_place& p) {
  return model::to_text(p.due_on) + '_' + model::to_text(p.id);
}

inline std::optional<task_place> parse_task_place(std::string_view cursor) {
  const auto bar = cursor.find('_');
  if (bar == cursor.npos) return std::nullopt;
  const auto due_on = model::parse_day(cursor.substr(0, bar));
  const auto id = model::parse_uuid(cursor.substr(bar + 1));
  if (!due_on || !id) return std::nullopt;
  return task_place{*due_on, *id};
}

}  // namespace actors
