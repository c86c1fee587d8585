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

struct membership_row {
  model::org_id org;
  std::string name;
  model::org_kind kind = model::org_kind::managing_agent;
  std::string tier;
  model::member_role role = model::member_role::property_manager;
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

/// A mail on its way. `nonce` is of its link, if it has one.
struct outbox_row {
  model::mail_id id;
  std::string to_address;
  std::string to_name;
  std::string template_name;
  model::fields values;
  std::optional<std::string> nonce;
  std::int32_t attempts = 0;
  model::instant written_at;
};

struct outbox_counts {
  std::int64_t queued = 0;
  std::int64_t retrying = 0;
  std::int64_t failed = 0;
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
