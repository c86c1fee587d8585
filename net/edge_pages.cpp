#include "model/contact.hpp"
#include "net/answers.hpp"
#include "net/edge_turn.hpp"
#include "net/pages.hpp"
#include "net/problem.hpp"

namespace net {
namespace {

constexpr std::size_t longest_token = 200;
constexpr std::string_view no_address =
    "That does not look like an e-mail address. Write it like name@example.org.";

std::string_view field(const page_call& c, std::string_view name) {
  const auto* value = find(c.fields, name);
  return value ? std::string_view{*value} : std::string_view{};
}

void show(turn& t, std::string html, unsigned status = 200) {
  finish(t, page_response(std::move(html), status));
}

/// A refusal shown above the form that it is about.
void show_trouble(turn& t, std::string html, const model::refusal& no) {
  t.setup->measured.refusal(no.code);
  auto r = page_response(std::move(html), kind_of(no.code).status);
  if (no.retry_after) r.headers.push_back({"Retry-After", std::to_string(*no.retry_after)});
  finish(t, std::move(r));
}

void show_login(turn& t, const page_call& c) {
  const auto token = field(c, "token");
  if (token.empty()) return show(t, pages::login());
  // Opening a link spends nothing: mail scanners open it too.
  show(t, pages::redeem(token.substr(0, longest_token), !asked_for(t.setup->links, *t.asked)));
}

void mail_link(edge_pointer self, const turn_ptr& t, std::string_view typed) {
  auto email = model::normalise_email(typed);
  if (!email) return show(*t, pages::login(typed, no_address), 422);
  actors::ask_sign_in a{*email, t->asked->peer, t->request_id};
  ask<actors::reply_message>(self, t, t->setup->login, std::move(a),
                             [t, email = *email](const actors::reply_message& r) {
                               if (const auto* no = std::get_if<model::refusal>(&r.what))
                                 return show_trouble(*t, pages::login(email, no->detail), *no);
                               auto out = page_response(pages::check_mail(email));
                               add_asked_cookie(*t, email, out);
                               finish(*t, std::move(out));
                             });
}

void not_redeemed(turn& t, const std::string& token, bool from_cookie, const model::refusal& no) {
  using code = model::refusal_code;
  if (no.code == code::email_required || (no.code == code::invalid && from_cookie))
    return show_trouble(t, pages::redeem(token, true, "Type the e-mail address that the link was sent to."),
                        no);
  if (no.code == code::invalid)
    return show_trouble(
        t, pages::redeem(token, true, "The link was not sent to this address. Check it, and try again."), no);
  show_trouble(t, pages::login({}, no.detail), no);
}

void redeem(edge_pointer self, const turn_ptr& t, const page_call& c) {
  const auto token = std::string(field(c, "token").substr(0, longest_token));
  std::optional<std::string> typed;
  if (const auto text = field(c, "email"); !text.empty()) {
    typed = model::normalise_email(text);
    if (!typed) return show(*t, pages::redeem(token, true, no_address), 422);
  }
  auto [question, from_cookie] = redemption(*t, token, std::move(typed), true);
  ask<actors::sign_in_message>(self, t, t->setup->login, std::move(question),
                               [t, token, guessed = from_cookie](const actors::sign_in_message& r) {
                                 if (const auto* no = std::get_if<model::refusal>(&r.what))
                                   return not_redeemed(*t, token, guessed, *no);
                                 auto out = see_other("/");
                                 add_login_cookies(*t, std::get<actors::signed_in>(r.what), out);
                                 finish(*t, std::move(out));
                               });
}

/// Goes on for somebody who is signed in with this browser; others are sent to sign in.
void with_login(edge_pointer self, const turn_ptr& t, std::function<void()> then) {
  if (t->shown && t->shown->bearer) t->shown.reset();
  authenticate(self, t, [t, then](const std::optional<model::refusal>& no) {
    if (no) return finish(*t, see_other("/login"));
    then();
  });
}

void show_home(edge_pointer self, const turn_ptr& t) {
  auto given = conditions_of(*t);
  given.if_none_match.reset();
  actors::ask_lists a{t->caller(), std::move(given), actors::view_me{actors::csrf_token_of(t->shown->token)}};
  ask<actors::reply_message>(self, t, t->setup->lists, std::move(a), [t](const actors::reply_message& r) {
    if (const auto* no = std::get_if<model::refusal>(&r.what)) return refuse(*t, *no);
    show(*t, pages::home(std::get<actors::answer>(r.what).body.text()));
  });
}

void sign_out(edge_pointer self, const turn_ptr& t, const std::string& csrf_token) {
  if (const auto no = refuse_without_csrf(*t->asked, *t->shown, csrf_token))
    return show_trouble(*t,
                        pages::trouble("Not signed out",
                                       "This page is out of date. Go back to the start page and try again."),
                        *no);
  ask<actors::reply_message>(self, t, t->setup->login,
                             actors::ask_logins{*t->who, conditions_of(*t), actors::sign_out{}},
                             [t](const actors::reply_message& r) {
                               const auto* no = std::get_if<model::refusal>(&r.what);
                               if (no && no->code != model::refusal_code::not_found) return refuse(*t, *no);
                               auto out = see_other("/login");
                               drop_login_cookie(*t, out);
                               finish(*t, std::move(out));
                             });
}

}  // namespace

void serve_page(edge_pointer self, const turn_ptr& t, const page_call& c) {
  switch (c.which) {
    case page::login:
      return show_login(*t, c);
    case page::login_form:
      if (!field(c, "token").empty()) return redeem(self, t, c);
      return mail_link(self, t, field(c, "email"));
    case page::home:
      return with_login(self, t, [self, t] { show_home(self, t); });
    case page::sign_out_form:
      return with_login(self, t,
                        [self, t, csrf = std::string(field(c, "csrf_token"))] { sign_out(self, t, csrf); });
    case page::style:
      return finish(*t, to_response(pages::style_sheet(), "text/css; charset=utf-8", "public, max-age=3600",
                                    *t->asked));
  }
}

}  // namespace net
