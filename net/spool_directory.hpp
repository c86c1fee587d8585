#pragma once
#include <filesystem>
#include <string>

namespace net {

/// The directory `spool` in `data`, made where it is missing, for nobody but us. Empty, which stands for the
/// system's temporary one, where `data` is empty or cannot be written to; that is logged.
std::string spool_directory_in(const std::filesystem::path& data);

}  // namespace net
