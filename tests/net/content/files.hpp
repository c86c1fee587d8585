#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/document.hpp"

/// Files as they are, made here: small, and cut or bent as a test wants them.
namespace content_test {

class bytes final : public model::file_source {
 public:
  explicit bytes(std::string all) : all_(std::move(all)) {}
  std::uint64_t size() const override { return all_.size(); }
  std::string read(std::uint64_t offset, std::size_t most) const override {
    read_ += offset < all_.size() ? std::min(most, all_.size() - offset) : 0;
    return offset < all_.size() ? all_.substr(offset, most) : std::string{};
  }
  /// Bytes that were looked at, the same ones twice counted twice.
  std::uint64_t looked_at() const { return read_; }

 private:
  std::string all_;
  mutable std::uint64_t read_ = 0;
};

inline std::string little(std::uint64_t value, int size) {
  std::string out;
  for (int i = 0; i < size; ++i) out += static_cast<char>(value >> 8 * i);
  return out;
}
inline std::string big(std::uint64_t value, int size) {
  std::string out;
  for (int i = size; i-- > 0;) out += static_cast<char>(value >> 8 * i);
  return out;
}

/// A member of an archive; `says` is how large it claims to be when unpacked.
struct member {
  std::string name;
  std::string content;
  std::uint32_t says = 0;
};

/// A ZIP archive of stored members.
inline std::string zip(const std::vector<member>& members) {
  std::string out, directory;
  for (const auto& m : members) {
    const auto sizes =
        little(0, 4) + little(m.content.size(), 4) + little(m.says ? m.says : m.content.size(), 4);
    const auto at = out.size();
    out += "PK\x03\x04" + little(20, 2) + little(0, 2) + little(0, 2) + little(0, 4) + sizes +
           little(m.name.size(), 2) + little(0, 2) + m.name + m.content;
    directory += "PK\x01\x02" + little(20, 2) + little(20, 2) + little(0, 2) + little(0, 2) + little(0, 4) +
                 sizes + little(m.name.size(), 2) + little(0, 2) + little(0, 2) + little(0, 2) +
                 little(0, 2) + little(0, 4) + little(at, 4) + m.name;
  }
  const auto begin = out.size();
  return out + directory + "PK\x05\x06" + little(0, 4) + little(members.size(), 2) +
         little(members.size(), 2) + little(directory.size(), 4) + little(begin, 4) + little(0, 2);
}

inline std::string docx(std::vector<member> more = {}) {
  std::vector<member> all{{"[Content_Types].xml", "<Types/>"},
                          {"_rels/.rels", "<Relationships/>"},
                          {"word/document.xml", "<document/>"}};
  all.insert(all.end(), more.begin(), more.end());
  return zip(all);
}
inline std::string odt() {
  return zip({{"mimetype", "application/vnd.oasis.opendocument.text"}, {"content.xml", "<office/>"}});
}

inline std::string pdf() {
  return "%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + std::string(3000, '%') +
         "\ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n";
}

inline std::string chunk(std::string_view type, const std::string& data) {
  return big(data.size(), 4) + std::string(type) + data + big(0, 4);
}
inline std::string png() {
  return "\x89PNG\r\n\x1a\n" + chunk("IHDR", big(1, 4) + big(1, 4) + std::string("\x08\0\0\0\0", 5)) +
         chunk("IDAT", std::string(2000, 'x')) + chunk("IEND", "");
}

/// With a thumbnail in its head that has an end of its own.
inline std::string jpeg() {
  const std::string jfif("JFIF\0\x01\x01\0\0\x01\0\x01\0\0", 14), thumbnail = "\xFF\xD8 small \xFF\xD9";
  return "\xFF\xD8\xFF\xE0" + big(2 + jfif.size(), 2) + jfif + "\xFF\xE1" + big(2 + thumbnail.size(), 2) +
         thumbnail + "\xFF\xDA" + big(2 + 6, 2) + "scan.." + std::string(2000, 'x') +
         std::string("\xFF\0", 2) + std::string(2000, 'y') + "\xFF\xD9";
}

}  // namespace content_test
