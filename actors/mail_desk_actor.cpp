#include "actors/mail_desk_actor.hpp"

#include "actors/ask_store.hpp"
#include "actors/known_time.hpp"
#include "odb/outbox_store.hpp"

namespace actors {
namespace {

using pointer = mail_desk_actor::stateful_pointer<mail_desk_state>;

constexpr std::chrono::seconds pause{2};
constexpr std::chrono::minutes between_sweeps{10};
constexpr std::size_t most_at_once = 20;

// ---- what the provider tells

store::mail_news::what kind_of(mail_event e) {
  using what = store::mail_news::what;
  switch (e) {
    case mail_event::sent:
      return what::sent;
    case mail_event::delayed:
      return what::delayed;
    case mail_event::delivered:
      return what::delivered;
    case mail_event::complained:
      return what::complained;
    case mail_event::bounced:
    case mail_event::failed:  // taken by the provider, and then not sent: to us it came back
      break;
  }
  return what::bounced;
}

store::mail_news news_of(const mail_notice& n, model::instant now) {
  auto reason = n.reason;
  if (n.what == mail_event::failed) reason = "the provider could not send it: " + reason.value_or("");
  return {"resend", n.id, n.provider_id, n.mail, kind_of(n.what), n.at.value_or(now), std::move(reason)};
}

caf::result<reply_message> take(pointer self, const mail_notice& n) {
  auto p = self->make_response_promise<reply_message>();
  const auto& s = *self->state.given;
  const auto now = s.clock.now();
  ask_store(
      self, s, s.stores.of(n.provider_id),
      [news = news_of(n, now), now](store::session& session) {
        return store::take_mail_news(session, news, now);
      },
      [p, what = n.what](store::news_taken) {
        log::debug("mail.news", {{"what", std::string(model::to_text(what))}});
        deliver(p, answer{});
      },
      [p](model::refusal why) { deliver(p, std::move(why)); });
  return p;
}

// ---- what the cases are told

/// By nobody: a case knows the mailer by its part.
model::caller mailer() { return {{}, "Keywork", {}, model::standing::none, model::service_part::mailer}; }

ask_case question_of(const store::invite_news& n) {
  ask_case a;
  a.who = mailer();
  a.org = n.org;
  a.of_case = n.of_case;
  a.given.request_id = model::to_text(n.mail);
  a.what = model::case_command{model::report_invite_mail{n.row, n.mail, n.fate, n.at, n.reason}};
  return a;
}

void note_told(pointer self, const store::invite_news& n) {
  const auto& s = *self->state.given;
  ask_store(
      self, s, s.stores.of(n.mail.value),
      [mail = n.mail, up_to = n.up_to](store::session& session) { store::invite_told(session, mail, up_to); },
      [] {}, [](const model::refusal&) {});  // then it is told again, which changes nothing
}

void not_told(pointer self, const store::invite_news& n) {
  if (self->state.not_told.is_news(n.mail, self->state.given->clock.real_now()))
    log::warning("mail.case_not_told", {{"mail_id", model::to_text(n.mail)}});
}

/// A case that cannot be asked now is told at another time; one that has nothing to do with it any more is
/// not.
void tell(pointer self, const store::invite_news& n) {
  self->request(self->state.gateway, self->state.given->limits.store_answer, locate{n.of_case})
      .then(
          [self, n](const located& found) {
            if (!found.org) return note_told(self, n);
            self->request(found.org, self->state.given->limits.store_answer, question_of(n))
                .then(
                    [self, n](const reply_message& r) {
                      const auto* no = std::get_if<model::refusal>(&r.what);
                      if (no && no->code != model::refusal_code::not_found) return not_told(self, n);
                      note_told(self, n);
                    },
                    [](const caf::error&) {});
          },
          [](const caf::error&) {});
}

void tell_cases(pointer self) {
  auto& state = self->state;
  if (state.busy) return;
  state.busy = true;
  const auto& s = *state.given;
  ask_store(
      self, s, s.stores.of(model::uuid{}),
      [after = state.told](store::session& session) {
        return store::untold_invites(session, after, most_at_once);
      },
      [self](const std::vector<store::invite_news>& untold) {
        self->state.busy = false;
        // Round and round, so that one which is never taken stops no other.
        self->state.told = untold.size() == most_at_once ? untold.back().mail.value : model::uuid{};
        for (const auto& n : untold) tell(self, n);
      },
      [self](const model::refusal&) { self->state.busy = false; });
}

void sweep(pointer self) {
  const auto& s = *self->state.given;
  const auto now = s.clock.now();
  if (now < self->state.swept_at + between_sweeps && now >= self->state.swept_at) return;
  self->state.swept_at = now;
  ask_store(
      self, s, s.stores.of(model::uuid{}),
      [now, given = self->state.given](store::session& session) {
        if (knows_the_time(*given, session)) store::forget_receipts(session, now);
      },
      [] {}, [](const model::refusal&) {});
}

}  // namespace

mail_desk_actor::behavior_type mail_desk_behavior(mail_desk_actor::stateful_pointer<mail_desk_state> self,
                                                  services_ptr s, gateway_actor gateway) {
  self->state.given = std::move(s);
  self->state.gateway = std::move(gateway);
  self->delayed_send(self, pause, tick{});
  return {[self](const mail_notice& n) { return take(self, n); },
          [self](const tick&) {
            tell_cases(self);
            sweep(self);
            self->delayed_send(self, pause, tick{});
          }};
}

}  // namespace actors
