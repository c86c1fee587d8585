#pragma once
#include <string>

#include "net/http/message.hpp"

namespace net {

/// Where answers go: the listener, or whoever stands in for it.
class responder {
 public:
  virtual ~responder() = default;
  /// From any thread.
  virtual void answer(http::exchange to, http::response what) = 0;
  /// Instead of an answer, to a request that has only announced its large body: it may come, on the account
  /// of `owner`. From any thread.
  virtual void admit(http::exchange to, std::string owner) = 0;
};

}  // namespace net
