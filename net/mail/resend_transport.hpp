#pragma once
#include <memory>
#include <string>

#include "actors/mail_transport.hpp"
#include "net/mail/address.hpp"

namespace net::mail {

struct resend_settings {
  std::string base = "https://api.resend.com";  ///< without a slash at the end
  std::string key;                              ///< `re_…`
  /// PEM file or directory of authorities to trust; empty: the system's.
  std::string authorities;
  sender from;
  std::chrono::milliseconds whole{60'000};  ///< for one request, all of it
};

/// The tag under which our id comes back with what Resend tells of a mail.
inline constexpr const char* resend_mail_tag = "keywork_mail";

/// Hands each mail to Resend (`POST /emails`), under a key by which it is recognised for a day, no faster
/// than it allows. What its answers come to:
/// - refused: the mail's own fault (400, 413, 422), or another mail under the same key (409
///   `invalid_idempotent_request`);
/// - try_later: the network, 5xx, 409 `concurrent_idempotent_requests`, 429 as long as it says; and what an
///   operator mends (401, 403, 404, a redirect), after which the mail goes.
/// Throws std::invalid_argument for settings that cannot work.
std::unique_ptr<actors::mail_transport> make_resend_transport(resend_settings settings);

}  // namespace net::mail
