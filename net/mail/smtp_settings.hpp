#pragma once
#include <chrono>
#include <cstdint>
#include <string>

#include "net/mail/address.hpp"

namespace net::mail {

/// How the way to the mail server is kept from being read.
enum class smtp_security {
  none,      ///< never TLS: for this machine itself
  offered,   ///< STARTTLS where the server offers it, and then with a valid certificate or not at all
  demanded,  ///< STARTTLS, or nothing is sent
  implicit   ///< TLS from the first byte (smtps)
};

/// How long a delivery waits for what. `whole` bounds all of it, name resolution excepted, which the system
/// bounds.
struct smtp_limits {
  std::chrono::milliseconds connect{20'000};
  std::chrono::milliseconds reply{60'000};  ///< for each reply, complete, however it drips in
  std::chrono::milliseconds whole{300'000};
};

struct smtp_settings {
  std::string host;  ///< a name or an address literal without brackets
  std::uint16_t port = 25;
  smtp_security security = smtp_security::offered;
  std::string user, password;  ///< both empty: no authentication
  /// PEM file or directory of authorities to trust; empty: the system's.
  std::string authorities;
  sender from;
  smtp_limits limits;
};

}  // namespace net::mail
