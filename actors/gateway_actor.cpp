#include "actors/gateway_actor.hpp"

#include "actors/ask_store.hpp"
#include "actors/org_actor.hpp"

namespace actors {
namespace {

using pointer = gateway_actor::stateful_pointer<gateway_state>;

const org_actor& organisation(pointer self, model::org_id id) {
  auto& known = self->state.organisations[id];
  if (known) return known;
  known = self->spawn(org_behavior, self->state.given, id);
  self->state.ids.emplace(known.address(), id);
  self->monitor(known);
  return known;
}

std::optional<model::org_id> look_up(store::session& session, const locate& wanted) {
  return std::visit(model::overloaded{[&](model::org_id id) {
                                        return session.exists(id) ? std::optional{id} : std::nullopt;
                                      },
                                      [&](auto id) { return session.organisation_of(id); }},
                    wanted.what);
}

const model::uuid& value_of(const locate& wanted) {
  return std::visit([](const auto& id) -> const model::uuid& { return id.value; }, wanted.what);
}

caf::result<located> find(pointer self, const locate& wanted) {
  if (const auto* id = std::get_if<model::org_id>(&wanted.what))
    if (const auto known = self->state.organisations.find(*id); known != self->state.organisations.end())
      return located{known->second, *id};
  auto promise = self->make_response_promise<located>();
  ask_store(
      self, *self->state.given, self->state.given->stores.of(value_of(wanted)),
      [wanted](store::session& session) { return look_up(session, wanted); },
      [self, promise](std::optional<model::org_id> id) mutable {
        promise.deliver(id ? located{organisation(self, *id), *id} : located{});
      },
      [promise](const model::refusal&) mutable {
        promise.deliver(caf::make_error(caf::sec::request_timeout));
      });
  return promise;
}

void organisation_gone(pointer self, const caf::down_msg& down) {
  const auto found = self->state.ids.find(down.source);
  if (found == self->state.ids.end()) return;
  log::warning("organisation.down", {{"org_id", model::to_text(found->second)}});
  self->state.organisations.erase(found->second);
  self->state.ids.erase(found);
}

}  // namespace

gateway_state::~gateway_state() {
  for (auto& [id, organisation] : organisations)
    caf::anon_send_exit(organisation, caf::exit_reason::user_shutdown);
}

gateway_actor::behavior_type gateway_behavior(gateway_actor::stateful_pointer<gateway_state> self,
                                              services_ptr s) {
  self->state.given = std::move(s);
  self->set_down_handler([self](caf::down_msg& down) { organisation_gone(self, down); });
  return {[self](const locate& wanted) { return find(self, wanted); },
          [self](const organisation_changed& changed) {
            for (const auto& [id, organisation] : self->state.organisations) {
              if (!changed.org || *changed.org == id) self->send(organisation, reload{});
              // What was missed may have been erasures, of any case.
              if (!changed.org) self->send(organisation, case_erased{id, {}});
            }
          },
          [self](const case_erased& told) {
            const auto known = self->state.organisations.find(told.org);
            if (known != self->state.organisations.end()) self->send(known->second, told);
          }};
}

}  // namespace actors
