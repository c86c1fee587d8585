#pragma once
#include <vector>

#include "net/print/paper.hpp"

namespace net::print {

/// How a block of text looks.
struct text_style {
  double size = 10.5;
  ink colour = black;
  bool bold = false;
  double before = 7, after = 7;  ///< points to its neighbours; between two blocks the larger counts
  double keep = 0;               ///< points that must be left on the page after its first lines
};

/// Where a block stands between the margins.
struct text_box {
  double left = sheet::left, right = sheet::right;
  std::string_view marker{};  ///< before the first line, outside the box
  bool barred = false;        ///< a quotation's bar at its side
};

/// One line of a layout, in points.
struct set_line {
  PangoLayoutLine* line;  ///< lives as long as its layout
  double x, ascent, height;
};

/// A text laid out for a width.
struct set_text {
  layout_handle layout;
  std::vector<set_line> lines;
};

struct pdf_writer::parts {
  paper page;
  double gap = 0;  ///< owed to the next block

  void pour(const styled_text& text, const text_style& style, const text_box& box);
  set_text set(std::string_view text, const styled_text& whole, std::size_t offset, const text_style& style,
               double width) const;
  void draw(const set_line& what, double left, const ink& colour);
  /// Settles the space before a block; what needs more room than there is begins on the next page.
  void approach(double before, double needed);
  void row(std::span<const styled_text> cells, std::span<const double> widths,
           std::span<const text_style> styles, double rule);

 private:
  void pour_lines(const set_text& text, std::size_t count, const text_style& style, const text_box& box,
                  bool begins);
  void mark(const set_line& first, const text_style& style, const text_box& box);
};

}  // namespace net::print
