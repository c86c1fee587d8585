#pragma once
#include <string>
#include <string_view>

#include "model/ids.hpp"
#include "model/magic_link.hpp"
#include "model/plans.hpp"

namespace model {

/// What `decide` may know of the world besides state, caller and command: the time, fresh ids and link
/// secrets, what the tiers include, and a digest that no text but its own has.
struct moment {
  instant now;
  id_source& ids;
  link_source& links;
  const plan_catalogue& plans;
  /// SHA-256 (FIPS 180-4) in lower-case hexadecimal digits.
  std::string (*sha256)(std::string_view);
  /// Whether a signing service takes what is sent for signature; otherwise it goes by mail.
  bool signs_online = false;
};

}  // namespace model
