#include "model/case_apply.hpp"

#include <algorithm>
#include <concepts>
#include <map>
#include <tuple>

namespace model {
namespace {

void trim(note_list& notes, bool& more) {
  if (notes.size() <= workspace_list_length) return;
  notes.erase(notes.begin(), notes.end() - static_cast<std::ptrdiff_t>(workspace_list_length));
  more = true;
}

template <class Part>
void replace_in(part_list<Part>& parts, const Part& now) {
  for (auto& held : parts)
    if (held->id == now.id) held = std::make_shared<const Part>(now);
}
template <class Part>
void replace_recalled(std::shared_ptr<const Part>& recalled, const Part& now) {
  if (recalled && recalled->id == now.id) recalled = std::make_shared<const Part>(now);
}

void replace(support_case& c, const note& n) {
  replace_in(c.shared, n);
  replace_in(c.professional, n);
  replace_recalled(c.recalled.note, n);
}
void replace(support_case& c, const collaborator& row) { replace_in(c.team, row); }
void replace(support_case& c, const goal& g) {
  replace_in(c.goals, g);
  replace_recalled(c.recalled.goal, g);
}
void replace(support_case& c, const document& d) {
  replace_in(c.documents, d);
  replace_recalled(c.recalled.document, d);
}

/// At the end of a list of which only the latest are held.
template <class Part>
void append(part_list<Part>& parts, const Part& made) {
  parts.push_back(std::make_shared<const Part>(made));
  if (parts.size() > workspace_list_length) parts.erase(parts.begin());
}

/// Where its start puts it; then the latest of all stay, and the latest of those who see only their own.
void place(support_case& c, const support_session& s) {
  auto& all = c.sessions;
  std::erase_if(all, [&](const auto& held) { return held->id == s.id; });
  const auto later = [](const support_session& a, const auto& b) {
    return std::tie(a.starts_at, a.id) < std::tie(b->starts_at, b->id);
  };
  all.insert(std::upper_bound(all.begin(), all.end(), s, later), std::make_shared<const support_session>(s));
  std::size_t rank = 0;
  std::map<user_id, std::size_t> own;
  std::vector<session_id> outranked;
  for (auto held = all.rbegin(); held != all.rend(); ++held) {
    const bool among_own = ++own[(*held)->author] <= workspace_list_length;
    if (++rank > workspace_list_length && !(among_own && is_context_only(c, (*held)->author)))
      outranked.push_back((*held)->id);
  }
  std::erase_if(all, [&](const auto& held) {
    return std::find(outranked.begin(), outranked.end(), held->id) != outranked.end();
  });
}

void touch(support_case& c, stream s, instant at) {
  c.header.last_activity_at = std::max(c.header.last_activity_at, at);
  if (s == stream::shared) c.header.shared_activity_at = std::max(c.header.shared_activity_at, at);
}

void apply(support_case& c, const context_summary_edited& e, instant at) {
  c.header.context_summary = e.after;
  touch(c, stream::shared, at);
}
void apply(support_case& c, const case_closed& e, instant at) {
  c.header.closed_at = e.at;
  touch(c, stream::shared, at);
}
void apply(support_case& c, const case_reopened&, instant at) {
  c.header.closed_at.reset();
  touch(c, stream::shared, at);
}
void apply(support_case& c, const note_added& e, instant at) {
  const bool is_shared = e.note.stream == stream::shared;
  auto& notes = is_shared ? c.shared : c.professional;
  notes.push_back(std::make_shared<const note>(e.note));
  trim(notes, is_shared ? c.more_shared : c.more_professional);
  touch(c, e.note.stream, at);
}
void apply(support_case& c, const note_edited& e, instant at) {
  replace(c, e.after);
  touch(c, e.after.stream, at);
}
void apply(support_case& c, const note_flagged& e, instant at) {
  replace(c, e.after);
  touch(c, e.after.stream, at);
}
void apply(support_case& c, const note_unflagged& e, instant at) {
  replace(c, e.after);
  touch(c, e.after.stream, at);
}
void apply(support_case& c, const note_deleted& e, instant at) {
  replace(c, e.after);
  touch(c, e.after.stream, at);
}
// Who is on the team is no activity on the tenant's case: the caseload must not jump for it.
void apply(support_case& c, const collaborator_invited& e, instant) {
  c.team.push_back(std::make_shared<const collaborator>(e.collaborator));
}
void apply(support_case& c, const invite_resent& e, instant) { replace(c, e.after); }
void apply(support_case& c, const invite_mail_reported& e, instant) { replace(c, e.after); }
void apply(support_case& c, const collaborator_accepted& e, instant) {
  replace(c, e.after);
  // Somebody who was on the case before may have sessions of their own that are not held here.
  c.outgrown |= e.after.participation == participation::context_only;
}
void apply(support_case& c, const collaborator_ended& e, instant) { replace(c, e.after); }
void apply(support_case& c, const contact_added& e, instant) {
  c.team.push_back(std::make_shared<const collaborator>(e.collaborator));
}
void apply(support_case& c, const contact_edited& e, instant) { replace(c, e.after); }

// Goals are everybody's on the case, so that they move what everybody may see move.
void apply(support_case& c, const goal_added& e, instant at) {
  append(c.goals, e.goal);
  touch(c, stream::shared, at);
}
void apply(support_case& c, const goal_edited& e, instant at) {
  replace(c, e.after);
  touch(c, stream::shared, at);
}
void apply(support_case& c, const progress_added& e, instant at) {
  replace(c, e.after);
  touch(c, stream::shared, at);
}
// Sessions and documents are not seen by everybody: their time is for the operators alone.
void apply(support_case& c, const session_added& e, instant at) {
  place(c, e.session);
  touch(c, stream::professional, at);
}
void apply(support_case& c, const session_edited& e, instant at) {
  // What was pushed out of a full list by its former date is not known here.
  c.outgrown |= e.before.starts_at != e.after.starts_at && c.sessions.size() >= workspace_list_length;
  place(c, e.after);
  replace_recalled(c.recalled.session, e.after);
  touch(c, stream::professional, at);
}
void apply(support_case& c, const document_created& e, instant at) {
  append(c.documents, e.after);
  touch(c, stream::professional, at);
}
template <class DocumentEvent>
requires requires(const DocumentEvent& e) {
  { e.after } -> std::convertible_to<const document&>;
}
void apply(support_case& c, const DocumentEvent& e, instant at) {
  replace(c, e.after);
  touch(c, stream::professional, at);
}

void apply(support_case& c, const legal_hold_set& e, instant) {
  c.header.held_since = e.at;
  c.header.hold_reason = e.reason;
}
void apply(support_case& c, const legal_hold_lifted&, instant) {
  c.header.held_since.reset();
  c.header.hold_reason.reset();
}
void apply(support_case&, const export_made&, instant) {}

}  // namespace

support_case after(const support_case& c, std::span<const case_event> events, instant at) {
  support_case next = c;
  for (const auto& event : events) std::visit([&](const auto& e) { apply(next, e, at); }, event);
  ++next.header.version;
  return next;
}

}  // namespace model
