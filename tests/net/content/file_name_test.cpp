#include "net/content/file_name.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "model/file_type.hpp"

using namespace net::contents;

BOOST_AUTO_TEST_SUITE(file_names)

BOOST_AUTO_TEST_CASE(a_path_is_reduced_to_its_last_part) {
  BOOST_TEST(file_name_of("letter.pdf").value() == "letter.pdf");
  BOOST_TEST(file_name_of("../../etc/passwd").value() == "passwd");
  BOOST_TEST(file_name_of("C:\\Users\\Ada\\Desktop\\Siân's letter.pdf").value() == "Siân's letter.pdf");
  BOOST_TEST(file_name_of("  spaced.txt ").value() == "spaced.txt");
}

BOOST_AUTO_TEST_CASE(what_is_no_name_is_refused) {
  for (const auto* bad : {"", " ", ".", "..", "a/", "a\\..", "a\nb", "a\rb", "a\x01", "a\x7f", "a\xc2\x85",
                          "a\u2028b", "\xff", "\u200b"})
    BOOST_TEST(!file_name_of(bad), bad);
  BOOST_TEST(!file_name_of(std::string_view("a\0b", 3)));
  BOOST_TEST(file_name_of(std::string(200, 'x')).has_value());
  BOOST_TEST(!file_name_of(std::string(201, 'x')));
}

BOOST_AUTO_TEST_CASE(a_name_ends_as_its_type_does) {
  BOOST_TEST(with_extension("letter", model::pdf_type) == "letter.pdf");
  BOOST_TEST(with_extension("Letter.PDF", model::pdf_type) == "Letter.PDF");
  BOOST_TEST(with_extension("invoice.exe", model::pdf_type) == "invoice.exe.pdf");
  BOOST_TEST(with_extension("photo.jpeg", model::jpeg_type) == "photo.jpeg");
  BOOST_TEST(with_extension("page.html", model::plain_text_type) == "page.html.txt");
}

BOOST_AUTO_TEST_CASE(a_header_cannot_be_broken_out_of) {
  BOOST_TEST(attachment_named("a b.pdf") == "attachment; filename=\"a b.pdf\"; filename*=UTF-8''a%20b.pdf");
  BOOST_TEST(attachment_named("é\"x.txt") ==
             "attachment; filename=\"___x.txt\"; filename*=UTF-8''%C3%A9%22x.txt");
  for (int c = 0; c < 256; ++c) {
    const auto header = attachment_named(std::string("a") + static_cast<char>(c) + "b");
    BOOST_TEST(std::count(header.begin(), header.end(), '"') == 2);
    for (const char h : header) BOOST_TEST((h >= ' ' && h <= '~'));
  }
}

BOOST_AUTO_TEST_SUITE_END()
