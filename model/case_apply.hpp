#pragma once
#include <span>

#include "model/case_events.hpp"

namespace model {

/// The next state of a case. Never refuses: what may happen was settled by `decide`. `at` is when the events
/// happened.
support_case after(const support_case& c, std::span<const case_event> events, instant at);

}  // namespace model
