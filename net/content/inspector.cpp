#include "net/content/inspector.hpp"

#include <magic.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "model/file_type.hpp"
#include "net/content/formats.hpp"

namespace net::contents {
namespace {

using model::refusal;

/// As much as libmagic gets to see.
constexpr std::size_t head_size = 64 * 1024;

std::string all_allowed() {
  std::string out;
  for (const auto& t : model::file_types) out += (out.empty() ? "" : ", ") + std::string(t.words);
  return out;
}

refusal unsupported(std::string detail) {
  return {model::refusal_code::unsupported_media_type,
          std::move(detail) + " A document can be: " + all_allowed() + ".",
          {},
          {},
          {},
          {}};
}
refusal not_taken(std::string_view found) {
  return unsupported("This file is of the type " + std::string(found) + ".");
}
refusal cut_off(std::string_view media_type) {
  return refusal::invalid(
      "file", "cut_off",
      "The file begins as " + std::string(media_type) + " and its end is missing. Upload it again.");
}

/// The type in a Content-Type header, in small letters, without its parameters.
std::string essence(std::string_view header) {
  header = header.substr(0, header.find(';'));
  while (header.starts_with(' ') || header.starts_with('\t')) header.remove_prefix(1);
  while (header.ends_with(' ') || header.ends_with('\t')) header.remove_suffix(1);
  std::string out(header);
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  if (out == "image/jpg") return std::string(model::jpeg_type);
  return out;
}

/// Fit to be repeated in an answer.
bool is_readable(std::string_view type) {
  return type.size() <= 100 && std::ranges::all_of(type, [](char c) { return c > ' ' && c <= '~'; });
}

bool claims_something(std::string_view type) { return !type.empty() && type != "application/octet-stream"; }

/// Text that some program would run or render as something else. What else libmagic believes to see in a text
/// (a language, a mail, a table) is a text all the same.
bool is_active_text(std::string_view type) {
  static constexpr std::array<std::string_view, 9> active{
      "text/html",  "text/xml",           "text/rtf",    "text/x-shellscript", "text/javascript",
      "text/x-php", "text/x-msdos-batch", "text/x-perl", "text/x-ruby"};
  return std::ranges::find(active, type) != active.end();
}
bool is_text(std::string_view type) {
  return (type.starts_with("text/") || type.starts_with("message/")) && !is_active_text(type);
}

/// An archive's own type where libmagic's guess, which sees its first members only, is not enough.
std::string archive_type(archive kind, const std::string& guessed) {
  if (kind == archive::docx) return std::string(model::docx_type);
  if (kind == archive::odt) return std::string(model::odt_type);
  if (kind == archive::macro_docx) return "application/vnd.ms-word.document.macroEnabled.12";
  return model::find_file_type(guessed) ? "application/zip" : guessed;
}

bool is_whole(const model::file_source& file, std::string_view type) {
  if (type == model::pdf_type) return is_whole_pdf(file);
  if (type == model::png_type) return is_whole_png(file);
  if (type == model::jpeg_type) return is_whole_jpeg(file);
  return true;
}

}  // namespace

struct inspector::library {
  magic_t cookie = nullptr;
  library() {
    // Neither containers nor texts are looked into here: that is done by our own, simpler means.
    cookie = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR | MAGIC_NO_CHECK_CDF |
                        MAGIC_NO_CHECK_ELF | MAGIC_NO_CHECK_CSV | MAGIC_NO_CHECK_JSON);
    if (!cookie || magic_load(cookie, nullptr) != 0) {
      const std::string why = cookie ? magic_error(cookie) : "no memory";
      if (cookie) magic_close(cookie);
      throw std::runtime_error("libmagic's database cannot be read: " + why +
                               ". Install the package libmagic-mgc.");
    }
  }
  ~library() { magic_close(cookie); }
  library(const library&) = delete;
  library& operator=(const library&) = delete;
};

inspector::inspector() : library_(std::make_unique<library>()) {}
inspector::~inspector() = default;

std::string inspector::sniff(const std::string& head) {
  const char* found = magic_buffer(library_->cookie, head.data(), head.size());
  return found ? found : "application/octet-stream";
}

std::variant<inspected, refusal> inspector::inspect(const model::file_source& file,
                                                    std::string_view claimed) {
  if (file.size() == 0) return refusal::invalid("file", "empty", "The file is empty.");
  const auto head = file.read(0, head_size);
  auto type = sniff(head);
  if (head.starts_with("PK\x03\x04")) {
    const auto kind = archive_kind(file);
    if (kind == archive::cut_off && model::find_file_type(type)) return cut_off(type);
    type = archive_type(kind, type);
  } else if (is_text(type)) {
    if (!is_clean_text(file))
      return unsupported("This file is a text, but not in UTF-8, or not all of it is text.");
    type = model::plain_text_type;
  }
  if (!model::find_file_type(type)) return not_taken(type);
  if (const auto said = essence(claimed); claims_something(said) && said != type)
    return unsupported("Content-Type says " + (is_readable(said) ? said : "something else") +
                       ", but this file is of the type " + type + ".");
  if (!is_whole(file, type)) return cut_off(type);
  return inspected{std::move(type), sha256_of(file)};
}

}  // namespace net::contents
