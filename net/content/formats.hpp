#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "model/document.hpp"

/// Looks deeper into a file than its first bytes, without ever unpacking anything. All may throw what the
/// source throws.
namespace net::contents {

/// How much of a file is looked at in one go, and in memory.
inline constexpr std::size_t piece_size = 256 * 1024;

/// SHA-256 in hexadecimal.
std::string sha256_of(const model::file_source& file);
/// Whether all of it is UTF-8 without NUL.
bool is_clean_text(const model::file_source& file);

// Whether the file has the beginning and the end that its format gives it: what was cut off has none.
bool is_whole_pdf(const model::file_source& file);
bool is_whole_png(const model::file_source& file);
bool is_whole_jpeg(const model::file_source& file);

/// What a ZIP archive is, by the names in its directory.
enum class archive { docx, macro_docx, odt, other, cut_off };
archive archive_kind(const model::file_source& file);

}  // namespace net::contents
