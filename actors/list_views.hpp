#pragma once
#include <optional>
#include <string>
#include <vector>

#include "model/case_view.hpp"
#include "odb/rows.hpp"

/// What the lists across organisations show; each row was read under the caller's own row-level security.
namespace actors {

struct me_user_view {
  model::user_id id;
  std::string email;
  std::string full_name;
};
BOOST_DESCRIBE_STRUCT(me_user_view, (), (id, email, full_name))

struct my_organisation_view {
  model::org_id id;
  std::string name;
  std::string tier;
  model::member_role role = model::member_role::property_manager;
  std::vector<std::string> features;
};
BOOST_DESCRIBE_STRUCT(my_organisation_view, (), (id, name, tier, role, features))

struct me_view {
  using is_view = void;
  me_user_view user;
  std::vector<my_organisation_view> organisations;
  std::string landing;
  std::string csrf_token;
};
BOOST_DESCRIBE_STRUCT(me_view, (), (user, organisations, landing, csrf_token))

/// What redeeming a link answers with.
struct signed_in_view {
  using is_view = void;
  me_user_view user;
  std::string landing;
  std::string csrf_token;
};
BOOST_DESCRIBE_STRUCT(signed_in_view, (), (user, landing, csrf_token))

struct case_line_view {
  model::case_id id;
  model::org_id organisation_id;
  std::string reference;
  model::tenant_name_view tenant;
  std::string property;
  model::case_status status = model::case_status::open;
  model::instant opened_at;
  std::optional<model::instant> closed_at;
  model::instant last_activity_at;
  std::int64_t open_goals = 0;
  std::optional<model::instant> next_session_at;
};
BOOST_DESCRIBE_STRUCT(case_line_view, (),
                      (id, organisation_id, reference, tenant, property, status, opened_at, closed_at,
                       last_activity_at, open_goals, next_session_at))

struct case_list_view {
  using is_view = void;
  std::vector<case_line_view> items;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(case_list_view, (), (items, next))

struct caseload_line_view {
  model::case_id case_id;
  model::tenant_name_view tenant;
  model::organisation_name_view organisation;
  model::participation participation = model::participation::full;
  model::instant assigned_at;
  model::instant last_activity_at;
  std::optional<model::instant> next_session_at;
};
BOOST_DESCRIBE_STRUCT(caseload_line_view, (),
                      (case_id, tenant, organisation, participation, assigned_at, last_activity_at,
                       next_session_at))

struct caseload_view {
  using is_view = void;
  std::vector<caseload_line_view> items;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(caseload_view, (), (items, next))

enum class found_kind { note, goal };
BOOST_DESCRIBE_ENUM(found_kind, note, goal)

/// A note or a goal that was searched for. `snippet` is a piece of its text around the first word found:
/// plain text in one line, nothing marked. `stream` is of notes.
struct found_view {
  found_kind kind = found_kind::note;
  model::uuid id;
  model::case_id case_id;
  std::string reference;
  model::tenant_name_view tenant;
  model::organisation_name_view organisation;
  std::optional<model::stream> stream;
  std::string snippet;
  model::instant created_at;
  std::string author_name;
};
BOOST_DESCRIBE_STRUCT(found_view, (),
                      (kind, id, case_id, reference, tenant, organisation, stream, snippet, created_at,
                       author_name))

struct found_list_view {
  using is_view = void;
  std::vector<found_view> items;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(found_list_view, (), (items, next))

/// Something to be done on a case. `title` is a goal's or a document's, or a session's type; `starts_at` is
/// of sessions. `due_on` is a day in the organisation's time zone.
struct task_line_view {
  store::task_kind kind = store::task_kind::goal_overdue;
  model::uuid id;
  model::case_id case_id;
  std::string reference;
  model::tenant_name_view tenant;
  model::organisation_name_view organisation;
  std::string title;
  model::day due_on;
  std::optional<model::instant> starts_at;
};
BOOST_DESCRIBE_STRUCT(task_line_view, (),
                      (kind, id, case_id, reference, tenant, organisation, title, due_on, starts_at))

struct task_list_view {
  using is_view = void;
  std::vector<task_line_view> items;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(task_list_view, (), (items, next))

/// A login or a bearer token of one's own. `token` is there in the answer that made it, and never again.
struct login_view {
  using is_view = void;
  model::login_id id;
  std::string name;
  model::instant created_at;
  std::optional<model::instant> expires_at;
  bool current = false;
};
BOOST_DESCRIBE_STRUCT(login_view, (), (id, name, created_at, expires_at, current))

struct new_token_view {
  using is_view = void;
  model::login_id id;
  std::string name;
  model::instant created_at;
  std::optional<model::instant> expires_at;
  std::string token;
};
BOOST_DESCRIBE_STRUCT(new_token_view, (), (id, name, created_at, expires_at, token))

struct login_list_view {
  using is_view = void;
  std::vector<login_view> items;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(login_list_view, (), (items, next))

/// An answer that says that it was understood, and nothing else.
struct accepted_view {
  using is_view = void;
  std::string detail;
};
BOOST_DESCRIBE_STRUCT(accepted_view, (), (detail))

}  // namespace actors
