#pragma once
#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "actors/messages.hpp"

namespace actors {

/// The logins that were seen lately, by the hash of their token; shared by the edges. Ending a login drops it
/// here before the end is answered, so that no later request finds it. Thread-safe and bounded: the least
/// lately used goes first.
class login_cache {
 public:
  explicit login_cache(std::size_t most = 20'000) : most_(most) {}

  /// Nothing if it is not there or has expired at `now`.
  std::optional<known_login> find(const std::string& token_hash, model::instant now);
  /// Unless a drop came after `generation()` was read: what was read before an end must not be kept after it.
  void keep(const std::string& token_hash, const known_login& login, std::uint64_t generation);
  void drop(const std::string& token_hash);
  std::uint64_t generation();

 private:
  struct entry {
    known_login login;
    std::list<std::string>::iterator place;
  };
  std::mutex guard_;
  std::size_t most_;
  std::uint64_t generation_ = 0;
  std::list<std::string> order_;  // the latest used in front
  std::unordered_map<std::string, entry> entries_;
};

}  // namespace actors
