#pragma once
// What the parts of the edge actor share; for the files edge_*.cpp only.
#include <functional>
#include <optional>

#include "actors/log.hpp"
#include "net/credentials.hpp"
#include "net/edge_actor.hpp"

namespace net {

using edge_pointer = patient_edge::stateful_pointer<edge_state>;

/// One request on its way through the edge, from its arrival to its one answer.
struct turn {
  edge_setup_ptr setup;
  http::exchange to;
  std::shared_ptr<http::request> asked;
  model::instant began;
  std::string request_id;
  found_route found;
  std::optional<credentials> shown;
  /// Once authenticated.
  std::optional<actors::known_login> who;
  /// It met an organisation whose actor had just gone.
  bool tried_again = false;
  /// Of the streams, where the answer may be one.
  std::shared_ptr<void> place = {};
  /// Of a body that is in a file.
  std::string body_hash = {};
  bool answered = false;

  const route& at() const { return *found.matched; }
  bool secure() const { return setup->public_url.starts_with("https:"); }
  model::caller caller() const { return {who->user, who->full_name, who->email, model::standing::none}; }
};
using turn_ptr = std::shared_ptr<turn>;

// --- ways out (edge_answer.cpp); only the first one of a turn counts
/// The answer goes out, is counted and logged.
void finish(turn& t, http::response r);
/// A problem, or a page in words where a person looks at it.
http::response refusal_response(const turn& t, const model::refusal& no);
void refuse(turn& t, const model::refusal& no);

/// Runs a step; whatever it throws ends this request and nothing else.
template <class Step>
void guarded(turn& t, Step step) {
  try {
    step();
  } catch (const std::exception& e) {
    actors::log::error("http.failure", {{"request_id", t.request_id}, {"error", e.what()}});
    refuse(t, model::refusal::unavailable());
  }
}

/// Asks an actor and goes on with its answer or with the error, which one that does not come in time is.
template <class Answer, class Handle, class Message, class Then, class Fail>
void ask_or(edge_pointer self, const turn_ptr& t, const Handle& whom, Message what, Then then, Fail fail) {
  auto asked = self->request(whom, caf::infinite, std::move(what));
  const auto id = asked.id();
  self->state.open.opened(id, *self);
  asked.then(
      [self, id, t, then](const Answer& answer) {
        self->state.open.answered(id);
        guarded(*t, [&] { then(answer); });
      },
      [self, id, t, fail](const caf::error& e) {
        self->state.open.answered(id);
        guarded(*t, [&] { fail(e); });
      });
}

/// The same; without an answer in time the request ends as unavailable.
template <class Answer, class Handle, class Message, class Then>
void ask(edge_pointer self, const turn_ptr& t, const Handle& whom, Message what, Then then) {
  ask_or<Answer>(self, t, whom, std::move(what), std::move(then),
                 [t](const caf::error&) { refuse(*t, model::refusal::unavailable()); });
}

// --- steps
/// Finds out who asks; `then` gets why not, or nothing and `t.who` is there (edge_actor.cpp).
void authenticate(edge_pointer self, const turn_ptr& t,
                  std::function<void(std::optional<model::refusal>)> then);
/// Asks the case whether the body that was announced may come; goes on if it may, and refuses if not
/// (edge_dispatch.cpp).
void ask_leave(edge_pointer self, const turn_ptr& t, model::case_id of_case, actors::may_upload what,
               std::function<void()> go_on);
/// Sends the call where it belongs and answers with what comes back (edge_dispatch.cpp).
void dispatch(edge_pointer self, const turn_ptr& t, call what);
/// Takes a place for what is to be streamed; why there is none (edge_content.cpp).
std::optional<model::refusal> reserve(turn& t, const actors::case_request& what);
/// Streams what the case has let pass, and answers with the head of it.
void stream_out(edge_pointer self, const turn_ptr& t, const actors::answer& passed);
/// Has an upload inspected, and goes on with the command that it comes to.
void take_upload(edge_pointer self, const turn_ptr& t, const upload_call& c,
                 std::function<void(case_call)> then);
/// The same for a form: goes on with what makes the document and gives it the file.
void take_form(edge_pointer self, const turn_ptr& t, const form_call& c, std::function<void(case_call)> then);
/// Takes what is signed and by whom it should be (edge_webhooks.cpp).
void take_webhook(edge_pointer self, const turn_ptr& t, const webhook_call& c);
/// (edge_pages.cpp)
void serve_page(edge_pointer self, const turn_ptr& t, const page_call& what);

/// The question of what this request brings beside its content.
actors::conditions conditions_of(const turn& t);
/// The redemption that a request with this token comes to; `in_page` where a person pressed the page's button
/// (R37). Second: whether the address is what the browser's cookie says, not what somebody typed.
std::pair<actors::ask_redeem, bool> redemption(const turn& t, std::string token,
                                               std::optional<std::string> typed, bool in_page);
/// `Set-Cookie` for a fresh login, and away with the cookie that asked for it.
void add_login_cookies(const turn& t, const actors::signed_in& in, http::response& r);
void add_asked_cookie(const turn& t, std::string_view email, http::response& r);
void drop_login_cookie(const turn& t, http::response& r);

}  // namespace net
