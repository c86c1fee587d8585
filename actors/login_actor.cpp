#include "actors/login_actor.hpp"

#include "actors/known_time.hpp"
#include "actors/login_flow.hpp"
#include "actors/respond.hpp"

namespace actors {
namespace {

using pointer = login_actor::stateful_pointer<login_state>;

model::refusal too_many(std::int64_t seconds) {
  model::refusal no{
      model::refusal_code::too_many_requests, "Too many attempts. Wait a little.", {}, {}, {}, {}};
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

model::mail_request sign_in_mail(const services& s, const store::user_row& user,
                                 const model::magic_link& link) {
  return {s.ids.make<model::mail_id>(),
          user.email,
          user.full_name,
          "sign_in",
          {{"full_name", user.full_name}, {"expires", model::to_text(link.expires_at)}},
          link.id};
}

/// One too many from this source, or else for this address: a source that is refused uses up nobody's
/// address.
std::optional<std::int64_t> refuse(login_state& state, const ask_sign_in& a) {
  const auto now = state.given->clock.now();
  if (const auto wait = state.per_source->refuse(a.source, now)) return wait;
  return state.per_address->refuse(a.email, now);
}

answer sign_in_accepted() {
  return {answer_kind::accepted,
          rendered::from(accepted_view{"If the address is known here, a link is on its way to it."}),
          {},
          {}};
}

// The link and its mail are kept before the answer, and the answer takes the same time whether or not the
// address is known (R37).
caf::result<reply_message> sign_in(pointer self, const ask_sign_in& a) {
  auto& state = self->state;
  if (const auto wait = refuse(state, a)) return reply_message{too_many(*wait)};
  auto p = self->make_response_promise<reply_message>();
  const auto& s = *state.given;
  const auto answer_at = s.clock.now() + s.limits.sign_in_answer;
  ask_store(
      self, s, s.stores.of(a.email),
      [given = state.given, email = a.email](store::session& session) {
        const auto user = session.find_user(email);
        if (!user) return;
        const auto link = sign_in_link(*given, user->id);
        session.keep_sign_in(link, sign_in_mail(*given, *user, link), link.created_at);
      },
      [self, p, answer_at] {
        const auto& now_given = *self->state.given;
        const auto rest = std::min<std::chrono::microseconds>(answer_at - now_given.clock.now(),
                                                              now_given.limits.sign_in_answer);
        if (rest <= std::chrono::microseconds{0}) return deliver(p, sign_in_accepted());
        self->delayed_send(self, rest, sign_in_done{p});
      },
      [p](model::refusal why) { deliver(p, std::move(why)); });
  return p;
}

caf::result<found_login> find(pointer self, const find_login& wanted) {
  auto p = self->make_response_promise<found_login>();
  const auto& s = *self->state.given;
  ask_store(
      self, s, s.stores.of(wanted.token_hash),
      [hash = wanted.token_hash, now = s.clock.now()](store::session& session) {
        return session.find_login(hash, now);
      },
      [p](const std::optional<store::login_row>& row) mutable {
        found_login found;
        if (row)
          found.login = known_login{
              row->id,        row->user, row->email, row->full_name, row->kind == store::login_kind::token,
              row->expires_at};
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

/// What has had its day goes, some at a time.
void sweep(pointer self) {
  const auto& s = *self->state.given;
  ask_store(
      self, s, s.stores.of(std::string_view{"sweep"}),
      [given = self->state.given](store::session& session) {
        if (knows_the_time(*given, session)) session.sweep(given->clock.now());
      },
      [] {}, [](const model::refusal&) {});
  self->delayed_send(self, sweep_pause, tick{});
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
  self->delayed_send(self, sweep_pause, tick{});
  return {[self](const ask_sign_in& a) { return sign_in(self, a); },
          [](const sign_in_done& done) { deliver(done.promise, sign_in_accepted()); },
          [self](const tick&) { sweep(self); },
          [self](const ask_redeem& a) { return redeem(self, a); },
          [self](const find_login& wanted) { return find(self, wanted); },
          [self](const ask_logins& a) -> caf::result<reply_message> {
            auto p = self->make_response_promise<reply_message>();
            manage_logins(self, *self->state.given, a, p);
            return p;
          }};
}

}  // namespace actors
