#include "net/mail/document_attachment.hpp"

#include "net/content/wording.hpp"
#include "net/mail/unsendable.hpp"
#include "net/print/document_pdf.hpp"

namespace net::mail {
namespace {

std::string value_of(const model::fields& fields, std::string_view name) {
  for (const auto& [field, value] : fields)
    if (field == name) return value;
  return {};
}

/// A title as a file's name: what file systems do not take becomes a space.
std::string file_name_of(const std::string& title) {
  static constexpr std::string_view refused = "/\\:*?\"<>|";
  auto name = title;
  for (auto& c : name)
    if (static_cast<unsigned char>(c) < ' ' || refused.find(c) != refused.npos) c = ' ';
  return name + ".pdf";
}

print::printed_body kind_of(const model::document& d) {
  const auto type = d.media_type.value_or("");
  if (type == model::document_text_type) return print::printed_body::markdown;
  if (type == "text/plain") return print::printed_body::plain_text;
  return print::printed_body::picture;
}

std::string printed(const actors::mailed_document& what, const model::fields& fields) {
  actors::stream_heading about;
  about.organisation = value_of(fields, "organisation");
  about.tenant = value_of(fields, "tenant");
  about.time_zone = value_of(fields, "time_zone");
  auto page = contents::printed(what.document, what.content, about);
  page.kind = kind_of(what.document);
  std::string bytes;
  print::document_pdf(page, [&](std::string_view part) { bytes += part; });
  return bytes;
}

}  // namespace

attachment as_pdf(const actors::mailed_document& what, const model::fields& fields) {
  if (!model::is_printable(what.document)) throw unsendable("the document cannot be made a PDF");
  const auto name = file_name_of(what.document.title);
  if (what.document.media_type == "application/pdf") return {name, "application/pdf", what.content};
  try {
    return {name, "application/pdf", printed(what, fields)};
  } catch (const print::unreadable_picture&) {
    throw unsendable("the document's picture cannot be read");
  }
}

}  // namespace net::mail
