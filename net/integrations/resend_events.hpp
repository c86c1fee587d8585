#pragma once
#include <optional>
#include <string_view>
#include <variant>

#include "actors/messages.hpp"

namespace net::integrations {

/// What Resend tells with a webhook, whose id is `id`: the body has been found to be its own. Nothing where
/// it tells of something else than a mail's way (`contact.created`, `email.opened`), a refusal where it
/// cannot be read.
std::variant<std::optional<actors::mail_notice>, model::refusal> read_resend_event(std::string_view id,
                                                                                   std::string_view body);

}  // namespace net::integrations
