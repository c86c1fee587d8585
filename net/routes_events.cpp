#include "net/route_parts.hpp"

namespace net {

void add_event_routes(std::vector<route>& all) {
  all.push_back(
      {.method = "GET",
       .path = "/api/v1/support-cases/{id}/events",
       .id = "watch_case",
       .summary = "What changes on the case as far as the caller may see it, as it happens "
                  "(server-sent events); ends at once when access ends",
       .tag = "cases",
       .refusals = {402, 429},
       .parse = [](const route_input& in) -> parsed { return call{events_call{in.id<model::case_id>(0)}}; },
       .streams = {"text/event-stream"},
       .leaves_trace = true});
}

}  // namespace net
