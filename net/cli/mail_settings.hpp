#pragma once
#include <memory>

#include "actors/mail_transport.hpp"
#include "net/options.hpp"

namespace net::cli {

/// What `serve` takes for mails.
void mail_options(CLI::App& app, options& o);

/// The way out that they name. Throws usage_error.
std::shared_ptr<actors::mail_transport> mail_for(const options& o);

}  // namespace net::cli
