#include "model/case_apply.hpp"

#include <algorithm>

namespace model {
namespace {

void trim(note_list& notes, bool& more) {
  if (notes.size() <= workspace_list_length) return;
  notes.erase(notes.begin(), notes.end() - static_cast<std::ptrdiff_t>(workspace_list_length));
  more = true;
}

void replace(support_case& c, const note& n) {
  for (auto* notes : {&c.shared, &c.professional, &c.recalled})
    for (auto& held : *notes)
      if (held->id == n.id) held = std::make_shared<const note>(n);
}

void replace(support_case& c, const collaborator& row) {
  for (auto& held : c.team)
    if (held->id == row.id) held = std::make_shared<const collaborator>(row);
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
void apply(support_case& c, const collaborator_accepted& e, instant) { replace(c, e.after); }
void apply(support_case& c, const collaborator_ended& e, instant) { replace(c, e.after); }
void apply(support_case& c, const contact_added& e, instant) {
  c.team.push_back(std::make_shared<const collaborator>(e.collaborator));
}
void apply(support_case& c, const contact_edited& e, instant) { replace(c, e.after); }

}  // namespace

support_case after(const support_case& c, std::span<const case_event> events, instant at) {
  support_case next = c;
  for (const auto& event : events) std::visit([&](const auto& e) { apply(next, e, at); }, event);
  ++next.header.version;
  return next;
}

}  // namespace model
