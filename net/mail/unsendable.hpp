#pragma once
#include <stdexcept>
#include <string>

namespace net::mail {

/// This mail can never be sent as it is: a field is missing or malformed, an address is none. Thrown before
/// anything goes out. The text names the field, never its content.
class unsendable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace net::mail
