#include "net/http/fault.hpp"

namespace net::http {

response to_response(const fault& f) {
  std::string body = R"({"type":"about:blank","title":")";
  body.append(reason(f.status)).append(R"(","status":)").append(std::to_string(f.status));
  body.append(R"(,"detail":")").append(f.detail).append(R"(","code":")").append(f.code).append("\"}");
  response out;
  out.status = f.status;
  out.headers = {{"Content-Type", "application/problem+json"}, {"Cache-Control", "no-store"}};
  if (f.status == 405) out.headers.push_back({"Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"});
  if (f.status == 503 || f.status == 429) out.headers.push_back({"Retry-After", "1"});
  out.body = std::make_shared<const std::string>(std::move(body));
  out.close = true;
  return out;
}

}  // namespace net::http
