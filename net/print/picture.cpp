#include "net/print/picture.hpp"

#include <cstring>
#include <string>
#include <utility>

namespace net::print {
namespace {

constexpr std::string_view png_begin = "\x89PNG\r\n\x1A\n", jpeg_begin = "\xFF\xD8\xFF";

/// Cairo's limit for a side, and what a PNG may take when decoded (4 bytes a dot): 16 million dots are an
/// A4 page at 400 dots an inch.
constexpr int longest_side = 32767;
constexpr long most_dots = 16'000'000;

void refuse(const std::string& why) {
  throw unreadable_picture("the picture cannot be printed: " + why + ". Save it again as PNG or JPEG");
}

void check_size(long width, long height, long most) {
  if (width <= 0 || height <= 0) refuse("it has no size");
  if (width > longest_side || height > longest_side || width * height > most)
    refuse("it is too large (" + std::to_string(width) + " by " + std::to_string(height) + " dots)");
}

long big_endian(std::string_view four) {
  unsigned long value = 0;
  for (const char c : four) value = value << 8 | static_cast<unsigned char>(c);
  return static_cast<long>(value);
}

cairo_status_t read_some(void* rest, unsigned char* into, unsigned length) {
  auto& left = *static_cast<std::string_view*>(rest);
  if (left.size() < length) return CAIRO_STATUS_READ_ERROR;
  std::memcpy(into, left.data(), length);
  left.remove_prefix(length);
  return CAIRO_STATUS_SUCCESS;
}

picture read_png(std::string_view file) {
  // The first chunk is IHDR with the size; checked before a small file becomes a large picture.
  if (file.size() < 24) refuse("the PNG file is cut off");
  check_size(big_endian(file.substr(16, 4)), big_endian(file.substr(20, 4)), most_dots);
  picture::handle surface(cairo_image_surface_create_from_png_stream(&read_some, &file));
  if (const auto status = cairo_surface_status(surface.get()); status != CAIRO_STATUS_SUCCESS)
    refuse(std::string("the PNG file is broken (") + cairo_status_to_string(status) + ")");
  return {std::move(surface), 1};
}

picture read_jpeg(std::string_view file) {
  const auto head = read_jpeg_head(file);
  check_size(head.width, head.height, long{longest_side} * longest_side);
  if (head.components != 1 && head.components != 3) refuse("its colours are not for the screen");
  // The file itself goes into the PDF; the dots of this surface are never touched, nor their memory.
  picture::handle surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, head.width, head.height));
  auto* copy = new std::string(file);
  const auto status = cairo_surface_set_mime_data(
      surface.get(), CAIRO_MIME_TYPE_JPEG, reinterpret_cast<const unsigned char*>(copy->data()), copy->size(),
      [](void* held) { delete static_cast<std::string*>(held); }, copy);
  if (status != CAIRO_STATUS_SUCCESS) {
    delete copy;
    throw std::runtime_error(std::string("cannot print a picture: ") + cairo_status_to_string(status) +
                             ". Is there enough memory? Try again");
  }
  return {std::move(surface), head.orientation};
}

}  // namespace

picture::picture(handle surface, int orientation) : surface_(std::move(surface)), orientation_(orientation) {}

double picture::width() const {
  return lies_on_its_side() ? cairo_image_surface_get_height(surface_.get())
                            : cairo_image_surface_get_width(surface_.get());
}

double picture::height() const {
  return lies_on_its_side() ? cairo_image_surface_get_width(surface_.get())
                            : cairo_image_surface_get_height(surface_.get());
}

void picture::draw(cairo_t* pen, double left, double top, double scale) const {
  const double w = cairo_image_surface_get_width(surface_.get());
  const double h = cairo_image_surface_get_height(surface_.get());
  // Where the stored picture's x and y axes and its corner go, for orientations 1 to 8.
  const cairo_matrix_t turned[] = {{1, 0, 0, 1, 0, 0},   {-1, 0, 0, 1, w, 0}, {-1, 0, 0, -1, w, h},
                                   {1, 0, 0, -1, 0, h},  {0, 1, 1, 0, 0, 0},  {0, 1, -1, 0, h, 0},
                                   {0, -1, -1, 0, h, w}, {0, -1, 1, 0, 0, w}};
  cairo_save(pen);
  cairo_translate(pen, left, top);
  cairo_scale(pen, scale, scale);
  cairo_transform(pen, &turned[orientation_ - 1]);
  cairo_set_source_surface(pen, surface_.get(), 0, 0);
  cairo_rectangle(pen, 0, 0, w, h);
  cairo_fill(pen);
  cairo_restore(pen);
}

picture read_picture(std::string_view file) {
  if (file.starts_with(png_begin)) return read_png(file);
  if (!file.starts_with(jpeg_begin)) refuse("it is neither a PNG nor a JPEG file");
  return read_jpeg(file);
}

}  // namespace net::print
