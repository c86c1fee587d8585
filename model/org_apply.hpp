#pragma once
#include <span>

#include "model/org_events.hpp"

namespace model {

/// Makes the event part of the state. Never refuses: what may happen was settled by `decide`. `version`
/// stays.
void apply(org_state& org, const org_event& event);

/// The next state of an organisation: all events applied, and its version one higher, since they are kept
/// together.
org_state after(const org_state& org, std::span<const org_event> events);

}  // namespace model
