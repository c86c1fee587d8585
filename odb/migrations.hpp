#pragma once
#include <span>
#include <string_view>

namespace store {

/// One numbered step of the schema: the file odb/migrations/NNNN_name.sql. Never changed once released.
struct migration {
  int number;             ///< counts from 1 without gaps
  std::string_view name;  ///< the file's name without number and ending
  std::string_view sql;   ///< one or more statements, run in one transaction as keywork_owner
};

/// All migrations this program carries, in order.
std::span<const migration> migrations();

}  // namespace store
