#pragma once
#include <string>

namespace store {

/// The connection string with what every session needs: generic plans, limits on the time a statement, a lock
/// and an idle transaction may take, TCP keepalives, UTF-8. What the given one says of keepalives and time to
/// connect stays. Throws std::invalid_argument when it is no connection string; the text does not repeat it,
/// for it may hold a password.
std::string session_conninfo(const std::string& conninfo);

}  // namespace store
