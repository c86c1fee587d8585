#include "model/org_apply.hpp"

#include <algorithm>

namespace model {
namespace {

template <class T>
void replace(std::vector<T>& all, const T& changed) {
  const auto it = std::find_if(all.begin(), all.end(), [&](const T& one) { return one.id == changed.id; });
  if (it != all.end()) *it = changed;
}

void apply_one(org_state& org, const settings_changed& e) { org.settings = e.after; }
void apply_one(org_state& org, const member_added& e) { org.members.push_back(e.member); }
void apply_one(org_state& org, const member_removed& e) {
  std::erase_if(org.members, [&](const member& m) { return m.user == e.member.user; });
}
void apply_one(org_state& org, const landlord_added& e) { org.landlords.push_back(e.landlord); }
void apply_one(org_state& org, const landlord_renamed& e) { replace(org.landlords, e.after); }
void apply_one(org_state& org, const property_added& e) { org.properties.push_back(e.property); }
void apply_one(org_state& org, const property_changed& e) { replace(org.properties, e.after); }
void apply_one(org_state& org, const tenancy_created& e) {
  org.tenancies.push_back(e.tenancy);
  org.tenants.insert(org.tenants.end(), e.tenants.begin(), e.tenants.end());
}
void apply_one(org_state& org, const tenant_changed& e) { replace(org.tenants, e.after); }
void apply_one(org_state& org, const case_opened& e) {
  org.cases.push_back({e.opened.id, e.opened.reference, e.opened.tenancy, e.opened.tenant});
  ++org.cases_opened;
}
// The outbox is the mailer's, not the organisation's memory.
void apply_one(org_state&, const mail_retried&) {}
void apply_one(org_state& org, const template_added& e) { org.templates.push_back(e.row); }
void apply_one(org_state& org, const template_changed& e) {
  const auto it = std::ranges::find(org.templates, e.row->id, [](const auto& one) { return one->id; });
  if (it == org.templates.end())
    org.templates.push_back(e.row);
  else
    *it = e.row;
}

// The ledger of digests stands in the database.
void apply_one(org_state&, const digest_previewed&) {}
void apply_one(org_state&, const digest_resent&) {}
void apply_one(org_state& org, const organisation_hold_set& e) { org.settings = *e.row; }
void apply_one(org_state& org, const organisation_hold_lifted& e) { org.settings = *e.row; }
// The run stands in the database, for whoever sweeps.
void apply_one(org_state&, const retention_run_asked&) {}

}  // namespace

void apply(org_state& org, const org_event& event) {
  std::visit([&](const auto& e) { apply_one(org, e); }, event);
}

org_state after(const org_state& org, std::span<const org_event> events) {
  org_state next = org;
  for (const auto& event : events) apply(next, event);
  ++next.version;
  return next;
}

}  // namespace model
