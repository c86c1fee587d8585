#pragma once
#include <pango/pangocairo.h>

namespace net::print {

/// Draws a line of a layout with its left end and baseline there, in the pen's colour, so that its text can
/// be read back. Pango's own drawing writes the letters of a right-to-left word from the right, each placed
/// by itself, and readers then take every letter for a word; here they are written from the left, as readers
/// of PDF expect.
void show_line(cairo_t* pen, PangoLayoutLine* line, double x, double baseline);

}  // namespace net::print
