#include "model/organisation.hpp"

#include <algorithm>

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
const case_entry* org_state::case_of(tenant_id id) const { return find_in(cases, &case_entry::tenant, id); }

std::optional<case_place> place_of(const org_state& org, case_id id) {
  const auto* entry = org.find(id);
  if (!entry) return std::nullopt;
  const auto* who = org.find(entry->tenant);
  const auto* where = org.find(entry->tenancy);
  const auto* what = where ? org.find(where->property) : nullptr;
  if (!who || !what) return std::nullopt;
  return case_place{org.settings.id, org.settings.name, who->id,
                    who->full_name,  where->id,         one_line(what->address)};
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
