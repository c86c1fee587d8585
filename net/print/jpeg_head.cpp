// The markers of a JPEG file (ITU T.81, annex B) and the orientation in its Exif part (TIFF 6.0).
#include "net/print/picture.hpp"

namespace net::print {
namespace {

[[noreturn]] void broken(const char* how) {
  throw unreadable_picture(std::string("the picture cannot be printed: the JPEG file is ") + how +
                           ". Save it again as PNG or JPEG");
}

unsigned byte_at(std::string_view bytes, std::size_t at) {
  if (at >= bytes.size()) broken("cut off");
  return static_cast<unsigned char>(bytes[at]);
}

unsigned two_at(std::string_view bytes, std::size_t at, bool little = false) {
  const auto first = byte_at(bytes, at), second = byte_at(bytes, at + 1);
  return little ? second << 8 | first : first << 8 | second;
}

std::size_t four_at(std::string_view bytes, std::size_t at, bool little) {
  const std::size_t first = two_at(bytes, at, little), second = two_at(bytes, at + 2, little);
  return little ? second << 16 | first : first << 16 | second;
}

/// The value of tag 0x0112 in the first directory; 1 where there is none that makes sense.
int orientation_of(std::string_view exif) {
  constexpr std::string_view begin("Exif\0\0", 6);
  constexpr unsigned tag = 0x0112;
  if (!exif.starts_with(begin)) return 1;
  const auto tiff = exif.substr(begin.size());
  const bool little = tiff.starts_with("II");
  if (tiff.size() < 8) return 1;
  const auto directory = four_at(tiff, 4, little);
  if (directory > tiff.size() || tiff.size() - directory < 2) return 1;
  const auto count = two_at(tiff, directory, little);
  for (unsigned i = 0; i < count; ++i) {
    const auto entry = directory + 2 + std::size_t{12} * i;
    if (tiff.size() < entry + 12) return 1;
    if (two_at(tiff, entry, little) != tag) continue;
    const auto value = two_at(tiff, entry + 8, little);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

bool is_frame(unsigned marker) {
  // Baseline and progressive; what else there is (arithmetic, lossless) no PDF viewer reads.
  return marker >= 0xC0 && marker <= 0xC2;
}

bool is_other_frame(unsigned marker) {
  return marker >= 0xC3 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

}  // namespace

jpeg_head read_jpeg_head(std::string_view file) {
  constexpr unsigned app1 = 0xE1, scan = 0xDA;
  jpeg_head head;
  std::size_t at = 2;
  while (true) {
    if (byte_at(file, at) != 0xFF) broken("broken");
    const auto marker = byte_at(file, at + 1);
    if (marker == 0xFF) {  // a fill byte
      ++at;
      continue;
    }
    const auto length = two_at(file, at + 2);
    if (length < 2 || file.size() - at - 2 < length) broken("cut off");
    const auto segment = file.substr(at + 4, length - 2);
    if (is_other_frame(marker)) broken("of a kind that PDF does not know");
    if (is_frame(marker)) {
      if (byte_at(segment, 0) != 8) broken("of a kind that PDF does not know");
      head.height = static_cast<int>(two_at(segment, 1));
      head.width = static_cast<int>(two_at(segment, 3));
      head.components = static_cast<int>(byte_at(segment, 5));
    } else if (marker == app1 && head.orientation == 1) {
      head.orientation = orientation_of(segment);
    } else if (marker == scan) {
      break;
    }
    at += 2 + length;
  }
  if (head.width == 0) broken("broken");
  if (file.find("\xFF\xD9", at) == std::string_view::npos) broken("cut off");
  return head;
}

}  // namespace net::print
