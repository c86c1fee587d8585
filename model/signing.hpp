#pragma once
#include "model/access.hpp"
#include "model/document.hpp"

namespace model {

/// As whom the outcomes that a signing service tells of are written down.
inline caller signing_service() {
  return {user_id{}, "Signing service", "", standing::none, service_part::signer};
}

/// Whether a document of the first status takes the second from the signing service. What was signed is
/// signed, whoever said what before; of anything else it knows no better than an operator who has recorded
/// how it ended.
bool takes_from_service(signing_status now, signing_status told);

}  // namespace model
