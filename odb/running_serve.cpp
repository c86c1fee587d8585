#include "odb/running_serve.hpp"

#include "odb/private_cluster_files.hpp"

namespace store {

void refuse_beside(const std::string& pid, const std::filesystem::path& data) {
  throw cluster_error("Another 'serve' (process " + pid + ") runs on " + data.string() +
                      ". Stop it first, or choose another --data.");
}

void refuse_second_serve(const std::filesystem::path& data) {
  std::error_code closed;
  if (!std::filesystem::exists(data / "lock", closed)) return;
  const cluster_files files(data);
  data_lock lock(files);
  for (const bool again : {false, true}) {
    if (lock.try_take()) return;
    const auto holder = lock.read_holder();
    if (!holder.serves) return;
    if (again) refuse_beside(holder.pid, files.data);
    // What was read may be of a serve that was killed, until who has the lock since then says who it is.
    nap(std::chrono::milliseconds(50));
  }
}

}  // namespace store
