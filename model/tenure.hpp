#pragma once
#include "model/describe.hpp"

namespace model {

enum class rent_period { weekly, fortnightly, four_weekly, monthly, quarterly, annually };
BOOST_DESCRIBE_ENUM(rent_period, weekly, fortnightly, four_weekly, monthly, quarterly, annually)

enum class tenure_type {
  assured_periodic,
  assured_shorthold,
  licence_agreement,
  assured,
  secure,
  introductory,
  contractual,
  other
};
BOOST_DESCRIBE_ENUM(tenure_type, assured_periodic, assured_shorthold, licence_agreement, assured, secure,
                    introductory, contractual, other)

}  // namespace model
