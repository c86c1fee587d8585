#include "model/part_views.hpp"
#include "net/route_parts.hpp"

namespace net {
namespace {

constexpr std::string_view goals_path = "/api/v1/support-cases/{id}/goals";
constexpr std::string_view goal_path = "/api/v1/support-cases/{id}/goals/{goal}";
constexpr std::string_view session_path = "/api/v1/support-cases/{id}/sessions/{session}";
constexpr std::string_view progress_path = "/api/v1/support-cases/{id}/goals/{goal}/progress";
constexpr std::string_view sessions_path = "/api/v1/support-cases/{id}/sessions";
const std::vector paging{parameter::limit, parameter::cursor};

void add_goals(std::vector<route>& all) {
  all.push_back({.method = "GET",
                 .path = goals_path,
                 .id = "list_goals",
                 .summary = "The goals, newest first, each with its latest progress",
                 .tag = "goals",
                 .answer = shape_of<model::goal_page>,
                 .query = paging,
                 .refusals = {402},
                 .parse = [](const route_input& in) { return on_case(in, actors::view_goals{in.part()}); }});
  all.push_back({.method = "POST",
                 .path = goals_path,
                 .id = "add_goal",
                 .summary = "Set a goal",
                 .tag = "goals",
                 .takes = content::json,
                 .body = body_of<model::add_goal>,
                 .answer = shape_of<model::goal_view>,
                 .success = 201,
                 .refusals = case_conflicts,
                 .parse = command_on_case<model::add_goal>});
  all.push_back({.method = "GET",
                 .path = goal_path,
                 .id = "get_goal",
                 .summary = "A goal, with its latest progress",
                 .tag = "goals",
                 .answer = shape_of<model::goal_view>,
                 .refusals = {402},
                 .parse = [](const route_input& in) {
                   return on_case(in, actors::view_goal{in.id<model::goal_id>(1)});
                 }});
  all.push_back({.method = "PATCH",
                 .path = goal_path,
                 .id = "edit_goal",
                 .summary = "Change a goal; a null target_date takes it away",
                 .tag = "goals",
                 .takes = content::json,
                 .body = body_of<model::edit_goal>,
                 .answer = shape_of<model::goal_view>,
                 .refusals = case_conflicts,
                 .parse = edit_of_part<model::edit_goal, &model::edit_goal::goal>});
}

void add_progress_routes(std::vector<route>& all) {
  all.push_back({.method = "GET",
                 .path = progress_path,
                 .id = "list_progress",
                 .summary = "A goal's progress, newest first",
                 .tag = "goals",
                 .answer = shape_of<model::progress_page>,
                 .query = paging,
                 .refusals = {402},
                 .parse = [](const route_input& in) {
                   return on_case(in, actors::view_progress{in.id<model::goal_id>(1), in.part()});
                 }});
  all.push_back({.method = "POST",
                 .path = progress_path,
                 .id = "add_progress",
                 .summary = "Write down progress towards a goal",
                 .tag = "goals",
                 .takes = content::json,
                 .body = body_of<model::add_progress>,
                 .answer = shape_of<model::progress_view>,
                 .success = 201,
                 .refusals = case_conflicts,
                 .parse = edit_of_part<model::add_progress, &model::add_progress::goal>});
}

void add_sessions(std::vector<route>& all) {
  all.push_back(
      {.method = "GET",
       .path = sessions_path,
       .id = "list_sessions",
       .summary = "The sessions, the latest to start first; a context_only collaborator sees their own",
       .tag = "sessions",
       .answer = shape_of<model::session_page>,
       .query = paging,
       .refusals = {402},
       .parse = [](const route_input& in) { return on_case(in, actors::view_sessions{in.part()}); }});
  all.push_back({.method = "POST",
                 .path = sessions_path,
                 .id = "add_session",
                 .summary = "Plan or record a session",
                 .tag = "sessions",
                 .takes = content::json,
                 .body = body_of<model::add_session>,
                 .answer = shape_of<model::session_view>,
                 .success = 201,
                 .refusals = case_conflicts,
                 .parse = command_on_case<model::add_session>});
  all.push_back({.method = "GET",
                 .path = session_path,
                 .id = "get_session",
                 .summary = "A session; another's is nothing to a context_only collaborator",
                 .tag = "sessions",
                 .answer = shape_of<model::session_view>,
                 .refusals = {402},
                 .parse = [](const route_input& in) {
                   return on_case(in, actors::view_session{in.id<model::session_id>(1)});
                 }});
  all.push_back({.method = "PATCH",
                 .path = session_path,
                 .id = "edit_session",
                 .summary = "Change a session; a null ends_at takes it away",
                 .tag = "sessions",
                 .takes = content::json,
                 .body = body_of<model::edit_session>,
                 .answer = shape_of<model::session_view>,
                 .refusals = case_conflicts,
                 .parse = edit_of_part<model::edit_session, &model::edit_session::session>});
}

}  // namespace

void add_goal_routes(std::vector<route>& all) {
  add_goals(all);
  add_progress_routes(all);
  add_sessions(all);
}

}  // namespace net
