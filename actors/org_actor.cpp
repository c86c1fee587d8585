#include "actors/org_actor.hpp"

#include <algorithm>
#include <utility>

#include "actors/case_actor.hpp"

namespace actors {
namespace {

using pointer = org_actor::stateful_pointer<org_actor_state>;

/// Tells the cases in memory what is new around them.
void tell_cases(pointer self, const model::org_state& org) {
  self->state.cases.for_each([&](model::case_id id, const case_registry::resident& r) {
    if (auto place = model::place_of(org, id)) self->send(r.actor, std::move(*place));
  });
}

/// Those who watch the cases in memory that `are_others` have to ask again whether they may.
template <class Predicate>
void ask_watchers_again(pointer self, Predicate are_others) {
  self->state.cases.for_each([&](model::case_id id, const case_registry::resident& r) {
    if (are_others(id)) self->send(r.actor, readmit_watchers{});
  });
}

void on_change(pointer self, const model::org_state* org) {
  // Forgotten: what it has become nobody knows before somebody asks, so that those who watch do.
  if (!org) return ask_watchers_again(self, [](model::case_id) { return true; });
  const auto before = std::exchange(self->state.index, org_index{*org, self->state.given->plans});
  const bool same_people = self->state.index.same_members(before);
  ask_watchers_again(
      self, [&](model::case_id id) { return !same_people || !self->state.index.same_place(before, id); });
  tell_cases(self, *org);
}

void send_away(pointer self, case_registry::resident& r) {
  r.leaving = true;
  self->send(r.actor, passivate{});
}

case_registry::resident& spawn_case(pointer self, model::case_id id) {
  auto& state = self->state;
  const auto place = model::place_of(state.kept->current(), id).value();
  auto actor = self->spawn(case_behavior, state.given, state.id, id, place);
  self->monitor(actor);
  ++state.given->counted.resident_cases;
  // Memory is bounded for the node as a whole; each organisation makes room among its own.
  if (state.given->counted.resident_cases > state.given->limits.resident_cases)
    if (const auto oldest = state.cases.longest_unused()) send_away(self, *state.cases.find(*oldest));
  return state.cases.add(id, std::move(actor), state.given->clock.now());
}

/// The tier gate and the caller's standing; what is left for the case to say is the case's.
std::optional<model::refusal> admit(org_actor_state& state, ask_case& a) {
  const auto found = state.index.cases.find(a.of_case);
  if (found == state.index.cases.end()) return model::refusal::not_found();
  a.who.operator_standing = state.index.standing_of(a.who.user, found->second);
  // What happened outside has happened, in whatever tier.
  if (state.index.in_tier || a.who.part != model::service_part::none) return std::nullopt;
  // R36: operators are told what would unlock it, workers lose sight of it.
  if (a.who.operator_standing == model::standing::none) return model::refusal::not_found();
  return state.given->plans.upgrade_for_feature(model::support_cases_feature);
}

caf::result<reply_message> route(pointer self, ask_case& a) {
  auto& state = self->state;
  if (auto no = admit(state, a)) return reply_message{std::move(*no)};
  const auto now = state.given->clock.now();
  auto* r = state.cases.find(a.of_case);
  if (!r) {
    if (!state.cases.may_spawn(a.of_case, now)) return reply_message{model::refusal::unavailable()};
    r = &spawn_case(self, a.of_case);
  }
  if (r->leaving) {
    auto promise = self->make_response_promise<reply_message>();
    r->held.emplace_back(std::move(a), promise);
    return promise;
  }
  state.cases.used(*r, now);
  return self->delegate(r->actor, std::move(a));
}

/// The same for a request that had to wait, with the promise made for it.
void route_later(pointer self, ask_case a, reply_promise p) {
  auto& state = self->state;
  if (auto no = admit(state, a)) return deliver(p, std::move(*no));
  auto* r = state.cases.find(a.of_case);
  if (!r) {
    if (!state.cases.may_spawn(a.of_case, state.given->clock.now()))
      return deliver(p, model::refusal::unavailable());
    r = &spawn_case(self, a.of_case);
  }
  if (r->leaving)
    r->held.emplace_back(std::move(a), std::move(p));
  else
    p.delegate(r->actor, std::move(a));
}

void route_when_loaded(pointer self, ask_case a, reply_promise p) {
  if (self->state.kept->loaded()) return route_later(self, std::move(a), std::move(p));
  self->state.kept->when_loaded([self, a = std::move(a), p](const model::refusal* no) {
    if (no) return deliver(p, *no);
    route_later(self, a, p);
  });
}

caf::result<reply_message> when_loaded(pointer self, ask_case& a) {
  if (self->state.kept->loaded()) return route(self, a);
  auto promise = self->make_response_promise<reply_message>();
  route_when_loaded(self, std::move(a), promise);
  return promise;
}

void case_gone(pointer self, const caf::down_msg& down) {
  auto& state = self->state;
  auto gone = state.cases.take_out(down.source);
  if (!gone) return;
  --state.given->counted.resident_cases;
  auto& [id, r] = *gone;
  const bool in_peace = !down.reason || down.reason == caf::exit_reason::normal;
  if (in_peace) {
    state.cases.left_in_peace(id);
    for (auto& [a, p] : r.held) route_when_loaded(self, std::move(a), p);
    return;
  }
  state.cases.crashed(id, state.given->clock.now(), state.given->limits);
  log::warning("case.down", {{"case_id", model::to_text(id)}});
  for (auto& [a, p] : r.held) deliver(p, model::refusal::unavailable());
}

/// Sends away what was not asked for long.
void tidy(pointer self) {
  auto& state = self->state;
  const auto too_old = state.given->clock.now() - state.given->limits.idle_case;
  while (const auto oldest = state.cases.longest_unused()) {
    auto* r = state.cases.find(*oldest);
    if (r->last_used > too_old) break;
    send_away(self, *r);
  }
  self->delayed_send(self, state.given->limits.tick, tick{});
}

}  // namespace

org_index::org_index(const model::org_state& org, const model::plan_catalogue& plans)
    : in_tier(plans.includes(org.settings.tier, model::support_cases_feature)) {
  for (const auto& m : org.members) members.emplace(m.user, m);
  std::unordered_map<model::property_id, model::landlord_id> landlords;
  for (const auto& p : org.properties) landlords.emplace(p.id, p.landlord);
  std::unordered_map<model::tenancy_id, model::landlord_id> of_tenancy;
  for (const auto& t : org.tenancies) of_tenancy.emplace(t.id, landlords.at(t.property));
  for (const auto& c : org.cases) cases.emplace(c.id, place{c.tenant, of_tenancy.at(c.tenancy)});
}

model::standing org_index::standing_of(model::user_id who, const place& where) const {
  const auto found = members.find(who);
  if (found == members.end()) return model::standing::none;
  const auto& m = found->second;
  if (m.role == model::member_role::org_admin) return model::standing::org_admin;
  const bool assigned =
      std::find(m.landlords.begin(), m.landlords.end(), where.landlord) != m.landlords.end();
  return assigned ? model::standing::property_manager : model::standing::none;
}

bool org_index::same_members(const org_index& other) const {
  const auto same = [&](const auto& entry) {
    const auto found = other.members.find(entry.first);
    return found != other.members.end() && found->second.role == entry.second.role &&
           found->second.landlords == entry.second.landlords;
  };
  return in_tier == other.in_tier && members.size() == other.members.size() &&
         std::all_of(members.begin(), members.end(), same);
}

bool org_index::same_place(const org_index& other, model::case_id id) const {
  const auto here = cases.find(id), there = other.cases.find(id);
  return here != cases.end() && there != other.cases.end() && here->second.landlord == there->second.landlord;
}

org_actor_state::~org_actor_state() {
  if (given) --given->counted.resident_organisations;
  cases.for_each([&](model::case_id, const case_registry::resident& r) {
    --given->counted.resident_cases;
    caf::anon_send_exit(r.actor, caf::exit_reason::user_shutdown);
  });
}

org_actor::behavior_type org_behavior(org_actor::stateful_pointer<org_actor_state> self, services_ptr s,
                                      model::org_id id) {
  ++s->counted.resident_organisations;
  self->state.id = id;
  self->state.given = s;
  self->state.kept = std::make_unique<keeper<org_kind>>(
      self, s, org_kind{id, [self](const model::org_state* now) { on_change(self, now); }, s->clock});
  self->set_down_handler([self](caf::down_msg& down) { case_gone(self, down); });
  self->set_exception_handler([self, id](std::exception_ptr& e) -> caf::error {
    try {
      std::rethrow_exception(e);
    } catch (const std::exception& what) {
      log::error("organisation.crashed", {{"org_id", model::to_text(id)}, {"error", what.what()}});
    } catch (...) {
      log::error("organisation.crashed", {{"org_id", model::to_text(id)}});
    }
    self->state.kept->fail_all();
    self->state.cases.for_each([](model::case_id, case_registry::resident& r) {
      for (auto& [a, p] : r.held) deliver(p, model::refusal::unavailable());
    });
    return caf::make_error(caf::sec::runtime_error);
  });
  self->delayed_send(self, s->limits.tick, tick{});
  return {[self](ask_case& a) { return when_loaded(self, a); },
          [self](ask_org& a) -> caf::result<reply_message> {
            auto promise = self->make_response_promise<reply_message>();
            self->state.kept->take(std::move(a), promise);
            return promise;
          },
          [self](const unwatch& gone) {
            if (const auto* r = self->state.cases.find(gone.of_case)) self->send(r->actor, gone);
          },
          [self](const reload&) { self->state.kept->forget(); },
          [self](const case_erased& told) {
            // What it remembers is not to be shown any more. The next request reads what is left, if any is.
            const auto forget = [&](case_registry::resident& r) {
              if (!r.leaving) send_away(self, r);
            };
            // No case's id: it may be any of them.
            if (told.of_case == model::case_id{})
              self->state.cases.for_each([&](model::case_id, case_registry::resident& r) { forget(r); });
            else if (auto* r = self->state.cases.find(told.of_case))
              forget(*r);
          },
          [self](const tick&) { tidy(self); }};
}

}  // namespace actors
