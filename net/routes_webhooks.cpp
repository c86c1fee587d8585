#include "net/route_parts.hpp"

namespace net {
namespace {

constexpr std::string_view tag = "webhooks";

template <webhook From>
parsed from(const route_input&) {
  return parsed{call{webhook_call{From}}};
}

std::string received(schemas&) {
  return R"({"type":"object","properties":{"received":{"type":"boolean"}},"required":["received"]})";
}

}  // namespace

void add_webhook_routes(std::vector<route>& all) {
  all.push_back({.method = "POST",
                 .path = "/webhooks/resend",
                 .id = "resend_webhook",
                 .summary = "What the mail provider tells of a mail; signed as Svix signs",
                 .tag = tag,
                 .needs = credential::none,
                 .takes = content::signed_bytes,
                 .answer = received,
                 .refusals = {401, 404},
                 .parse = from<webhook::resend>});
  all.push_back({.method = "POST",
                 .path = "/webhooks/docuseal",
                 .id = "docuseal_webhook",
                 .summary = "What the signing service tells of a document; signed with X-Docuseal-Signature",
                 .tag = tag,
                 .needs = credential::none,
                 .takes = content::signed_bytes,
                 .answer = received,
                 .refusals = {401, 404},
                 .parse = from<webhook::docuseal>});
}

}  // namespace net
