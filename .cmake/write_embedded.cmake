# Run by the build: writes OUTPUT, a C++ source that holds the bytes of FILES, for KIND migrations or assets.
# The bytes are spelled as escapes in short adjacent literals, so no content can end or change the literal.
cmake_minimum_required(VERSION 3.25)

# Sets VARIABLE to string literals that together hold the bytes of FILE.
function(bytes_of file variable)
  file(READ "${file}" hex HEX)
  string(REGEX REPLACE "(..)" "\\\\x\\1" escaped "${hex}")
  # 24 bytes, four characters each, to a line.
  string(REPEAT "." 96 line)
  string(REGEX REPLACE "(${line})" "\\1\"\n    \"" escaped "${escaped}")
  set(${variable} "\"${escaped}\"" PARENT_SCOPE)
endfunction()

set(index 0)
set(contents "")
set(rows "")
list(SORT FILES)
foreach(file IN LISTS FILES)
  bytes_of("${file}" literal)
  string(APPEND contents "constexpr char content_${index}[] =\n    ${literal};\n")
  set(view "{content_${index}, sizeof content_${index} - 1}")
  cmake_path(RELATIVE_PATH file BASE_DIRECTORY "${ROOT}" OUTPUT_VARIABLE path)
  if(KIND STREQUAL "migrations")
    if(NOT path MATCHES "^([0-9][0-9][0-9][0-9])_([a-z0-9_]+)\\.sql$")
      message(FATAL_ERROR "${file}: a migration is named NNNN_name.sql (four digits, small letters)")
    endif()
    set(number "${CMAKE_MATCH_1}")
    set(name "${CMAKE_MATCH_2}")
    math(EXPR value "1${number} - 10000") # without leading zeros, which mean octal in C++
    math(EXPR expected "${index} + 1")
    if(NOT value EQUAL expected)
      message(FATAL_ERROR "${file}: migrations count from 0001 without gaps, this one would be number ${expected}")
    endif()
    string(APPEND rows "    {${value}, \"${name}\", ${view}},\n")
  else()
    string(APPEND rows "    {\"${path}\", ${view}},\n")
  endif()
  math(EXPR index "${index} + 1")
endforeach()

if(KIND STREQUAL "migrations")
  set(text "#include \"odb/migrations.hpp\"

#include <array>

namespace store {
namespace {
${contents}
constexpr std::array<migration, ${index}> all_migrations{{
${rows}}};
}  // namespace

std::span<const migration> migrations() { return all_migrations; }

}  // namespace store
")
else()
  set(text "#include \"net/assets.hpp\"

#include <array>
#include <stdexcept>
#include <string>
#include <utility>

namespace net {
namespace {
${contents}
constexpr std::array<std::pair<std::string_view, std::string_view>, ${index}> all_assets{{
${rows}}};
}  // namespace

std::string_view asset(std::string_view path) {
  for (const auto& [name, content] : all_assets)
    if (name == path) return content;
  throw std::out_of_range(\"no file is embedded as \" + std::string(path));
}

}  // namespace net
")
endif()
file(WRITE "${OUTPUT}" "${text}")
