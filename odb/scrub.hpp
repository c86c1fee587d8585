#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "odb/pg.hpp"

namespace store {

/// Takes deleted rows out of the files of a PostgreSQL of the program's own, where they lie until something
/// else is written in their place: rewrites the tables, makes their statistics anew, and has the log of
/// writes up to here thrown away. Needs the owner's connection. What other nodes, backups and file systems
/// keep is not its to reach.
class scrub {
 public:
  /// Tables of more than `largest` bytes are left out, since nobody can read or write a table meanwhile; 0
  /// leaves none out.
  scrub(const std::string& owner_conninfo, std::int64_t largest);
  /// Does the next table, waiting a fifth of a second at most for those who use it; at the end what is left.
  /// `busy`: somebody used it for longer, and the same step can be done again. Throws sql_error.
  enum class outcome { going, busy, finished };
  outcome step();
  /// Tables that were left out.
  const std::vector<std::string>& left_out() const { return left_out_; }

 private:
  sql_connection connection_;
  std::vector<std::string> tables_;
  std::vector<std::string> left_out_;
};

}  // namespace store
