#pragma once
#include <optional>

#include "model/document.hpp"
#include "model/fields.hpp"
#include "model/org_commands.hpp"

namespace model {

using reason_text = text<2000>;
using document_body = text<100000, 0>;

/// Makes a draft: from a template with `fields` for its own questions, from a `body`, or empty, for a file to
/// follow.
struct create_document {
  document_type type = document_type::letter;
  name_text title;
  std::optional<model::template_id> template_id_;
  std::optional<named_texts> fields;
  std::optional<document_body> body;
  std::optional<std::int32_t> due_every_months;
};
BOOST_DESCRIBE_STRUCT(create_document, (), (type, title, template_id_, fields, body, due_every_months))

/// Changes a draft.
struct edit_document {
  document_id document;
  std::optional<name_text> title;
  std::optional<document_body> body;
  change_of<std::int32_t> due_every_months;
};
BOOST_DESCRIBE_STRUCT(edit_document, (), (document, title, body, due_every_months))

/// Gives a draft an uploaded file as its content, in place of what it had.
struct attach_file {
  document_id document;
  uploaded_file file;
};
BOOST_DESCRIBE_STRUCT(attach_file, (), (document, file))

/// Makes a draft whose content is an uploaded file: both in one change, or neither. `made` has no text of its
/// own.
struct upload_document {
  create_document made;
  uploaded_file file;
};
BOOST_DESCRIBE_STRUCT(upload_document, (), (made, file))

struct submit_document {
  document_id document;
};
BOOST_DESCRIBE_STRUCT(submit_document, (), (document))

struct return_document {
  document_id document;
  reason_text reason;
};
BOOST_DESCRIBE_STRUCT(return_document, (), (document, reason))

struct approve_document {
  document_id document;
};
BOOST_DESCRIBE_STRUCT(approve_document, (), (document))

struct recipient {
  name_text name;
  email_text email;
};
BOOST_DESCRIBE_STRUCT(recipient, (), (name, email))

/// Mails the approved document as PDF (R24).
struct send_document {
  document_id document;
  recipient to;
  std::optional<bool> for_signature;
};
BOOST_DESCRIBE_STRUCT(send_document, (), (document, to, for_signature))

/// What came of a document that was sent for signature.
struct record_signature {
  document_id document;
  signing_status status = signing_status::signed_;
};
BOOST_DESCRIBE_STRUCT(record_signature, (), (document, status))

/// What the signing service says became of a request; never from a request of its own (R24). A status that it
/// told before changes nothing, a file that is there already is not taken again.
struct settle_signature {
  document_id document;
  signing_status status = signing_status::signed_;
  /// Why it did not take the request.
  std::optional<std::string> error;
  std::optional<uploaded_file> signed_copy;
  std::optional<uploaded_file> signing_audit;
};
BOOST_DESCRIBE_STRUCT(settle_signature, (), (document, status, error, signed_copy, signing_audit))

struct void_document {
  document_id document;
  reason_text reason;
};
BOOST_DESCRIBE_STRUCT(void_document, (), (document, reason))

}  // namespace model
