#pragma once
#include <string>
#include <string_view>

#include "model/refusal.hpp"
#include "net/http/message.hpp"

namespace net {

/// How one kind of refusal shows itself over HTTP.
struct problem_kind {
  model::refusal_code code;
  unsigned status;
  std::string_view title;
};

/// The one table of refusals: every code has its line.
const problem_kind& kind_of(model::refusal_code code);

/// The refusal as `application/problem+json` (RFC 9457) with `Retry-After` where it can tell. `status` stands
/// in for the table's where it is not 0.
http::response to_response(const model::refusal& no, std::string_view request_id, unsigned status = 0);

}  // namespace net
