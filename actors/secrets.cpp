#include "actors/secrets.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstring>
#include <mutex>
#include <stdexcept>
#include <vector>

namespace actors {
namespace {

void need_sodium() {
  static const bool ready = sodium_init() >= 0;
  if (!ready) throw std::runtime_error("libsodium cannot start: the system gives no randomness");
}

std::string base64url(const unsigned char* bytes, std::size_t count) {
  constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string out(sodium_base64_ENCODED_LEN(count, variant), '\0');
  sodium_bin2base64(out.data(), out.size(), bytes, count, variant);
  out.pop_back();  // the terminating zero
  return out;
}

std::string hex(const unsigned char* bytes, std::size_t count) {
  std::string out(count * 2 + 1, '\0');
  sodium_bin2hex(out.data(), out.size(), bytes, count);
  out.pop_back();
  return out;
}

using digest = std::array<unsigned char, 32>;

digest keyed_hash(std::string_view key, std::string_view purpose, std::string_view text) {
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, reinterpret_cast<const unsigned char*>(key.data()), key.size());
  crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(purpose.data()),
                                purpose.size());
  crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(":"), 1);
  crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  digest out;
  crypto_auth_hmacsha256_final(&state, out.data());
  return out;
}

[[noreturn]] void key_failure(const std::filesystem::path& file, const std::string& what) {
  throw std::runtime_error("the key file " + file.string() + " " + what + ": " + std::strerror(errno) +
                           ". It must be readable and writable by the user that runs keywork.");
}

std::string read_key(int fd, const std::filesystem::path& file) {
  std::string key(32, '\0');
  const auto got = ::read(fd, key.data(), key.size());
  if (got < 0) key_failure(file, "cannot be read");
  if (got != 32)
    throw std::runtime_error(
        "the key file " + file.string() +
        " is not 32 bytes long. Restore it from a backup, or remove it: then links that were "
        "mailed and not yet used stop working.");
  return key;
}

// Written under another name and linked into place, so that two programs that start at once agree on one key.
void make_key(const std::filesystem::path& file) {
  std::array<unsigned char, 32> key;
  randombytes_buf(key.data(), key.size());
  const auto draft = file.string() + "." + std::to_string(::getpid());
  const int fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) key_failure(draft, "cannot be made");
  const bool written = ::write(fd, key.data(), key.size()) == 32 && ::fsync(fd) == 0;
  ::close(fd);
  const bool linked = written && (::link(draft.c_str(), file.c_str()) == 0 || errno == EEXIST);
  ::unlink(draft.c_str());
  if (!linked) key_failure(file, "cannot be written");
}

}  // namespace

std::string random_token(std::string_view prefix) {
  need_sodium();
  std::array<unsigned char, 32> bits;
  randombytes_buf(bits.data(), bits.size());
  return std::string(prefix) + base64url(bits.data(), bits.size());
}

std::string sha256(std::string_view text) {
  digest out;
  crypto_hash_sha256(out.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size());
  return hex(out.data(), out.size());
}

std::string token_hash(std::string_view token) { return sha256(token); }

std::string csrf_token_of(std::string_view session_token) {
  const auto out = keyed_hash(session_token, "csrf", "");
  return base64url(out.data(), out.size());
}

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

model::uuid random_ids::next() {
  // One order for the whole process: a later id is greater, also within one microsecond and when the clock
  // steps back.
  static std::mutex guard;
  static model::instant last{};
  need_sodium();
  std::array<std::uint8_t, 10> random;
  randombytes_buf(random.data(), random.size());
  const std::scoped_lock lock(guard);
  last = std::max(clock_.now(), last + std::chrono::microseconds(1));
  const auto within =
      std::chrono::duration_cast<std::chrono::microseconds>(last.time_since_epoch()).count() % 1000;
  // RFC 9562 allows the first random bits to continue the time: 10 bits hold the microseconds.
  random[0] = static_cast<std::uint8_t>((random[0] & 0xf0u) | (static_cast<unsigned>(within) >> 6u));
  random[1] =
      static_cast<std::uint8_t>(((static_cast<unsigned>(within) & 0x3fu) << 2u) | (random[1] & 0x03u));
  return model::uuid_v7(last, random);
}

link_keeper::link_keeper(const std::filesystem::path& key_file) {
  need_sodium();
  int fd = ::open(key_file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) {
    make_key(key_file);
    fd = ::open(key_file.c_str(), O_RDONLY | O_CLOEXEC);
  }
  if (fd < 0) key_failure(key_file, "cannot be read");
  try {
    key_ = read_key(fd, key_file);
  } catch (...) {
    ::close(fd);
    throw;
  }
  ::close(fd);
}

model::link_secret link_keeper::next_secret() {
  std::array<unsigned char, 32> bits;
  randombytes_buf(bits.data(), bits.size());
  auto nonce = hex(bits.data(), bits.size());
  return {token_hash(token_of(nonce)), std::move(nonce)};
}

std::string link_keeper::token_of(std::string_view nonce) const {
  const auto out = keyed_hash(key_, "link", nonce);
  return base64url(out.data(), out.size());
}

std::string link_keeper::seal(std::string_view text) const {
  const auto out = keyed_hash(key_, "seal", text);
  return base64url(out.data(), out.size());
}

}  // namespace actors
