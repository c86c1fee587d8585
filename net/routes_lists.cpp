#include "actors/list_views.hpp"
#include "net/route_parts.hpp"

namespace net {
namespace {

std::optional<model::org_id> org_of(const route_input& in) {
  const auto* org = find(in.query, "org");
  return org ? model::parse_id<model::org_id>(*org) : std::nullopt;
}

std::string text_of(const route_input& in) {
  const auto* text = find(in.query, "q");
  return text ? *text : std::string{};
}

parsed list_cases(const route_input& in) {
  actors::list_cases wanted{org_of(in), {}, text_of(in), in.part()};
  if (const auto* status = find(in.query, "status"))
    wanted.status = model::parse_enum<model::case_status>(*status);
  return call{actors::list_request{std::move(wanted)}};
}

parsed caseload(const route_input& in) {
  return call{actors::list_request{actors::list_caseload{in.part()}}};
}

parsed search(const route_input& in) {
  return call{actors::list_request{actors::search_texts{text_of(in), org_of(in), in.part()}}};
}

parsed tasks(const route_input& in) {
  const auto* cursor = find(in.query, "cursor");
  return call{actors::list_request{actors::list_tasks{
      org_of(in), in.part().limit, cursor ? actors::parse_task_place(*cursor) : std::nullopt}}};
}

}  // namespace

void add_list_routes(std::vector<route>& all) {
  const auto add = [&](std::string_view path, std::string_view id, std::string_view summary,
                       std::string_view tag, shape answer, std::vector<parameter> query,
                       parsed (*parse)(const route_input&)) {
    route r{"GET", path, id, summary, tag};
    r.answer = answer;
    r.query = std::move(query);
    // The caseload leaves out what the tier hides (R36).
    if (r.id != "list_caseload") r.refusals = {402};
    r.parse = parse;
    all.push_back(std::move(r));
  };
  using enum parameter;
  add("/api/v1/support-cases", "list_cases", "The cases that the operator may see", "cases",
      shape_of<actors::case_list_view>, {org, status, text, limit, cursor}, list_cases);
  add("/api/v1/support/tenants", "list_caseload", "The worker's caseload, over all organisations", "cases",
      shape_of<actors::caseload_view>, {limit, cursor}, caseload);
  add("/api/v1/search", "search", "Notes and goals by their words, newest first", "cases",
      shape_of<actors::found_list_view>, {words, org, limit, cursor}, search);
  add("/api/v1/tasks", "list_tasks",
      "What is to be done: overdue goals, today's sessions, documents due within 14 days", "cases",
      shape_of<actors::task_list_view>, {org, limit, task_cursor}, tasks);
}

}  // namespace net
