#include "net/answers.hpp"
#include "net/edge_turn.hpp"
#include "net/pages.hpp"
#include "net/problem.hpp"

namespace net {
namespace {

/// Somebody looks at this with a browser, rather than a program with the API.
bool is_for_a_person(const turn& t) {
  if (t.found.matched) return t.at().tag == "pages";
  return !t.asked->path.starts_with("/api/") &&
         t.asked->header("Accept").find("text/html") != std::string_view::npos;
}

std::size_t route_number(const turn& t) {
  const auto& all = routes().all();
  return t.found.matched ? static_cast<std::size_t>(t.found.matched - all.data()) : all.size();
}

void log_request(const turn& t, unsigned status, std::chrono::microseconds took) {
  using namespace actors;
  if (!log::enabled(log::level::info)) return;
  // The template and never the path itself: paths and queries may hold what a log must not.
  const auto route = t.found.matched ? t.at().path : std::string_view{"none"};
  const auto user = t.who ? model::to_text(t.who->user) : std::string{};
  log::info("http.request", {{"method", t.asked->method},
                             {"route", route},
                             {"status", status},
                             {"duration_us", took.count()},
                             {"request_id", t.request_id},
                             {"user_id", user}});
}

}  // namespace

void finish(turn& t, http::response r) {
  if (t.answered) return;
  t.answered = true;
  dress(r, t.request_id);
  const auto took = t.setup->clock.real_now() - t.began;
  t.setup->measured.request(route_number(t), r.status, took);
  log_request(t, r.status, took);
  t.setup->out.answer(t.to, std::move(r));
}

http::response refusal_response(const turn& t, const model::refusal& no) {
  t.setup->measured.refusal(no.code);
  auto problem = to_response(no, t.request_id);
  if (!is_for_a_person(t)) return problem;
  auto page = page_response(pages::trouble(kind_of(no.code).title, no.detail), problem.status);
  for (auto& h : problem.headers)
    if (h.name == "Retry-After") page.headers.push_back(std::move(h));
  return page;
}

void refuse(turn& t, const model::refusal& no) { finish(t, refusal_response(t, no)); }

void add_login_cookies(const turn& t, const actors::signed_in& in, http::response& r) {
  const auto age = std::chrono::duration_cast<std::chrono::seconds>(in.expires_at - t.setup->clock.now());
  r.headers.push_back({"Set-Cookie", set_cookie(session_cookie, in.session_token, age, t.secure())});
  r.headers.push_back({"Set-Cookie", set_cookie(asked_cookie, "", std::chrono::seconds{0}, t.secure())});
}

void add_asked_cookie(const turn& t, std::string_view email, http::response& r) {
  r.headers.push_back({"Set-Cookie", set_cookie(asked_cookie, asked_value(t.setup->links, email),
                                                asked_lifetime, t.secure())});
}

void drop_login_cookie(const turn& t, http::response& r) {
  r.headers.push_back({"Set-Cookie", set_cookie(session_cookie, "", std::chrono::seconds{0}, t.secure())});
}

}  // namespace net
