#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "model/describe.hpp"
#include "model/document_type.hpp"
#include "model/ids.hpp"

namespace model {

/// R23: draft → submitted → approved → sent; submitted → draft; any but sent → void.
enum class document_status { draft, submitted, approved, sent, void_ };
BOOST_DESCRIBE_ENUM(document_status, draft, submitted, approved, sent, void_)

/// R24: of a document that was sent for signature. The last two only a signing service tells of: nobody
/// signed in time, or it did not take the request.
enum class signing_status { requested, signed_, declined, expired, failed };
BOOST_DESCRIBE_ENUM(signing_status, requested, signed_, declined, expired, failed)

/// A document without its content (R22, R23). The content is a text in the Markdown of the templates, or an
/// uploaded file; `media_type`, `content_size` and `content_sha256` tell of it, and are empty while there is
/// none.
struct document {
  document_id id;
  org_id org;
  case_id of_case;
  document_type type = document_type::letter;
  std::string title;
  document_status status = document_status::draft;
  std::optional<template_id> made_from;
  std::optional<std::string> media_type;
  std::int64_t content_size = 0;
  std::optional<std::string> content_sha256;
  std::optional<file_id> file;
  std::optional<std::string> file_name;
  /// The form at the signing service on which it is signed in place of its own PDF, and the digest of the
  /// values that fill it, which all stand in the text. There as long as the text is what the template made.
  std::optional<std::int64_t> signing_template;
  std::optional<std::string> signing_values_sha256;
  std::optional<std::int32_t> due_every_months;
  std::optional<day> due_on;
  user_id author;
  std::string author_name;
  instant created_at;
  std::optional<instant> edited_at;
  std::optional<instant> submitted_at;
  std::optional<std::string> submitted_by;
  std::optional<std::string> return_reason;
  std::optional<instant> approved_at;
  std::optional<std::string> approved_by;
  std::optional<instant> sent_at;
  std::optional<std::string> sent_to_name;
  std::optional<std::string> sent_to_email;
  std::optional<signing_status> signing;
  /// Why the signing service did not take it.
  std::optional<std::string> signing_error;
  /// What the signing service made of it: the signed PDF, and the PDF that tells who signed when.
  std::optional<file_id> signed_file;
  std::optional<std::int64_t> signed_size;
  std::optional<std::string> signed_sha256;
  std::optional<file_id> signing_audit_file;
  std::optional<std::int64_t> signing_audit_size;
  std::optional<std::string> signing_audit_sha256;
  std::optional<std::string> void_reason;
};
BOOST_DESCRIBE_STRUCT(document, (),
                      (id, org, of_case, type, title, status, made_from, media_type, content_size,
                       content_sha256, file, file_name, signing_template, signing_values_sha256,
                       due_every_months, due_on, author, author_name, created_at, edited_at, submitted_at,
                       submitted_by, return_reason, approved_at, approved_by, sent_at, sent_to_name,
                       sent_to_email, signing, signing_error, signed_file, signed_size, signed_sha256,
                       signing_audit_file, signing_audit_size, signing_audit_sha256, void_reason))

/// What a text that was written here is kept as.
inline constexpr std::string_view document_text_type = "text/markdown";

/// Whether its content can be made a PDF: texts and pictures can, office files cannot.
bool is_printable(const document& d);

/// The bytes of an uploaded file on their way into the database: read piece by piece, from any thread.
class file_source {
 public:
  virtual ~file_source() = default;
  virtual std::uint64_t size() const = 0;
  /// At most `most` bytes from `offset` on. Throws std::exception where they cannot be read.
  virtual std::string read(std::uint64_t offset, std::size_t most) const = 0;
};

/// An uploaded file as it was found to be, before the case has taken it.
struct uploaded_file {
  std::string name;
  std::string media_type;
  std::string sha256;
  /// Does not travel between nodes.
  std::shared_ptr<const file_source> bytes;
};
BOOST_DESCRIBE_STRUCT(uploaded_file, (), (name, media_type, sha256))

}  // namespace model
