#pragma once
#include <array>
#include <chrono>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "model/time.hpp"

namespace net::integrations {

using mac = std::array<unsigned char, 32>;

/// HMAC-SHA256 of the parts, one after the other. The key may have any length.
mac hmac_sha256(std::string_view key, std::initializer_list<std::string_view> parts);

/// Compare a presented signature in constant time; false for text that is no base64 (with padding) or no
/// hexadecimal (of either case) of 32 bytes.
bool matches_base64(const mac& expected, std::string_view presented);
bool matches_hex(const mac& expected, std::string_view presented);

/// Standard base64 with padding, nothing else; nothing for anything else.
std::optional<std::string> from_base64(std::string_view text);

/// `1732177800`: seconds since 1970, at most `tolerance` away from now in either direction.
bool is_fresh(std::string_view unix_seconds, model::instant now, std::chrono::seconds tolerance);

/// The secret of a Svix webhook, `whsec_` and base64, as the key it stands for; nothing where it is none.
std::optional<std::string> svix_key(std::string_view secret);

/// What Svix sends beside the body. Its newer names are the same with `webhook-` in place of `svix-`.
struct svix_headers {
  std::string_view id;          ///< svix-id
  std::string_view timestamp;   ///< svix-timestamp
  std::string_view signatures;  ///< svix-signature: `v1,base64 v1,base64 …`
};

/// Whether one of the signatures is ours (HMAC-SHA256 over `id.timestamp.body`) and the timestamp is at most
/// five minutes away from `now`.
bool is_signed_by_svix(std::string_view key, const svix_headers& with, std::string_view body,
                       model::instant now);

}  // namespace net::integrations
