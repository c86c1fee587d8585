#pragma once
#include "model/moment.hpp"
#include "model/org_commands.hpp"
#include "model/org_events.hpp"
#include "model/refusal.hpp"

namespace model {

inline constexpr std::size_t most_housing_officer_emails = 200;
inline constexpr std::size_t most_tenants_of_a_tenancy = 20;
inline constexpr std::int32_t most_retention_years = 100;
inline constexpr std::size_t most_templates = 200;

/// What follows from a command on an organisation: its events (none if nothing would change), or why not.
/// Pure. The caller's standing is looked up in the state and checked first: who has none is told that there
/// is nothing, and so is a property manager about everything outside the landlords assigned to them (R3,
/// R12). `add_member` needs its `person`; without it the answer is `unavailable`.
outcome<org_event> decide(const org_state& org, const caller& who, const org_command& command,
                          const moment& at);

/// Whether a tenancy has not ended by that day; its last day still counts (R36).
bool is_current(const tenancy& t, day today);

}  // namespace model
