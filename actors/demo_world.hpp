#pragma once
#include <string>
#include <vector>

#include "actors/house.hpp"

namespace actors {

/// Somebody of the demo world, with a fresh link to sign in by.
struct demo_person {
  std::string what;
  std::string full_name;
  std::string email;
  /// The link's token; the address before it is the caller's.
  std::string token;
};

/// Makes a small world to try things out in, as its people would: through the organisation and the case
/// themselves. What is there already stays. Throws std::runtime_error if some step is refused.
std::vector<demo_person> make_demo_world(house& h, const std::string& conninfo);

}  // namespace actors
