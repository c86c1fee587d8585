#pragma once
#include <cairo.h>
#include <pango/pangocairo.h>

#include <exception>
#include <memory>
#include <string>
#include <string_view>

#include "net/print/pdf.hpp"

namespace net::print {

/// Calls the C library's own end for its handle.
template <auto End>
struct ends_with {
  template <class T>
  void operator()(T* handle) const {
    End(handle);
  }
};
using layout_handle = std::unique_ptr<PangoLayout, ends_with<g_object_unref>>;

/// A colour, 0 to 1.
struct ink {
  double red, green, blue;
};
inline constexpr ink black{0.1, 0.1, 0.12}, grey{0.38, 0.4, 0.44}, pale{0.78, 0.8, 0.83};

/// A4 in points, and the part of it that the text fills.
struct sheet {
  static constexpr double width = 595.276, height = 841.89;
  static constexpr double left = 68, right = width - 68, top = 86, bottom = height - 84;
};

/// The file and the page being filled: pages begin when something comes onto them, with header and footer.
class paper {
 public:
  paper(pdf_frame frame, byte_sink sink);
  ~paper();
  paper(const paper&) = delete;
  paper& operator=(const paper&) = delete;

  /// What draws on the current page, begun if need be.
  cairo_t* pen();
  void use(const ink& colour);
  void line(double x1, double x2, double at, double thickness, const ink& colour);

  /// A text to be laid out in points: not wrapped and not styled yet.
  layout_handle layout(std::string_view text, double size) const;

  /// Where the next thing goes, in points from the top of the sheet.
  double y() const { return y_; }
  void move_down(double points) { y_ += points; }
  bool at_top() const { return y_ <= sheet::top; }
  double room() const { return sheet::bottom - y_; }
  /// Whether nothing stands on the current page yet.
  bool blank() const { return !open_; }
  void turn();
  void finish();
  std::size_t pages() const { return pages_; }

 private:
  static cairo_status_t take(void* self, const unsigned char* bytes, unsigned length);
  void make_context();
  void make_surface();
  void describe_file();
  void begin_page();
  void end_page();
  void print_edge(const std::string& text, double right_edge, double baseline, bool to_the_right) const;
  void give(std::string_view bytes);
  void check() const;

  pdf_frame frame_;
  byte_sink sink_;
  std::string waiting_;        ///< written but not yet given to the sink
  std::exception_ptr thrown_;  ///< by the sink, while Cairo's C code was on the stack
  bool deaf_ = false;          ///< nothing more goes to the sink
  std::unique_ptr<PangoFontMap, ends_with<g_object_unref>> fonts_;
  std::unique_ptr<PangoContext, ends_with<g_object_unref>> context_;
  std::unique_ptr<cairo_surface_t, ends_with<cairo_surface_destroy>> surface_;
  std::unique_ptr<cairo_t, ends_with<cairo_destroy>> pen_;
  bool open_ = false, finished_ = false;
  std::size_t pages_ = 0;
  double y_ = sheet::top;
};

}  // namespace net::print
