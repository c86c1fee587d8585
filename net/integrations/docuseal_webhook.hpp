#pragma once
#include <string_view>
#include <variant>

#include "actors/messages.hpp"
#include "model/time.hpp"

namespace net::integrations {

/// Whether the body is DocuSeal's: `X-Docuseal-Signature: <seconds>.<hex>`, HMAC-SHA256 with the whole secret
/// over
/// `<seconds>.<body>`, at most five minutes away from `now`.
bool is_signed_by_docuseal(std::string_view secret, std::string_view header, std::string_view body,
                           model::instant now);

/// What the body tells of, as far as it is used: what happened DocuSeal is asked for.
std::variant<actors::signing_notice, model::refusal> read_docuseal_event(std::string_view body);

}  // namespace net::integrations
