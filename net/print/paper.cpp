#include "net/print/paper.hpp"

#include <cairo-pdf.h>
#include <fontconfig/fontconfig.h>

#include <cmath>
#include <stdexcept>
#include <utility>

#include "net/print/clean_text.hpp"
#include "net/print/show_line.hpp"

#ifdef __SANITIZE_ADDRESS__
/// fontconfig keeps its configuration and font lists until the process ends, by pointers that the leak
/// sanitizer does not follow. FcFini would give them back, but ends the process while any cache still holds a
/// font.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libfontconfig.so\n"; }
#endif

namespace net::print {
namespace {

/// Cairo writes a few bytes at a time; a sink wants to be called less often.
constexpr std::size_t enough_to_give = 32 * 1024;
constexpr double edge_size = 8;

/// In order of preference; any other installed font stands in where none of them has a letter. The Chinese
/// ones are named, or their punctuation would come from whatever font sorts first.
constexpr const char* families =
    "Noto Sans, DejaVu Sans, Noto Sans CJK SC, WenQuanYi Micro Hei, Symbola, sans-serif";

/// Pango itself knows families even where no font is installed.
bool any_font() {
  const std::unique_ptr<FcConfig, ends_with<FcConfigDestroy>> now(FcConfigReference(nullptr));
  const auto* fonts = now ? FcConfigGetFonts(now.get(), FcSetSystem) : nullptr;
  return fonts && fonts->nfont > 0;
}

struct font_options {
  cairo_font_options_t* value = cairo_font_options_create();
  ~font_options() { cairo_font_options_destroy(value); }
};

}  // namespace

paper::paper(pdf_frame frame, byte_sink sink) : frame_(std::move(frame)), sink_(std::move(sink)) {
  for (auto* text : {&frame_.title, &frame_.header_left, &frame_.header_right, &frame_.footer_left,
                     &frame_.author, &frame_.language})
    *text = clean_line(*text);
  make_context();
  make_surface();
}

paper::~paper() {
  // Destroying an unfinished surface writes the rest of the file, which is nobody's any more.
  deaf_ = true;
}

void paper::make_context() {
  // A font map of its own: the default one is for one thread.
  fonts_.reset(pango_cairo_font_map_new());
  pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(fonts_.get()), 72);  // a unit is a point
  if (!any_font())
    throw std::runtime_error(
        "cannot write a PDF: no font is installed. Install fonts-noto-core (apt-get install "
        "fonts-noto-core)");
  context_.reset(pango_font_map_create_context(fonts_.get()));
  // Hinting fits letters to a screen's pixels; on paper it only spoils the spacing.
  font_options options;
  cairo_font_options_set_hint_style(options.value, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options.value, CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options(context_.get(), options.value);
  pango_context_set_round_glyph_positions(context_.get(), FALSE);
  pango_context_set_language(context_.get(), pango_language_from_string(frame_.language.c_str()));
}

void paper::make_surface() {
  surface_.reset(cairo_pdf_surface_create_for_stream(&paper::take, this, sheet::width, sheet::height));
  describe_file();
  pen_.reset(cairo_create(surface_.get()));
  check();
}

void paper::describe_file() {
  const auto tell = [&](cairo_pdf_metadata_t what, const std::string& text) {
    if (!text.empty()) cairo_pdf_surface_set_metadata(surface_.get(), what, text.c_str());
  };
  tell(CAIRO_PDF_METADATA_TITLE, frame_.title);
  tell(CAIRO_PDF_METADATA_AUTHOR, frame_.author);
  tell(CAIRO_PDF_METADATA_CREATOR, "Keywork");
  // Without it Cairo asks the clock.
  tell(CAIRO_PDF_METADATA_CREATE_DATE,
       model::to_text(std::chrono::floor<std::chrono::seconds>(frame_.created)));
}

cairo_status_t paper::take(void* self, const unsigned char* bytes, unsigned length) {
  auto& me = *static_cast<paper*>(self);
  if (me.deaf_) return CAIRO_STATUS_SUCCESS;
  try {
    me.give({reinterpret_cast<const char*>(bytes), length});
    return CAIRO_STATUS_SUCCESS;
  } catch (...) {  // must not pass through C; check() throws it again
    me.thrown_ = std::current_exception();
    me.deaf_ = true;
    return CAIRO_STATUS_WRITE_ERROR;
  }
}

void paper::give(std::string_view bytes) {
  waiting_ += bytes;
  if (waiting_.size() < enough_to_give) return;
  sink_(waiting_);
  waiting_.clear();
}

void paper::check() const {
  if (thrown_) std::rethrow_exception(thrown_);
  const auto surface = cairo_surface_status(surface_.get());
  const auto status = surface != CAIRO_STATUS_SUCCESS || !pen_ ? surface : cairo_status(pen_.get());
  if (status != CAIRO_STATUS_SUCCESS)
    throw std::runtime_error(std::string("cannot write the PDF: ") + cairo_status_to_string(status) +
                             ". Is there enough memory? Try again");
}

cairo_t* paper::pen() {
  if (finished_) throw std::logic_error("printing after the end of the document");
  if (!open_) begin_page();
  return pen_.get();
}

void paper::use(const ink& colour) { cairo_set_source_rgb(pen(), colour.red, colour.green, colour.blue); }

void paper::line(double x1, double x2, double at, double thickness, const ink& colour) {
  use(colour);
  cairo_set_line_width(pen_.get(), thickness);
  cairo_move_to(pen_.get(), x1, at);
  cairo_line_to(pen_.get(), x2, at);
  cairo_stroke(pen_.get());
}

layout_handle paper::layout(std::string_view text, double size) const {
  layout_handle made(pango_layout_new(context_.get()));
  const std::unique_ptr<PangoFontDescription, ends_with<pango_font_description_free>> font(
      pango_font_description_new());
  pango_font_description_set_family_static(font.get(), families);
  pango_font_description_set_size(font.get(), static_cast<int>(std::lround(size * PANGO_SCALE)));
  pango_layout_set_font_description(made.get(), font.get());
  pango_layout_set_text(made.get(), text.data(), static_cast<int>(text.size()));
  return made;
}

void paper::turn() {
  if (!open_) begin_page();  // an empty page that was asked for
  end_page();
}

void paper::begin_page() {
  open_ = true;
  ++pages_;
  constexpr double above = 40, below = sheet::height - 44, gap = 24;
  constexpr double middle = (sheet::left + sheet::right) / 2;
  print_edge(frame_.header_left, middle - gap / 2, above, false);
  print_edge(frame_.header_right, sheet::right, above, true);
  line(sheet::left, sheet::right, above + 9, 0.5, pale);
  auto number = "Page " + std::to_string(pages_);
  if (frame_.pages) number += " of " + std::to_string(*frame_.pages);
  line(sheet::left, sheet::right, below - 16, 0.5, pale);
  print_edge(frame_.footer_left, sheet::right - 90, below, false);
  print_edge(number, sheet::right, below, true);
}

/// One line that ends at `right_edge`, or begins at the left margin and is cut there.
void paper::print_edge(const std::string& text, double right_edge, double baseline, bool to_the_right) const {
  if (text.empty()) return;
  const auto line_of_text = layout(text, edge_size);
  const double from = to_the_right ? (sheet::left + sheet::right) / 2 : sheet::left;
  pango_layout_set_single_paragraph_mode(line_of_text.get(), TRUE);
  pango_layout_set_ellipsize(line_of_text.get(), PANGO_ELLIPSIZE_END);
  pango_layout_set_auto_dir(line_of_text.get(), FALSE);  // the side is the page's matter, not the text's
  pango_layout_set_alignment(line_of_text.get(), to_the_right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
  pango_layout_set_width(line_of_text.get(), static_cast<int>((right_edge - from) * PANGO_SCALE));
  cairo_set_source_rgb(pen_.get(), grey.red, grey.green, grey.blue);
  PangoRectangle place;
  pango_layout_get_extents(line_of_text.get(), nullptr, &place);
  show_line(pen_.get(), pango_layout_get_line_readonly(line_of_text.get(), 0),
            from + place.x / double{PANGO_SCALE}, baseline);
}

void paper::end_page() {
  cairo_show_page(pen_.get());
  open_ = false;
  y_ = sheet::top;
  check();
}

void paper::finish() {
  if (finished_) return;
  if (!open_ && pages_ == 0) begin_page();  // a file without a page is none
  if (open_) end_page();
  finished_ = true;
  pen_.reset();
  cairo_surface_finish(surface_.get());
  check();
  deaf_ = true;
  if (!waiting_.empty()) sink_(waiting_);
  waiting_.clear();
}

}  // namespace net::print
