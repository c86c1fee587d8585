#pragma once
#include <string>
#include <string_view>

#include "actors/messages.hpp"
#include "net/http/message.hpp"

namespace net::contents {

/// The head of a streamed answer: what it is, what it is kept as, and what a browser may do with it
/// (nothing). Without the stream.
http::response heading_of(const actors::stream_order& order, std::string_view etag);

/// How many bytes will follow, where that is known before they are made.
std::optional<std::uint64_t> known_length(const actors::stream_order& order);

}  // namespace net::contents
