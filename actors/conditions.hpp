#pragma once
#include <boost/describe.hpp>
#include <optional>
#include <string>

namespace actors {

/// What comes with a request beside its content.
struct conditions {
  std::string request_id;
  std::optional<std::string> if_match;
  std::optional<std::string> if_none_match;
  std::optional<std::string> idempotency_key;
  /// Hash of method, path and body: the same key with another one is refused.
  std::string fingerprint;
};
BOOST_DESCRIBE_STRUCT(conditions, (), (request_id, if_match, if_none_match, idempotency_key, fingerprint))

}  // namespace actors
