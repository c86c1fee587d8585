#include "model/ids.hpp"

#include <algorithm>

#include "model/append.hpp"

namespace model {
namespace {

constexpr char hex_digits[] = "0123456789abcdef";
constexpr std::size_t text_length = 36;

constexpr bool is_dash_place(std::size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

/// The digit's value, or -1.
constexpr int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

void append_text(std::string& out, const uuid& id) {
  std::array<char, text_length> buffer;
  std::size_t at = 0;
  for (const std::uint8_t byte : id.data) {
    if (is_dash_place(at)) buffer[at++] = '-';
    buffer[at++] = hex_digits[byte >> 4];
    buffer[at++] = hex_digits[byte & 15];
  }
  out.append(buffer.data(), buffer.size());
}

std::string to_text(const uuid& id) {
  std::string out;
  append_text(out, id);
  return out;
}

std::optional<uuid> parse_uuid(std::string_view text) {
  if (text.size() != text_length) return std::nullopt;
  uuid out{};
  std::size_t at = 0;
  for (std::uint8_t& byte : out.data) {
    if (is_dash_place(at) && text[at++] != '-') return std::nullopt;
    const int high = digit_value(text[at++]);
    const int low = digit_value(text[at++]);
    if (high < 0 || low < 0) return std::nullopt;
    byte = static_cast<std::uint8_t>(high << 4 | low);
  }
  return out;
}

uuid uuid_v7(instant at, const std::array<std::uint8_t, 10>& random) {
  const auto since_1970 = std::chrono::floor<std::chrono::milliseconds>(at).time_since_epoch().count();
  const auto milliseconds = static_cast<std::uint64_t>(std::max<std::int64_t>(since_1970, 0));
  uuid out{};
  for (unsigned i = 0; i < 6; ++i) out.data[i] = static_cast<std::uint8_t>(milliseconds >> (40 - 8 * i));
  std::copy(random.begin(), random.end(), out.data + 6);
  out.data[6] = static_cast<std::uint8_t>(0x70 | (out.data[6] & 0x0f));
  out.data[8] = static_cast<std::uint8_t>(0x80 | (out.data[8] & 0x3f));
  return out;
}

}  // namespace model
