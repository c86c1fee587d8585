#include "actors/login_cache.hpp"

namespace actors {

std::optional<known_login> login_cache::find(const std::string& token_hash, model::instant now) {
  const std::scoped_lock lock(guard_);
  const auto found = entries_.find(token_hash);
  if (found == entries_.end()) return std::nullopt;
  if (found->second.login.expires_at && *found->second.login.expires_at <= now) {
    order_.erase(found->second.place);
    entries_.erase(found);
    return std::nullopt;
  }
  order_.splice(order_.begin(), order_, found->second.place);
  return found->second.login;
}

void login_cache::keep(const std::string& token_hash, const known_login& login, std::uint64_t generation) {
  const std::scoped_lock lock(guard_);
  if (generation != generation_ || entries_.contains(token_hash)) return;
  order_.push_front(token_hash);
  entries_.emplace(token_hash, entry{login, order_.begin()});
  if (entries_.size() > most_) {
    entries_.erase(order_.back());
    order_.pop_back();
  }
}

void login_cache::drop(const std::string& token_hash) {
  const std::scoped_lock lock(guard_);
  ++generation_;
  const auto found = entries_.find(token_hash);
  if (found == entries_.end()) return;
  order_.erase(found->second.place);
  entries_.erase(found);
}

std::uint64_t login_cache::generation() {
  const std::scoped_lock lock(guard_);
  return generation_;
}

}  // namespace actors
