#include "actors/login_actor.hpp"

#include "actors/login_flow.hpp"
#include "actors/respond.hpp"

namespace actors {
namespace {

using pointer = login_actor::stateful_pointer<login_state>;

model::refusal too_many(std::int64_t seconds) {
  model::refusal no{model::refusal_code::too_many_requests, "Too many attempts. Wait a little.", {}, {}, {}, {}};
  no.retry_after = seconds;
  return no;
}

model::magic_link sign_in_link(const services& s, model::user_id user) {
  model::magic_link l;
  l.id = s.ids.make<model::link_id>();
  l.user = user;
  l.secret = s.links.next_secret();
  l.created_at = s.clock.now();
  l.expires_at = l.created_at + model::sign_in_link_lifetime;
  return l;
}

void mail_link(pointer self, const store::user_row& user) {
  const auto& s = *self->state.given;
  const auto link = sign_in_link(s, user.id);
  const model::mail_request mail{s.ids.make<model::mail_id>(),
                                 user.email,
                                 user.full_name,
                                 "sign_in",
                                 {{"full_name", user.full_name}, {"expires", model::to_text(link.expires_at)}},
                                 link.id};
  ask_store(
      self, s, s.stores.of(user.id.value),
      [link, mail, now = link.created_at](store::session& session) { session.keep_sign_in(link, mail, now); }, [] {},
      [](const model::refusal&) { log::error("sign_in.not_mailed"); });
}

// The answer comes after the same look-up whether or not the address is known, and before what follows from it.
caf::result<reply_message> sign_in(pointer self, const ask_sign_in& a) {
  auto& state = self->state;
  const auto now = state.given->clock.now();
  for (const auto wait : {state.per_source->refuse(a.source, now), state.per_address->refuse(a.email, now)})
    if (wait) return reply_message{too_many(*wait)};
  auto p = self->make_response_promise<reply_message>();
  const auto& store = state.given->stores.all().front();
  ask_store(
      self, *state.given, store, [email = a.email](store::session& session) { return session.find_user(email); },
      [self, p](const std::optional<store::user_row>& user) {
        deliver(p, answer{answer_kind::accepted,
                          rendered::from(accepted_view{"If the address is known here, a link is on its way to it."}),
                          {},
                          {}});
        if (user) mail_link(self, *user);
      },
      [p](model::refusal why) { deliver(p, std::move(why)); });
  return p;
}

caf::result<found_login> find(pointer self, const find_login& wanted) {
  auto p = self->make_response_promise<found_login>();
  const auto& s = *self->state.given;
  ask_store(
      self, s, s.stores.of(model::uuid{}),
      [hash = wanted.token_hash, now = s.clock.now()](store::session& session) {
        return session.find_login(hash, now);
      },
      [p](const std::optional<store::login_row>& row) mutable {
        found_login found;
        if (row)
          found.login = known_login{row->id, row->user, row->email, row->full_name,
                                    row->kind == store::login_kind::token, row->expires_at};
        p.deliver(std::move(found));
      },
      [p](const model::refusal&) mutable { p.deliver(caf::make_error(caf::sec::request_timeout)); });
  return p;
}

caf::result<sign_in_message> redeem(pointer self, const ask_redeem& a) {
  if (const auto wait = self->state.redeems->refuse(a.source, self->state.given->clock.now()))
    return sign_in_message{too_many(*wait)};
  auto p = self->make_response_promise<sign_in_message>();
  redeem_link(self, *self->state.given, self->state.gateway, a, p);
  return p;
}

}  // namespace

login_actor::behavior_type login_behavior(login_actor::stateful_pointer<login_state> self, services_ptr s,
                                          gateway_actor gateway) {
  const auto& l = s->limits;
  self->state.per_address.emplace(l.sign_ins_per_address, l.sign_in_window);
  self->state.per_source.emplace(l.sign_ins_per_source, l.sign_in_window);
  self->state.redeems.emplace(10 * l.sign_ins_per_source, l.sign_in_window);
  self->state.given = std::move(s);
  self->state.gateway = std::move(gateway);
  return {[self](const ask_sign_in& a) { return sign_in(self, a); },
          [self](const ask_redeem& a) { return redeem(self, a); },
          [self](const find_login& wanted) { return find(self, wanted); },
          [self](const ask_logins& a) -> caf::result<reply_message> {
            auto p = self->make_response_promise<reply_message>();
            manage_logins(self, *self->state.given, a, p);
            return p;
          }};
}

}  // namespace actors
