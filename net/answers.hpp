#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "actors/messages.hpp"
#include "net/http/message.hpp"
#include "net/openapi.hpp"
#include "net/routes.hpp"

namespace net {

/// For the listeners' `always`: what protects every answer, their own refusals included.
std::vector<http::header> always_headers();

/// An actor's answer over HTTP; `path` is the request's, for Location.
http::response to_response(const actors::answer& a, const route& r, std::string_view path);

/// A fixed text of this type, or 304 where the client has it.
http::response to_response(const fixed_text& t, std::string_view type, std::string_view cache,
                           const http::request& asked);

/// A stream of events: nobody on the way may keep it or hold it back.
http::response events_response(std::shared_ptr<http::outflow> events);

/// A page for people.
http::response page_response(std::string html, unsigned status = 200);
/// Go there with GET.
http::response see_other(std::string_view where);

/// Puts in what every answer of the edge carries. `Cache-Control` and the policy stay where they are set
/// already.
void dress(http::response& r, std::string_view request_id);

/// The client's X-Request-Id if it may stand in headers and logs (1 to 128 visible ASCII characters), else
/// empty.
std::string_view acceptable_request_id(const http::request& r);

}  // namespace net
