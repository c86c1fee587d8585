#include "actors/org_actor.hpp"

namespace actors {

case_registry::resident* case_registry::find(model::case_id id) {
  const auto found = residents_.find(id);
  return found == residents_.end() ? nullptr : &found->second;
}

case_registry::resident& case_registry::add(model::case_id id, case_actor actor, model::instant now) {
  ids_.emplace(actor.address(), id);
  order_.push_front(id);
  auto& r = residents_[id];
  r.actor = std::move(actor);
  r.place = order_.begin();
  r.last_used = now;
  return r;
}

void case_registry::used(resident& r, model::instant now) {
  r.last_used = now;
  order_.splice(order_.begin(), order_, r.place);
}

std::optional<model::case_id> case_registry::longest_unused() const {
  for (auto id = order_.rbegin(); id != order_.rend(); ++id)
    if (!residents_.at(*id).leaving) return *id;
  return std::nullopt;
}

std::optional<std::pair<model::case_id, case_registry::resident>> case_registry::take_out(
    const caf::actor_addr& actor) {
  const auto found = ids_.find(actor);
  if (found == ids_.end()) return std::nullopt;
  const auto id = found->second;
  ids_.erase(found);
  auto node = residents_.extract(id);
  order_.erase(node.mapped().place);
  return std::pair{id, std::move(node.mapped())};
}

bool case_registry::may_spawn(model::case_id id, model::instant now) const {
  const auto found = troubles_.find(id);
  return found == troubles_.end() || found->second.not_before <= now;
}

void case_registry::crashed(model::case_id id, model::instant now, const limits& l) {
  auto& t = troubles_[id];
  // The first crash may have been a passing thing: the next request gets a fresh actor at once.
  const auto doublings = std::min(t.crashes, 16);
  const auto wait = t.crashes == 0 ? std::chrono::milliseconds{0} : l.crash_backoff * (1 << (doublings - 1));
  t.not_before = now + std::min<std::chrono::milliseconds>(wait, l.longest_backoff);
  ++t.crashes;
}

}  // namespace actors
