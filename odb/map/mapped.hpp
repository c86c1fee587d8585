#pragma once
/// Everything that ODB maps, in one place for its compiler; how, stands in pragmas.hpp.

// The keys come first: ODB declares composite values in the order it meets them. Formatting would sort them
// away.
// clang-format off
#include "odb/map/keys.hpp"

#include "model/audit.hpp"
#include "model/digest_ledger.hpp"
#include "model/document.hpp"
#include "model/goal.hpp"
#include "model/magic_link.hpp"
#include "model/organisation.hpp"
#include "model/support_case.hpp"
#include "model/support_session.hpp"
#include "odb/map/kept.hpp"
#include "odb/map/views.hpp"
#include "odb/map/tenures.hpp"
#include "odb/rows.hpp"
// clang-format on
