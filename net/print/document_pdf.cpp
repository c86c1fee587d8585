#include "net/print/document_pdf.hpp"

#include "net/print/markdown.hpp"

namespace net::print {
namespace {

/// Longer texts are not laid out twice to know the number of their pages.
constexpr std::size_t longest_counted = 400'000;

pdf_frame frame_of(const printed_document& what) {
  pdf_frame frame;
  frame.title = what.title;
  frame.header_left = what.organisation;
  frame.header_right = what.reference;
  if (!what.sha256.empty()) frame.footer_left = "SHA-256 " + what.sha256;
  frame.author = what.author;
  frame.created = what.created;
  frame.language = what.language;
  return frame;
}

void print_head(pdf_writer& writer, const printed_document& what) {
  writer.heading(0, what.title);
  model::fields all;
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) all.emplace_back(name, value);
  };
  add("Document", what.type);
  add("Tenant", what.tenant);
  add("Case", what.reference);
  add("Date", what.date);
  add("Status", what.status);
  writer.fields(all);
  writer.rule();
}

void print_body(pdf_writer& writer, const printed_document& what) {
  switch (what.kind) {
    case printed_body::markdown:
      return print_markdown(writer, what.body);
    case printed_body::plain_text:
      return writer.paragraph(what.body);
    case printed_body::picture:
      return writer.image(what.body);
  }
}

}  // namespace

void document_pdf(const printed_document& what, const byte_sink& sink) {
  const auto print = [&](pdf_writer& writer) {
    print_head(writer, what);
    print_body(writer, what);
  };
  if (what.kind == printed_body::picture || what.body.size() <= longest_counted)
    return print_counted(frame_of(what), sink, print);
  pdf_writer writer(frame_of(what), sink);
  print(writer);
  writer.finish();
}

}  // namespace net::print
