#pragma once
#include <string>

#include "model/digest.hpp"
#include "net/mail/render.hpp"

namespace net::mail {

/// The digest in words (R34, R35), its times by the organisation's clocks. The subject names no tenant.
/// `link` is where to sign in. Throws `unsendable`.
rendered_mail render_digest(const model::digest& said, const std::string& link);

}  // namespace net::mail
