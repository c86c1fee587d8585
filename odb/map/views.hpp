#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/digest_ledger.hpp"
#include "odb/map/kept.hpp"

/// What native statements answer: members stand for columns by their order.
namespace store {

/// One text column nobody reads: the answer of a statement asked for its effect.
struct effect_view {
  std::optional<std::string> text;
};

struct truth_view {
  bool truth = false;
};

struct text_view {
  std::string text;
};

struct instant_view {
  model::instant at;
};

struct bytes_view {
  std::vector<char> bytes;
};

/// An id of whatever the statement asks for.
struct id_view {
  model::uuid id;
};

/// A case as its organisation knows it.
struct entry_view {
  model::case_id id;
  std::string reference;
  model::tenancy_id tenancy;
  model::tenant_id tenant;
};

/// `cases`: a case with the tenant and the address.
struct case_list_view {
  model::case_id id;
  model::org_id org;
  std::string reference;
  model::tenant_id tenant;
  std::string tenant_name;
  std::string line1;
  std::string line2;
  std::string town;
  std::string postcode;
  model::instant opened_at;
  std::optional<model::instant> closed_at;
  model::instant last_activity_at;
  std::int64_t open_goals = 0;
  std::optional<model::instant> next_session_at;
};

/// `caseload`: a line, its session looked up where the one that was kept is over.
struct caseload_line_view {
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
};

/// `search`: a note or a goal with its case.
struct found_view {
  bool is_goal = false;
  model::uuid id;
  model::org_id org;
  std::string organisation_name;
  model::case_id of_case;
  std::string reference;
  model::tenant_id tenant;
  std::string tenant_name;
  std::optional<model::stream> stream;
  std::string snippet;
  model::instant created_at;
  std::string author_name;
};

/// `tasks`: what is due, with its case.
struct task_view {
  task_kind kind = task_kind::goal_overdue;
  model::uuid id;
  model::org_id org;
  std::string organisation_name;
  model::case_id of_case;
  std::string reference;
  model::tenant_id tenant;
  std::string tenant_name;
  std::string title;
  model::day due_on;
  std::optional<model::instant> starts_at;
};

struct membership_view {
  model::org_id org;
  std::string name;
  model::org_kind kind = model::org_kind::managing_agent;
  std::string tier;
  model::member_role role = model::member_role::property_manager;
};

/// A tier; its features with commas between.
struct plan_view {
  std::string tier;
  std::int64_t price_pence_per_month = 0;
  std::int64_t price_pence_per_year = 0;
  std::optional<std::int64_t> tenancies;
  std::optional<std::int64_t> users;
  std::string features;
};

struct person_view {
  std::optional<model::user_id> user;
  std::int64_t active_tenants = 0;
};

/// A login with its user.
struct login_view {
  model::login_id id;
  model::user_id user;
  login_kind kind = login_kind::session;
  std::string name;
  std::string token_hash;
  model::instant created_at;
  std::optional<model::instant> expires_at;
  std::optional<model::instant> ended_at;
  std::string email;
  std::string full_name;
};

/// A mail to be sent now, with its link's nonce.
struct due_mail_view {
  model::mail_id id;
  std::optional<model::org_id> org;
  std::optional<model::case_id> of_case;
  std::string to_address;
  std::string to_name;
  std::string template_name;
  std::string fields;
  std::optional<std::string> nonce;
  std::optional<model::instant> link_expires_at;
  std::int32_t attempts = 0;
  model::instant written_at;
  model::instant first_tried_at;
  std::optional<model::instant> unsure_since;
  std::int32_t resends = 0;
};

/// A mail that is due, and the one that has to go before it; itself, where it is its turn.
struct mail_turn_view {
  model::mail_id id;
  model::mail_id head;
};

struct mail_line_view {
  model::mail_id id;
  std::optional<model::org_id> org;
  std::string to_address;
  std::string template_name;
  std::string state;
  std::int32_t attempts = 0;
  std::optional<std::string> last_error;
  model::instant next_attempt_at;
  model::instant written_at;
  std::optional<model::instant> sent_at;
  std::optional<model::instant> delayed_at;
  std::optional<model::instant> delivered_at;
  std::optional<model::instant> bounced_at;
  std::optional<model::instant> complained_at;
  std::optional<std::string> fate_reason;
};

/// An invite's mail of which its case does not know all.
struct mail_news_view {
  model::mail_id id;
  model::org_id org;
  model::case_id of_case;
  model::collaborator_id collaborator;
  std::string state;
  std::optional<std::string> last_error;
  model::instant next_attempt_at;
  std::optional<model::instant> sent_at;
  std::optional<model::instant> delivered_at;
  std::optional<model::instant> bounced_at;
  std::optional<model::instant> complained_at;
  std::optional<std::string> fate_reason;
  std::int32_t news = 0;
};

struct outbox_count_view {
  std::int64_t queued = 0;
  std::int64_t retrying = 0;
  std::int64_t failed = 0;
};

/// An organisation whose digests may be due.
struct digest_due_view {
  model::org_id org;
  std::string time_zone;
  std::string tier;
  std::optional<model::instant> since;
  std::optional<model::day> done_month;
};

/// Somebody who is told of at least one tenant.
struct digest_recipient_view {
  model::user_id user;
  std::string email;
  std::string full_name;
};

/// `model::digest_assignment`
struct digest_assignment_view {
  model::case_id of_case;
  std::string reference;
  std::optional<model::instant> closed_at;
  std::string tenant_name;
  model::note_visibility visibility = model::note_visibility::inherit;
  model::participation participation = model::participation::full;
  std::string email;
  std::string full_name;
  std::optional<model::instant> accepted_at;
  std::optional<model::instant> ended_at;
};

/// `model::digest_entry`
struct digest_entry_view {
  model::digest_id id;
  model::org_id org;
  model::day month;
  model::user_id recipient;
  std::string email;
  std::int32_t copy = 0;
  model::digest_state state = model::digest_state::queued;
  std::optional<model::mail_id> mail;
  model::instant planned_at;
  std::optional<model::instant> settled_at;
  std::optional<std::string> reason;
  std::int64_t tenants = 0;
  std::int64_t goals = 0;
  std::int64_t sessions = 0;
  std::int64_t notes = 0;
};

/// A request to the signing service that something is to be done about.
struct due_signature_view {
  model::signature_id id;
  model::org_id org;
  model::case_id of_case;
  model::document_id document;
  std::string state;
  std::int32_t attempts = 0;
  std::optional<std::int64_t> submission;
  std::optional<model::instant> sent_at;
  bool has_copy = false;
  bool has_audit = false;
};

/// What is printed on a document beside its text.
struct signature_place_view {
  std::string organisation;
  std::string tenant;
  std::string time_zone;
};

struct signature_count_view {
  std::int64_t waiting = 0;
  std::int64_t failed = 0;
};

/// `model::digest_mail_way`, by the digest.
struct digest_way_view {
  model::mail_id mail;
  std::int32_t attempts = 0;
  std::optional<std::string> last_error;
  std::optional<model::instant> delivered_at;
  std::optional<model::instant> bounced_at;
  std::optional<model::instant> complained_at;
};

/// What was frozen of a digest.
struct digest_frozen_view {
  bool is_frozen = false;
  std::optional<std::string> content;
};

struct digest_count_view {
  model::day month;
  model::digest_state state = model::digest_state::queued;
  std::int64_t count = 0;
};

struct digest_organisation_view {
  model::org_id org;
  std::string name;
};

}  // namespace store
