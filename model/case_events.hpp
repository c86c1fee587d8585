#pragma once
#include <string_view>
#include <variant>

#include "model/case_commands.hpp"
#include "model/document_events.hpp"
#include "model/goal_events.hpp"
#include "model/magic_link.hpp"
#include "model/org_events.hpp"
#include "model/support_case.hpp"

namespace model {

struct context_summary_edited {
  static constexpr std::string_view kind = "case.context_summary_edited";
  std::string before;
  std::string after;
};
BOOST_DESCRIBE_STRUCT(context_summary_edited, (), (before, after))

struct case_closed {
  static constexpr std::string_view kind = "case.closed";
  instant at;
  std::optional<std::string> reason;
};
BOOST_DESCRIBE_STRUCT(case_closed, (), (at, reason))

struct case_reopened {
  static constexpr std::string_view kind = "case.reopened";
  instant was_closed_at;
};
BOOST_DESCRIBE_STRUCT(case_reopened, (), (was_closed_at))

struct note_added {
  static constexpr std::string_view kind = "note.created";
  model::note note;
};
BOOST_DESCRIBE_STRUCT(note_added, (), (note))

struct note_edited {
  static constexpr std::string_view kind = "note.edited";
  note after;
  note_revision before;
};
BOOST_DESCRIBE_STRUCT(note_edited, (), (after, before))

struct note_flagged {
  static constexpr std::string_view kind = "note.safeguarding_flagged";
  note after;
};
BOOST_DESCRIBE_STRUCT(note_flagged, (), (after))

struct note_unflagged {
  static constexpr std::string_view kind = "note.safeguarding_unflagged";
  note after;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(note_unflagged, (), (after, reason))

struct note_deleted {
  static constexpr std::string_view kind = "note.deleted";
  note after;
  note_revision before;
};
BOOST_DESCRIBE_STRUCT(note_deleted, (), (after, before))

struct collaborator_invited {
  static constexpr std::string_view kind = "collaborator.invited";
  model::collaborator collaborator;
  std::optional<new_user> created;
  magic_link link;
  mail_id mail;
  /// The worker now has more tenants than the soft cap (R18).
  bool over_soft_cap = false;
};
BOOST_DESCRIBE_STRUCT(collaborator_invited, (), (collaborator, created, link, mail, over_soft_cap))

struct invite_resent {
  static constexpr std::string_view kind = "collaborator.invite_resent";
  collaborator after;
  magic_link link;
  mail_id mail;
};
BOOST_DESCRIBE_STRUCT(invite_resent, (), (after, link, mail))

struct collaborator_accepted {
  static constexpr std::string_view kind = "collaborator.accepted";
  collaborator after;
};
BOOST_DESCRIBE_STRUCT(collaborator_accepted, (), (after))

struct invite_mail_reported {
  static constexpr std::string_view kind = "collaborator.mail_reported";
  collaborator after;
};
BOOST_DESCRIBE_STRUCT(invite_mail_reported, (), (after))

struct collaborator_ended {
  static constexpr std::string_view kind = "collaborator.ended";
  collaborator after;
};
BOOST_DESCRIBE_STRUCT(collaborator_ended, (), (after))

struct contact_added {
  static constexpr std::string_view kind = "contact.added";
  model::collaborator collaborator;
};
BOOST_DESCRIBE_STRUCT(contact_added, (), (collaborator))

struct contact_edited {
  static constexpr std::string_view kind = "contact.edited";
  collaborator before;
  collaborator after;
};
BOOST_DESCRIBE_STRUCT(contact_edited, (), (before, after))

struct legal_hold_set {
  static constexpr std::string_view kind = "case.legal_hold_set";
  instant at;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(legal_hold_set, (), (at, reason))

struct legal_hold_lifted {
  static constexpr std::string_view kind = "case.legal_hold_lifted";
  instant was_set_at;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(legal_hold_lifted, (), (was_set_at, reason))

struct export_made {
  static constexpr std::string_view kind = "export.made";
  instant at;
  export_content what = export_content::notes;
  export_format format = export_format::csv;
};
BOOST_DESCRIBE_STRUCT(export_made, (), (at, what, format))

using case_event =
    std::variant<context_summary_edited, case_closed, case_reopened, note_added, note_edited, note_flagged,
                 note_unflagged, note_deleted, collaborator_invited, invite_resent, invite_mail_reported,
                 collaborator_accepted, collaborator_ended, contact_added, contact_edited, goal_added,
                 goal_edited, progress_added, session_added, session_edited, document_created,
                 document_edited, document_file_attached, document_submitted, document_returned,
                 document_approved, document_sent, document_signed, document_signed_copy_kept,
                 document_voided, legal_hold_set, legal_hold_lifted, export_made>;

}  // namespace model
