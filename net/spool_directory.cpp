#include "net/spool_directory.hpp"

#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "actors/log.hpp"

namespace net {
namespace {

namespace fs = std::filesystem;

/// A data directory that is missing, as the database makes it: ours alone, and where we are root to be passed
/// through by the database's user.
void make_data(const fs::path& data, std::error_code& why) {
  if (fs::exists(data, why) || why) return;
  fs::create_directories(data, why);
  const auto passable = fs::perms::group_exec | fs::perms::others_exec;
  if (!why)
    fs::permissions(data, ::geteuid() == 0 ? fs::perms::owner_all | passable : fs::perms::owner_all, why);
}

}  // namespace

std::string spool_directory_in(const fs::path& data) {
  if (data.empty()) return {};
  const auto directory = data / "spool";
  std::error_code why;
  make_data(data, why);
  if (!why) fs::create_directory(directory, why);
  // It may have been there before, with other rights.
  if (!why) fs::permissions(directory, fs::perms::owner_all, why);
  if (!why && ::access(directory.c_str(), W_OK | X_OK) != 0) why.assign(errno, std::generic_category());
  if (!why) return directory.string();
  actors::log::warning("spool.elsewhere", {{"directory", directory.string()},
                                           {"error", why.message()},
                                           {"used_instead", fs::temp_directory_path().string()}});
  return {};
}

}  // namespace net
