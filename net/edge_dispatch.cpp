#include "actors/list_views.hpp"
#include "net/answers.hpp"
#include "net/edge_turn.hpp"

namespace net {
namespace {

void answer_with(turn& t, const actors::reply& reply) {
  if (const auto* no = std::get_if<model::refusal>(&reply)) return refuse(t, *no);
  finish(t, to_response(std::get<actors::answer>(reply), t.at(), t.asked->path));
}

void answer_with(const turn_ptr& t, const actors::reply_message& r) { answer_with(*t, r.what); }

void answer_with(edge_pointer self, const turn_ptr& t, const actors::reply_message& r) {
  const auto* passed = std::get_if<actors::answer>(&r.what);
  if (passed && passed->stream) return stream_out(self, t, *passed);
  answer_with(*t, r.what);
}

using organisation_step = std::function<void(const actors::located&)>;

/// Goes on with the organisation's actor; where nothing has the id, with the same answer as for what may not
/// be seen.
void with_organisation(edge_pointer self, const turn_ptr& t, const actors::locate& where,
                       organisation_step then) {
  const auto go_on = [t, then](const actors::located& found) {
    if (!found.org) return refuse(*t, model::refusal::not_found());
    then(found);
  };
  if (const auto* known = self->state.book.find(where)) return go_on(actors::located{*known});
  ask<actors::located>(self, t, t->setup->gateway, where, [self, where, go_on](const actors::located& found) {
    if (self->state.book.keep(where, found)) self->monitor(found.org);
    go_on(found);
  });
}

/// Asks an organisation's actor. One that has just gone is found again once, where asking twice does no harm.
template <class Message, class Make, class Then>
void ask_organisation(edge_pointer self, const turn_ptr& t, const actors::locate& where, Make make,
                      Then then) {
  with_organisation(self, t, where, [self, t, where, make, then](const actors::located& found) {
    const auto org = found.org;
    ask_or<actors::reply_message>(
        self, t, org, Message{make(found.id)}, then, [self, t, where, make, then, org](const caf::error& e) {
          if (e == caf::sec::request_receiver_down) self->state.book.forget(org.address());
          const bool again = e == caf::sec::request_receiver_down && is_safe(t->asked->method);
          if (!again || t->tried_again) return refuse(*t, model::refusal::unavailable());
          t->tried_again = true;
          ask_organisation<Message>(self, t, where, make, then);
        });
  });
}

void send(edge_pointer self, const turn_ptr& t, case_call c) {
  if (auto no = reserve(*t, c.what)) return refuse(*t, *no);
  const actors::locate where{c.of_case};
  ask_organisation<actors::ask_case>(
      self, t, where,
      [t, c = std::move(c)](model::org_id org) {
        return actors::ask_case{t->caller(), org, c.of_case, conditions_of(*t), c.what};
      },
      [self, t](const actors::reply_message& r) { answer_with(self, t, r); });
}

void send(edge_pointer self, const turn_ptr& t, const upload_call& c) {
  take_upload(self, t, c, [self, t](case_call taken) { send(self, t, std::move(taken)); });
}

void send(edge_pointer self, const turn_ptr& t, const form_call& c) {
  take_form(self, t, c, [self, t](case_call taken) { send(self, t, std::move(taken)); });
}

void send(edge_pointer self, const turn_ptr& t, org_call c) {
  ask_organisation<actors::ask_org>(
      self, t, c.where,
      [t, what = std::move(c.what)](model::org_id org) {
        return actors::ask_org{t->caller(), org, conditions_of(*t), what};
      },
      [t](const actors::reply_message& r) { answer_with(t, r); });
}

void send(edge_pointer self, const turn_ptr& t, actors::list_request what) {
  // A bearer token needs none, and none can be made for it.
  if (auto* me = std::get_if<actors::view_me>(&what); me && !t->shown->bearer)
    me->csrf_token = actors::csrf_token_of(t->shown->token);
  ask<actors::reply_message>(self, t, t->setup->lists,
                             actors::ask_lists{t->caller(), conditions_of(*t), std::move(what)},
                             [t](const actors::reply_message& r) { answer_with(t, r); });
}

void send(edge_pointer self, const turn_ptr& t, actors::login_request what) {
  const bool leaving = std::holds_alternative<actors::sign_out>(what);
  ask<actors::reply_message>(self, t, t->setup->login,
                             actors::ask_logins{*t->who, conditions_of(*t), std::move(what)},
                             [t, leaving](const actors::reply_message& r) {
                               const auto* done = std::get_if<actors::answer>(&r.what);
                               if (!done || !leaving) return answer_with(t, r);
                               auto out = to_response(*done, t->at(), t->asked->path);
                               drop_login_cookie(*t, out);
                               finish(*t, std::move(out));
                             });
}

void send(edge_pointer self, const turn_ptr& t, sign_in_call c) {
  ask<actors::reply_message>(self, t, t->setup->login,
                             actors::ask_sign_in{c.email, t->asked->peer, t->request_id},
                             [t, email = c.email](const actors::reply_message& r) {
                               const auto* done = std::get_if<actors::answer>(&r.what);
                               if (!done) return answer_with(t, r);
                               auto out = to_response(*done, t->at(), t->asked->path);
                               add_asked_cookie(*t, email, out);
                               finish(*t, std::move(out));
                             });
}

http::response signed_in(const turn& t, const actors::signed_in& in) {
  actors::answer done;
  done.body = actors::rendered::from(actors::signed_in_view{
      {in.user, in.email, in.full_name}, in.landing, actors::csrf_token_of(in.session_token)});
  auto out = to_response(done, t.at(), t.asked->path);
  add_login_cookies(t, in, out);
  return out;
}

void send(edge_pointer self, const turn_ptr& t, redeem_call c) {
  auto [question, from_cookie] = redemption(*t, std::move(c.token), std::move(c.email), false);
  ask<actors::sign_in_message>(self, t, t->setup->login, std::move(question),
                               [t, guessed = from_cookie](const actors::sign_in_message& r) {
                                 if (const auto* in = std::get_if<actors::signed_in>(&r.what))
                                   return finish(*t, signed_in(*t, *in));
                                 auto no = std::get<model::refusal>(r.what);
                                 // Nobody typed anything: the browser asked a link for somebody else.
                                 if (guessed && no.code == model::refusal_code::invalid)
                                   no.code = model::refusal_code::email_required;
                                 refuse(*t, no);
                               });
}

void send(edge_pointer self, const turn_ptr& t, const events_call& c) {
  ask<events_opened>(self, t, t->setup->streams,
                     open_events{*t->who, actors::token_hash(t->shown->token), c.of_case, t->request_id},
                     [t](const events_opened& opened) {
                       if (const auto* no = std::get_if<model::refusal>(&opened.what)) return refuse(*t, *no);
                       finish(*t, events_response(std::get<0>(opened.what)));
                     });
}

void send(edge_pointer self, const turn_ptr& t, const webhook_call& c) { take_webhook(self, t, c); }

void send(edge_pointer, const turn_ptr& t, const openapi_call&) {
  finish(*t, to_response(openapi_document(), "application/json", "no-cache", *t->asked));
}

void send(edge_pointer self, const turn_ptr& t, const page_call& c) { serve_page(self, t, c); }

}  // namespace

actors::conditions conditions_of(const turn& t) {
  const auto& asked = *t.asked;
  const auto header = [&](std::string_view name) {
    const auto value = asked.header(name);
    return value.empty() ? std::nullopt : std::optional{std::string(value)};
  };
  actors::conditions c;
  c.request_id = t.request_id;
  c.if_match = header("If-Match");
  if (is_safe(asked.method)) c.if_none_match = header("If-None-Match");
  if (asked.method == "POST") c.idempotency_key = header("Idempotency-Key");
  if (c.idempotency_key)
    c.fingerprint = actors::token_hash(asked.method + "\n" + asked.path + "\n" + asked.query + "\n" +
                                       (t.body_hash.empty() ? asked.body : t.body_hash));
  return c;
}

std::pair<actors::ask_redeem, bool> redemption(const turn& t, std::string token,
                                               std::optional<std::string> typed, bool in_page) {
  actors::ask_redeem a{std::move(token), std::move(typed), in_page || is_from_browser(*t.asked),
                       t.asked->peer, t.request_id};
  const bool from_cookie = a.must_type_email && !a.typed_email;
  if (from_cookie) a.typed_email = asked_for(t.setup->links, *t.asked);
  return {std::move(a), from_cookie};
}

void ask_leave(edge_pointer self, const turn_ptr& t, model::case_id of_case, actors::may_upload what,
               std::function<void()> go_on) {
  ask_organisation<actors::ask_case>(
      self, t, actors::locate{of_case},
      [t, of_case, what](model::org_id org) {
        return actors::ask_case{t->caller(), org, of_case, conditions_of(*t), what};
      },
      [t, go_on](const actors::reply_message& r) {
        if (const auto* no = std::get_if<model::refusal>(&r.what)) return refuse(*t, *no);
        go_on();
      });
}

void dispatch(edge_pointer self, const turn_ptr& t, call what) {
  std::visit([&](auto& c) { send(self, t, std::move(c)); }, what);
}

}  // namespace net
