#pragma once
#include "odb/retention_store.hpp"

namespace actors {

/// A mail of which no copy may be left, wherever this program keeps copies.
using erased_mail = store::erased_mail;

}  // namespace actors
