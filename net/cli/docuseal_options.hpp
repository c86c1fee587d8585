#pragma once
#include <memory>

#include "actors/signing_service.hpp"
#include "net/options.hpp"

namespace net::cli {

/// What `serve` takes for a signing service.
void docuseal_options(CLI::App& app, options& o);

/// The service that they name; null where there is no key. Throws usage_error.
std::shared_ptr<actors::signing_service> signing_for(const options& o);

}  // namespace net::cli
