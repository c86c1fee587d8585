#pragma once
#include <optional>
#include <variant>

#include "model/document_commands.hpp"
#include "model/goal_commands.hpp"
#include "model/org_commands.hpp"
#include "model/support_case.hpp"

namespace model {

using note_text = text<20000>;

struct edit_context_summary {
  text<20000, 0> context_summary;
};
BOOST_DESCRIBE_STRUCT(edit_context_summary, (), (context_summary))

struct close_case {
  std::optional<reason_text> reason;
};
BOOST_DESCRIBE_STRUCT(close_case, (), (reason))

struct reopen_case {};
BOOST_DESCRIBE_STRUCT(reopen_case, (), ())

struct add_note {
  model::stream stream = model::stream::shared;
  note_text body;
  std::optional<bool> safeguarding;
};
BOOST_DESCRIBE_STRUCT(add_note, (), (stream, body, safeguarding))

/// Changes the body, the safeguarding flag, or both. Taking the flag away needs a reason (R32).
struct edit_note {
  note_id note;
  std::optional<note_text> body;
  std::optional<bool> safeguarding;
  std::optional<reason_text> reason;
};
BOOST_DESCRIBE_STRUCT(edit_note, (), (note, body, safeguarding, reason))

struct delete_note {
  note_id note;
};
BOOST_DESCRIBE_STRUCT(delete_note, (), (note))

/// Invites a worker (full, context_only) or records a contact card (reference_only); each takes only its own
/// fields (R14).
struct add_to_team {
  model::participation participation = model::participation::full;
  std::optional<name_text> full_name;
  std::optional<email_text> email;
  std::optional<name_text> contact_name;
  std::optional<email_text> contact_email;
  std::optional<phone_text> contact_phone;
  std::optional<name_text> contact_organisation_name;
  std::optional<name_text> contact_role_label;
  /// Not input.
  std::optional<known_person> person = {};
};
BOOST_DESCRIBE_STRUCT(add_to_team, (),
                      (participation, full_name, email, contact_name, contact_email, contact_phone,
                       contact_organisation_name, contact_role_label))

/// Changes the given fields of a contact card (R17).
struct edit_contact {
  collaborator_id row;
  std::optional<name_text> contact_name;
  std::optional<email_text> contact_email;
  std::optional<phone_text> contact_phone;
  std::optional<name_text> contact_organisation_name;
  std::optional<name_text> contact_role_label;
};
BOOST_DESCRIBE_STRUCT(edit_contact, (),
                      (row, contact_name, contact_email, contact_phone, contact_organisation_name,
                       contact_role_label))

struct end_assignment {
  collaborator_id row;
};
BOOST_DESCRIBE_STRUCT(end_assignment, (), (row))

struct resend_invite {
  collaborator_id row;
};
BOOST_DESCRIBE_STRUCT(resend_invite, (), (row))

/// Given by the login actor when the invite's link is redeemed; never from a request of its own (R16).
struct accept_invite {
  collaborator_id row;
};
BOOST_DESCRIBE_STRUCT(accept_invite, (), (row))

/// What became of the mail that invited somebody. From the mailer; never from a request.
struct report_invite_mail {
  collaborator_id row;
  mail_id mail;
  mail_fate fate = mail_fate::delivered;
  instant at;
  std::optional<std::string> reason;
};
BOOST_DESCRIBE_STRUCT(report_invite_mail, (), (row, mail, fate, at, reason))

/// A case under legal hold is never swept (R32).
struct set_legal_hold {
  bool on = true;
  reason_text reason;
};
BOOST_DESCRIBE_STRUCT(set_legal_hold, (), (on, reason))

enum class export_content { notes, sessions };
BOOST_DESCRIBE_ENUM(export_content, notes, sessions)
enum class export_format { csv, pdf };
BOOST_DESCRIBE_ENUM(export_format, csv, pdf)

/// Takes everything of a kind out of the case (R28). What is exported is streamed once this is written down.
struct make_export {
  export_content what = export_content::notes;
  export_format format = export_format::csv;
};
BOOST_DESCRIBE_STRUCT(make_export, (), (what, format))

using case_command =
    std::variant<edit_context_summary, close_case, reopen_case, add_note, edit_note, delete_note, add_to_team,
                 edit_contact, end_assignment, resend_invite, accept_invite, report_invite_mail, add_goal,
                 edit_goal, add_progress, add_session, edit_session, create_document, edit_document,
                 attach_file, upload_document, submit_document, return_document, approve_document,
                 send_document, record_signature, settle_signature, void_document, set_legal_hold,
                 make_export>;

}  // namespace model
