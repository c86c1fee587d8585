#pragma once
#include <memory>
#include <string>

#include "net/routes.hpp"

namespace net {

/// The OpenAPI 3.1 document of these routes and the types they name; `version` is the program's.
std::string openapi(const std::vector<route>& all, std::string_view version);

/// A text that stays the same while the program runs, with its strong ETag.
struct fixed_text {
  std::shared_ptr<const std::string> text;
  std::string etag;
};
fixed_text fix(std::string text);

/// The document of every route there is, made once.
const fixed_text& openapi_document();

}  // namespace net
