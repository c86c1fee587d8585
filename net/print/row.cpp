// Rows of cells, of tables and of named values.
#include <algorithm>

#include "net/print/parts.hpp"

namespace net::print {
namespace {

constexpr double cell_gap = 10, above = 3, below = 3;

/// A cell on its way onto the page.
struct cell {
  set_text text;
  double left;
  ink colour;
  std::size_t done = 0;

  bool is_done() const { return done == text.lines.size(); }
};

}  // namespace

void pdf_writer::parts::row(std::span<const styled_text> cells, std::span<const double> widths,
                            std::span<const text_style> styles, double rule) {
  std::vector<cell> all;
  double left = sheet::left, tallest = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const double gap_after = i + 1 < cells.size() ? cell_gap : 0;
    all.push_back(
        {set(cells[i].text(), cells[i], 0, styles[i], widths[i] - gap_after), left, styles[i].colour});
    left += widths[i];
    double height = 0;
    for (const auto& line : all.back().text.lines) height += line.height;
    tallest = std::max(tallest, height);
  }
  // A row that fits on a page stays in one piece; a taller one begins here and goes on.
  const double page_height = sheet::bottom - sheet::top;
  approach(0, above + below + (tallest < page_height / 2 ? tallest : styles[0].size * 3));
  page.move_down(above);
  while (true) {
    const double top = page.y();
    double deepest = top;
    for (auto& one : all) {
      double at = top;
      while (!one.is_done()) {
        const auto& line = one.text.lines[one.done];
        if (at + line.height > sheet::bottom - below && at > sheet::top + above) break;
        page.move_down(at - page.y());
        draw(line, one.left, one.colour);
        at += line.height;
        ++one.done;
      }
      deepest = std::max(deepest, at);
    }
    page.move_down(deepest - page.y());
    if (std::ranges::all_of(all, &cell::is_done)) break;
    page.turn();
    page.move_down(above);
  }
  page.move_down(below);
  if (rule > 0) page.line(sheet::left, sheet::right, page.y(), rule, rule > 0.75 ? grey : pale);
  gap = 0;
}

}  // namespace net::print
