#include "model/case_notice.hpp"

#include <algorithm>

namespace model {
namespace {

resource notes_of(stream s) {
  return s == stream::shared ? resource::shared_notes : resource::professional_notes;
}

// Who may know of an event: whoever may read this (DOMAIN §3). Each event has its line, and no line stands
// for several: a new event without one does not compile.
resource seen_with(const context_summary_edited&) { return resource::case_header; }
resource seen_with(const case_closed&) { return resource::case_header; }
resource seen_with(const case_reopened&) { return resource::case_header; }
resource seen_with(const note_added& e) { return notes_of(e.note.stream); }
resource seen_with(const note_edited& e) { return notes_of(e.after.stream); }
resource seen_with(const note_flagged&) { return resource::professional_notes; }
resource seen_with(const note_unflagged&) { return resource::professional_notes; }
resource seen_with(const note_deleted& e) { return notes_of(e.after.stream); }
// Whoever sees names and modes alone knows who is there, and not how far an invite has come.
resource seen_with(const collaborator_invited&) { return resource::collaborator_names; }
resource seen_with(const invite_resent&) { return resource::collaborators; }
resource seen_with(const invite_mail_reported&) { return resource::audit_log; }
resource seen_with(const collaborator_accepted&) { return resource::collaborators; }
resource seen_with(const collaborator_ended& e) {
  return e.after.participation == participation::reference_only ? resource::reference_contacts
                                                                : resource::collaborator_names;
}
resource seen_with(const contact_added&) { return resource::reference_contacts; }
resource seen_with(const contact_edited&) { return resource::reference_contacts; }
resource seen_with(const goal_added&) { return resource::goals; }
resource seen_with(const goal_edited&) { return resource::goals; }
resource seen_with(const progress_added&) { return resource::goals; }
resource seen_with(const session_added&) { return resource::sessions; }
resource seen_with(const session_edited&) { return resource::sessions; }
resource seen_with(const document_created&) { return resource::documents; }
resource seen_with(const document_edited&) { return resource::documents; }
resource seen_with(const document_file_attached&) { return resource::documents; }
resource seen_with(const document_submitted&) { return resource::documents; }
resource seen_with(const document_returned&) { return resource::documents; }
resource seen_with(const document_approved&) { return resource::documents; }
resource seen_with(const document_sent&) { return resource::documents; }
resource seen_with(const document_signed&) { return resource::documents; }
resource seen_with(const document_signed_copy_kept&) { return resource::documents; }
resource seen_with(const document_voided&) { return resource::documents; }
resource seen_with(const legal_hold_set&) { return resource::audit_log; }
resource seen_with(const legal_hold_lifted&) { return resource::audit_log; }
resource seen_with(const export_made&) { return resource::audit_log; }

std::optional<user_id> author_of(const case_event& e) {
  if (const auto* added = std::get_if<session_added>(&e)) return added->session.author;
  if (const auto* edited = std::get_if<session_edited>(&e)) return edited->after.author;
  return std::nullopt;
}

bool may_know(role as, user_id who, const case_notice& n) {
  const bool own = n.which == resource::sessions && n.author == who;
  return access::allowed(as, own ? resource::own_sessions : n.which, action::read);
}

}  // namespace

std::vector<case_notice> notices_of(std::span<const case_event> events) {
  std::vector<case_notice> out;
  out.reserve(events.size());
  for (const auto& e : events)
    out.push_back(std::visit(
        [&]<class Event>(const Event& event) {
          return case_notice{Event::kind, seen_with(event), author_of(e)};
        },
        e));
  return out;
}

std::vector<std::string_view> kinds_for(role as, user_id who, std::span<const case_notice> notices) {
  std::vector<std::string_view> out;
  for (const auto& n : notices)
    if (may_know(as, who, n) && std::find(out.begin(), out.end(), n.kind) == out.end()) out.push_back(n.kind);
  return out;
}

}  // namespace model
