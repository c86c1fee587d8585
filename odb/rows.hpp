#pragma once
#include <optional>
#include <string>

#include "model/magic_link.hpp"
#include "model/mail.hpp"
#include "model/organisation.hpp"
#include "model/support_case.hpp"

namespace store {

/// Which part of a list: at most `limit` items, those after the one that `after` names (its id), else from
/// the start.
struct page {
  std::size_t limit = 50;
  std::optional<model::uuid> after;
};

/// `GET /api/v1/support-cases`: newest opened first (ids are in the order of time).
struct case_query {
  std::optional<model::org_id> org;
  std::optional<model::case_status> status;
  /// Part of the reference, the tenant's name or the address, in any case.
  std::string text;
  page wanted;
  /// The next session is the first from here on.
  model::instant now = {};
};

/// A line of the operators' case list.
struct case_row {
  model::case_id id;
  model::org_id org;
  std::string reference;
  model::tenant_id tenant;
  std::string tenant_name;
  std::string property;
  model::instant opened_at;
  std::optional<model::instant> closed_at;
  model::instant last_activity_at;
  std::int64_t open_goals = 0;
  std::optional<model::instant> next_session_at = {};
};

/// A line of a worker's caseload (R19), kept by the events' own transactions.
struct caseload_row {
  model::collaborator_id id;
  model::org_id org;
  model::case_id of_case;
  model::user_id user;
  model::tenant_id tenant;
  std::string tenant_name;
  std::string organisation_name;
  model::participation participation = model::participation::full;
  model::instant assigned_at;
  model::instant last_activity_at;
  std::optional<model::instant> next_session_at;
  /// False where the organisation's tier hides it (R36).
  bool in_tier = true;
};

/// `GET /api/v1/search`: newest first.
struct search_query {
  /// At most 200 characters: words, "a phrase", -without, or; the last word may be the beginning of one.
  std::string text;
  std::optional<model::org_id> org;
  page wanted = {};
};

/// A note or a goal in which the words were found.
struct search_row {
  bool is_goal = false;
  model::uuid id;
  model::org_id org;
  std::string organisation_name;
  model::case_id of_case;
  std::string reference;
  model::tenant_id tenant;
  std::string tenant_name;
  /// Of a note.
  std::optional<model::stream> stream;
  /// Some words around the first find, plain text in one line.
  std::string snippet;
  model::instant created_at;
  std::string author_name;
};

enum class task_kind { goal_overdue, session_today, document_due, document_overdue };
BOOST_DESCRIBE_ENUM(task_kind, goal_overdue, session_today, document_due, document_overdue)

/// Where a list of tasks goes on: behind the one that is due on this day and has this id.
struct task_place {
  model::day due_on;
  model::uuid id;
};

/// `GET /api/v1/tasks`: what is due at `now`, by the day it is due on, then by id.
struct task_query {
  std::optional<model::org_id> org;
  model::instant now;
  std::size_t limit = 50;
  std::optional<task_place> after = {};
};

struct task_row {
  task_kind kind = task_kind::goal_overdue;
  model::uuid id;
  model::org_id org;
  std::string organisation_name;
  model::case_id of_case;
  std::string reference;
  model::tenant_id tenant;
  std::string tenant_name;
  /// A goal's or a document's title, a session's type.
  std::string title;
  model::day due_on;
  std::optional<model::instant> starts_at;
};

struct membership_row {
  model::org_id org;
  std::string name;
  model::org_kind kind = model::org_kind::managing_agent;
  std::string tier;
  model::member_role role = model::member_role::property_manager;
};

/// Which part of the audit log: entries newest first (ids are in the order of time). What is not named is not
/// asked for.
struct audit_query {
  model::org_id org;
  std::optional<model::case_id> of_case = {};
  std::optional<model::uuid> subject = {};
  /// A kind, or the beginning of several with the dot: `note.created`, `note.`
  std::optional<std::string> kind = {};
  std::optional<model::user_id> by = {};
  /// Both included.
  std::optional<model::instant> from = {};
  std::optional<model::instant> to = {};
  page wanted = {};
};

/// Who opened which case when: one row for each person, case and hour (R26).
struct case_read {
  model::org_id org;
  model::case_id of_case;
  model::user_id user;
  /// The full hour that `first_at` is in.
  model::instant hour;
  /// In the order of time, for lists; given by the store, as `hour` is.
  model::uuid id;
  model::instant first_at;
  std::string user_name;
  std::string request_id;
};

struct user_row {
  model::user_id id;
  std::string email;
  std::string full_name;
  model::instant created_at;
};

enum class login_kind { session, token };
BOOST_DESCRIBE_ENUM(login_kind, session, token)

/// A signed-in browser, or a bearer token that a user made (R39). Only the token's hash is kept.
struct login_row {
  model::login_id id;
  model::user_id user;
  login_kind kind = login_kind::session;
  std::string name;
  std::string token_hash;
  model::instant created_at;
  std::optional<model::instant> expires_at;
  std::optional<model::instant> ended_at;
  /// Of the user; filled in by `find_login`, not kept with the login.
  std::string email;
  std::string full_name;
};

/// A magic link with the address it was sent to.
struct link_row {
  model::magic_link link;
  std::string email;
  std::string full_name;
};

/// A document with all of its content, to be mailed.
struct mailed_document {
  model::document document;
  std::string content;
};

/// A new organisation and its first org admin (`keywork org create`).
struct provision {
  model::organisation organisation;
  model::user_id admin;
  std::string admin_email;
  std::string admin_name;
  model::magic_link link;
  std::string by;
  model::audit_id entry;
};

}  // namespace store
