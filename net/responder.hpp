#pragma once
#include "net/http/message.hpp"

namespace net {

/// Where answers go: the listener, or whoever stands in for it.
class responder {
 public:
  virtual ~responder() = default;
  /// From any thread.
  virtual void answer(http::exchange to, http::response what) = 0;
};

}  // namespace net
