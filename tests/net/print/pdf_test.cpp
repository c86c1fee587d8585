#include "net/print/pdf.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <future>

#include "net/print/clean_text.hpp"
#include "tests/net/print/support.hpp"

using namespace net::print;
using namespace print_tests;

namespace {

#ifdef __SANITIZE_ADDRESS__
// Freed memory stays in the sanitizer's quarantine, so that only the plain build can measure it.
constexpr bool memory_is_measured = false;
constexpr int many = 2'000;
#else
constexpr bool memory_is_measured = true;
constexpr int many = 50'000;
#endif

pdf_frame a_frame() {
  pdf_frame frame;
  frame.title = "Support plan – Ämara";
  frame.header_left = "Northgate Housing";
  frame.header_right = "KW-2026-0042";
  frame.footer_left = "SHA-256 9f86d081";
  frame.author = "Priya Nair";
  frame.created = *model::parse_instant("2026-11-21T09:30:00Z");
  return frame;
}

std::size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t all = 0, resident = 0;
  statm >> all >> resident;
  return resident * 4096;
}

void print_everything(pdf_writer& writer) {
  writer.heading(0, "Support plan");
  writer.fields({{"Tenant", "Amara Okafor"}, {"Note", std::string(20'000, 'n')}});
  styled_text words("Plain, ");
  words.append("bold", true);
  words.append(" and ");
  words.append("italic", false, true);
  writer.paragraph(words);
  writer.list_item(0, "1.", "First");
  writer.list_item(1, "•", "Inner");
  writer.quote("Quoted");
  const styled_text head[] = {"What", "When"}, row[] = {"Session", "Monday"};
  writer.table_row(head, {}, true);
  writer.table_row(row);
  writer.rule();
  writer.signature_line();
  writer.remark("Signed");
}

// clang-format 14 counts these characters differently from one run to the next.
// clang-format off
const std::vector<std::string> scripts{
    "Η υποστήριξη συνεχίζεται", "Поддержка продолжается", "支持将继续。", "サポートは続きます", "지원은 계속됩니다",
    "সমর্থন", "ድጋፉ ይቀጥላል", "Tiếng Việt Łódź", "✓ done ☐ open"};
const std::vector<std::string> nasty{
    "\u202E", "\u202C", "\u200D", "\u200B", "\u0301\u0301\u0301", "👨‍👩‍👧‍👦", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "😀", "\uFE0F", "\u0627\u0644\u0644\u0647",
    "\n", "\r\n", "\t", std::string("\0", 1), "\x01", "\x7F", "<b>", "&amp;", "</span>", "\uFFFE", "\u2028", "क्ष", "ﷺ"};
// clang-format on

}  // namespace

BOOST_AUTO_TEST_SUITE(print_pdf)

BOOST_AUTO_TEST_CASE(every_page_has_header_footer_and_number) {
  std::string bytes;
  print_counted(
      a_frame(), [&](std::string_view more) { bytes += more; },
      [](pdf_writer& writer) {
        for (int i = 0; i < 120; ++i) writer.paragraph("Paragraph number " + std::to_string(i));
      });
  const pdf_file file(bytes);
  const auto pages = file.text_of_pages();
  BOOST_TEST(pages.size() == file.pages());
  BOOST_TEST(pages.size() > 2u);
  for (std::size_t i = 0; i < pages.size(); ++i) {
    BOOST_TEST_CONTEXT("page " << i + 1) {
      BOOST_TEST(contains(pages[i], "Northgate Housing"));
      BOOST_TEST(contains(pages[i], "KW-2026-0042"));
      BOOST_TEST(contains(pages[i], "SHA-256 9f86d081"));
      BOOST_TEST(contains(pages[i], "Page " + std::to_string(i + 1) + " of " + std::to_string(pages.size())));
    }
  }
  for (int i = 0; i < 120; ++i) BOOST_TEST(contains(file.text(), "Paragraph number " + std::to_string(i)));
}

BOOST_AUTO_TEST_CASE(without_a_total_only_the_number_stands) {
  const pdf_file file(printed([](auto& writer) { writer.paragraph("x"); }));
  BOOST_TEST(contains(file.text(), "Page 1"));
  BOOST_TEST(!contains(file.text(), " of "));
}

BOOST_AUTO_TEST_CASE(the_file_tells_title_author_date_and_size) {
  const pdf_file file(printed([](auto& writer) { writer.paragraph("x"); }, a_frame()));
  BOOST_TEST(file.info("Title") == "Support plan – Ämara");
  BOOST_TEST(file.info("Author") == "Priya Nair");
  BOOST_TEST(contains(file.info("CreationDate"), "2026"));
  BOOST_TEST(contains(file.info("Page size"), "(A4)"));
}

BOOST_AUTO_TEST_CASE(nothing_printed_is_still_a_page) {
  const pdf_file file(printed([](auto&) {}, a_frame()));
  BOOST_TEST(file.pages() == 1u);
  BOOST_TEST(contains(file.text(), "Northgate Housing"));
}

BOOST_AUTO_TEST_CASE(the_same_input_gives_the_same_bytes) {
  BOOST_TEST((printed(print_everything, a_frame()) == printed(print_everything, a_frame())));
}

BOOST_AUTO_TEST_CASE(every_part_can_be_read_back) {
  const pdf_file file(printed(print_everything, a_frame()));
  const auto text = file.text();
  for (const auto* part : {"Support plan", "Amara Okafor", "Plain, bold and italic", "1. First", "• Inner",
                           "Quoted", "Session", "Monday", "Signed"})
    BOOST_TEST(contains(text, part), part);
  BOOST_TEST(contains(file.fonts(), "Bold"));
  BOOST_TEST(contains(file.fonts(), "Italic"));
}

BOOST_AUTO_TEST_CASE(scripts_can_be_read_back) {
  const pdf_file file(printed([](auto& writer) {
    for (const auto& words : scripts) writer.paragraph(words);
  }));
  const auto text = file.text();
  for (const auto& words : scripts) BOOST_TEST(contains(text, words), words);
}

BOOST_AUTO_TEST_CASE(right_to_left_words_are_found_and_stand_on_the_right) {
  const pdf_file file(printed([](auto& writer) {
    writer.paragraph("يستمر الدعم كل أسبوع");
    writer.list_item(0, "1.", "התמיכה נמשכת");
  }));
  for (const auto* word : {"يستمر", "الدعم", "أسبوع", "התמיכה", "נמשכת"})
    BOOST_TEST(contains(file.text(), word), word);
  const auto dark = [&](int left) {
    const auto pgm = file.drawn("gray", left, 80, 200, 60);
    return std::ranges::count_if(pgm.substr(15), [](char c) { return static_cast<unsigned char>(c) < 100; });
  };
  BOOST_TEST(dark(60) == 0);
  BOOST_TEST(dark(330) > 20);
}

BOOST_AUTO_TEST_CASE(text_is_never_markup) {
  const std::string evil =
      "<b>bold</b> <span size='99999'>&lt;&amp;</span> (a) \\ ) Tj ET endstream endobj %%EOF";
  auto frame = a_frame();
  frame.title = frame.author = frame.header_left = ") /Evil (";
  const pdf_file file(printed([&](auto& writer) { writer.paragraph(evil); }, frame));
  BOOST_TEST(contains(file.text(), "<b>bold</b> <span size='99999'>&lt;&amp;</span> (a)"));
  BOOST_TEST(contains(file.text(), "%%EOF"));
  BOOST_TEST(file.info("Title") == ") /Evil (");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_printed_is_replaced) {
  BOOST_TEST(clean_text(std::string("a\0b\x01 c", 6)) == "a\uFFFDb\uFFFD c");
  BOOST_TEST(clean_text("a\r\nb\rc\fd\u2028e\tf") == "a\nb\nc\nd\ne\tf");
  BOOST_TEST(clean_text("\xC0\xAF \xED\xA0\x80 \xF4\x90\x80\x80 \xE2\x82") ==
             "\uFFFD\uFFFD \uFFFD\uFFFD\uFFFD \uFFFD\uFFFD\uFFFD\uFFFD \uFFFD\uFFFD");
  BOOST_TEST(clean_text("é € 😀") == "é € 😀");
  BOOST_TEST(clean_line(" a\r\nb\t ") == "a b");
}

BOOST_AUTO_TEST_CASE(any_text_makes_a_file_that_poppler_reads) {
  for (unsigned seed = 0; seed < 6; ++seed) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      const auto bytes = printed([&](auto& writer) {
        const auto text = random_text(seed, 3000, nasty);
        writer.heading(static_cast<int>(seed) % 5 - 1, text.substr(0, 100));
        writer.paragraph(text);
        writer.list_item(static_cast<int>(seed) * 3 - 3, text.substr(0, 40), text);
        const styled_text cells[] = {text, text.substr(0, 500), ""};
        writer.table_row(cells);
        writer.quote(text);
        writer.fields({{text.substr(0, 300), text}, {"", ""}});
      });
      const pdf_file file(bytes);
      BOOST_TEST(file.pages() > 0u);
      BOOST_TEST(!file.text().empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(a_paragraph_goes_on_over_pages_without_losing_a_word) {
  std::string words, no_spaces;
  for (int i = 0; i < 8000; ++i) words += "w" + std::to_string(i) + " ";
  for (int i = 0; i < 60'000; ++i) no_spaces += static_cast<char>('a' + i % 26);
  const pdf_file file(printed([&](auto& writer) {
    writer.paragraph(words);
    writer.paragraph(no_spaces);
  }));
  BOOST_TEST(file.pages() > 15u);
  const auto text = file.text();
  std::size_t at = 0, missing = 0;
  for (int i = 0; i < 8000; ++i) {
    const auto found = text.find("w" + std::to_string(i), at);
    if (found == std::string::npos)
      ++missing;
    else
      at = found;
  }
  BOOST_TEST(missing == 0u);
  // The alphabet runs on from line to line: letters but those of "Page".
  std::size_t letters = 0;
  for (const char c : text.substr(at)) letters += c >= 'a' && c <= 'z';
  BOOST_TEST(letters >= 60'000u);
  BOOST_TEST(letters < 60'200u);
}

BOOST_AUTO_TEST_CASE(a_row_taller_than_a_page_goes_on_in_its_columns) {
  std::string left, right;
  for (int i = 0; i < 900; ++i) left += "l" + std::to_string(i) + " ";
  for (int i = 0; i < 300; ++i) right += "r" + std::to_string(i) + " ";
  const styled_text cells[] = {left, right};
  const double shares[] = {1, 4};
  const pdf_file file(printed([&](auto& writer) {
    for (int i = 0; i < 20; ++i) writer.paragraph("before");
    writer.table_row(cells, shares);
    writer.paragraph("after");
  }));
  BOOST_TEST(file.pages() > 3u);
  for (const auto* word : {"l0", "l450", "l899", "r0", "r299", "after"})
    BOOST_TEST(contains(file.text(), word), word);
}

BOOST_AUTO_TEST_CASE(R28_fifty_thousand_paragraphs_take_bounded_memory) {
  std::size_t bytes = 0;
  // The fonts and the library's own caches are there already.
  const pdf_file first(printed(print_everything));
  const auto before = resident_bytes();
  std::size_t most = before;
  pdf_writer writer(a_frame(), [&](std::string_view more) { bytes += more.size(); });
  for (int i = 0; i < many; ++i) {
    writer.paragraph("Paragraph " + std::to_string(i) +
                     ": we met at the office, talked about the tenancy and the bills " +
                     "that came since, and agreed what each of us does until the next time. Στο γραφείο.");
    if (i % 200 == 0) most = std::max(most, resident_bytes());
  }
  writer.finish();
  most = std::max(most, resident_bytes());
  BOOST_TEST(writer.pages() > static_cast<std::size_t>(many) / 40);
  BOOST_TEST(bytes > static_cast<std::size_t>(many) * 20);
  if (memory_is_measured) BOOST_TEST(most - before < 48u * 1024 * 1024);
}

BOOST_AUTO_TEST_CASE(bytes_come_while_pages_fill) {
  std::size_t bytes = 0;
  pdf_writer writer({}, [&](std::string_view more) { bytes += more.size(); });
  for (int i = 0; i < 1000; ++i) writer.paragraph(std::to_string(i * 7919) + std::string(300, 'x'));
  BOOST_TEST(bytes > 30'000u);
}

BOOST_AUTO_TEST_CASE(several_writers_at_once_disturb_each_other_in_nothing) {
  const auto print = [](pdf_writer& writer) {
    for (int round = 0; round < 10; ++round)
      for (const auto& words : scripts) writer.paragraph(words + std::to_string(round));
    print_everything(writer);
  };
  const auto alone = printed(print, a_frame());
  std::vector<std::future<bool>> all;
  for (int i = 0; i < 4; ++i)
    all.push_back(std::async(std::launch::async, [&] {
      for (int round = 0; round < 10; ++round)
        if (printed(print, a_frame()) != alone) return false;
      return true;
    }));
  for (auto& one : all) BOOST_TEST(one.get());
}

BOOST_AUTO_TEST_CASE(what_the_sink_throws_comes_out_and_ends_it) {
  struct gone_away {};
  int calls = 0;
  pdf_writer writer({}, [&](std::string_view) {
    ++calls;
    throw gone_away();
  });
  const auto print_much = [&] {
    for (int i = 0; i < 20'000; ++i)
      writer.paragraph(std::to_string(i * 7919) + " is the number of this paragraph");
  };
  BOOST_CHECK_THROW(print_much(), gone_away);
  BOOST_CHECK_THROW(writer.finish(), gone_away);
  BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_CASE(an_unfinished_document_gives_nothing_when_it_is_dropped) {
  int calls = 0;
  {
    pdf_writer writer({}, [&](std::string_view) { ++calls; });
    writer.paragraph("half a page");
  }
  BOOST_TEST(calls == 0);
}

BOOST_AUTO_TEST_CASE(after_the_end_nothing_can_be_printed) {
  pdf_writer writer({}, [](std::string_view) {});
  writer.finish();
  writer.finish();
  BOOST_CHECK_THROW(writer.paragraph("x"), std::logic_error);
}

/// Run by the case below in a process without fonts.
BOOST_AUTO_TEST_CASE(a_machine_without_fonts, *boost::unit_test::disabled()) {
  if (!std::getenv("KEYWORK_WITHOUT_FONTS")) return;  // a wildcard on the command line enables it too
  const auto says_what_to_do = [](const std::runtime_error& error) {
    return contains(error.what(), "no font is installed") && contains(error.what(), "fonts-noto-core");
  };
  BOOST_CHECK_EXCEPTION(pdf_writer({}, [](std::string_view) {}), std::runtime_error, says_what_to_do);
}

BOOST_AUTO_TEST_CASE(without_fonts_it_says_what_to_install) {
  const auto file = std::filesystem::temp_directory_path() / ("keywork-no-fonts-" + std::to_string(getpid()));
  std::ofstream(file) << "<?xml version=\"1.0\"?><fontconfig></fontconfig>";
  const auto self = std::filesystem::read_symlink("/proc/self/exe").string();
  const auto command = "KEYWORK_WITHOUT_FONTS=1 FONTCONFIG_FILE='" + file.string() + "' '" + self +
                       "' --run_test=print_pdf/a_machine_without_fonts >/dev/null 2>&1";
  BOOST_TEST(std::system(command.c_str()) == 0);
  std::filesystem::remove(file);
}

BOOST_AUTO_TEST_SUITE_END()
