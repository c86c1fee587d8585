#pragma once
#include <string>

#include "model/time.hpp"
#include "net/print/pdf.hpp"

namespace net::print {

/// What the body of a document is.
enum class printed_body {
  markdown,    ///< made from a template
  plain_text,  ///< an uploaded text file
  picture,     ///< an uploaded PNG or JPEG file
};

/// A document as it goes onto paper. Texts are in words, dates and times among them, as only the caller knows
/// the organisation's time zone.
struct printed_document {
  std::string title;
  std::string type;          ///< "Support agreement"
  std::string organisation;  ///< heads every page
  std::string tenant;
  std::string reference;  ///< the case's; heads every page
  std::string date;       ///< "21 November 2026"
  std::string status;     ///< "DRAFT", "APPROVED by Priya Nair on 21 November 2026"
  printed_body kind = printed_body::markdown;
  std::string body;  ///< text, or the bytes of the picture
  std::string
      sha256{};  ///< of the frozen content, in hexadecimal; at the foot of every page where there is one
  std::string author{};    ///< the file's
  model::instant created;  ///< the file's date
  std::string language = "en";
};

/// Writes the document as a PDF: title, what it is and whose, then its body. The same document gives the
/// same bytes. Pages are counted ("Page 1 of 3") unless the body is longer than about a hundred pages.
/// Throws what the sink throws, unreadable_picture before anything has gone to the sink, and
/// std::runtime_error as pdf_writer does.
void document_pdf(const printed_document& what, const byte_sink& sink);

}  // namespace net::print
