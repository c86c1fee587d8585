#include <string>

#include "model/file_type.hpp"
#include "net/content/formats.hpp"

namespace net::contents {
namespace {

// PKWARE's APPNOTE.TXT, 4.3: where things stand in the records, in bytes.
constexpr std::string_view local_mark = "PK\x03\x04", entry_mark = "PK\x01\x02", end_mark = "PK\x05\x06";
constexpr std::size_t local_size = 30, entry_size = 46, end_size = 22, longest_comment = 65'535;
/// A directory of several thousand names; no letter has more.
constexpr std::uint64_t largest_directory = 1024 * 1024;

std::uint64_t number(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = size; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

/// Where the directory is; nothing where the archive's end is missing.
struct directory_place {
  std::uint64_t offset = 0, size = 0;
};
std::optional<directory_place> find_directory(const model::file_source& file) {
  constexpr auto most = end_size + longest_comment;
  const auto begin = file.size() > most ? file.size() - most : 0;
  const auto tail = file.read(begin, most);
  for (auto at = tail.rfind(end_mark); at != tail.npos;
       at = at > 0 ? tail.rfind(end_mark, at - 1) : tail.npos) {
    if (at + end_size > tail.size() || at + end_size + number(tail, at + 20, 2) != tail.size()) continue;
    const directory_place found{number(tail, at + 16, 4), number(tail, at + 12, 4)};
    if (found.offset + found.size <= begin + at) return found;
  }
  return std::nullopt;
}

struct names_found {
  bool types = false, letter = false, macros = false, content = false, sound = true;
};

names_found read_names(std::string_view directory) {
  names_found found;
  while (!directory.empty()) {
    if (directory.size() < entry_size || !directory.starts_with(entry_mark)) {
      found.sound = false;
      break;
    }
    const auto name_size = number(directory, 28, 2);
    const auto whole = entry_size + name_size + number(directory, 30, 2) + number(directory, 32, 2);
    if (whole > directory.size()) {
      found.sound = false;
      break;
    }
    const auto name = directory.substr(entry_size, name_size);
    found.types |= name == "[Content_Types].xml";
    found.letter |= name.starts_with("word/document") && name.ends_with(".xml");
    found.macros |= name.ends_with("vbaProject.bin");
    found.content |= name == "content.xml";
    directory.remove_prefix(whole);
  }
  return found;
}

/// OpenDocument, part 2, 3.3: the first member is named so, and lies there as it is.
bool begins_as_odt(const model::file_source& file) {
  constexpr std::string_view name = "mimetype";
  const auto head = file.read(0, local_size + name.size() + longest_comment);
  if (head.size() < local_size + name.size() || !head.starts_with(local_mark)) return false;
  const bool stored = number(head, 8, 2) == 0, named = number(head, 26, 2) == name.size();
  const auto begin = local_size + name.size() + number(head, 28, 2);
  const auto after = begin + model::odt_type.size();
  return stored && named && std::string_view(head).substr(local_size, name.size()) == name &&
         after + 2 <= head.size() &&
         std::string_view(head).substr(begin, model::odt_type.size()) == model::odt_type &&
         std::string_view(head).substr(after, 2) == "PK";
}

}  // namespace

archive archive_kind(const model::file_source& file) {
  const auto place = find_directory(file);
  if (!place) return archive::cut_off;
  if (place->size > largest_directory) return archive::other;
  const auto directory = file.read(place->offset, place->size);
  const auto names = read_names(directory);
  if (!names.sound) return archive::other;
  if (names.content && begins_as_odt(file)) return archive::odt;
  if (!names.types || !names.letter) return archive::other;
  return names.macros ? archive::macro_docx : archive::docx;
}

}  // namespace net::contents
