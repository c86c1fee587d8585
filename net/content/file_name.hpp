#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace net::contents {

inline constexpr std::size_t longest_file_name = 200;  // characters

/// The name itself of what may be a path of any system; nothing where it is none, is too long, or has
/// characters in it that are not seen.
std::optional<std::string> file_name_of(std::string_view path);

/// The name with the extension that files of this type have, where it has another one or none: what a system
/// runs or opens by its extension is then what it says it is.
std::string with_extension(std::string_view name, std::string_view media_type);

/// Content-Disposition (RFC 6266): to be kept under this name, whatever stands in it.
std::string attachment_named(std::string_view name);

}  // namespace net::contents
