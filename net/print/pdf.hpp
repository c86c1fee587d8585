#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "model/fields.hpp"
#include "model/time.hpp"
#include "net/print/styled_text.hpp"

namespace net::print {

/// Where the bytes of a file go as they are made. What it throws ends the writing and comes out of the
/// writer's call, so that whoever stopped listening can stop the work.
using byte_sink = std::function<void(std::string_view)>;

/// What stands around every page, and what the file says of itself. All texts are UTF-8 and printed on one
/// line, cut with an ellipsis where they are too long.
struct pdf_frame {
  std::string title;  ///< of the file; printed nowhere by itself
  std::string header_left, header_right;
  std::string footer_left;  ///< the page number stands on the right
  std::string author;
  model::instant created;              ///< the file's date: the same input gives the same bytes
  std::string language = "en";         ///< BCP 47; decides between the forms of letters that languages share
  std::optional<std::size_t> pages{};  ///< known beforehand: "Page 3 of 7"; else "Page 3"
};

/// A picture that is neither PNG nor JPEG, is broken, or is too large to print.
struct unreadable_picture : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Writes a PDF on A4, page by page as they fill, so that a document of any length is made in bounded memory.
/// Text in any script that a font is installed for, right-to-left scripts from the right; what is longer than
/// a page goes on on the next one. One writer is for one thread at a time; several writers may work at once.
/// Every call may throw what the sink threw, or std::runtime_error saying what is wrong (no font installed,
/// no memory); the file is then lost.
class pdf_writer {
 public:
  pdf_writer(pdf_frame frame, byte_sink sink);
  /// Without `finish` nothing more goes to the sink.
  ~pdf_writer();
  pdf_writer(const pdf_writer&) = delete;
  pdf_writer& operator=(const pdf_writer&) = delete;

  /// Level 0 is the title of a document, 1 to 3 are headings in it; stays with what follows it.
  void heading(int level, const styled_text& text);
  void paragraph(const styled_text& text);
  /// In smaller, grey letters: what is about the text rather than of it.
  void remark(const styled_text& text);
  /// `depth` 0 is the outermost list; the marker ("•", "3.") stands before the first line, and may be empty
  /// where an item goes on with another paragraph.
  void list_item(int depth, std::string_view marker, const styled_text& text);
  void quote(const styled_text& text);
  /// A row of cells as wide as `shares` say (proportions, one a cell; none: all alike), with a line under it.
  void table_row(std::span<const styled_text> cells, std::span<const double> shares = {}, bool head = false);
  /// Names on the left, values beside them.
  void fields(const model::fields& all);
  /// A line over the width of the page.
  void rule();
  /// A line to sign on.
  void signature_line();
  /// Space of so many points (1/72 inch); none at the top of a page.
  void space(double points);
  /// A PNG or JPEG file, turned as its camera says, never larger than 96 dots an inch make it, scaled down
  /// to the page. Throws unreadable_picture, and the document can go on without it.
  void image(std::string_view file);
  void new_page();

  /// Ends the last page and the file; nothing may be printed after it.
  void finish();

  /// Pages begun so far.
  std::size_t pages() const;

 private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

/// Runs `print` twice, the first time for nobody, so that every page can say how many there are; `print` ends
/// without calling `finish`. For documents that are short or can be read again.
void print_counted(pdf_frame frame, const byte_sink& sink, const std::function<void(pdf_writer&)>& print);

}  // namespace net::print
