#pragma once
#include <optional>
#include <string>
#include <variant>

#include "actors/conditions.hpp"
#include "actors/login_messages.hpp"
#include "actors/rendered.hpp"
#include "actors/task_place.hpp"
#include "model/case_commands.hpp"
#include "model/org_commands.hpp"
#include "model/refusal.hpp"

/// What actors say to each other. Described, so that each can cross the wire to another node
/// (`actors/wire.hpp`).
namespace actors {

/// Which part of a list (API conventions): `after` is the id the cursor names.
struct list_part {
  std::uint32_t limit = 50;
  std::optional<model::uuid> after;
};
BOOST_DESCRIBE_STRUCT(list_part, (), (limit, after))

// --- questions about one case
struct view_workspace {};
BOOST_DESCRIBE_STRUCT(view_workspace, (), ())
/// Notes of one stream; the shared one if none is named.
struct view_notes {
  std::optional<model::stream> stream;
  list_part part;
};
BOOST_DESCRIBE_STRUCT(view_notes, (), (stream, part))
struct view_team {};
BOOST_DESCRIBE_STRUCT(view_team, (), ())

struct view_goals {
  list_part part;
};
BOOST_DESCRIBE_STRUCT(view_goals, (), (part))
struct view_goal {
  model::goal_id goal;
};
BOOST_DESCRIBE_STRUCT(view_goal, (), (goal))
struct view_session {
  model::session_id session;
};
BOOST_DESCRIBE_STRUCT(view_session, (), (session))
struct view_progress {
  model::goal_id goal;
  list_part part;
};
BOOST_DESCRIBE_STRUCT(view_progress, (), (goal, part))
struct view_sessions {
  list_part part;
};
BOOST_DESCRIBE_STRUCT(view_sessions, (), (part))
struct view_documents {
  list_part part;
};
BOOST_DESCRIBE_STRUCT(view_documents, (), (part))
struct view_document {
  model::document_id document;
};
BOOST_DESCRIBE_STRUCT(view_document, (), (document))
/// Its bytes: the file, or the text as PDF.
struct view_content {
  model::document_id document;
};
BOOST_DESCRIBE_STRUCT(view_content, (), (document))
enum class signed_file { copy, audit };
BOOST_DESCRIBE_ENUM(signed_file, copy, audit)
/// What the signing service made of it: for operators.
struct view_signed {
  model::document_id document;
  signed_file which = signed_file::copy;
};
BOOST_DESCRIBE_STRUCT(view_signed, (), (document, which))
/// The steps of one document (R23).
struct view_trail {
  model::document_id document;
  list_part part;
};
BOOST_DESCRIBE_STRUCT(view_trail, (), (document, part))
/// The templates that a document of this case can be made from.
struct view_templates {};
BOOST_DESCRIBE_STRUCT(view_templates, (), ())
/// Which entries of an audit log: of a kind (`note.created`) or several (`note.`), by somebody, within a
/// time.
struct audit_filter {
  std::optional<std::string> kind;
  std::optional<model::user_id> by;
  std::optional<model::instant> from;
  std::optional<model::instant> to;
};
BOOST_DESCRIBE_STRUCT(audit_filter, (), (kind, by, from, to))
struct view_audit {
  audit_filter wanted;
  list_part part;
};
BOOST_DESCRIBE_STRUCT(view_audit, (), (wanted, part))
/// What a note said before an edit or its deletion (R11).
struct view_revision {
  model::revision_id revision;
};
BOOST_DESCRIBE_STRUCT(view_revision, (), (revision))
/// Who opened the case when.
struct view_reads {
  list_part part;
};
BOOST_DESCRIBE_STRUCT(view_reads, (), (part))
struct view_retention {};
BOOST_DESCRIBE_STRUCT(view_retention, (), ())
/// Whether the sender may upload a file, into this document or as a new one: asked with the head alone,
/// before the file is let in. Nobody opens the case with this.
struct may_upload {
  std::optional<model::document_id> document;
};
BOOST_DESCRIBE_STRUCT(may_upload, (), (document))
/// Whoever sends this is told of changes from now on, for an open stream (actors/watch.hpp). The answer's
/// ETag is that of the workspace as it is seen now.
struct watch_events {
  /// Made by the sender.
  model::uuid stream;
  /// The stream is open already: nobody opens the case with this.
  bool again = false;
  /// Filled in by the case.
  std::uint64_t admission = 0;
};
BOOST_DESCRIBE_STRUCT(watch_events, (), (stream, again, admission))

using case_request = std::variant<view_workspace, view_notes, view_team, view_goals, view_goal, view_session,
                                  view_progress, view_sessions, view_documents, view_document, view_content,
                                  view_signed, view_trail, view_templates, view_audit, view_revision,
                                  view_reads, view_retention, may_upload, watch_events, model::case_command>;

/// Asked of an organisation, who adds the caller's standing and hands it to the case.
struct ask_case {
  model::caller who;
  model::org_id org;
  model::case_id of_case;
  conditions given;
  case_request what;
};
BOOST_DESCRIBE_STRUCT(ask_case, (), (who, org, of_case, given, what))

// --- questions about an organisation
struct view_organisation {};
BOOST_DESCRIBE_STRUCT(view_organisation, (), ())
struct view_billing {};
BOOST_DESCRIBE_STRUCT(view_billing, (), ())
struct view_members {
  list_part part;
};
BOOST_DESCRIBE_STRUCT(view_members, (), (part))
struct view_landlords {
  list_part part;
};
BOOST_DESCRIBE_STRUCT(view_landlords, (), (part))
struct view_properties {
  list_part part;
};
BOOST_DESCRIBE_STRUCT(view_properties, (), (part))
/// `text` is part of a tenant's name or the address.
struct view_tenancies {
  bool without_case = false;
  std::string text;
  list_part part;
};
BOOST_DESCRIBE_STRUCT(view_tenancies, (), (without_case, text, part))

/// The templates of the organisation; those that one case is offered are `view_templates`.
struct view_document_templates {
  list_part part;
};
BOOST_DESCRIBE_STRUCT(view_document_templates, (), (part))
struct view_document_template {
  model::template_id id;
};
BOOST_DESCRIBE_STRUCT(view_document_template, (), (id))

/// When the next sweep is, and the last ones (R30).
struct view_retention_runs {
  list_part part;
};
BOOST_DESCRIBE_STRUCT(view_retention_runs, (), (part))
/// What a sweep would erase now; nothing is.
struct rehearse_retention {};
BOOST_DESCRIBE_STRUCT(rehearse_retention, (), ())

/// What went to which housing officer: of one month, or of all.
struct view_digests {
  std::optional<model::month> month;
  list_part part;
};
BOOST_DESCRIBE_STRUCT(view_digests, (), (month, part))

/// The organisation's mails, newest first; of one state, if one is named.
struct view_outbox {
  std::optional<model::mail_state> state;
  list_part part;
};
BOOST_DESCRIBE_STRUCT(view_outbox, (), (state, part))

using org_request =
    std::variant<view_outbox, view_digests, view_retention_runs, rehearse_retention, view_organisation,
                 view_billing, view_members, view_landlords, view_properties, view_tenancies,
                 view_document_templates, view_document_template, view_audit, model::org_command>;

struct ask_org {
  model::caller who;
  model::org_id org;
  conditions given;
  org_request what;
};
BOOST_DESCRIBE_STRUCT(ask_org, (), (who, org, given, what))

// --- questions across organisations, answered from the read models under the caller's row-level security
/// `GET /api/v1/support-cases`
struct list_cases {
  std::optional<model::org_id> org;
  std::optional<model::case_status> status;
  std::string text;
  list_part part;
};
BOOST_DESCRIBE_STRUCT(list_cases, (), (org, status, text, part))
/// `GET /api/v1/support/tenants`
struct list_caseload {
  list_part part;
};
BOOST_DESCRIBE_STRUCT(list_caseload, (), (part))
/// `GET /api/v1/search`
struct search_texts {
  std::string text;
  std::optional<model::org_id> org;
  list_part part;
};
BOOST_DESCRIBE_STRUCT(search_texts, (), (text, org, part))
/// `GET /api/v1/tasks`
struct list_tasks {
  std::optional<model::org_id> org;
  std::uint32_t limit = 50;
  std::optional<task_place> after;
};
BOOST_DESCRIBE_STRUCT(list_tasks, (), (org, limit, after))
/// `GET /api/v1/me`; `csrf_token` comes from the edge, which knows the login.
struct view_me {
  std::string csrf_token;
};
BOOST_DESCRIBE_STRUCT(view_me, (), (csrf_token))

using list_request = std::variant<list_cases, list_caseload, search_texts, list_tasks, view_me>;

struct ask_lists {
  model::caller who;
  conditions given;
  list_request what;
};
BOOST_DESCRIBE_STRUCT(ask_lists, (), (who, given, what))

// --- answers
enum class answer_kind { ok, created, no_content, accepted, not_modified };
BOOST_DESCRIBE_ENUM(answer_kind, ok, created, no_content, accepted, not_modified)

/// What is streamed is headed with.
struct stream_heading {
  std::string organisation;
  std::string tenant;
  std::string property;
  std::string reference;
  std::string time_zone;
  std::string asked_by;
  model::instant asked_at;
};
BOOST_DESCRIBE_STRUCT(stream_heading, (),
                      (organisation, tenant, property, reference, time_zone, asked_by, asked_at))

struct stream_document {
  model::document document;
  /// Of a document that is no file.
  std::string body;
};
BOOST_DESCRIBE_STRUCT(stream_document, (), (document, body))

/// An answer too large to be rendered at once: the case has let it pass, the edge streams it, reading under
/// the caller's own row-level security.
struct stream_order {
  model::user_id who;
  model::org_id org;
  model::case_id of_case;
  stream_heading heading;
  std::variant<stream_document, model::make_export> what;
};
BOOST_DESCRIBE_STRUCT(stream_order, (), (who, org, of_case, heading, what))

struct answer {
  answer_kind kind = answer_kind::ok;
  rendered body;
  /// Empty where the answer has none.
  std::string etag;
  /// What a POST made: the end of its Location.
  std::optional<model::uuid> made;
  /// In place of the body.
  std::optional<stream_order> stream = {};
};

/// What any request comes back with.
using reply = std::variant<answer, model::refusal>;

// --- what providers tell
/// The signing service tells that something happened to a request. What, it is asked.
struct signing_notice {
  std::string event_type;
  /// Of what the event is about, in the service's own numbering.
  std::int64_t subject = 0;
  std::string timestamp;
  /// Ours and the service's number of the request, as far as they were named.
  std::optional<model::signature_id> request;
  std::optional<std::int64_t> submission;
};
BOOST_DESCRIBE_STRUCT(signing_notice, (), (event_type, subject, timestamp, request, submission))

/// What a mail provider tells of a mail that it was given.
enum class mail_event { sent, delivered, delayed, bounced, complained, failed };
BOOST_DESCRIBE_ENUM(mail_event, sent, delivered, delayed, bounced, complained, failed)
struct mail_notice {
  /// Of the telling: told twice is told once.
  std::string id;
  mail_event what = mail_event::sent;
  /// The provider's name for the mail, and ours where it gave it back.
  std::string provider_id;
  std::optional<model::mail_id> mail;
  std::optional<model::instant> at;
  std::optional<std::string> reason;
};
BOOST_DESCRIBE_STRUCT(mail_notice, (), (id, what, provider_id, mail, at, reason))

/// Which organisation owns this? By any of the ids that stand in a path.
struct locate {
  std::variant<model::org_id, model::case_id, model::property_id, model::tenancy_id, model::tenant_id> what;
};
BOOST_DESCRIBE_STRUCT(locate, (), (what))

}  // namespace actors
