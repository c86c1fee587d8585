#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "odb/pg.hpp"

namespace store {

/// One moment of a whole database, to be written into a backup, however much is changed meanwhile.
class dump_source {
 public:
  /// `owner_conninfo`: as for migrate(). Throws cluster_error where there is nothing to back up, or where not
  /// all of it could be read; sql_error.
  explicit dump_source(const std::string& owner_conninfo);

  /// The number of the latest migration.
  int schema() const { return schema_; }
  /// Everything in the schema keywork, in pg_dump's custom format. Throws cluster_error.
  void write(const std::filesystem::path& file, const progress& say);
  /// The ledger of erasures, an object in JSON at a time, in its order.
  void each_erasure(const std::function<void(std::string_view line)>& take);

 private:
  std::string conninfo_;
  sql_connection connection_;
  bool bypasses_ = false;
  int schema_ = 0;
};

}  // namespace store
