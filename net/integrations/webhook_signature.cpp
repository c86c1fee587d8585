#include "net/integrations/webhook_signature.hpp"

#include <sodium.h>

#include <charconv>
#include <cstring>

namespace net::integrations {
namespace {

constexpr std::chrono::minutes svix_tolerance{5};
constexpr std::size_t longest_id = 256;

const unsigned char* octets(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

bool matches(const mac& expected, std::string_view bytes) {
  return bytes.size() == expected.size() &&
         sodium_memcmp(expected.data(), bytes.data(), expected.size()) == 0;
}

}  // namespace

mac hmac_sha256(std::string_view key, std::initializer_list<std::string_view> parts) {
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, octets(key), key.size());
  for (const auto part : parts) crypto_auth_hmacsha256_update(&state, octets(part), part.size());
  mac out;
  static_assert(crypto_auth_hmacsha256_BYTES == std::tuple_size_v<mac>);
  crypto_auth_hmacsha256_final(&state, out.data());
  sodium_memzero(&state, sizeof state);
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  std::string out(text.size() / 4 * 3 + 3, '\0');
  std::size_t size = 0;
  const char* end = nullptr;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(), text.size(),
                        nullptr, &size, &end, sodium_base64_VARIANT_ORIGINAL) != 0 ||
      end != text.data() + text.size())
    return std::nullopt;
  out.resize(size);
  return out;
}

bool matches_base64(const mac& expected, std::string_view presented) {
  const auto bytes = from_base64(presented);
  return bytes && matches(expected, *bytes);
}

bool matches_hex(const mac& expected, std::string_view presented) {
  std::array<char, std::tuple_size_v<mac>> bytes;
  std::size_t size = 0;
  if (presented.size() != 2 * bytes.size()) return false;
  if (sodium_hex2bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), presented.data(),
                     presented.size(), nullptr, &size, nullptr) != 0)
    return false;
  return matches(expected, {bytes.data(), size});
}

bool is_fresh(std::string_view unix_seconds, model::instant now, std::chrono::seconds tolerance) {
  std::int64_t seconds = 0;
  const auto* last = unix_seconds.data() + unix_seconds.size();
  const auto [end, error] = std::from_chars(unix_seconds.data(), last, seconds);
  // twelve digits: beyond that no arithmetic with microseconds is safe
  if (error != std::errc{} || end != last || unix_seconds.size() > 12 || seconds < 0) return false;
  const auto away = now - model::instant{std::chrono::seconds{seconds}};
  return away <= tolerance && -away <= tolerance;
}

std::optional<std::string> svix_key(std::string_view secret) {
  constexpr std::string_view prefix = "whsec_";
  if (!secret.starts_with(prefix)) return std::nullopt;
  auto key = from_base64(secret.substr(prefix.size()));
  if (!key || key->size() < 16) return std::nullopt;
  return key;
}

bool is_signed_by_svix(std::string_view key, const svix_headers& with, std::string_view body,
                       model::instant now) {
  if (with.id.empty() || with.id.size() > longest_id) return false;
  if (!is_fresh(with.timestamp, now, svix_tolerance)) return false;
  const auto expected = hmac_sha256(key, {with.id, ".", with.timestamp, ".", body});
  auto rest = with.signatures;
  while (!rest.empty()) {
    const auto end = std::min(rest.find(' '), rest.size());
    const auto one = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (one.starts_with("v1,") && matches_base64(expected, one.substr(3))) return true;
  }
  return false;
}

}  // namespace net::integrations
