#include "net/print/show_line.hpp"

#include <algorithm>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace net::print {
namespace {

double in_points(int pango_units) { return pango_units / double{PANGO_SCALE}; }

/// Letters of one font and direction, and the text they stand for.
struct stretch_of_letters {
  std::vector<cairo_glyph_t> glyphs;
  std::vector<cairo_text_cluster_t> clusters;
  std::string text;
};

/// Boxes for missing letters and what is not seen are Pango's to draw.
bool is_special(const PangoGlyphInfo& info) {
  return info.glyph == PANGO_GLYPH_EMPTY || (info.glyph & PANGO_GLYPH_UNKNOWN_FLAG) != 0;
}

/// The clusters of a right-to-left run in the order in which they stand, from the left.
stretch_of_letters from_the_left(const char* text, PangoGlyphItem* run, double x, double baseline) {
  stretch_of_letters out;
  const std::span all(run->glyphs->glyphs, static_cast<std::size_t>(run->glyphs->num_glyphs));
  for (const auto& info : all) {
    out.glyphs.push_back(
        {info.glyph, x + in_points(info.geometry.x_offset), baseline + in_points(info.geometry.y_offset)});
    x += in_points(info.geometry.width);
  }
  std::vector<std::string_view> texts;
  PangoGlyphItemIter at;
  for (auto more = pango_glyph_item_iter_init_start(&at, run, text); more;
       more = pango_glyph_item_iter_next_cluster(&at)) {
    texts.emplace_back(text + at.start_index, static_cast<std::size_t>(at.end_index - at.start_index));
    out.clusters.push_back({at.end_index - at.start_index, std::abs(at.end_glyph - at.start_glyph)});
  }
  std::ranges::reverse(out.clusters);
  for (auto one = texts.rbegin(); one != texts.rend(); ++one) out.text += *one;
  return out;
}

void show_run(cairo_t* pen, const char* text, PangoGlyphItem* run, double x, double baseline) {
  const std::span all(run->glyphs->glyphs, static_cast<std::size_t>(run->glyphs->num_glyphs));
  auto* font = PANGO_CAIRO_FONT(run->item->analysis.font);
  auto* scaled = font ? pango_cairo_font_get_scaled_font(font) : nullptr;
  const bool from_the_right = (run->item->analysis.level & 1) != 0;
  if (!scaled || !from_the_right || std::ranges::any_of(all, is_special)) {
    cairo_move_to(pen, x, baseline);
    pango_cairo_show_glyph_item(pen, text, run);
    return;
  }
  const auto letters = from_the_left(text, run, x, baseline);
  cairo_set_scaled_font(pen, scaled);
  cairo_show_text_glyphs(pen, letters.text.data(), static_cast<int>(letters.text.size()),
                         letters.glyphs.data(), static_cast<int>(letters.glyphs.size()),
                         letters.clusters.data(), static_cast<int>(letters.clusters.size()),
                         cairo_text_cluster_flags_t{});
}

}  // namespace

void show_line(cairo_t* pen, PangoLayoutLine* line, double x, double baseline) {
  const char* text = pango_layout_get_text(line->layout);
  for (auto* at = line->runs; at != nullptr; at = at->next) {
    auto* run = static_cast<PangoGlyphItem*>(at->data);
    show_run(pen, text, run, x, baseline);
    x += in_points(pango_glyph_string_get_width(run->glyphs));
  }
}

}  // namespace net::print
