#include "model/support_case.hpp"

#include <algorithm>

namespace model {
namespace {
const note* find_in(const note_list& notes, note_id id) {
  const auto found = std::find_if(notes.begin(), notes.end(), [&](const auto& n) { return n->id == id; });
  return found == notes.end() ? nullptr : found->get();
}
}  // namespace

const note* support_case::find(note_id id) const {
  for (const auto* notes : {&shared, &professional, &recalled})
    if (const auto* found = find_in(*notes, id)) return found;
  return nullptr;
}

const collaborator* support_case::find(collaborator_id id) const {
  const auto found = std::find_if(team.begin(), team.end(), [&](const auto& c) { return c->id == id; });
  return found == team.end() ? nullptr : found->get();
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
