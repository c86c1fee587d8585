#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "model/document.hpp"

namespace model {

/// `body` is the text it begins with, where it has one; `signing_values` what fills the form that it is
/// signed on, as `encode` writes it. These do not travel between nodes.
struct document_created {
  static constexpr std::string_view kind = "document.created";
  document after;
  std::optional<std::string> body;
  std::optional<std::string> signing_values = {};
};
BOOST_DESCRIBE_STRUCT(document_created, (), (after, body))

/// `body` is the new text, where it is another one.
struct document_edited {
  static constexpr std::string_view kind = "document.edited";
  document before;
  document after;
  std::optional<std::string> body;
};
BOOST_DESCRIBE_STRUCT(document_edited, (), (before, after, body))

/// The bytes are kept in the transaction of this event, and do not travel between nodes.
struct document_file_attached {
  static constexpr std::string_view kind = "document.file_attached";
  document before;
  document after;
  std::shared_ptr<const file_source> bytes;
};
BOOST_DESCRIBE_STRUCT(document_file_attached, (), (before, after))

struct document_submitted {
  static constexpr std::string_view kind = "document.submitted";
  document after;
};
BOOST_DESCRIBE_STRUCT(document_submitted, (), (after))

struct document_returned {
  static constexpr std::string_view kind = "document.returned";
  document after;
};
BOOST_DESCRIBE_STRUCT(document_returned, (), (after))

struct document_approved {
  static constexpr std::string_view kind = "document.approved";
  document after;
};
BOOST_DESCRIBE_STRUCT(document_approved, (), (after))

/// By mail, or, where `signature` is there, by the signing service.
struct document_sent {
  static constexpr std::string_view kind = "document.sent";
  document after;
  mail_id mail;
  std::optional<signature_id> signature = {};
};
BOOST_DESCRIBE_STRUCT(document_sent, (), (after, mail, signature))

struct document_signed {
  static constexpr std::string_view kind = "document.signature_recorded";
  document after;
};
BOOST_DESCRIBE_STRUCT(document_signed, (), (after))

/// What the signing service made is kept with the document: what of it came with this event. The bytes are
/// kept in the transaction of this event, and do not travel between nodes.
struct document_signed_copy_kept {
  static constexpr std::string_view kind = "document.signed_copy_kept";
  document after;
  std::shared_ptr<const file_source> signed_copy;
  std::shared_ptr<const file_source> signing_audit;
};
BOOST_DESCRIBE_STRUCT(document_signed_copy_kept, (), (after))

struct document_voided {
  static constexpr std::string_view kind = "document.voided";
  document after;
};
BOOST_DESCRIBE_STRUCT(document_voided, (), (after))

}  // namespace model
