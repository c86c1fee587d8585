#pragma once
#include <filesystem>
#include <string>

namespace store {

/// Throws the cluster_error for a second `serve` on `data`, beside the process `pid`.
[[noreturn]] void refuse_beside(const std::string& pid, const std::filesystem::path& data);

/// Throws it where a `serve` runs on `data` now, before anything is made or waited for. private_cluster asks
/// again, since one may begin meanwhile.
void refuse_second_serve(const std::filesystem::path& data);

}  // namespace store
