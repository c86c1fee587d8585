#include "model/wire.hpp"

#include <stdexcept>

namespace model {

void wire_writer::number(std::uint64_t value) {
  while (value >= 0x80) {
    byte(static_cast<std::uint8_t>(value | 0x80));
    value >>= 7;
  }
  byte(static_cast<std::uint8_t>(value));
}

std::uint8_t wire_reader::byte() { return static_cast<std::uint8_t>(bytes(1).front()); }

bool wire_reader::flag() {
  const auto value = byte();
  if (value > 1) malformed("a flag that is neither 0 nor 1");
  return value == 1;
}

std::uint64_t wire_reader::number() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const std::uint64_t next = byte();
    // The tenth byte has room for one bit.
    if (shift == 63 && next > 1) malformed("a number of more than 64 bits");
    value |= (next & 0x7f) << shift;
    if (next < 0x80) {
      if (next == 0 && shift > 0) malformed("a number longer than it needs to be");
      return value;
    }
  }
  malformed("a number of more than 64 bits");
}

std::string_view wire_reader::bytes(std::size_t count) {
  if (count > in_.size()) malformed("the end comes too early");
  const auto out = in_.substr(0, count);
  in_.remove_prefix(count);
  return out;
}

std::size_t wire_reader::length() {
  const auto value = number();
  if (value > in_.size()) malformed("a length beyond the end");
  return static_cast<std::size_t>(value);
}

void wire_reader::end() const {
  if (!in_.empty()) malformed("bytes are left over");
}

void wire_reader::malformed(const char* what) {
  throw std::invalid_argument(std::string("not a message of this version of keywork: ") + what);
}

}  // namespace model
