#include "net/print/document_pdf.hpp"

#include <boost/test/unit_test.hpp>

#include "net/print/export_pdf.hpp"
#include "tests/net/print/support.hpp"

using namespace net::print;
using namespace print_tests;

namespace {

const std::string hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

printed_document a_document() {
  return {.title = "Support agreement",
          .type = "Agreement",
          .organisation = "Northgate Housing",
          .tenant = "Amara Okafor",
          .reference = "KW-2026-0042",
          .date = "21 November 2026",
          .status = "APPROVED by Priya Nair on 21 November 2026",
          .kind = printed_body::markdown,
          .body = "## What we agree\n\nWe meet **once a week**.\n\n____\n\nAmara Okafor",
          .sha256 = hash,
          .author = "Priya Nair",
          .created = *model::parse_instant("2026-11-21T09:30:00Z")};
}

std::string bytes_of(const printed_document& what) {
  std::string bytes;
  document_pdf(what, [&](std::string_view more) { bytes += more; });
  return bytes;
}

printed_export an_export() {
  return {.what = "Notes",
          .organisation = "Northgate Housing",
          .reference = "KW-2026-0042",
          .tenant = "Amara Okafor",
          .exported_by = "Priya Nair",
          .exported_at = "21 November 2026, 09:30",
          .created = *model::parse_instant("2026-11-21T09:30:00Z")};
}

std::string exported(const std::function<void(pdf_writer&)>& print) {
  std::string bytes;
  pdf_writer writer(export_frame(an_export()), [&](std::string_view more) { bytes += more; });
  print_export_head(writer, an_export());
  print(writer);
  finish_export(writer, "3 notes");
  return bytes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(print_documents)

BOOST_AUTO_TEST_CASE(R24_a_document_shows_what_it_is_and_its_hash_on_every_page) {
  auto what = a_document();
  for (int i = 0; i < 80; ++i) what.body += "\n\nParagraph " + std::to_string(i);
  const pdf_file file(bytes_of(what));
  BOOST_TEST(file.info("Title") == "Support agreement");
  for (const auto* part :
       {"Support agreement", "Agreement", "Amara Okafor", "21 November 2026",
        "APPROVED by Priya Nair on 21 November 2026", "What we agree", "We meet once a week."})
    BOOST_TEST(contains(file.text(), part), part);
  const auto pages = file.text_of_pages();
  BOOST_TEST(pages.size() > 1u);
  for (std::size_t i = 0; i < pages.size(); ++i) {
    BOOST_TEST(contains(pages[i], "SHA-256 " + hash));
    BOOST_TEST(contains(pages[i], "Northgate Housing"));
    BOOST_TEST(contains(pages[i], "KW-2026-0042"));
    BOOST_TEST(contains(pages[i], "Page " + std::to_string(i + 1) + " of " + std::to_string(pages.size())));
  }
}

BOOST_AUTO_TEST_CASE(the_same_document_gives_the_same_bytes) {
  BOOST_TEST((bytes_of(a_document()) == bytes_of(a_document())));
}

BOOST_AUTO_TEST_CASE(a_draft_without_a_hash_has_none_at_its_foot) {
  auto what = a_document();
  what.status = "DRAFT";
  what.sha256.clear();
  const auto text = pdf_file(bytes_of(what)).text();
  BOOST_TEST(contains(text, "DRAFT"));
  BOOST_TEST(!contains(text, "SHA-256"));
}

BOOST_AUTO_TEST_CASE(an_uploaded_text_is_printed_line_by_line_and_not_as_markdown) {
  auto what = a_document();
  what.kind = printed_body::plain_text;
  what.body = "# not a heading\r\nsecond line\r\n\r\n**not bold**";
  const pdf_file file(bytes_of(what));
  BOOST_TEST(contains(file.text(), "# not a heading\nsecond line\n"));
  BOOST_TEST(contains(file.text(), "**not bold**"));
}

BOOST_AUTO_TEST_CASE(a_very_long_text_is_not_counted_first) {
  auto what = a_document();
  what.kind = printed_body::plain_text;
  what.body.clear();
  for (int i = 0; i < 8'000; ++i)
    what.body += "This is line number " + std::to_string(i) + " of a long file, and it goes on\n";
  const pdf_file file(bytes_of(what));
  BOOST_TEST(file.pages() > 100u);
  BOOST_TEST(contains(file.text(), "Page 101\n"));
  BOOST_TEST(contains(file.text(), "line number 7999 of"));
}

BOOST_AUTO_TEST_CASE(an_uploaded_picture_is_printed_in_the_frame) {
  auto what = a_document();
  what.kind = printed_body::picture;
  what.body = pdf_file(bytes_of(a_document())).drawn("png", 0, 0, 300, 300);
  const pdf_file file(bytes_of(what));
  BOOST_TEST(contains(file.text(), "Amara Okafor"));
  BOOST_TEST(contains(file.text(), hash));
  BOOST_TEST(contains(file.pictures(), "300"));
}

BOOST_AUTO_TEST_CASE(a_broken_picture_is_refused_before_a_byte_is_written) {
  auto what = a_document();
  what.kind = printed_body::picture;
  what.body = "no picture";
  int calls = 0;
  BOOST_CHECK_THROW(document_pdf(what, [&](std::string_view) { ++calls; }), unreadable_picture);
  BOOST_TEST(calls == 0);
}

BOOST_AUTO_TEST_CASE(R28_an_export_tells_of_whom_by_whom_and_when) {
  const pdf_file file(exported([](auto& writer) {
    for (int i = 0; i < 60; ++i)
      print_note(writer,
                 {.stream = "Shared note",
                  .author = "Sam Reed",
                  .created_at = "1 November 2026, 10:0" + std::to_string(i % 10),
                  .edited_at = i == 0 ? std::optional<std::string>("2 November 2026, 11:00") : std::nullopt,
                  .safeguarding = i == 1,
                  .body = "Body " + std::to_string(i)});
  }));
  const auto text = file.text();
  for (const auto* part : {"Notes", "KW-2026-0042", "Amara Okafor", "Priya Nair", "21 November 2026, 09:30",
                           "1 November 2026, 10:00 · Sam Reed", "Shared note · Edited 2 November 2026, 11:00",
                           "Shared note · Safeguarding", "Body 0", "Body 59", "3 notes"})
    BOOST_TEST(contains(text, part), part);
  for (const auto& page : file.text_of_pages()) {
    BOOST_TEST(contains(page, "Notes · Amara Okafor"));
    BOOST_TEST(contains(page, "Exported by Priya Nair, 21 November 2026, 09:30"));
  }
}

BOOST_AUTO_TEST_CASE(R11_a_deleted_note_is_printed_without_its_body) {
  const pdf_file file(exported([](auto& writer) {
    print_note(writer, {.stream = "Shared note",
                        .author = "Sam Reed",
                        .created_at = "1 November 2026, 10:00",
                        .deleted = "Deleted on 3 November 2026 by Priya Nair",
                        .body = "the secret"});
  }));
  BOOST_TEST(contains(file.text(), "Deleted on 3 November 2026 by Priya Nair"));
  BOOST_TEST(!contains(file.text(), "secret"));
}

BOOST_AUTO_TEST_CASE(R28_sessions_are_printed_with_all_they_hold) {
  const pdf_file file(exported([](auto& writer) {
    print_session(writer, {.starts_at = "4 November 2026, 10:00",
                           .ends_at = "11:00",
                           .type = "Key work",
                           .status = "Delivered",
                           .attendees = {"Amara Okafor", "Sam Reed"},
                           .outcome_note = "Went well",
                           .recorded_by = "Sam Reed"});
    print_session(writer, {.starts_at = "5 November 2026, 10:00",
                           .type = "Other",
                           .status = "Missed",
                           .recorded_by = "Sam Reed"});
  }));
  for (const auto* part : {"4 November 2026, 10:00 – 11:00 · Key work", "Delivered", "Amara Okafor, Sam Reed",
                           "Went well", "5 November 2026, 10:00 · Other", "Missed"})
    BOOST_TEST(contains(file.text(), part), part);
}

BOOST_AUTO_TEST_SUITE_END()
