#include "net/print/pdf.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "net/print/parts.hpp"
#include "net/print/picture.hpp"

namespace net::print {
namespace {

constexpr double list_indent = 20, name_width = 116;
constexpr text_style body{};

/// A cell longer than this is no matter for a narrow column.
constexpr std::size_t longest_cell = 8 * 1024;

text_style heading_style(int level) {
  text_style style;
  style.bold = true;
  style.keep = 3 * body.size;
  constexpr std::array sizes{19.0, 14.5, 12.0, 10.5}, spaces{0.0, 18.0, 14.0, 10.0},
      follows{10.0, 6.0, 5.0, 3.0};
  const auto at = static_cast<std::size_t>(std::clamp(level, 0, 3));
  style.size = sizes[at];
  style.before = spaces[at];
  style.after = follows[at];
  return style;
}

std::vector<double> widths_of(std::size_t cells, std::span<const double> shares) {
  std::vector<double> widths(shares.begin(), shares.end());
  widths.resize(cells, 1);
  for (auto& width : widths) width = std::max(width, 0.01);
  const double sum = std::accumulate(widths.begin(), widths.end(), 0.0);
  for (auto& width : widths) width *= (sheet::right - sheet::left) / sum;
  return widths;
}

}  // namespace

pdf_writer::pdf_writer(pdf_frame frame, byte_sink sink)
    : parts_(new parts{{std::move(frame), std::move(sink)}}) {}
pdf_writer::~pdf_writer() = default;

void pdf_writer::heading(int level, const styled_text& text) { parts_->pour(text, heading_style(level), {}); }

void pdf_writer::paragraph(const styled_text& text) { parts_->pour(text, body, {}); }

void pdf_writer::remark(const styled_text& text) {
  parts_->pour(text, {.size = 8.5, .colour = grey, .before = 3, .after = 4}, {});
}

void pdf_writer::list_item(int depth, std::string_view marker, const styled_text& text) {
  // Indented on both sides, as the marker of a right-to-left item stands on the right; both give way
  // where lists are nested beyond reason.
  const double indent = list_indent * (std::clamp(depth, 0, 5) + 1);
  auto style = body;
  style.before = style.after = 4;
  parts_->pour(text, style, {sheet::left + indent, sheet::right - list_indent, marker});
}

void pdf_writer::quote(const styled_text& text) {
  auto style = body;
  style.colour = grey;
  parts_->pour(text, style, {.left = sheet::left + list_indent, .barred = true});
}

void pdf_writer::table_row(std::span<const styled_text> cells, std::span<const double> shares, bool head) {
  if (cells.empty()) return;
  if (std::ranges::any_of(cells, [](const auto& cell) { return cell.text().size() > longest_cell; })) {
    for (const auto& cell : cells) paragraph(cell);
    return;
  }
  text_style style;
  style.size = 9.5;
  style.bold = head;
  const std::vector<text_style> styles(cells.size(), style);
  if (head) space(9);
  parts_->row(cells, widths_of(cells.size(), shares), styles, head ? 1 : 0.5);
}

void pdf_writer::fields(const model::fields& all) {
  const double widths[] = {name_width, sheet::right - sheet::left - name_width};
  text_style name, value;
  name.size = value.size = 9.5;
  name.colour = grey;
  for (const auto& [left, right] : all) {
    const styled_text cells[] = {left, right};
    if (right.size() > longest_cell) {
      remark(left);
      paragraph(right);
    } else {
      const text_style styles[] = {name, value};
      parts_->row(cells, widths, styles, 0);
    }
  }
  parts_->gap = body.after;
}

void pdf_writer::rule() {
  parts_->approach(8, 4);
  parts_->page.line(sheet::left, sheet::right, parts_->page.y(), 0.5, grey);
  parts_->gap = 10;
}

void pdf_writer::signature_line() {
  constexpr double height = 34, length = 210, name_below = 30;
  parts_->approach(0, height + name_below);
  auto& page = parts_->page;
  page.move_down(height);
  page.line(sheet::left, sheet::left + length, page.y(), 0.75, black);
  parts_->gap = 4;
}

void pdf_writer::space(double points) {
  auto& owed = parts_->gap;
  owed = std::max(owed, points);
}

void pdf_writer::image(std::string_view file) {
  const auto found = read_picture(file);
  auto& page = parts_->page;
  const double most_wide = sheet::right - sheet::left, most_high = sheet::bottom - sheet::top;
  constexpr double dots_to_points = 72.0 / 96;
  const double scale = std::min({dots_to_points, most_wide / found.width(), most_high / found.height()});
  parts_->approach(6, found.height() * scale);
  found.draw(page.pen(), sheet::left, page.y(), scale);
  page.move_down(found.height() * scale);
  parts_->gap = 10;
}

void pdf_writer::new_page() {
  if (!parts_->page.blank()) parts_->page.turn();
  parts_->gap = 0;
}

void pdf_writer::finish() { parts_->page.finish(); }

std::size_t pdf_writer::pages() const { return parts_->page.pages(); }

void print_counted(pdf_frame frame, const byte_sink& sink, const std::function<void(pdf_writer&)>& print) {
  frame.pages.reset();
  pdf_writer rehearsal(frame, [](std::string_view) {});
  print(rehearsal);
  rehearsal.finish();
  frame.pages = rehearsal.pages();
  pdf_writer writer(std::move(frame), sink);
  print(writer);
  writer.finish();
}

}  // namespace net::print
