#include "model/org_view.hpp"
#include "net/route_parts.hpp"

namespace net {
namespace {

constexpr std::string_view tag = "digests";

parsed on_org(const route_input& in, actors::org_request what) {
  return call{org_call{actors::locate{in.id<model::org_id>(0)}, std::move(what)}};
}

parsed list(const route_input& in) {
  actors::view_digests wanted{std::nullopt, in.part()};
  if (const auto* month = find(in.query, "month")) wanted.month = model::parse_month(*month);
  return on_org(in, std::move(wanted));
}

parsed preview(const route_input& in) {
  model::preview_digest wanted{in.month.value(), std::nullopt};
  if (const auto* one = find(in.query, "recipient")) wanted.recipient = model::parse_id<model::user_id>(*one);
  return on_org(in, model::org_command{std::move(wanted)});
}

parsed resend(const route_input& in) {
  return on_org(in, model::org_command{model::resend_digest{in.id<model::digest_id>(1)}});
}

}  // namespace

void add_digest_routes(std::vector<route>& all) {
  all.push_back({"GET",
                 "/api/v1/organisations/{org}/digests",
                 "list_digests",
                 "What went to which housing officer, newest first",
                 tag,
                 credential::login,
                 content::none,
                 nullptr,
                 shape_of<model::digest_page>,
                 200,
                 {parameter::month, parameter::limit, parameter::cursor},
                 {},
                 list,
                 {}});
  all.push_back({"GET",
                 "/api/v1/organisations/{org}/digests/{month}/preview",
                 "preview_digest",
                 "What housing officers are told for a month, or would be",
                 tag,
                 credential::login,
                 content::none,
                 nullptr,
                 shape_of<model::told_month_view>,
                 200,
                 {parameter::recipient},
                 {402, 422},
                 preview,
                 {},
                 {},
                 true});
  all.push_back({"POST",
                 "/api/v1/organisations/{org}/digests/{digest}/resend",
                 "resend_digest",
                 "Send somebody's digest once more",
                 tag,
                 credential::login,
                 content::none,
                 nullptr,
                 shape_of<model::digest_line_view>,
                 200,
                 {},
                 {402, 409},
                 resend,
                 {}});
}

}  // namespace net
