#pragma once
#include "actors/mail_transport.hpp"
#include "net/integrations/https_client.hpp"

namespace net::mail {

/// What an answer of Resend's to `POST /emails` comes to.
actors::delivery judged(const integrations::http_response& answer);

/// How long it wants no further request, whichever mail it is about: `retry-after`, or `ratelimit-reset`
/// where nothing remains. Nothing: no longer than usual.
std::optional<std::chrono::seconds> asked_to_wait(const integrations::http_response& answer);

}  // namespace net::mail
