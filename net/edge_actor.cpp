#include "net/edge_actor.hpp"

#include <algorithm>

#include "model/utf8.hpp"
#include "net/answers.hpp"
#include "net/content/form_upload.hpp"
#include "net/edge_turn.hpp"

namespace net {
namespace {

model::refusal plain(model::refusal_code code, std::string detail) {
  return {code, std::move(detail), {}, {}, {}, {}};
}

model::refusal not_signed_in(std::string detail = "Sign in first, or send a bearer token.") {
  return plain(model::refusal_code::not_signed_in, std::move(detail));
}

/// `application/json`, with no charset but UTF-8.
bool is_type(std::string_view header, std::string_view wanted) {
  const auto end = header.find(';');
  auto type = header.substr(0, end);
  while (type.ends_with(' ')) type.remove_suffix(1);
  if (!http::same_name(type, wanted)) return false;
  if (end == header.npos) return true;
  auto rest = header.substr(end + 1);
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  return http::same_name(rest, "charset=utf-8") || http::same_name(rest, "charset=\"utf-8\"");
}

bool is_empty_object(std::string_view body) {
  std::string bare;
  for (const char c : body.substr(0, 16))
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t') bare += c;
  return body.size() <= 16 && bare == "{}";
}

bool is_form_with_file(const route& r, const http::request& asked) {
  return r.takes == content::json_or_file && asked.count("Content-Type") == 1 &&
         contents::is_form_data(asked.header("Content-Type"));
}

/// Whether the body is of the kind that the route takes.
std::optional<model::refusal> refuse_content(const route& r, const http::request& asked) {
  const auto type = asked.header("Content-Type");
  const bool once = asked.count("Content-Type") <= 1;
  const auto wrong_type = [](std::string_view wanted) {
    return plain(model::refusal_code::unsupported_media_type,
                 "Send the body as " + std::string(wanted) + ", and say so in Content-Type.");
  };
  switch (r.takes) {
    case content::none:
      if (!asked.file && (asked.body.empty() || is_empty_object(asked.body))) return std::nullopt;
      return plain(model::refusal_code::bad_request, "This request takes no body.");
    case content::json_if_any:
      if (asked.body.empty()) return std::nullopt;
      [[fallthrough]];
    case content::json_or_file:
      if (is_form_with_file(r, asked)) return std::nullopt;
      [[fallthrough]];
    case content::json:
      if (!once || !is_type(type, "application/json")) return wrong_type("application/json in UTF-8");
      return std::nullopt;
    case content::form:
      if (!once || !is_type(type, "application/x-www-form-urlencoded"))
        return wrong_type("application/x-www-form-urlencoded");
      return std::nullopt;
    case content::signed_bytes:
      if (asked.file) return plain(model::refusal_code::too_large, "A webhook has at most 256 KiB.");
      return std::nullopt;
    case content::bytes:  // what it is, its bytes tell
      if (!once) return wrong_type("one file");
      return std::nullopt;
  }
  return std::nullopt;
}

/// Conditions that could not be meant.
std::optional<model::refusal> refuse_headers(const http::request& asked) {
  for (const auto* name : {"Idempotency-Key", "If-Match", "If-None-Match"}) {
    const auto value = asked.header(name);
    const bool visible = std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~'; });
    const bool empty = value.empty() && asked.count(name) > 0;
    if (asked.count(name) > 1 || value.size() > 255 || !visible || empty)
      return plain(
          model::refusal_code::bad_request,
          std::string("The header ") + name + " must stand once, with 1 to 255 visible ASCII characters.");
  }
  return std::nullopt;
}

/// Everything about the request that needs no other actor; then the call.
parsed read_call(const turn& t) {
  const auto& r = t.at();
  if (auto no = refuse_headers(*t.asked)) return std::move(*no);
  if (auto no = refuse_content(r, *t.asked)) return std::move(*no);
  const auto ids = t.found.ids();
  if (!ids) return model::refusal::not_found();
  auto query = read_query(r, t.asked->query);
  if (auto* no = std::get_if<model::refusal>(&query)) return std::move(*no);
  if (is_form_with_file(r, *t.asked)) return call{form_call{model::case_id{ids->at(0)}}};
  const bool empty = r.takes == content::json_if_any && t.asked->body.empty();
  return r.parse({*ids, std::get<pairs>(query),
                  empty ? std::string_view{"{}"} : std::string_view{t.asked->body}, t.found.month()});
}

void proceed(edge_pointer self, const turn_ptr& t) {
  auto read = read_call(*t);
  if (const auto* no = std::get_if<model::refusal>(&read)) return refuse(*t, *no);
  dispatch(self, t, std::get<call>(std::move(read)));
}

/// What a stranger's page could make a browser do: anything that changes something and needs no bearer token.
std::optional<model::refusal> refuse_other_sites(const turn& t) {
  if (is_safe(t.asked->method) || (t.shown && t.shown->bearer)) return std::nullopt;
  return refuse_foreign(*t.asked, t.setup->public_url);
}

/// What the head alone tells: the route, and whether whoever asks may come in. Then goes on.
void enter(edge_pointer self, const turn_ptr& t, std::function<void()> go_on) {
  t->found = routes().find(t->asked->method, t->asked->path);
  if (!t->found.matched && t->found.allow.empty()) return refuse(*t, model::refusal::not_found());
  if (!t->found.matched) {
    auto r = refusal_response(
        *t, plain(model::refusal_code::method_not_allowed, "This address takes " + t->found.allow + "."));
    r.headers.push_back({"Allow", t->found.allow});
    return finish(*t, std::move(r));
  }
  t->shown = credentials_of(*t->asked);
  if (auto no = refuse_other_sites(*t)) return refuse(*t, *no);
  if (t->at().needs == credential::none) return go_on();
  authenticate(self, t, [t, go_on](std::optional<model::refusal> no) {
    if (!no) no = refuse_without_csrf(*t->asked, *t->shown);
    if (no) return refuse(*t, *no);
    go_on();
  });
}

/// A large body takes room that others need as well: it comes only from somebody who may send it there.
void admit(edge_pointer self, const turn_ptr& t) {
  const auto& r = t->at();
  if (auto no = refuse_headers(*t->asked)) return refuse(*t, *no);
  if (auto no = refuse_content(r, *t->asked)) return refuse(*t, *no);
  const auto ids = t->found.ids();
  if (!ids) return refuse(*t, model::refusal::not_found());
  const auto query = read_query(r, t->asked->query);
  if (const auto* no = std::get_if<model::refusal>(&query)) return refuse(*t, *no);
  // Nothing else takes one; of what does, the path names the case, and the document where there is one.
  if (r.needs != credential::login || (r.takes != content::bytes && !is_form_with_file(r, *t->asked)))
    return refuse(*t, plain(model::refusal_code::too_large, "This request takes no body of this size."));
  const auto document =
      r.takes == content::bytes ? std::optional{model::document_id{ids->at(1)}} : std::nullopt;
  ask_leave(self, t, model::case_id{ids->at(0)}, {document},
            [t] { t->setup->out.admit(t->to, model::to_text(t->who->user)); });
}

turn_ptr begin(edge_pointer self, const incoming& in) {
  const auto& setup = self->state.setup;
  auto t = std::make_shared<turn>();
  t->setup = setup;
  t->to = in.to;
  t->asked = in.asked;
  t->began = setup->clock.real_now();
  t->request_id = acceptable_request_id(*in.asked);
  if (t->request_id.empty()) t->request_id = model::to_text(actors::random_ids(setup->clock).next());
  return t;
}

}  // namespace

std::vector<std::string_view> route_ids() {
  std::vector<std::string_view> ids;
  for (const auto& r : routes().all()) ids.push_back(r.id);
  return ids;
}

std::size_t organisation_book::key_hash::operator()(const key& k) const {
  return std::visit([](const auto& id) { return hash_value(id.value); }, k) + k.index();
}

const actors::located* organisation_book::find(const actors::locate& what) const {
  const auto found = entries_.find(what.what);
  return found == entries_.end() ? nullptr : &found->second;
}

bool organisation_book::keep(const actors::locate& what, const actors::located& where) {
  if (entries_.size() >= most_) entries_.clear();
  entries_.insert_or_assign(what.what, where);
  return where.org && watched_.insert(where.org.address()).second;
}

void organisation_book::forget(const caf::actor_addr& gone) {
  watched_.erase(gone);
  std::erase_if(entries_, [&](const auto& e) { return e.second.org && e.second.org.address() == gone; });
}

void authenticate(edge_pointer self, const turn_ptr& t,
                  std::function<void(std::optional<model::refusal>)> then) {
  if (!t->shown) return then(not_signed_in());
  const auto& setup = *t->setup;
  const auto hash = actors::token_hash(t->shown->token);
  // A bearer token in a cookie, or the other way round, would go around the CSRF check.
  const auto known = [t, then](const std::optional<actors::known_login>& login) {
    if (!login || login->bearer != t->shown->bearer)
      return then(not_signed_in("You are not signed in any more. Sign in again."));
    t->who = login;
    then(std::nullopt);
  };
  if (auto login = setup.logins.find(hash, setup.clock.now())) return known(login);
  const auto generation = setup.logins.generation();
  ask<actors::found_login>(self, t, setup.login, actors::find_login{hash},
                           [t, hash, generation, known](const actors::found_login& found) {
                             if (found.login) t->setup->logins.keep(hash, *found.login, generation);
                             known(found.login);
                           });
}

patient_edge::behavior_type edge_behavior(patient_edge::stateful_pointer<edge_state> self,
                                          edge_setup_ptr setup) {
  self->state.setup = std::move(setup);
  self->set_down_handler([self](const caf::down_msg& down) { self->state.book.forget(down.source); });
  self->send(self, actors::tick{});
  return {[self](const incoming& in) {
            const auto t = begin(self, in);
            const auto go_on = [self, t, announced = in.announced] {
              announced ? admit(self, t) : proceed(self, t);
            };
            guarded(*t, [&] { enter(self, t, go_on); });
          },
          [self](const actors::tick&) {
            self->state.open.end_overdue(*self, self->state.setup->patience);
            self->delayed_send(self, std::chrono::seconds{1}, actors::tick{});
          }};
}

}  // namespace net
