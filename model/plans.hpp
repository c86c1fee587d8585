#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/refusal.hpp"

namespace model {

/// One tier of the plan catalogue (R36). Prices in pence; an absent quota is unlimited.
struct plan {
  std::string tier;
  std::int64_t price_pence_per_month = 0;
  std::int64_t price_pence_per_year = 0;
  std::optional<std::int64_t> tenancies;
  std::optional<std::int64_t> users;
  std::vector<std::string> features;
};
BOOST_DESCRIBE_STRUCT(plan, (),
                      (tier, price_pence_per_month, price_pence_per_year, tenancies, users, features))

/// The feature key of the welfare workspace.
inline constexpr std::string_view support_cases_feature = "support_cases";

/// The tiers on sale, cheapest first. Configuration: the service reads it from the database at start.
struct plan_catalogue {
  std::vector<plan> plans;

  const plan* find(std::string_view tier) const;
  bool includes(std::string_view tier, std::string_view feature) const;
  /// The refusal that names the cheapest tier with the feature; `unavailable` if no tier has it.
  refusal upgrade_for_feature(std::string_view feature) const;
  /// The refusal that names the cheapest tier whose quota of `tenancies` or `users` is above `count`.
  refusal upgrade_for_quota(std::string_view quota, std::int64_t count) const;
};
BOOST_DESCRIBE_STRUCT(plan_catalogue, (), (plans))

/// The catalogue as it is sold unless configured otherwise (R36).
const plan_catalogue& default_catalogue();

}  // namespace model
