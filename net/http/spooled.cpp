#include "net/http/spooled.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace net::http {
namespace {
[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

int open_nameless(const std::string& directory) {
  int d = ::open(directory.c_str(), O_TMPFILE | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  // Not every file system knows files without a name.
  if (d < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
    auto name = directory + "/upload-XXXXXX";
    d = ::mkostemp(name.data(), O_CLOEXEC);
    if (d >= 0) ::unlink(name.c_str());
  }
  if (d < 0) fail("cannot make a temporary file in " + directory);
  return d;
}
}  // namespace

spool_budget::share spool_budget::share_of(const std::string& owner) {
  const std::lock_guard lock(guard_);
  const auto found = by_owner_.find(owner);
  return found == by_owner_.end() ? share{} : found->second;
}

void spool_budget::take(const std::string& owner, std::uint64_t announced) {
  const std::lock_guard lock(guard_);
  auto& theirs = by_owner_[owner];
  theirs.bytes += announced;
  ++theirs.files;
  bytes += announced;
  ++files;
}

void spool_budget::give_back(const std::string& owner, std::uint64_t announced) noexcept {
  const std::lock_guard lock(guard_);
  const auto theirs = by_owner_.find(owner);
  theirs->second.bytes -= announced;
  if (--theirs->second.files == 0) by_owner_.erase(theirs);
  bytes -= announced;
  --files;
}

spooled::spooled(const std::string& directory, std::uint64_t announced, std::shared_ptr<spool_budget> budget,
                 std::string owner)
    : budget_(std::move(budget)),
      announced_(announced),
      owner_(std::move(owner)),
      descriptor_(open_nameless(directory)) {
  try {
    budget_->take(owner_, announced_);
  } catch (...) {
    ::close(descriptor_);
    throw;
  }
}

spooled::~spooled() {
  ::close(descriptor_);
  budget_->give_back(owner_, announced_);
}

void spooled::append(std::string_view part) {
  while (!part.empty()) {
    const auto n = ::pwrite(descriptor_, part.data(), part.size(), static_cast<off_t>(size_));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail("cannot write a temporary file");
    size_ += static_cast<std::uint64_t>(n);
    part.remove_prefix(static_cast<std::size_t>(n));
  }
}

std::string spooled::read_at(std::uint64_t offset, std::size_t size) const {
  const auto left = size_ - std::min(offset, size_);
  std::string out(static_cast<std::size_t>(std::min<std::uint64_t>(size, left)), '\0');
  std::size_t got = 0;
  while (got < out.size()) {
    const auto n = ::pread(descriptor_, out.data() + got, out.size() - got, static_cast<off_t>(offset + got));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail("cannot read a temporary file");
    if (n == 0) throw std::system_error(EIO, std::generic_category(), "a temporary file has become shorter");
    got += static_cast<std::size_t>(n);
  }
  return out;
}

}  // namespace net::http
