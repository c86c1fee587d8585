#pragma once
#include "model/case_commands.hpp"
#include "model/case_events.hpp"
#include "model/moment.hpp"
#include "model/refusal.hpp"

namespace model {

/// R18: beyond so many distinct active tenants an invite carries a warning.
inline constexpr std::int64_t caseload_soft_cap = 500;

/// What follows from a command on a case: its events (none if nothing would change), or why not. Pure. The
/// caller's role is checked first; who may not see the case is told that it does not exist (R12).
outcome<case_event> decide(const support_case& c, const caller& who, const case_command& command,
                           const moment& at);

}  // namespace model
