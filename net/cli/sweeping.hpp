#pragma once
#include "actors/retention_actor.hpp"
#include "net/cli/database.hpp"

namespace net::cli {

/// How retention sweeps this data, and what it does outside the database. Throws what opening it throws.
actors::retention_options retention_for(const options& o, const database& db);

}  // namespace net::cli
