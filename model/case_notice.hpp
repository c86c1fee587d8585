#pragma once
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "model/case_events.hpp"

namespace model {

/// What may be told of an event to those who look on: of which kind it is and who may know of it, and nothing
/// of what was written.
struct case_notice {
  /// As the audit log names it.
  std::string_view kind;
  /// Who may read this may know of the event.
  resource which = resource::audit_log;
  /// Of a session: whose it is, for those who see their own alone.
  std::optional<user_id> author = {};
};

std::vector<case_notice> notices_of(std::span<const case_event> events);

/// The kinds of those that `who` may know of as this role, each once and in their order. Nothing for a role
/// that may know of none, not even that there was something.
std::vector<std::string_view> kinds_for(role as, user_id who, std::span<const case_notice> notices);

}  // namespace model
