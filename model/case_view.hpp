#pragma once
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "model/case_commands.hpp"
#include "model/case_events.hpp"
#include "model/part_views.hpp"
#include "model/refusal.hpp"
#include "model/support_case.hpp"

/// What each kind of caller sees of a case. One type per kind, so that what a kind may not see has no place
/// to stand.
namespace model {

struct tenant_name_view {
  tenant_id id;
  std::string full_name;
};
BOOST_DESCRIBE_STRUCT(tenant_name_view, (), (id, full_name))

struct organisation_name_view {
  org_id id;
  std::string name;
};
BOOST_DESCRIBE_STRUCT(organisation_name_view, (), (id, name))

/// The case's header, the same for everyone on it but for `last_activity_at`: a collaborator's does not move
/// with professional notes.
struct case_header_view {
  using is_view = void;
  case_id id;
  std::string reference;
  organisation_name_view organisation;
  tenant_name_view tenant;
  model::tenancy_id tenancy_id_;
  std::string property;
  case_status status = case_status::open;
  std::string context_summary;
  instant opened_at;
  std::optional<instant> closed_at;
  instant last_activity_at;
};
BOOST_DESCRIBE_STRUCT(case_header_view, (),
                      (id, reference, organisation, tenant, tenancy_id_, property, status, context_summary,
                       opened_at, closed_at, last_activity_at))

struct deletion_view {
  instant at;
  person_view by;
};
BOOST_DESCRIBE_STRUCT(deletion_view, (), (at, by))

/// A note; of a deleted one, who deleted it and when, and no body (R11).
struct note_view {
  using is_view = void;
  note_id id;
  model::stream stream = model::stream::shared;
  std::optional<std::string> body;
  bool safeguarding = false;
  person_view author;
  instant created_at;
  std::optional<instant> edited_at;
  std::optional<deletion_view> deleted;
};
BOOST_DESCRIBE_STRUCT(note_view, (), (id, stream, body, safeguarding, author, created_at, edited_at, deleted))

/// What became of the mail that invited somebody: `failed` (given up), `sent` (told after a failure alone),
/// `delivered`, `bounced` or `complained` (marked as unwanted). None while nothing is known.
struct mail_fate_view {
  mail_fate state = mail_fate::delivered;
  instant at;
  std::optional<std::string> reason;
};
BOOST_DESCRIBE_STRUCT(mail_fate_view, (), (state, at, reason))

/// A team row as operators see it; contact cards among them.
struct team_row_view {
  using is_view = void;
  collaborator_id id;
  model::participation participation = model::participation::full;
  std::optional<user_id> user_id_;
  std::optional<std::string> full_name;
  std::optional<std::string> email;
  std::optional<std::string> contact_name;
  std::optional<std::string> contact_email;
  std::optional<std::string> contact_phone;
  std::optional<std::string> contact_organisation_name;
  std::optional<std::string> contact_role_label;
  instant created_at;
  std::optional<instant> invited_at;
  std::optional<instant> accepted_at;
  std::optional<instant> ended_at;
  std::optional<mail_fate_view> mail;
  /// `caseload_soft_cap` (R18), in the answer to an invite only.
  std::vector<std::string> warnings;
};
BOOST_DESCRIBE_STRUCT(team_row_view, (),
                      (id, participation, user_id_, full_name, email, contact_name, contact_email,
                       contact_phone, contact_organisation_name, contact_role_label, created_at, invited_at,
                       accepted_at, ended_at, mail, warnings))

/// A team row as a full collaborator sees it.
struct colleague_view {
  collaborator_id id;
  model::participation participation = model::participation::full;
  std::optional<user_id> user_id_;
  std::string full_name;
  std::string email;
  std::optional<instant> invited_at;
  std::optional<instant> accepted_at;
  std::optional<instant> ended_at;
};
BOOST_DESCRIBE_STRUCT(colleague_view, (),
                      (id, participation, user_id_, full_name, email, invited_at, accepted_at, ended_at))

/// A team row as a context_only collaborator sees it: name and mode.
struct colleague_name_view {
  model::participation participation = model::participation::full;
  std::string full_name;
};
BOOST_DESCRIBE_STRUCT(colleague_name_view, (), (participation, full_name))

struct operator_notes_view {
  std::vector<note_view> shared;
  std::vector<note_view> professional;
};
BOOST_DESCRIBE_STRUCT(operator_notes_view, (), (shared, professional))

struct collaborator_notes_view {
  std::vector<note_view> shared;
};
BOOST_DESCRIBE_STRUCT(collaborator_notes_view, (), (shared))

struct operator_workspace {
  using is_view = void;
  case_header_view case_;
  std::vector<std::string> permissions;
  operator_notes_view notes;
  std::vector<goal_view> goals;
  std::vector<session_view> sessions;
  std::vector<team_row_view> team;
  std::vector<document_view> documents;
};
BOOST_DESCRIBE_STRUCT(operator_workspace, (), (case_, permissions, notes, goals, sessions, team, documents))

struct full_workspace {
  using is_view = void;
  case_header_view case_;
  std::vector<std::string> permissions;
  collaborator_notes_view notes;
  std::vector<goal_view> goals;
  std::vector<session_view> sessions;
  std::vector<colleague_view> team;
  std::vector<document_view> documents;
};
BOOST_DESCRIBE_STRUCT(full_workspace, (), (case_, permissions, notes, goals, sessions, team, documents))

struct context_workspace {
  using is_view = void;
  case_header_view case_;
  std::vector<std::string> permissions;
  collaborator_notes_view notes;
  std::vector<goal_view> goals;
  std::vector<session_view> sessions;
  std::vector<colleague_name_view> team;
};
BOOST_DESCRIBE_STRUCT(context_workspace, (), (case_, permissions, notes, goals, sessions, team))

using note_page = part_page<note_view>;
using team_list = part_page<team_row_view>;
using colleague_list = part_page<colleague_view>;
using colleague_name_list = part_page<colleague_name_view>;

/// A template that a document of the case can be made from.
struct template_choice_view {
  template_id id;
  document_type type = document_type::letter;
  std::string name;
  std::string text;
  std::optional<std::int32_t> due_every_months;
  std::optional<std::int64_t> signing_template;
};
BOOST_DESCRIBE_STRUCT(template_choice_view, (), (id, type, name, text, due_every_months, signing_template))
using template_choices = part_page<template_choice_view>;

/// A case's legal hold (R32).
struct legal_hold_view {
  using is_view = void;
  bool on = false;
  std::optional<instant> since;
  std::optional<std::string> reason;
};
BOOST_DESCRIBE_STRUCT(legal_hold_view, (), (on, since, reason))

/// What an export is about to stream, as the one who asked may see it (R28).
struct export_view {
  using is_view = void;
  export_content what = export_content::notes;
  export_format format = export_format::csv;
};
BOOST_DESCRIBE_STRUCT(export_view, (), (what, format))

using workspace_view = std::variant<operator_workspace, full_workspace, context_workspace>;
using team_view = std::variant<team_list, colleague_list, colleague_name_list>;
/// What a command answers with: the whole of what it made or changed.
using change_view = std::variant<case_header_view, note_view, team_row_view, goal_view, progress_view,
                                 session_view, document_view, legal_hold_view, export_view>;

/// The header alone, as this role sees it: the answer to opening a case.
case_header_view view_header(const support_case& c, role who);
/// The workspace this caller may see; `not_found` for those who may not know of the case.
std::variant<workspace_view, refusal> view(const support_case& c, const caller& who);
/// The team as this caller may see it.
std::variant<team_view, refusal> view_team(const support_case& c, const caller& who);
/// Whether this caller reads this stream: `not_found` or `not_permitted` if not.
std::optional<refusal> refuse_reading(const support_case& c, const caller& who, stream s);
/// The same for any row of the matrix.
std::optional<refusal> refuse_reading(const support_case& c, const caller& who, resource which);
/// Whether this caller reads this session; others' are nothing to a context_only collaborator.
bool may_read(const support_case& c, const caller& who, const support_session& s);
/// What documents of this case can be made from; for those who write documents.
std::variant<template_choices, refusal> view_templates(const support_case& c, const caller& who);
/// Notes that were read from the database for a caller whom `refuse_reading` let pass, newest first.
note_view view_note(const note& n);

/// What to answer to a command that led from whatever was before to `c` by `events`; a command without events
/// is answered with what it named. Only for a caller whose command was accepted.
change_view view_change(const support_case& c, const caller& who, const case_command& command,
                        std::span<const case_event> events);

}  // namespace model
