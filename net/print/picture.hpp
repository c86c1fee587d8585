#pragma once
#include <cairo.h>

#include <memory>
#include <string_view>

#include "net/print/paper.hpp"

namespace net::print {

/// A picture ready to be drawn.
class picture {
 public:
  using handle = std::unique_ptr<cairo_surface_t, ends_with<cairo_surface_destroy>>;
  /// `orientation` as Exif numbers it: 1 upright, 2 to 8 mirrored and turned.
  picture(handle surface, int orientation);

  /// In dots, as the viewer sees it.
  double width() const;
  double height() const;
  /// With its upper left corner there, so many points a dot.
  void draw(cairo_t* pen, double left, double top, double scale) const;

 private:
  bool lies_on_its_side() const { return orientation_ >= 5; }
  handle surface_;
  int orientation_;
};

/// Reads a PNG or JPEG file. Throws unreadable_picture, saying why.
picture read_picture(std::string_view file);

/// What a JPEG file says of itself before its data.
struct jpeg_head {
  int width = 0, height = 0;
  int components = 0;
  int orientation = 1;
};
/// Throws unreadable_picture for what is no whole JPEG file.
jpeg_head read_jpeg_head(std::string_view file);

}  // namespace net::print
