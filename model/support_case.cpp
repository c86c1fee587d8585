#include "model/support_case.hpp"

#include <algorithm>

namespace model {
namespace {
template <class Part, class Id>
const Part* find_in(const part_list<Part>& parts, Id id) {
  const auto found = std::find_if(parts.begin(), parts.end(), [&](const auto& p) { return p->id == id; });
  return found == parts.end() ? nullptr : found->get();
}
/// In the list, or what was recalled.
template <class Part, class Id>
const Part* find_in(const part_list<Part>& parts, const std::shared_ptr<const Part>& recalled, Id id) {
  if (recalled && recalled->id == id) return recalled.get();
  return find_in(parts, id);
}
}  // namespace

const note* support_case::find(note_id id) const {
  if (const auto* found = find_in(shared, id)) return found;
  return find_in(professional, recalled.note, id);
}
const collaborator* support_case::find(collaborator_id id) const { return find_in(team, id); }
const goal* support_case::find(goal_id id) const { return find_in(goals, recalled.goal, id); }
const support_session* support_case::find(session_id id) const {
  return find_in(sessions, recalled.session, id);
}
const document* support_case::find(document_id id) const { return find_in(documents, recalled.document, id); }

bool is_context_only(const support_case& c, user_id who) {
  return role_of(c, {who, {}, {}, standing::none}) == role::context_only;
}

role role_of(const support_case& c, const caller& who) {
  if (who.operator_standing == standing::org_admin) return role::org_admin;
  if (who.operator_standing == standing::property_manager) return role::property_manager;
  for (const auto& row : c.team) {
    if (row->user != who.user || !row->accepted_at || row->ended_at) continue;
    if (row->participation == participation::full) return role::full;
    if (row->participation == participation::context_only) return role::context_only;
  }
  return role::none;
}

}  // namespace model
