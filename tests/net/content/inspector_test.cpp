#include "net/content/inspector.hpp"

#include <boost/test/unit_test.hpp>

#include "actors/secrets.hpp"
#include "model/file_type.hpp"
#include "tests/net/content/files.hpp"

using namespace content_test;
using net::contents::inspected;

namespace {

using judged = std::variant<inspected, model::refusal>;

judged judge(const std::string& file, std::string_view claimed = {}) {
  static net::contents::inspector inspector;
  return inspector.inspect(bytes{file}, claimed);
}

std::string type_of(const judged& j) {
  if (const auto* no = std::get_if<model::refusal>(&j)) return "refused: " + no->detail;
  return std::get<inspected>(j).media_type;
}

/// The code of a refusal, and of its field where it has one.
std::string refused(const judged& j) {
  const auto* no = std::get_if<model::refusal>(&j);
  if (!no) return "taken as " + std::get<inspected>(j).media_type;
  const auto code = std::string(to_text(no->code));
  return no->errors.empty() ? code : code + " " + no->errors[0].code;
}

std::string without_end(const std::string& file, std::size_t bytes) {
  return file.substr(0, file.size() - bytes);
}

struct kind {
  std::string_view type;
  std::string file;
};
const std::vector<kind>& kinds() {
  static const std::vector<kind> all{
      {model::pdf_type, pdf()},   {model::png_type, png()},
      {model::jpeg_type, jpeg()}, {model::docx_type, docx()},
      {model::odt_type, odt()},   {model::plain_text_type, "The boiler is mended.\nSiân will ring. 部屋\n"}};
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(inspector)

BOOST_AUTO_TEST_CASE(R23_every_kind_that_is_taken_is_known_by_its_bytes) {
  for (const auto& k : kinds()) {
    const auto found = judge(k.file);
    BOOST_TEST_CONTEXT(k.type) {
      BOOST_TEST(type_of(found) == k.type);
      BOOST_TEST(std::get<inspected>(found).sha256 == actors::sha256(k.file));
    }
  }
}

BOOST_AUTO_TEST_CASE(R23_a_file_that_lies_about_its_type_is_refused) {
  for (const auto& file : kinds())
    for (const auto& said : kinds()) {
      const auto found = judge(file.file, said.type);
      BOOST_TEST_CONTEXT(file.type << " said to be " << said.type) {
        if (file.type == said.type)
          BOOST_TEST(type_of(found) == said.type);
        else
          BOOST_TEST(refused(found) == "unsupported_media_type");
      }
    }
}

BOOST_AUTO_TEST_CASE(R23_octet_stream_claims_nothing_and_parameters_do_not_matter) {
  BOOST_TEST(type_of(judge(pdf(), "application/octet-stream")) == model::pdf_type);
  BOOST_TEST(type_of(judge(pdf(), "Application/PDF")) == model::pdf_type);
  BOOST_TEST(type_of(judge("words", "text/plain; charset=utf-8")) == model::plain_text_type);
  BOOST_TEST(type_of(judge(jpeg(), "image/jpg")) == model::jpeg_type);
}

BOOST_AUTO_TEST_CASE(R23_the_refusal_names_what_was_found_and_what_is_taken) {
  const auto no = std::get<model::refusal>(judge("GIF89a\x01\0\x01\0\x80 and more"));
  BOOST_TEST(no.detail.find("image/gif") != std::string::npos);
  for (const auto& t : model::file_types) BOOST_TEST(no.detail.find(t.words) != std::string::npos);
  const auto liar = std::get<model::refusal>(judge(pdf(), "image/png"));
  BOOST_TEST(liar.detail.find("image/png") != std::string::npos);
  BOOST_TEST(liar.detail.find("application/pdf") != std::string::npos);
  // What cannot be repeated in a JSON text is not.
  BOOST_TEST(std::get<model::refusal>(judge(pdf(), "image/\xff\"")).detail.find('\xff') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(R23_other_files_are_refused_whatever_they_are_called) {
  const std::vector<std::string> others{
      std::string("MZ\x90\0\x03\0\0\0", 8) + std::string(200, '\0'),
      std::string("\x7f"
                  "ELF\x02\x01\x01\0",
                  8) +
          std::string(200, '\0'),
      "GIF89a\x01\0\x01\0\x80",
      "#!/bin/sh\nrm -rf /\n",
      "<!DOCTYPE html><html><script>alert(1)</script></html>",
      "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"></svg>",
      "{\\rtf1\\ansi hello}",
      zip({{"a.txt", "a"}}),
      zip({{"[Content_Types].xml", "<Types/>"}, {"xl/workbook.xml", "<x/>"}}),
      docx({{"word/vbaProject.bin", "macro"}}),
      zip({{"content.xml", "<x/>"}, {"mimetype", "application/vnd.oasis.opendocument.text"}}),
      zip({{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}, {"content.xml", "<x/>"}}),
      std::string(100, '\0')};
  for (const auto& file : others)
    for (const auto* said : {"", "text/plain", "application/pdf"})
      BOOST_TEST(refused(judge(file, said)) == "unsupported_media_type", file.substr(0, 20)
                                                                             << " as " << said);
}

BOOST_AUTO_TEST_CASE(R23_text_is_utf_8_to_its_end) {
  const std::string fine(600'000, 'a');
  BOOST_TEST(type_of(judge(fine)) == model::plain_text_type);
  // A character across the border of two pieces that are read.
  for (std::size_t shift = 0; shift < 4; ++shift)
    BOOST_TEST(type_of(judge(std::string(256 * 1024 - 4 + shift, 'a') + "😀 and on")) ==
               model::plain_text_type);
  for (const auto* end : {"\xff", "\xc3", "\xe2\x82", "\xed\xa0\x80", "\xc0\x80"})
    BOOST_TEST(refused(judge(fine + end)) == "unsupported_media_type");
  BOOST_TEST(refused(judge(fine + '\0')) == "unsupported_media_type");
  BOOST_TEST(type_of(judge("From: a\nSubject: as kept by hand\n\nHello")) == model::plain_text_type);
  BOOST_TEST(type_of(judge("name,visit\nDan,Monday\n")) == model::plain_text_type);
  BOOST_TEST(type_of(judge("{\"a\": 1}")) == model::plain_text_type);
}

BOOST_AUTO_TEST_CASE(an_empty_file_is_none) { BOOST_TEST(refused(judge("")) == "invalid empty"); }

BOOST_AUTO_TEST_CASE(a_file_that_was_cut_off_is_refused) {
  BOOST_TEST(refused(judge(without_end(pdf(), 60))) == "invalid cut_off");
  BOOST_TEST(refused(judge(without_end(png(), 1))) == "invalid cut_off");
  BOOST_TEST(refused(judge(without_end(jpeg(), 1))) == "invalid cut_off");
  BOOST_TEST(refused(judge(without_end(jpeg(), 3000))) == "invalid cut_off");
  // What libmagic sees in its first bytes is a letter all the same.
  BOOST_TEST(refused(judge(without_end(odt(), 1))) == "invalid cut_off");
  for (std::size_t size = 1; size < docx().size(); ++size)
    BOOST_TEST(refused(judge(docx().substr(0, size))).find("taken as application") == std::string::npos,
               size);
}

BOOST_AUTO_TEST_CASE(a_broken_inside_never_leads_astray) {
  // Lengths and places that lead out of the file, and chains without an end.
  const auto endless = png().substr(0, 33) + big(0xFFFFFFFF, 4) + "IDAT";
  BOOST_TEST(refused(judge(endless + std::string(100, 'x'))) == "invalid cut_off");
  for (std::size_t i = 0; i < 22; ++i) {
    auto bent = docx();
    bent[bent.size() - 22 + i] = '\xff';
    BOOST_TEST(!refused(judge(bent)).empty());
  }
  BOOST_TEST(refused(judge("\xFF\xD8\xFF\xE0" + big(0, 2) + std::string(100, 'x'))) != "taken as image/jpeg");
  BOOST_TEST(refused(judge("\xFF\xD8" + std::string(1000, '\xFF'))) != "taken as image/jpeg");
}

BOOST_AUTO_TEST_CASE(an_archive_is_never_unpacked) {
  // Says of itself that it would be 4 GiB, many times.
  std::vector<member> bomb;
  for (int i = 0; i < 1000; ++i) bomb.push_back({"word/media/" + std::to_string(i), "x", 0xFFFFFFFE});
  const bytes file{docx(bomb)};
  net::contents::inspector inspector;
  BOOST_TEST(type_of(inspector.inspect(file, {})) == model::docx_type);
  BOOST_TEST(file.looked_at() < 4 * file.size());
}

BOOST_AUTO_TEST_CASE(a_directory_of_millions_of_names_is_not_read) {
  const bytes file{zip(std::vector<member>(30'000, member{"[Content_Types].xml", ""}))};
  net::contents::inspector inspector;
  BOOST_TEST(refused(inspector.inspect(file, {})) == "unsupported_media_type");
}

BOOST_AUTO_TEST_SUITE_END()
