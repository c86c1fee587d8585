#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "model/clock.hpp"
#include "model/ids.hpp"
#include "model/magic_link.hpp"

namespace actors {

/// `prefix` and 256 random bits as base64url.
std::string random_token(std::string_view prefix);

/// SHA-256 as hexadecimal digits.
std::string sha256(std::string_view text);
/// What is kept of a token.
std::string token_hash(std::string_view token);

/// The CSRF token that belongs to a login's session token; nobody can make it without that.
std::string csrf_token_of(std::string_view session_token);

/// Compares in constant time.
bool same(std::string_view a, std::string_view b);

/// Draws ids from the system's randomness and a clock; in order of time, also within one millisecond.
class random_ids final : public model::id_source {
 public:
  explicit random_ids(const model::clock& clock) : clock_(clock) {}
  model::uuid next() override;

 private:
  const model::clock& clock_;
};

/// Holds the key from which links' tokens are made. The database keeps a nonce and the token's hash, so that
/// neither a dump nor the outbox opens a door; the mailer makes the token again when the mail goes out.
class link_keeper final : public model::link_source {
 public:
  /// Reads the key file (32 bytes), or makes it, readable by its owner alone. Throws std::runtime_error with
  /// what to do when it can be neither read nor made.
  explicit link_keeper(const std::filesystem::path& key_file);

  model::link_secret next_secret() override;
  /// The token behind a nonce: 256 bits as base64url.
  std::string token_of(std::string_view nonce) const;
  /// A keyed hash of some text, for cookies that must not be forged.
  std::string seal(std::string_view text) const;

 private:
  std::string key_;
};

}  // namespace actors
