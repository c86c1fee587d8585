#include "model/organisation.hpp"

#include <algorithm>

#include "model/starter_pack.hpp"

namespace model {
namespace {

template <class T, class Id>
const T* find_in(const std::vector<T>& all, Id T::*key, const Id& wanted) {
  const auto it = std::find_if(all.begin(), all.end(), [&](const T& one) { return one.*key == wanted; });
  return it == all.end() ? nullptr : &*it;
}

}  // namespace

std::string one_line(const address& a) {
  std::string out;
  for (const auto* part : {&a.line1, &a.line2, &a.town, &a.postcode}) {
    if (part->empty()) continue;
    if (!out.empty()) out += ", ";
    out += *part;
  }
  return out;
}

const member* org_state::find(user_id id) const { return find_in(members, &member::user, id); }
const landlord* org_state::find(landlord_id id) const { return find_in(landlords, &landlord::id, id); }
const property* org_state::find(property_id id) const { return find_in(properties, &property::id, id); }
const tenancy* org_state::find(tenancy_id id) const { return find_in(tenancies, &tenancy::id, id); }
const tenant* org_state::find(tenant_id id) const { return find_in(tenants, &tenant::id, id); }
const case_entry* org_state::find(case_id id) const { return find_in(cases, &case_entry::id, id); }
std::shared_ptr<const document_template> org_state::find(template_id id) const {
  const auto it = std::ranges::find(templates, id, [](const auto& one) { return one->id; });
  return it == templates.end() ? nullptr : *it;
}
const case_entry* org_state::case_of(tenant_id id) const { return find_in(cases, &case_entry::tenant, id); }

std::optional<case_place> place_of(const org_state& org, case_id id) {
  const auto* entry = org.find(id);
  if (!entry) return std::nullopt;
  const auto* who = org.find(entry->tenant);
  const auto* where = org.find(entry->tenancy);
  const auto* what = where ? org.find(where->property) : nullptr;
  if (!who || !what) return std::nullopt;
  const auto* whose = org.find(what->landlord);
  case_place out;
  out.org = org.settings.id;
  out.organisation_name = org.settings.name;
  out.tenant = who->id;
  out.tenant_name = who->full_name;
  out.tenancy = where->id;
  out.property = one_line(what->address);
  out.time_zone = org.settings.time_zone;
  out.retention = org.settings.support_retention_years;
  out.tenant_email = who->email;
  out.tenant_phone = who->phone;
  if (whose) out.landlord_name = whose->name;
  out.tenure_type = where->tenure_type;
  out.start_date = where->start_date;
  out.end_date = where->end_date;
  out.rent_pence = where->rent_pence;
  out.rent_period = where->rent_period;
  out.templates = pack_for(org, where->tenure_type);
  out.organisation_hold = org.settings.hold_reason;
  return out;
}

standing standing_of(const org_state& org, user_id who) {
  const auto* m = org.find(who);
  if (!m) return standing::none;
  return m->role == member_role::org_admin ? standing::org_admin : standing::property_manager;
}

standing standing_of(const org_state& org, user_id who, landlord_id scope) {
  const auto* m = org.find(who);
  if (!m || !org.find(scope)) return standing::none;
  if (m->role == member_role::org_admin) return standing::org_admin;
  const bool assigned = std::find(m->landlords.begin(), m->landlords.end(), scope) != m->landlords.end();
  return assigned ? standing::property_manager : standing::none;
}

standing standing_of(const org_state& org, user_id who, tenant_id scope) {
  const auto* t = org.find(scope);
  const auto* where = t ? org.find(t->tenancy) : nullptr;
  const auto* what = where ? org.find(where->property) : nullptr;
  return what ? standing_of(org, who, what->landlord) : standing::none;
}

}  // namespace model
