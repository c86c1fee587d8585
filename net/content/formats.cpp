#include "net/content/formats.hpp"

#include <sodium.h>

#include <array>

#include "model/utf8.hpp"

namespace net::contents {
namespace {

/// Calls `see(piece, offset)` with all of the file from `begin`, in order; until it says false.
template <class See>
void each_piece(const model::file_source& file, std::uint64_t begin, See see) {
  for (auto at = begin; at < file.size();) {
    const auto piece = file.read(at, piece_size);
    if (piece.empty() || !see(std::string_view{piece})) return;
    at += piece.size();
  }
}

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

std::string last_bytes(const model::file_source& file, std::size_t most) {
  const auto size = file.size();
  return file.read(size > most ? size - most : 0, most);
}

/// How many bytes at the end begin a character whose rest is still to come.
std::size_t unfinished(std::string_view text) {
  for (std::size_t back = 1; back <= 3 && back <= text.size(); ++back) {
    const auto c = static_cast<unsigned char>(text[text.size() - back]);
    if (c < 0x80) return 0;
    if (c < 0xC0) continue;
    const std::size_t length = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
    return length > back ? back : 0;
  }
  return 0;
}

/// Where the compressed picture begins; nothing where the segments before it are not whole.
std::optional<std::uint64_t> jpeg_scan(const model::file_source& file) {
  constexpr int most_segments = 10'000;
  constexpr unsigned char start_of_scan = 0xDA, end_of_image = 0xD9;
  std::uint64_t at = 2;
  for (int i = 0; i < most_segments; ++i) {
    const auto head = file.read(at, 4);
    if (head.size() < 4 || head[0] != '\xFF') return std::nullopt;
    const auto marker = static_cast<unsigned char>(head[1]);
    if (marker == 0xFF) {  // a filling byte
      ++at;
      continue;
    }
    const auto length = big_endian(std::string_view(head).substr(2));
    if (marker == end_of_image || length < 2) return std::nullopt;
    at += 2 + length;
    if (marker == start_of_scan) return at;
  }
  return std::nullopt;
}

}  // namespace

std::string sha256_of(const model::file_source& file) {
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  each_piece(file, 0, [&](std::string_view piece) {
    crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(piece.data()), piece.size());
    return true;
  });
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest;
  crypto_hash_sha256_final(&state, digest.data());
  std::string out(2 * digest.size() + 1, '\0');
  sodium_bin2hex(out.data(), out.size(), digest.data(), digest.size());
  out.pop_back();
  return out;
}

bool is_clean_text(const model::file_source& file) {
  std::string carried;
  bool clean = true;
  each_piece(file, 0, [&](std::string_view piece) {
    carried += piece;
    const auto rest = unfinished(carried);
    clean = model::is_clean_text(std::string_view(carried).substr(0, carried.size() - rest));
    carried.erase(0, carried.size() - rest);
    return clean;
  });
  return clean && carried.empty();
}

// Readers look for the end within the last kilobyte (ISO 32000, annex H of its first edition).
bool is_whole_pdf(const model::file_source& file) {
  return file.read(0, 5) == "%PDF-" && last_bytes(file, 1024).find("%%EOF") != std::string::npos;
}

bool is_whole_png(const model::file_source& file) {
  constexpr std::string_view signature = "\x89PNG\r\n\x1a\n";
  constexpr std::uint64_t around = 12;  // bytes of a chunk besides its data: length, type, checksum
  constexpr int most_chunks = 100'000;
  if (file.read(0, signature.size()) != signature) return false;
  std::uint64_t at = signature.size();
  for (int i = 0; i < most_chunks && at + around <= file.size(); ++i) {
    const auto head = file.read(at, 8);
    const auto type = std::string_view(head).substr(4);
    at += around + big_endian(std::string_view(head).substr(0, 4));
    if (type == "IEND") return at <= file.size();
  }
  return false;
}

// Within the compressed data an FF is followed by 00 or by a restart: FF D9 is the end, and nothing else.
bool is_whole_jpeg(const model::file_source& file) {
  if (file.read(0, 3) != "\xFF\xD8\xFF") return false;
  const auto scan = jpeg_scan(file);
  if (!scan) return false;
  bool ends = false, after_ff = false;
  each_piece(file, *scan, [&](std::string_view piece) {
    ends = (after_ff && piece[0] == '\xD9') || piece.find("\xFF\xD9") != piece.npos;
    after_ff = piece.back() == '\xFF';
    return !ends;
  });
  return ends;
}

}  // namespace net::contents
