#include "actors/retention_views.hpp"
#include "model/org_view.hpp"
#include "net/route_parts.hpp"

namespace net {
namespace {

constexpr std::string_view tag = "retention";

parsed on_org(const route_input& in, actors::org_request what) {
  return call{org_call{actors::locate{in.id<model::org_id>(0)}, std::move(what)}};
}

parsed list_runs(const route_input& in) { return on_org(in, actors::view_retention_runs{in.part()}); }
parsed rehearse(const route_input& in) { return on_org(in, actors::rehearse_retention{}); }
parsed run(const route_input& in) { return on_org(in, model::org_command{model::run_retention{}}); }

parsed set_hold(const route_input& in) {
  return with_body<model::set_organisation_hold>(in, [&](model::set_organisation_hold c) {
    return org_call{actors::locate{in.id<model::org_id>(0)}, model::org_command{std::move(c)}};
  });
}

}  // namespace

void add_retention_routes(std::vector<route>& all) {
  all.push_back({.method = "GET",
                 .path = "/api/v1/organisations/{org}/retention",
                 .id = "list_retention_runs",
                 .summary = "When the next sweep begins, and what the last ones erased, newest first",
                 .tag = tag,
                 .answer = shape_of<actors::retention_runs_view>,
                 .query = {parameter::limit, parameter::cursor},
                 .parse = list_runs});
  all.push_back({.method = "POST",
                 .path = "/api/v1/organisations/{org}/retention/rehearse",
                 .id = "rehearse_retention",
                 .summary = "What a sweep would erase now; nothing is",
                 .tag = tag,
                 .answer = shape_of<actors::rehearsal_view>,
                 .parse = rehearse});
  all.push_back({.method = "POST",
                 .path = "/api/v1/organisations/{org}/retention/run",
                 .id = "run_retention",
                 .summary = "Sweep now",
                 .tag = tag,
                 .answer = shape_of<actors::retention_run_view>,
                 .success = 202,
                 .parse = run});
  all.push_back({.method = "PUT",
                 .path = "/api/v1/organisations/{org}/legal-hold",
                 .id = "set_organisation_hold",
                 .summary = "Put every case of the organisation under legal hold, or lift it",
                 .tag = tag,
                 .takes = content::json,
                 .body = body_of<model::set_organisation_hold>,
                 .answer = shape_of<model::organisation_admin_view>,
                 .parse = set_hold});
}

}  // namespace net
