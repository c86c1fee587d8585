#include "actors/outbox_views.hpp"
#include "net/route_parts.hpp"

namespace net {
namespace {

constexpr std::string_view tag = "mails";

parsed on_org(const route_input& in, actors::org_request what) {
  return call{org_call{actors::locate{in.id<model::org_id>(0)}, std::move(what)}};
}

parsed list(const route_input& in) {
  actors::view_outbox wanted{std::nullopt, in.part()};
  if (const auto* state = find(in.query, "state"))
    wanted.state = model::parse_enum<model::mail_state>(*state);
  return on_org(in, std::move(wanted));
}

parsed retry(const route_input& in) {
  return on_org(in, model::org_command{model::retry_mail{in.id<model::mail_id>(1)}});
}

}  // namespace

void add_outbox_routes(std::vector<route>& all) {
  all.push_back(
      {.method = "GET",
       .path = "/api/v1/organisations/{org}/outbox",
       .id = "list_outbox",
       .summary = "The organisation's mails and how far they have come, newest first; for its admins",
       .tag = tag,
       .answer = shape_of<actors::outbox_page>,
       .query = {parameter::state, parameter::limit, parameter::cursor},
       .parse = list});
  all.push_back({.method = "POST",
                 .path = "/api/v1/organisations/{org}/outbox/{mail}/retry",
                 .id = "retry_mail",
                 .summary = "Try a mail again now that failed or waits for another attempt",
                 .tag = tag,
                 .success = 204,
                 .refusals = {409},
                 .parse = retry});
}

}  // namespace net
