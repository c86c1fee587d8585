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

/// Why this caller may not put a file into the case, as `decide` would say it: for a new document, and for
/// one of the case's. Asked before a large file is taken in, to which `decide` may still say no.
std::optional<refusal> refuse_upload(const support_case& c, const caller& who);
std::optional<refusal> refuse_upload(const support_case& c, const caller& who, const document& into);

}  // namespace model
