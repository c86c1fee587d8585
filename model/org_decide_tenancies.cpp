#include <algorithm>

#include "model/input_errors.hpp"
#include "model/org_decide_parts.hpp"

namespace model {
namespace {

constexpr day first_assured_periodic{std::chrono::year{2026} / std::chrono::May / 1};

tenure_type usual_tenure(day start) {
  return start >= first_assured_periodic ? tenure_type::assured_periodic : tenure_type::assured_shorthold;
}

void check_terms(const create_tenancy& cmd, input_errors& errors) {
  if (cmd.tenants.empty()) errors.add("tenants", "required", "A tenancy has at least one tenant.");
  if (cmd.tenants.size() > most_tenants_of_a_tenancy)
    errors.add("tenants", "too_many", "A tenancy has at most 20 tenants.");
  if (cmd.end_date && *cmd.end_date < cmd.start_date)
    errors.add("end_date", "out_of_range", "A tenancy does not end before it starts.");
  if (cmd.rent_pence <= 0) errors.add("rent_pence", "out_of_range", "The rent is more than 0.");
  if (cmd.deposit && cmd.deposit->pence <= 0)
    errors.add("deposit.pence", "out_of_range", "A deposit is more than 0; without one leave it out.");
}

/// The tenants without ids of their own: those are drawn once nothing is left to refuse.
std::vector<tenant> tenants_of(const org_state& org, const create_tenancy& cmd, input_errors& errors) {
  std::vector<tenant> out;
  if (cmd.tenants.size() > most_tenants_of_a_tenancy) return out;
  for (std::size_t i = 0; i < cmd.tenants.size(); ++i) {
    const auto& input = cmd.tenants[i];
    auto& t = out.emplace_back();
    t.org = org.settings.id;
    t.full_name = input.full_name.value;
    t.email = errors.email(indexed("tenants", i, "email"), input.email);
    if (input.phone) t.phone = errors.phone(indexed("tenants", i, "phone"), *input.phone);
  }
  return out;
}

tenancy terms_of(const org_state& org, const create_tenancy& cmd, const moment& at) {
  tenancy out;
  out.id = at.ids.make<tenancy_id>();
  out.org = org.settings.id;
  out.property = cmd.property;
  out.start_date = cmd.start_date;
  out.end_date = cmd.end_date;
  out.rent_pence = cmd.rent_pence;
  out.rent_period = cmd.rent_period;
  out.tenure_type = cmd.tenure_type.value_or(usual_tenure(cmd.start_date));
  if (cmd.deposit) {
    out.deposit_pence = cmd.deposit->pence;
    out.deposit_scheme = cmd.deposit->scheme;
  }
  out.created_at = at.now;
  return out;
}

std::int64_t current_tenancies(const org_state& org, instant now) {
  const auto today = std::chrono::floor<std::chrono::days>(now);
  return std::count_if(org.tenancies.begin(), org.tenancies.end(),
                       [&](const tenancy& t) { return is_current(t, today); });
}

}  // namespace

bool is_current(const tenancy& t, day today) { return !t.end_date || *t.end_date >= today; }

namespace deciding {

std::optional<refusal> refuse_over_quota(const org_state& org, const moment& at, std::string_view quota,
                                         std::int64_t count) {
  const auto* p = at.plans.find(org.settings.tier);
  const auto limit = !p ? std::optional<std::int64_t>{0} : quota == "users" ? p->users : p->tenancies;
  if (!limit || count < *limit) return std::nullopt;
  return at.plans.upgrade_for_quota(quota, count);
}

outcome<org_event> decide(const org_state& org, const create_tenancy& cmd, const moment& at) {
  input_errors errors;
  check_terms(cmd, errors);
  auto tenants = tenants_of(org, cmd, errors);
  if (auto no = errors.refuse()) return *no;
  if (auto no = refuse_over_quota(org, at, "tenancies", current_tenancies(org, at.now))) return *no;

  tenancy_created e{terms_of(org, cmd, at), std::move(tenants), {}};
  for (auto& t : e.tenants) {
    t.id = at.ids.make<tenant_id>();
    t.tenancy = e.tenancy.id;
    e.mails.push_back(at.ids.make<mail_id>());
  }
  return std::vector<org_event>{std::move(e)};
}

}  // namespace deciding
}  // namespace model
