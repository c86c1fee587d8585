#pragma once
#include <string_view>

#include "net/print/pdf.hpp"

namespace net::print {

/// Prints a text written in the Markdown of document templates: `#` to `###` headings, paragraphs,
/// `**bold**`,
/// `*italic*`, `-` and `1.` lists with a list inside, `>` quotations, `---` rules, `| a | b |` tables, hard
/// line breaks (a backslash or two spaces at the end of a line), backslash escapes, and a line of three or
/// more underscores to sign on. Everything else, HTML and links among it, is printed as the text it is.
/// Any text is acceptable and takes time in proportion to its length.
void print_markdown(pdf_writer& writer, std::string_view text);

}  // namespace net::print
