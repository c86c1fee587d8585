#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "model/describe.hpp"

namespace net {

/// What an event says: the ETag of the workspace as its hearer sees it now, and the kinds of what happened,
/// as the audit log names them.
struct event_view {
  using is_view = void;
  std::string version;
  std::vector<std::string> kinds;
};
BOOST_DESCRIBE_STRUCT(event_view, (), (version, kinds))

/// In `kinds` where something happened while the stream had no ear at the case: read it again.
inline constexpr std::string_view unknown_change = "case.changed";

// The texts of a stream (WHATWG HTML, server-sent events).
/// The first of every stream: where the hearer stands.
std::string open_event(const std::string& version);
std::string change_event(const std::string& version, const std::vector<std::string>& kinds);
/// The last one where the access has ended.
std::string_view end_event();
/// Says nothing, so that nobody on the way takes the connection for a dead one.
std::string_view heartbeat();

}  // namespace net
