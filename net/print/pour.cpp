// How text becomes lines and lines become pages.
#include <algorithm>

#include "net/print/clean_text.hpp"
#include "net/print/parts.hpp"
#include "net/print/show_line.hpp"

namespace net::print {
namespace {

/// Laid out at once, about a page: Pango takes quadratic time where there is no space to break a line at.
constexpr std::size_t piece_size = 4 * 1024;
constexpr double marker_gap = 6, bar_gap = 11;

double in_points(int pango_units) { return pango_units / double{PANGO_SCALE}; }

void insert(PangoAttrList* list, PangoAttribute* made, std::size_t begin, std::size_t end) {
  made->start_index = static_cast<guint>(begin);
  made->end_index = static_cast<guint>(end);
  pango_attr_list_insert(list, made);
}

/// The stretches of `whole` that lie in the `length` bytes from `offset` on.
void apply_stretches(PangoLayout* layout, const styled_text& whole, std::size_t offset, std::size_t length,
                     bool bold) {
  const std::unique_ptr<PangoAttrList, ends_with<pango_attr_list_unref>> list(pango_attr_list_new());
  if (bold) insert(list.get(), pango_attr_weight_new(PANGO_WEIGHT_BOLD), 0, length);
  const auto& all = whole.stretches();
  auto at = std::partition_point(all.begin(), all.end(), [&](const auto& s) { return s.end <= offset; });
  for (; at != all.end() && at->begin < offset + length; ++at) {
    const auto begin = std::max(at->begin, offset) - offset;
    const auto end = std::min(at->end, offset + length) - offset;
    if (at->bold) insert(list.get(), pango_attr_weight_new(PANGO_WEIGHT_BOLD), begin, end);
    if (at->italic) insert(list.get(), pango_attr_style_new(PANGO_STYLE_ITALIC), begin, end);
  }
  pango_layout_set_attributes(layout, list.get());
}

/// The first part of a long text: up to a line end, else a space, else between two characters.
std::string_view first_piece(std::string_view text) {
  if (text.size() <= piece_size) return text;
  auto piece = text.substr(0, piece_size);
  if (const auto end = piece.rfind('\n'); end != std::string_view::npos) return piece.substr(0, end + 1);
  if (const auto end = piece.rfind(' '); end != std::string_view::npos) return piece.substr(0, end + 1);
  std::size_t end = piece_size;
  while (end > piece_size - 4 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

}  // namespace

set_text pdf_writer::parts::set(std::string_view text, const styled_text& whole, std::size_t offset,
                                const text_style& style, double width) const {
  set_text made{page.layout(text, style.size), {}};
  auto* layout = made.layout.get();
  pango_layout_set_width(layout, std::max(1, static_cast<int>(width * PANGO_SCALE)));
  pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
  apply_stretches(layout, whole, offset, text.size(), style.bold);
  const std::unique_ptr<PangoLayoutIter, ends_with<pango_layout_iter_free>> at(pango_layout_get_iter(layout));
  do {
    PangoRectangle logical;
    pango_layout_iter_get_line_extents(at.get(), nullptr, &logical);
    const double ascent = in_points(pango_layout_iter_get_baseline(at.get()) - logical.y);
    made.lines.push_back({pango_layout_iter_get_line_readonly(at.get()), in_points(logical.x), ascent,
                          in_points(logical.height)});
  } while (pango_layout_iter_next_line(at.get()));
  return made;
}

void pdf_writer::parts::draw(const set_line& what, double left, const ink& colour) {
  page.use(colour);
  show_line(page.pen(), what.line, left + what.x, page.y() + what.ascent);
}

void pdf_writer::parts::approach(double before, double needed) {
  const double owed = std::max(gap, before);
  gap = 0;
  if (page.at_top()) return;
  if (page.room() < owed + needed)
    page.turn();
  else
    page.move_down(owed);
}

void pdf_writer::parts::pour(const styled_text& text, const text_style& style, const text_box& box) {
  const std::string_view whole = text.text();
  std::size_t done = 0;
  bool begins = true;
  do {
    auto piece = first_piece(whole.substr(done));
    const bool ends = done + piece.size() == whole.size();
    const bool whole_lines = piece.ends_with('\n');
    // The line end that closes a piece would open an empty line.
    const auto shown = !ends && whole_lines ? piece.substr(0, piece.size() - 1) : piece;
    const auto laid = set(shown, text, done, style, box.right - box.left);
    auto count = laid.lines.size();
    if (!ends && !whole_lines && count > 1) {
      // Its last line is not full: it begins the next piece.
      --count;
      piece = piece.substr(0, static_cast<std::size_t>(laid.lines[count].line->start_index));
    }
    pour_lines(laid, count, style, box, begins);
    done += piece.size();
    begins = false;
  } while (done < whole.size());
  gap = style.after;
}

void pdf_writer::parts::pour_lines(const set_text& text, std::size_t count, const text_style& style,
                                   const text_box& box, bool begins) {
  // No line of several stands alone at the foot of a page.
  const double first = text.lines[0].height + (count > 1 ? text.lines[1].height : 0) + style.keep;
  if (begins) approach(style.before, std::min(first, sheet::bottom - sheet::top));
  for (std::size_t i = 0; i < count; ++i) {
    const auto& line = text.lines[i];
    // Nor at the head of the next: the last two go together.
    const bool last_two = i > 0 && i + 2 == count;
    const double needed = line.height + (last_two ? text.lines[i + 1].height : 0);
    if (page.room() < needed && !page.at_top()) page.turn();
    if (begins && i == 0 && !box.marker.empty()) mark(line, style, box);
    draw(line, box.left, style.colour);
    if (box.barred) {
      page.use(pale);
      cairo_rectangle(page.pen(), box.left - bar_gap, page.y(), 2.5, line.height);
      cairo_fill(page.pen());
    }
    page.move_down(line.height);
  }
}

void pdf_writer::parts::mark(const set_line& first, const text_style& style, const text_box& box) {
  const auto marker = page.layout(clean_line(box.marker), style.size);
  PangoRectangle logical;
  pango_layout_get_extents(marker.get(), nullptr, &logical);
  const bool from_the_right = pango_layout_line_get_resolved_direction(first.line) == PANGO_DIRECTION_RTL;
  const double x = from_the_right ? box.right + marker_gap : box.left - marker_gap - in_points(logical.width);
  page.use(style.colour);
  show_line(page.pen(), pango_layout_get_line_readonly(marker.get(), 0), x, page.y() + first.ascent);
}

}  // namespace net::print
