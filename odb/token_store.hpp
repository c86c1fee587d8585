#pragma once
#include <optional>
#include <string>
#include <vector>

#include "odb/rows.hpp"

/// Everybody's bearer tokens (R39), for whoever runs the house. As keywork_login.
namespace store {

class session;

/// Those that are good at `now`, newest first.
std::vector<login_row> good_tokens(session& s, model::instant now, const page& wanted);
/// False where there is no such token, or it was ended already.
bool end_token(session& s, model::login_id id, model::instant now);
/// Ends all of them; how many there were.
long end_every_token(session& s, model::instant now);

}  // namespace store
