#include "actors/rendered.hpp"

#include <sodium.h>

#include <array>

namespace actors {

std::string etag_of(const rendered& r) {
  std::array<unsigned char, 16> hash;
  const auto text = r.text();
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(text.data()),
                     text.size(), nullptr, 0);
  std::array<char, 33> digits;
  sodium_bin2hex(digits.data(), digits.size(), hash.data(), hash.size());
  return '"' + std::string(digits.data()) + '"';
}

}  // namespace actors
