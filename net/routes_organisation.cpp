#include "model/org_view.hpp"
#include "net/route_parts.hpp"

namespace net {
namespace {

using model::org_id;

parsed on_org(const route_input& in, actors::org_request what) {
  return call{org_call{actors::locate{in.id<org_id>(0)}, std::move(what)}};
}

template <class Command>
parsed command_on_org(const route_input& in) {
  return with_body<Command>(in, [&](Command c) {
    return org_call{actors::locate{in.id<org_id>(0)}, model::org_command{std::move(c)}};
  });
}

template <class Query>
parsed page_of_org(const route_input& in) {
  return on_org(in, Query{in.part()});
}

parsed tenancies(const route_input& in) {
  actors::view_tenancies wanted;
  wanted.part = in.part();
  if (const auto* without = find(in.query, "without_case")) wanted.without_case = *without == "true";
  if (const auto* text = find(in.query, "q")) wanted.text = *text;
  return on_org(in, std::move(wanted));
}

parsed remove_member(const route_input& in) {
  return on_org(in, model::org_command{model::remove_member{in.id<model::user_id>(1)}});
}

parsed rename_landlord(const route_input& in) {
  return with_body<model::rename_landlord>(in, [&](model::rename_landlord c) {
    c.landlord = in.id<model::landlord_id>(1);
    return org_call{actors::locate{in.id<org_id>(0)}, model::org_command{std::move(c)}};
  });
}

parsed change_property(const route_input& in) {
  return with_body<model::change_property>(in, [&](model::change_property c) {
    c.property = in.id<model::property_id>(1);
    return org_call{actors::locate{in.id<org_id>(0)}, model::org_command{std::move(c)}};
  });
}

parsed create_tenancy(const route_input& in) {
  return with_body<model::create_tenancy>(in, [&](model::create_tenancy c) {
    c.property = in.id<model::property_id>(0);
    const actors::locate where{c.property};
    return org_call{where, model::org_command{std::move(c)}};
  });
}

parsed change_tenant(const route_input& in) {
  return with_body<model::change_tenant>(in, [&](model::change_tenant c) {
    c.tenant = in.id<model::tenant_id>(0);
    const actors::locate where{c.tenant};
    return org_call{where, model::org_command{std::move(c)}};
  });
}

parsed change_template(const route_input& in) {
  return with_body<model::change_template>(in, [&](model::change_template c) {
    c.template_id = in.id<model::template_id>(1);
    return org_call{actors::locate{in.id<org_id>(0)}, model::org_command{std::move(c)}};
  });
}

parsed one_template(const route_input& in) {
  return on_org(in, actors::view_document_template{in.id<model::template_id>(1)});
}

const std::vector paging{parameter::limit, parameter::cursor};

void add_settings(std::vector<route>& all) {
  const std::string_view tag = "organisation";
  all.push_back({"GET",
                 "/api/v1/organisations/{org}",
                 "get_organisation",
                 "The organisation's settings",
                 tag,
                 credential::login,
                 content::none,
                 nullptr,
                 shape_of<model::organisation_admin_view>,
                 200,
                 {},
                 {},
                 [](const route_input& in) { return on_org(in, actors::view_organisation{}); },
                 {}});
  all.push_back({"PATCH",
                 "/api/v1/organisations/{org}",
                 "change_organisation",
                 "Change the settings",
                 tag,
                 credential::login,
                 content::json,
                 body_of<model::change_settings>,
                 shape_of<model::organisation_admin_view>,
                 200,
                 {},
                 {409, 412},
                 command_on_org<model::change_settings>,
                 {}});
  all.push_back({"GET",
                 "/api/v1/organisations/{org}/billing",
                 "get_billing",
                 "The tier and the plans on sale",
                 tag,
                 credential::login,
                 content::none,
                 nullptr,
                 shape_of<model::billing_admin_view>,
                 200,
                 {},
                 {},
                 [](const route_input& in) { return on_org(in, actors::view_billing{}); },
                 {}});
  all.push_back({"GET",
                 "/api/v1/organisations/{org}/members",
                 "list_members",
                 "The members",
                 tag,
                 credential::login,
                 content::none,
                 nullptr,
                 shape_of<model::list_view<model::member_view>>,
                 200,
                 paging,
                 {},
                 page_of_org<actors::view_members>,
                 {}});
  all.push_back({"POST",
                 "/api/v1/organisations/{org}/members",
                 "add_member",
                 "Add a member",
                 tag,
                 credential::login,
                 content::json,
                 body_of<model::add_member>,
                 shape_of<model::member_view>,
                 201,
                 {},
                 {402, 409},
                 command_on_org<model::add_member>,
                 {}});
  all.push_back({"DELETE",
                 "/api/v1/organisations/{org}/members/{user}",
                 "remove_member",
                 "Remove a member",
                 tag,
                 credential::login,
                 content::none,
                 nullptr,
                 nullptr,
                 204,
                 {},
                 {409},
                 remove_member,
                 {}});
}

void add_places(std::vector<route>& all) {
  const std::string_view tag = "places";
  all.push_back({"GET",
                 "/api/v1/organisations/{org}/landlords",
                 "list_landlords",
                 "The landlords",
                 tag,
                 credential::login,
                 content::none,
                 nullptr,
                 shape_of<model::list_view<model::landlord_view>>,
                 200,
                 paging,
                 {},
                 page_of_org<actors::view_landlords>,
                 {}});
  all.push_back({"POST",
                 "/api/v1/organisations/{org}/landlords",
                 "add_landlord",
                 "Add a landlord",
                 tag,
                 credential::login,
                 content::json,
                 body_of<model::add_landlord>,
                 shape_of<model::landlord_view>,
                 201,
                 {},
                 {},
                 command_on_org<model::add_landlord>,
                 {}});
  all.push_back({"PATCH",
                 "/api/v1/organisations/{org}/landlords/{id}",
                 "rename_landlord",
                 "Rename a landlord",
                 tag,
                 credential::login,
                 content::json,
                 body_of<model::rename_landlord>,
                 shape_of<model::landlord_view>,
                 200,
                 {},
                 {},
                 rename_landlord,
                 {}});
  all.push_back({"GET",
                 "/api/v1/organisations/{org}/properties",
                 "list_properties",
                 "The properties",
                 tag,
                 credential::login,
                 content::none,
                 nullptr,
                 shape_of<model::list_view<model::property_view>>,
                 200,
                 paging,
                 {},
                 page_of_org<actors::view_properties>,
                 {}});
  all.push_back({"POST",
                 "/api/v1/organisations/{org}/properties",
                 "add_property",
                 "Add a property",
                 tag,
                 credential::login,
                 content::json,
                 body_of<model::add_property>,
                 shape_of<model::property_view>,
                 201,
                 {},
                 {},
                 command_on_org<model::add_property>,
                 {}});
  all.push_back({"PATCH",
                 "/api/v1/organisations/{org}/properties/{id}",
                 "change_property",
                 "Change a property",
                 tag,
                 credential::login,
                 content::json,
                 body_of<model::change_property>,
                 shape_of<model::property_view>,
                 200,
                 {},
                 {},
                 change_property,
                 {}});
}

void add_tenancies(std::vector<route>& all) {
  const std::string_view tag = "tenancies";
  all.push_back({"GET",
                 "/api/v1/organisations/{org}/tenancies",
                 "list_tenancies",
                 "The tenancies; also what a new case is picked from",
                 tag,
                 credential::login,
                 content::none,
                 nullptr,
                 shape_of<model::list_view<model::tenancy_view>>,
                 200,
                 {parameter::without_case, parameter::text, parameter::limit, parameter::cursor},
                 {},
                 tenancies,
                 {}});
  all.push_back({"POST",
                 "/api/v1/properties/{id}/tenancies",
                 "create_tenancy",
                 "Create a tenancy; its tenants are mailed the information sheet",
                 tag,
                 credential::login,
                 content::json,
                 body_of<model::create_tenancy>,
                 shape_of<model::tenancy_view>,
                 201,
                 {},
                 {402},
                 create_tenancy,
                 "/api/v1/tenancies"});
  all.push_back({"PATCH",
                 "/api/v1/tenants/{id}",
                 "change_tenant",
                 "Change a tenant's contact details",
                 tag,
                 credential::login,
                 content::json,
                 body_of<model::change_tenant>,
                 shape_of<model::tenant_view>,
                 200,
                 {},
                 {},
                 change_tenant,
                 {}});
}

void add_templates(std::vector<route>& all) {
  constexpr std::string_view templates = "/api/v1/organisations/{org}/document-templates";
  constexpr std::string_view one = "/api/v1/organisations/{org}/document-templates/{id}";
  const auto shown = shape_of<model::document_template_view>;
  all.push_back(
      {.method = "GET",
       .path = templates,
       .id = "list_document_templates",
       .summary = "The templates that documents are made from: the starter pack and the organisation's own",
       .tag = "documents",
       .answer = shape_of<model::list_view<model::document_template_view>>,
       .query = paging,
       .parse = page_of_org<actors::view_document_templates>});
  all.push_back({.method = "POST",
                 .path = templates,
                 .id = "add_document_template",
                 .summary = "Add a template",
                 .tag = "documents",
                 .takes = content::json,
                 .body = body_of<model::add_template>,
                 .answer = shown,
                 .success = 201,
                 .parse = command_on_org<model::add_template>});
  all.push_back({.method = "GET",
                 .path = one,
                 .id = "get_document_template",
                 .summary = "One template",
                 .tag = "documents",
                 .answer = shown,
                 .parse = one_template});
  all.push_back({.method = "PATCH",
                 .path = one,
                 .id = "change_document_template",
                 .summary = "Change or retire a template, one of the starter pack as well",
                 .tag = "documents",
                 .takes = content::json,
                 .body = body_of<model::change_template>,
                 .answer = shown,
                 .refusals = {412},
                 .parse = change_template});
}

}  // namespace

void add_organisation_routes(std::vector<route>& all) {
  add_settings(all);
  add_places(all);
  add_tenancies(all);
  add_templates(all);
}

}  // namespace net
