#include "net/admin/admin_actor.hpp"

#include "actors/store_work.hpp"

namespace net {
namespace {

using pointer = edge_actor::stateful_pointer<admin_state>;

http::response text(unsigned status, std::string body, std::string type = "text/plain; charset=utf-8") {
  http::response out;
  out.status = status;
  out.headers = {{"Content-Type", std::move(type)}, {"Cache-Control", "no-store"}};
  out.body = std::make_shared<const std::string>(std::move(body));
  return out;
}

http::response not_ready(std::string why) {
  auto out = text(503, "not ready: " + std::move(why) + "\n");
  out.headers.push_back({"Retry-After", "2"});
  return out;
}

void check_ready(pointer self, const admin_setup& setup, http::exchange to) {
  auto& out = setup.out;
  self->request(setup.store, setup.patience, actors::ping())
      .then(
          [&out, to](const actors::store_answer& a) {
            out.answer(to, a.failed ? not_ready("the database does not answer") : text(200, "ready\n"));
          },
          [&out, to](const caf::error&) {
            out.answer(to, not_ready("the database does not answer in time"));
          });
}

void serve(pointer self, const admin_setup& setup, const incoming& in) {
  const auto& path = in.asked->path;
  const bool known = path == "/healthz" || path == "/readyz" || path == "/metrics";
  if (!known) return setup.out.answer(in.to, text(404, "Here are /healthz, /readyz and /metrics.\n"));
  if (in.asked->method != "GET" && in.asked->method != "HEAD") {
    auto no = text(405, "Only GET and HEAD.\n");
    no.headers.push_back({"Allow", "GET, HEAD"});
    return setup.out.answer(in.to, std::move(no));
  }
  if (path == "/readyz") return check_ready(self, setup, in.to);
  setup.out.answer(in.to, path == "/healthz" ? text(200, "alive\n")
                                             : text(200, setup.measured.text(), "text/plain; version=0.0.4"));
}

}  // namespace

edge_actor::behavior_type admin_behavior(edge_actor::stateful_pointer<admin_state> self, admin_setup setup) {
  return {[self, setup = std::move(setup)](const incoming& in) {
    try {
      serve(self, setup, in);
    } catch (const std::exception&) {
      setup.out.answer(in.to, text(500, "The metrics could not be gathered.\n"));
    }
  }};
}

}  // namespace net
