#pragma once
#include <string>
#include <string_view>

namespace net::print {

/// The text with all taken out of Markdown's reach that our documents do not use: links and references, raw
/// HTML, entities, code, underlined headings, emphasis by underscores. What stays for the parser: `#`
/// headings, `*` and `**`, lists, quotations, rules, tables and backslashes. Bounds how deep lists and
/// quotations may nest and how many columns a table may have, so that no text takes a parser longer than
/// its length. Lines of underscores alone become paragraphs of their own.
std::string tame_markdown(std::string_view clean);

}  // namespace net::print
