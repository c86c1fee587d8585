#pragma once
#include <list>
#include <unordered_map>

#include "actors/org_kind.hpp"

namespace actors {

/// The cases of one organisation that are in memory: which actor has which, who was used last, what is held
/// for one that is leaving, and what crashed how often.
class case_registry {
 public:
  struct resident {
    case_actor actor;
    std::list<model::case_id>::iterator place;
    model::instant last_used;
    bool leaving = false;
    std::vector<std::pair<ask_case, reply_promise>> held;
  };

  resident* find(model::case_id id);
  resident& add(model::case_id id, case_actor actor, model::instant now);
  void used(resident& r, model::instant now);
  /// The case that was used longest ago and is not leaving; nothing if there is none.
  std::optional<model::case_id> longest_unused() const;
  /// Takes the actor out; nothing if it is not of this registry.
  std::optional<std::pair<model::case_id, resident>> take_out(const caf::actor_addr& actor);

  /// When a case that crashed may be tried again.
  bool may_spawn(model::case_id id, model::instant now) const;
  void crashed(model::case_id id, model::instant now, const limits& l);
  void left_in_peace(model::case_id id) { troubles_.erase(id); }

  template <class Function>
  void for_each(Function f) {
    for (auto& [id, r] : residents_) f(id, r);
  }

 private:
  struct trouble {
    int crashes = 0;
    model::instant not_before;
  };
  std::unordered_map<model::case_id, resident> residents_;
  std::unordered_map<caf::actor_addr, model::case_id> ids_;
  std::unordered_map<model::case_id, trouble> troubles_;
  std::list<model::case_id> order_;  // the latest used in front
};

/// Who may do what where, looked up for every request to a case; made anew when the organisation changes.
struct org_index {
  struct place {
    model::tenant_id tenant;
    model::landlord_id landlord;
  };
  std::unordered_map<model::case_id, place> cases;
  std::unordered_map<model::user_id, model::member> members;
  bool in_tier = false;

  org_index() = default;
  org_index(const model::org_state& org, const model::plan_catalogue& plans);
  model::standing standing_of(model::user_id who, const place& where) const;
  // Where all of these hold, everybody's standing towards the case is the same in both.
  bool same_members(const org_index& other) const;
  bool same_place(const org_index& other, model::case_id id) const;
};

struct org_actor_state {
  static inline const char* name = "organisation";
  model::org_id id;
  services_ptr given;
  std::unique_ptr<keeper<org_kind>> kept;
  org_index index;
  case_registry cases;
  ~org_actor_state();
};

org_actor::behavior_type org_behavior(org_actor::stateful_pointer<org_actor_state> self, services_ptr s,
                                      model::org_id id);

}  // namespace actors
