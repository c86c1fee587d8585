#include <boost/test/unit_test.hpp>
#include <random>

#include "net/print/pdf.hpp"
#include "tests/net/print/support.hpp"

using namespace net::print;
using namespace print_tests;

namespace {

constexpr int wide = 160, high = 90;

/// A picture with a dark mark in its upper left quarter and nothing else, made by poppler.
std::string a_picture(const std::string& kind) {
  const pdf_file page(printed([](auto& writer) { writer.heading(0, "████"); }));
  auto made = page.drawn(kind, 66, 84, wide, high);
  BOOST_REQUIRE(!made.empty());
  return made;
}

/// The JPEG with an Exif part that tells the orientation, big-endian or little-endian.
std::string turned(const std::string& jpeg, int orientation, bool little) {
  using namespace std::string_literals;
  const auto number = static_cast<char>(orientation);
  const auto tiff = little ? "II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0"s + number + "\0\0\0\0\0\0\0"s
                           : "MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0"s + number + "\0\0\0\0\0\0"s;
  const auto part = "Exif\0\0"s + tiff;
  return jpeg.substr(0, 2) + "\xFF\xE1"s + '\0' + static_cast<char>(part.size() + 2) + part + jpeg.substr(2);
}

/// In which quarter of the printed picture the mark is: "upper left" and so on.
std::string marked_quarter(const std::string& picture, bool on_its_side) {
  const pdf_file file(printed([&](auto& writer) { writer.image(picture); }));
  const int width = (on_its_side ? high : wide) * 3 / 4, height = (on_its_side ? wide : high) * 3 / 4;
  const auto pgm = file.drawn("gray", 68, 86, width, height);
  const auto dots = pgm.substr(pgm.size() - static_cast<std::size_t>(width * height));
  double x = 0, y = 0, count = 0;
  for (int i = 0; i < width * height; ++i) {
    if (static_cast<unsigned char>(dots[static_cast<std::size_t>(i)]) > 128) continue;
    x += i % width;
    y += i / width;
    ++count;
  }
  BOOST_REQUIRE(count > 50);
  return std::string(y / count < height / 2.0 ? "upper" : "lower") +
         (x / count < width / 2.0 ? " left" : " right");
}

void check_refused(const std::string& file, const std::string& why) {
  pdf_writer writer({}, [](std::string_view) {});
  const auto says_why = [&](const unreadable_picture& error) { return contains(error.what(), why); };
  BOOST_CHECK_EXCEPTION(writer.image(file), unreadable_picture, says_why);
  writer.paragraph("goes on");
  writer.finish();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(print_picture)

BOOST_AUTO_TEST_CASE(a_png_is_printed) {
  BOOST_TEST(marked_quarter(a_picture("png"), false) == "upper left");
}

BOOST_AUTO_TEST_CASE(a_jpeg_goes_into_the_file_as_it_is) {
  const auto jpeg = a_picture("jpeg");
  BOOST_TEST(marked_quarter(jpeg, false) == "upper left");
  const auto bytes = printed([&](auto& writer) { writer.image(jpeg); });
  BOOST_TEST(contains(bytes, jpeg));
  BOOST_TEST(contains(pdf_file(bytes).pictures(), "jpeg"));
}

BOOST_AUTO_TEST_CASE(a_photograph_is_turned_as_the_camera_says) {
  const auto jpeg = a_picture("jpeg");
  const std::string expected[] = {"upper left", "upper right", "lower right", "lower left",
                                  "upper left", "upper right", "lower right", "lower left"};
  for (int orientation = 1; orientation <= 8; ++orientation) BOOST_TEST_CONTEXT("orientation " << orientation)
  BOOST_TEST(marked_quarter(turned(jpeg, orientation, orientation % 2 == 0), orientation >= 5) ==
             expected[orientation - 1]);
  BOOST_TEST(marked_quarter(turned(jpeg, 77, false), false) == "upper left");
}

BOOST_AUTO_TEST_CASE(a_picture_that_does_not_fit_begins_a_page) {
  const auto png = a_picture("png");
  const pdf_file file(printed([&](auto& writer) {
    for (int i = 0; i < 12; ++i) writer.image(png);
  }));
  BOOST_TEST(file.pages() == 2u);
}

BOOST_AUTO_TEST_CASE(what_is_no_picture_is_refused_and_the_document_goes_on) {
  const auto png = a_picture("png"), jpeg = a_picture("jpeg");
  check_refused("", "neither");
  check_refused("GIF89a", "neither");
  check_refused(png.substr(0, 12), "cut off");
  check_refused(png.substr(0, png.size() / 2), "broken");
  check_refused(jpeg.substr(0, 20), "cut off");
  check_refused(jpeg.substr(0, jpeg.size() - 2), "cut off");
  auto huge = png;
  huge.replace(16, 8, std::string("\0\0\x7F\0\0\0\x7F\0", 8));
  check_refused(huge, "too large");
}

BOOST_AUTO_TEST_CASE(broken_bytes_are_refused_or_printed_but_never_crash) {
  for (const auto* kind : {"png", "jpeg"}) {
    const auto good = a_picture(kind);
    std::mt19937 random(7);
    for (int round = 0; round < 300; ++round) {
      auto bad = good;
      for (int i = 0; i < 3; ++i)
        bad[random() % std::min<std::size_t>(bad.size(), 400)] = static_cast<char>(random());
      if (round % 3 == 0) bad.resize(random() % bad.size());
      pdf_writer writer({}, [](std::string_view) {});
      try {
        writer.image(bad);
      } catch (const unreadable_picture& refused) {
        BOOST_TEST(contains(refused.what(), "Save it again"));
      }
      writer.finish();
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
