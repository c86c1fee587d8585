#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace net::http {

/// Bytes and files that the large bodies of one listener take up, together and of each owner.
class spool_budget {
 public:
  struct share {
    std::uint64_t bytes = 0;
    std::uint64_t files = 0;
  };
  std::atomic<std::uint64_t> bytes{0};
  std::atomic<std::uint64_t> files{0};

  /// From any thread.
  share share_of(const std::string& owner);

 private:
  friend class spooled;
  void take(const std::string& owner, std::uint64_t announced);
  void give_back(const std::string& owner, std::uint64_t announced) noexcept;

  std::mutex guard_;
  std::map<std::string, share> by_owner_;
};

/// A large body, kept in a temporary file that has no name: it vanishes with this object.
class spooled {
 public:
  /// Opens an empty file in `directory` and counts `announced` bytes of `budget` as taken while it lives, and
  /// one more file of `owner`'s.
  /// @throws std::system_error where there can be no file.
  spooled(const std::string& directory, std::uint64_t announced, std::shared_ptr<spool_budget> budget,
          std::string owner = {});
  ~spooled();
  spooled(const spooled&) = delete;
  spooled& operator=(const spooled&) = delete;

  /// @throws std::system_error, as when the disk is full; then the file is of no more use.
  void append(std::string_view part);

  /// For reading with pread(2); owned by this.
  int descriptor() const { return descriptor_; }
  std::uint64_t size() const { return size_; }
  /// Up to `size` bytes from `offset`, fewer only at the end. From any thread.
  /// @throws std::system_error
  std::string read_at(std::uint64_t offset, std::size_t size) const;

 private:
  std::shared_ptr<spool_budget> budget_;
  std::uint64_t announced_;
  std::string owner_;
  int descriptor_;
  std::uint64_t size_ = 0;
};

}  // namespace net::http
