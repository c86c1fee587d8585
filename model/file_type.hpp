#pragma once
#include <algorithm>
#include <array>
#include <string_view>

namespace model {

/// A kind of file that a document's content can be uploaded as.
struct file_type {
  std::string_view media_type;
  std::string_view extension;  ///< with its dot
  std::string_view words;
};

inline constexpr std::string_view
    pdf_type = "application/pdf",
    png_type = "image/png", jpeg_type = "image/jpeg", plain_text_type = "text/plain",
    docx_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    odt_type = "application/vnd.oasis.opendocument.text";

inline constexpr std::array<file_type, 6> file_types{{{pdf_type, ".pdf", "PDF"},
                                                      {png_type, ".png", "PNG"},
                                                      {jpeg_type, ".jpg", "JPEG"},
                                                      {docx_type, ".docx", "DOCX"},
                                                      {odt_type, ".odt", "ODT"},
                                                      {plain_text_type, ".txt", "plain text in UTF-8"}}};

/// Null for a type that is not taken.
constexpr const file_type* find_file_type(std::string_view media_type) {
  const auto* found =
      std::ranges::find_if(file_types, [&](const auto& t) { return t.media_type == media_type; });
  return found == file_types.end() ? nullptr : found;
}

}  // namespace model
