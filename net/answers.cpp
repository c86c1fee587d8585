#include "net/answers.hpp"

#include <algorithm>

#include "actors/respond.hpp"

namespace net {
namespace {

constexpr std::string_view page_policy =
    "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
constexpr std::string_view data_policy = "default-src 'none'; frame-ancestors 'none'";

unsigned status_of(actors::answer_kind kind) {
  switch (kind) {
    case actors::answer_kind::ok:
      return 200;
    case actors::answer_kind::created:
      return 201;
    case actors::answer_kind::no_content:
      return 204;
    case actors::answer_kind::accepted:
      return 202;
    case actors::answer_kind::not_modified:
      return 304;
  }
  return 500;
}

bool has(const http::response& r, std::string_view name) {
  return std::any_of(r.headers.begin(), r.headers.end(),
                     [&](const auto& h) { return http::same_name(h.name, name); });
}

}  // namespace

std::vector<http::header> always_headers() {
  return {
      {"X-Content-Type-Options", "nosniff"}, {"Referrer-Policy", "no-referrer"}, {"X-Frame-Options", "DENY"}};
}

http::response to_response(const actors::answer& a, const route& r, std::string_view path) {
  http::response out;
  out.status = status_of(a.kind);
  out.headers.reserve(6);
  if (a.body.bytes()) {
    out.headers.push_back({"Content-Type", "application/json"});
    out.body = a.body.bytes();
  }
  if (!a.etag.empty()) out.headers.push_back({"ETag", a.etag});
  if (a.kind == actors::answer_kind::created && a.made) {
    const auto collection = r.made_in.empty() ? path : r.made_in;
    out.headers.push_back({"Location", std::string(collection) + "/" + model::to_text(*a.made)});
  }
  return out;
}

http::response to_response(const fixed_text& t, std::string_view type, std::string_view cache,
                           const http::request& asked) {
  http::response out;
  out.headers = {{"ETag", t.etag}, {"Cache-Control", std::string(cache)}};
  if (actors::names(asked.header("If-None-Match"), t.etag)) {
    out.status = 304;
    return out;
  }
  out.headers.push_back({"Content-Type", std::string(type)});
  out.body = t.text;
  return out;
}

http::response events_response(std::shared_ptr<http::outflow> events) {
  http::response out;
  out.headers = {
      {"Content-Type", "text/event-stream"}, {"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}};
  out.stream = std::move(events);
  return out;
}

http::response page_response(std::string html, unsigned status) {
  http::response out;
  out.status = status;
  out.headers = {{"Content-Type", "text/html; charset=utf-8"},
                 {"Content-Security-Policy", std::string(page_policy)}};
  out.body = std::make_shared<const std::string>(std::move(html));
  return out;
}

http::response see_other(std::string_view where) {
  http::response out;
  out.status = 303;
  out.headers = {{"Location", std::string(where)}};
  return out;
}

void dress(http::response& r, std::string_view request_id) {
  r.headers.push_back({"X-Request-Id", std::string(request_id)});
  if (!has(r, "Cache-Control")) r.headers.push_back({"Cache-Control", "no-store"});
  if (!has(r, "Content-Security-Policy"))
    r.headers.push_back({"Content-Security-Policy", std::string(data_policy)});
}

std::string_view acceptable_request_id(const http::request& r) {
  const auto id = r.header("X-Request-Id");
  const bool good = !id.empty() && id.size() <= 128 && r.count("X-Request-Id") == 1 &&
                    std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c <= '~'; });
  return good ? id : std::string_view{};
}

}  // namespace net
