#include "net/print/markdown.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>

#include "net/print/markdown_lines.hpp"
#include "tests/net/print/support.hpp"

using namespace net::print;
using namespace print_tests;

namespace {

std::string text_of(const std::string& markdown) {
  return pdf_file(printed([&](auto& writer) { print_markdown(writer, markdown); })).text();
}

std::string fonts_of(const std::string& markdown) {
  return pdf_file(printed([&](auto& writer) { print_markdown(writer, markdown); })).fonts();
}

void check_unchanged(const std::string& words) { BOOST_TEST(contains(text_of(words), words), words); }

std::string repeated(const std::string& what, std::size_t bytes) {
  std::string out;
  while (out.size() < bytes) out += what;
  return out;
}

double processor_seconds() {
  timespec t{};
  if (::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t) != 0) throw std::runtime_error("no clock");
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

/// What this thread worked on it: a busy machine makes it wait, and not work more.
double seconds_for(const std::string& markdown) {
  const auto begin = processor_seconds();
  pdf_writer writer({}, [](std::string_view) {});
  print_markdown(writer, markdown);
  writer.finish();
  return processor_seconds() - begin;
}

const std::vector<std::string> signs{
    "*",     "**", "# ", "## ",  "- ", "1. ", "9) ",    "> ",      "|",     "\n",     "\n\n",
    "---\n", "\\", "_",  "```",  "[",  "](",  "<b>",    "&",       "~~",    "===",    "|-|-|\n",
    "  ",    "\t", "![", "<!--", "$",  "+ ",  "\n    ", "http://", "a@b.c", "    - ", std::string("\0", 1)};

}  // namespace

BOOST_AUTO_TEST_SUITE(print_templates)

BOOST_AUTO_TEST_CASE(the_parts_of_a_template_are_printed_as_what_they_are) {
  const auto text = text_of(
      "# Support agreement\nThis is **bold** and *italic*.\n\n## What we agree\n1. First\n2. Second\n   - "
      "inner\n"
      "3. Third\n\n- point\n\n> quoted\n\n---\n\n| Name | Day |\n|---|---|\n| Session | this \\| that "
      "|\n\nend  "
      "\nof\\\nlines");
  for (const auto* part :
       {"Support agreement", "This is bold and italic.", "What we agree", "1. First", "2. Second", "• inner",
        "3. Third", "• point", "quoted", "Name", "Day", "Session", "this | that"})
    BOOST_TEST(contains(text, part), part);
  BOOST_TEST(contains(text, "end\nof\nlines"));
  BOOST_TEST(!contains(text, "**"));
  BOOST_TEST(!contains(text, "---"));
}

BOOST_AUTO_TEST_CASE(emphasis_is_set_in_its_own_letters) {
  BOOST_TEST(!contains(fonts_of("plain"), "Bold"));
  BOOST_TEST(contains(fonts_of("**bold**"), "Bold"));
  BOOST_TEST(contains(fonts_of("*italic*"), "Italic"));
  BOOST_TEST(contains(fonts_of("***both***"), "BoldItalic"));
  BOOST_TEST(!contains(fonts_of("\\*\\*plain\\*\\* 2 * 3 ** 4"), "Bold"));
}

BOOST_AUTO_TEST_CASE(everything_else_is_the_text_it_is) {
  for (const auto* words :
       {"<b>html</b>", "<script>alert(1)</script>", "&amp; &#65;", "[link](http://x.example)",
        "![picture](file.png)", "[ref]: http://x.example \"title\"", "`code`", "snake_case_name and __init__",
        "~~gone~~", "+44 7700 900100", "#hashtag", "$x$", "http://x.example a@b.example", "C:\\path",
        "50 % | 60 %"})
    check_unchanged(words);
  BOOST_TEST(contains(text_of("```\nfence\n```"), "``` fence ```"));
  BOOST_TEST(contains(text_of("text\n==="), "text ==="));
}

BOOST_AUTO_TEST_CASE(a_rule_below_a_paragraph_makes_no_heading) {
  BOOST_TEST(!contains(fonts_of("a paragraph\n---\nanother"), "Bold"));
  BOOST_TEST(!contains(fonts_of("> a paragraph\n> ---\n> another\n-"), "Bold"));
}

BOOST_AUTO_TEST_CASE(underscores_alone_are_a_line_to_sign_on) {
  const auto text = text_of("Signed\n______\nAmara Okafor\n\nSigned: ______ Date: ____");
  BOOST_TEST(contains(text, "Signed\n"));
  BOOST_TEST(contains(text, "Amara Okafor"));
  BOOST_TEST(contains(text, "Signed: ______ Date: ____"));
  BOOST_TEST(!contains(text, "\n______"));
}

BOOST_AUTO_TEST_CASE(numbers_begin_where_the_text_says) {
  const auto text = text_of("7. seventh\n8. eighth\n\nbetween\n\n3) third");
  BOOST_TEST(contains(text, "7. seventh"));
  BOOST_TEST(contains(text, "8. eighth"));
  BOOST_TEST(contains(text, "3) third"));
}

BOOST_AUTO_TEST_CASE(any_text_is_printed) {
  // One after the other into one file, as every writer reads its fonts anew.
  const auto bytes = printed([](auto& writer) {
    for (unsigned seed = 0; seed < 120; ++seed) {
      writer.new_page();
      BOOST_CHECK_NO_THROW(print_markdown(writer, random_text(seed, 600, signs)));
    }
  });
  const pdf_file file(bytes);
  BOOST_TEST(file.pages() >= 120u);
  BOOST_TEST(!file.text().empty());
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_text_are_printed_too) {
  std::string all;
  for (int i = 0; i < 4096; ++i) all += static_cast<char>(i * 7919 >> 3);
  BOOST_CHECK_NO_THROW(text_of(all));
}

BOOST_AUTO_TEST_CASE(no_text_takes_more_than_its_length) {
  for (const auto* what :
       {"[",          "](",     "*a **b", "*a_ ",  "> ", ">",      "- ",  "1. ",
        "|a",         "`",      "`a``b",  "<",     "&a", "\\",     "-\n", "- a\n  - b\n    - c\n      - d\n",
        "a|b\n-|-\n", "**a*b ", "![",     "<!-- ", "$",  "\u0301", "\t",  "# "}) {
    const auto once = seconds_for(repeated(what, 8'000)), eightfold = seconds_for(repeated(what, 64'000));
    BOOST_TEST(eightfold < 40 * std::max(once, 0.02),
               what << " took " << once << " s, then " << eightfold << " s");
  }
}

BOOST_AUTO_TEST_CASE(a_table_of_very_many_columns_stays_small) {
  std::string table;
  for (const auto* cell : {"|a", "|-"}) table += repeated(cell, 8'000) + "|\n";
  table += repeated("|\n", 20'000);
  BOOST_TEST(seconds_for(table) < 20);
}

BOOST_AUTO_TEST_CASE(nesting_has_an_end) {
  BOOST_TEST(tame_markdown("- - - - - a") == "- - - - \\- a\n");
  BOOST_TEST(tame_markdown("> > > > > 1. a") == "> > > > \\> 1. a\n");
  BOOST_TEST(tame_markdown("                    - a") == "       - a\n");
}

BOOST_AUTO_TEST_SUITE_END()
