#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/access.hpp"
#include "model/describe.hpp"
#include "model/document.hpp"
#include "model/goal.hpp"
#include "model/ids.hpp"
#include "model/mail.hpp"
#include "model/organisation.hpp"
#include "model/support_session.hpp"

namespace model {

enum class case_status { open, closed };
BOOST_DESCRIBE_ENUM(case_status, open, closed)

enum class stream { shared, professional };
BOOST_DESCRIBE_ENUM(stream, shared, professional)

enum class participation { full, context_only, reference_only };
BOOST_DESCRIBE_ENUM(participation, full, context_only, reference_only)

/// A case's own row. What a collaborator may learn of its liveliness is `shared_activity_at`:
/// `last_activity_at` also moves with professional notes, and is the operators' alone.
struct case_header {
  case_id id;
  org_id org;
  tenancy_id tenancy;
  tenant_id tenant;
  std::string reference;
  std::string context_summary;
  instant opened_at;
  std::optional<instant> closed_at;
  instant last_activity_at;
  instant shared_activity_at;
  /// A legal hold (R32) and why; the operators' alone.
  std::optional<instant> held_since;
  std::optional<std::string> hold_reason;
  /// Counts every change; two writers cannot both make change n.
  std::uint64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(case_header, (),
                      (id, org, tenancy, tenant, reference, context_summary, opened_at, closed_at,
                       last_activity_at, shared_activity_at, held_since, hold_reason, version))

/// A note (R10, R11). A deleted one keeps its place without its body.
struct note {
  note_id id;
  org_id org;
  case_id of_case;
  model::stream stream = model::stream::shared;
  std::string body;
  bool safeguarding = false;
  std::optional<instant> flagged_at;
  user_id author;
  std::string author_name;
  instant created_at;
  std::optional<instant> edited_at;
  std::optional<instant> deleted_at;
  std::optional<user_id> deleted_by;
  std::optional<std::string> deleted_by_name;
};
BOOST_DESCRIBE_STRUCT(note, (),
                      (id, org, of_case, stream, body, safeguarding, flagged_at, author, author_name,
                       created_at, edited_at, deleted_at, deleted_by, deleted_by_name))

/// What a note said before an edit or its deletion; the operators' audit log alone shows it (R11).
struct note_revision {
  revision_id id;
  org_id org;
  case_id of_case;
  note_id note;
  std::string body;
  instant replaced_at;
  user_id replaced_by;
};
BOOST_DESCRIBE_STRUCT(note_revision, (), (id, org, of_case, note, body, replaced_at, replaced_by))

/// A row of `tenant_collaborators` (R14–R17): somebody's assignment to this case, or a contact card.
/// `full_name` and `email` are the worker's; a contact card has the `contact_…` fields instead.
struct collaborator {
  collaborator_id id;
  org_id org;
  case_id of_case;
  tenant_id tenant;
  model::participation participation = model::participation::full;
  std::optional<user_id> user;
  std::optional<std::string> full_name;
  std::optional<std::string> email;
  std::optional<std::string> contact_name;
  std::optional<std::string> contact_email;
  std::optional<std::string> contact_phone;
  std::optional<std::string> contact_organisation_name;
  std::optional<std::string> contact_role_label;
  instant created_at;
  user_id created_by;
  std::optional<instant> invited_at;
  std::optional<instant> accepted_at;
  std::optional<instant> ended_at;
  std::optional<user_id> ended_by;
  /// The latest mail that invited them, and what became of it: the operators' alone.
  std::optional<mail_id> invite_mail;
  std::optional<mail_fate> invite_mail_fate;
  std::optional<instant> invite_mail_at;
  std::optional<std::string> invite_mail_reason;
};
BOOST_DESCRIBE_STRUCT(collaborator, (),
                      (id, org, of_case, tenant, participation, user, full_name, email, contact_name,
                       contact_email, contact_phone, contact_organisation_name, contact_role_label,
                       created_at, created_by, invited_at, accepted_at, ended_at, ended_by, invite_mail,
                       invite_mail_fate, invite_mail_at, invite_mail_reason))

/// How many of each list a case keeps at hand and a workspace answer shows; older ones are read page by page.
inline constexpr std::size_t workspace_list_length = 50;

/// The latest notes of a stream, oldest first. Notes are shared between versions of a state, never changed in
/// place.
using note_list = std::vector<std::shared_ptr<const note>>;

/// Parts of a case, shared between versions of a state like its notes.
template <class Part>
using part_list = std::vector<std::shared_ptr<const Part>>;

/// Older parts than the state holds, fetched for one command; at most one of each.
struct recalled_parts {
  std::shared_ptr<const model::note> note;
  std::shared_ptr<const model::goal> goal;
  std::shared_ptr<const model::support_session> session;
  std::shared_ptr<const model::document> document;
  /// The document's text, where the command needs it.
  std::optional<std::string> body;
  bool empty() const { return !note && !goal && !session && !document && !body; }
};

/// Everything a case's actor holds. All lists have the oldest first; sessions by when they start.
struct support_case {
  case_header header;
  case_place place;
  note_list shared;
  note_list professional;
  bool more_shared = false;
  bool more_professional = false;
  part_list<goal> goals;
  /// The latest of all, and of each context_only collaborator's own, who see no others.
  part_list<support_session> sessions;
  part_list<document> documents;
  recalled_parts recalled;
  part_list<collaborator> team;
  /// What stands in the lists may no longer be the latest: they are to be read again.
  bool outgrown = false;

  bool is_closed() const { return header.closed_at.has_value(); }
  const note* find(note_id id) const;
  const collaborator* find(collaborator_id id) const;
  const goal* find(goal_id id) const;
  const support_session* find(session_id id) const;
  const document* find(document_id id) const;
};

/// Whether this person is on the case as context_only now: accepted, not ended (R16).
bool is_context_only(const support_case& c, user_id who);

/// What somebody is to this case: their standing in the organisation, else an accepted assignment that has
/// not ended (R16). Every access check starts here.
role role_of(const support_case& c, const caller& who);

}  // namespace model
