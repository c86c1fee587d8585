#include "actors/audit_views.hpp"
#include "model/case_view.hpp"
#include "model/retention.hpp"
#include "net/route_parts.hpp"

namespace net {
namespace {

constexpr std::string_view tag = "records";

/// The filters of an audit log; the query was checked before.
actors::view_audit audit_of(const route_input& in) {
  actors::view_audit wanted{{}, in.part()};
  if (const auto* kind = find(in.query, "kind")) wanted.wanted.kind = *kind;
  if (const auto* by = find(in.query, "by")) wanted.wanted.by = model::parse_id<model::user_id>(*by);
  if (const auto* from = find(in.query, "from")) wanted.wanted.from = model::parse_instant(*from);
  if (const auto* to = find(in.query, "to")) wanted.wanted.to = model::parse_instant(*to);
  return wanted;
}

const std::vector audit_filters{parameter::kind, parameter::by,    parameter::from,
                                parameter::to,   parameter::limit, parameter::cursor};

void add_audit(std::vector<route>& all) {
  all.push_back({.method = "GET",
                 .path = "/api/v1/support-cases/{id}/audit",
                 .id = "list_audit",
                 .summary = "The audit log of the case, newest first; for operators",
                 .tag = tag,
                 .answer = shape_of<actors::audit_page>,
                 .query = audit_filters,
                 .refusals = {402},
                 .parse = [](const route_input& in) { return on_case(in, audit_of(in)); }});
  all.push_back({.method = "GET",
                 .path = "/api/v1/support-cases/{id}/audit/revisions/{revision}",
                 .id = "get_revision",
                 .summary = "What a note said before an edit or its deletion; for operators",
                 .tag = tag,
                 .answer = shape_of<actors::revision_view>,
                 .refusals = {402},
                 .parse = [](const route_input& in) {
                   return on_case(in, actors::view_revision{in.id<model::revision_id>(1)});
                 }});
  all.push_back({.method = "GET",
                 .path = "/api/v1/support-cases/{id}/reads",
                 .id = "list_reads",
                 .summary = "Who opened the case when, once for each hour; for organisation admins",
                 .tag = tag,
                 .answer = shape_of<actors::read_page>,
                 .query = {parameter::limit, parameter::cursor},
                 .refusals = {402},
                 .parse = [](const route_input& in) { return on_case(in, actors::view_reads{in.part()}); }});
  all.push_back(
      {.method = "GET",
       .path = "/api/v1/organisations/{org}/audit",
       .id = "list_organisation_audit",
       .summary = "The audit log of the organisation and all its cases, newest first; for its admins",
       .tag = tag,
       .answer = shape_of<actors::audit_page>,
       .query = audit_filters,
       .parse = [](const route_input& in) -> parsed {
         return call{org_call{actors::locate{in.id<model::org_id>(0)}, audit_of(in)}};
       }});
}

void add_retention(std::vector<route>& all) {
  all.push_back({.method = "GET",
                 .path = "/api/v1/support-cases/{id}/retention",
                 .id = "get_retention",
                 .summary = "What of the case is due for deletion when, and by which rule; for operators",
                 .tag = tag,
                 .answer = shape_of<model::retention_view>,
                 .refusals = {402},
                 .parse = [](const route_input& in) { return on_case(in, actors::view_retention{}); }});
  all.push_back({.method = "PUT",
                 .path = "/api/v1/support-cases/{id}/legal-hold",
                 .id = "set_legal_hold",
                 .summary = "Put the case under legal hold, or lift it",
                 .tag = tag,
                 .takes = content::json,
                 .body = body_of<model::set_legal_hold>,
                 .answer = shape_of<model::legal_hold_view>,
                 .refusals = {402, 412},
                 .parse = command_on_case<model::set_legal_hold>});
}

}  // namespace

void add_record_routes(std::vector<route>& all) {
  add_audit(all);
  add_retention(all);
}

}  // namespace net
