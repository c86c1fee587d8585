#include "model/plans.hpp"

#include <algorithm>

namespace model {
namespace {

refusal upgrade_to(const plan& p, std::string_view feature, std::string why) {
  refusal no{refusal_code::upgrade_required, std::move(why), {}, {}, {}, {}};
  no.upgrade = upgrade_offer{std::string(feature), p.tier, p.price_pence_per_month};
  return no;
}

const std::optional<std::int64_t>& quota_of(const plan& p, std::string_view quota) {
  return quota == "users" ? p.users : p.tenancies;
}

bool has(const plan& p, std::string_view feature) {
  return std::find(p.features.begin(), p.features.end(), feature) != p.features.end();
}

/// The cheapest plan that `fits`; the catalogue is configuration, so its order is not relied upon.
template <class Predicate>
const plan* cheapest(const std::vector<plan>& plans, Predicate fits) {
  const plan* best = nullptr;
  for (const auto& p : plans)
    if (fits(p) && (!best || p.price_pence_per_month < best->price_pence_per_month)) best = &p;
  return best;
}

}  // namespace

const plan* plan_catalogue::find(std::string_view tier) const {
  const auto it = std::find_if(plans.begin(), plans.end(), [&](const plan& p) { return p.tier == tier; });
  return it == plans.end() ? nullptr : &*it;
}

bool plan_catalogue::includes(std::string_view tier, std::string_view feature) const {
  const auto* p = find(tier);
  return p && has(*p, feature);
}

refusal plan_catalogue::upgrade_for_feature(std::string_view feature) const {
  const auto* p = cheapest(plans, [&](const plan& offered) { return has(offered, feature); });
  if (!p) return refusal::unavailable("No plan on sale includes this.");
  return upgrade_to(*p, feature, "This is part of the plan '" + p->tier + "'.");
}

refusal plan_catalogue::upgrade_for_quota(std::string_view quota, std::int64_t count) const {
  const auto* p = cheapest(plans, [&](const plan& offered) {
    const auto& limit = quota_of(offered, quota);
    return !limit || *limit > count;
  });
  const auto reached = "Your plan's number of " + std::string(quota) + " is reached; ";
  // Waiting would not help, so this is no `unavailable`.
  if (!p) return refusal::conflict(refusal_code::upgrade_required, reached + "no plan on sale allows more.");
  return upgrade_to(*p, quota, reached + "'" + p->tier + "' allows more.");
}

const plan_catalogue& default_catalogue() {
  static const plan_catalogue catalogue{{
      {"starter", 0, 0, 5, 1, {}},
      {"landlord", 1'900, 18'200, 15, 2, {}},
      {"professional", 4'900, 47'000, 75, 5, {}},
      {"business", 9'900, 95'000, 250, 15, {}},
      {"enterprise", 19'900, 191'000, 750, std::nullopt, {std::string(support_cases_feature)}},
  }};
  return catalogue;
}

}  // namespace model
