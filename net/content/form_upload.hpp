#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "model/document.hpp"
#include "model/refusal.hpp"

namespace net::contents {

/// A file within a form: a stretch of its bytes, read from where they are.
struct form_file {
  std::shared_ptr<const model::file_source> bytes;
  std::string name;     ///< as the client named it; empty where it did not
  std::string claimed;  ///< its part's Content-Type
};

/// A document made by a form.
struct document_form {
  /// What stands beside the file, as the JSON that would make the document.
  std::string json;
  form_file file;
};

/// Whether a Content-Type says multipart/form-data.
bool is_form_data(std::string_view content_type);

/// Takes a form (RFC 7578) apart: one part is the file and bears the name `file`, the others are short
/// fields. Reads it piece by piece. Throws what the source throws.
std::variant<document_form, model::refusal> read_form(const std::shared_ptr<const model::file_source>& body,
                                                      std::string_view content_type);

}  // namespace net::contents
