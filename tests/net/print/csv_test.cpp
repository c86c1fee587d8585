#include "net/print/csv.hpp"

#include <boost/test/unit_test.hpp>
#include <optional>

using namespace net::print;

namespace {

enum class colour { red, dark_blue };
BOOST_DESCRIBE_ENUM(colour, red, dark_blue)

struct line {
  std::string name;
  std::optional<std::string> remark;
  colour of_it = colour::red;
  model::instant at;
  std::optional<model::day> on;
  bool done = false;
  int change = 0;
  std::vector<std::string> people;
  std::string case_;
};
BOOST_DESCRIBE_STRUCT(line, (), (name, remark, of_it, at, on, done, change, people, case_))

std::string row(const std::vector<std::string>& cells) { return csv_row(cells); }

}  // namespace

BOOST_AUTO_TEST_SUITE(print_csv)

BOOST_AUTO_TEST_CASE(R28_cells_are_quoted_where_RFC_4180_asks_for_it) {
  const std::pair<std::string, std::string> table[] = {{"plain", "plain"},
                                                       {"", "\"\""},
                                                       {"a,b", "\"a,b\""},
                                                       {"say \"hi\"", "\"say \"\"hi\"\"\""},
                                                       {"\"", "\"\"\"\""},
                                                       {"two\nlines", "\"two\nlines\""},
                                                       {"two\r\nlines", "\"two\r\nlines\""},
                                                       {"a;b", "\"a;b\""},
                                                       {"a\tb", "\"a\tb\""},
                                                       {" led", "\" led\""},
                                                       {"trailed ", "\"trailed \""},
                                                       {"it's", "it's"},
                                                       {"Ünal שלום 😀", "Ünal שלום 😀"}};
  for (const auto& [cell, expected] : table) BOOST_TEST(row({cell}) == expected + "\r\n");
}

BOOST_AUTO_TEST_CASE(R28_what_a_spreadsheet_would_run_is_neutralised) {
  for (const std::string cell : {"=1+1",
                                 "+44 7700 900100",
                                 "-5",
                                 "@SUM(A1)",
                                 "=",
                                 "=cmd|' /C calc'!A0",
                                 "-2+3+cmd|' /C calc'!A0",
                                 "\t=1",
                                 "\tplain",
                                 "\rplain",
                                 "\nplain",
                                 "\r\n=1",
                                 " =1",
                                 "   @x",
                                 "\u00A0=1",
                                 "\u3000=1",
                                 "\uFEFF=1",
                                 "\u200B=1",
                                 "\u200E-1",
                                 " \u2003\t+1",
                                 "\x01=1",
                                 "＝1+1",
                                 "＋1",
                                 "－1",
                                 "＠x",
                                 " ＝1",
                                 "\uFE66"
                                 "1",
                                 "\uFE62"
                                 "1",
                                 "\uFE63"
                                 "1",
                                 "\uFE6B"
                                 "1"})
    BOOST_TEST(without_formula(cell) == "'" + cell, cell);
  BOOST_TEST(without_formula(std::string("\0=1", 3)) == std::string("'\0=1", 4));
  for (const std::string cell :
       {"", "a=b", "1-1", "x@y.example", "a\t=1", "'=1", "5", "–5", "(=1)", " plain", "—"})
    BOOST_TEST(without_formula(cell) == cell, cell);
  BOOST_TEST(row({"=HYPERLINK(\"http://x\",\"y\")"}) == "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"\r\n");
}

BOOST_AUTO_TEST_CASE(what_is_ours_goes_out_as_it_is) {
  const std::vector<csv_cell> cells{{"-5", true}, {"-5", false}, {"+447700900100", true}};
  BOOST_TEST(csv_row(cells) == "-5,'-5,+447700900100\r\n");
}

BOOST_AUTO_TEST_CASE(rows_end_in_CRLF_and_keep_empty_cells) {
  BOOST_TEST(row({"a", "", "c", ""}) == "a,,c,\r\n");
  BOOST_TEST(row({"", ""}) == ",\r\n");
  BOOST_TEST(row({}) == "\r\n");
}

BOOST_AUTO_TEST_CASE(columns_come_from_the_description) {
  BOOST_TEST(row(csv_header<line>()) == "name,remark,of_it,at,on,done,change,people,case\r\n");
  line some{"=Amara",
            std::nullopt,
            colour::dark_blue,
            *model::parse_instant("2026-11-21T09:30:00Z"),
            model::parse_day("2026-11-22"),
            true,
            -5,
            {"Sam", "+Priya"},
            "KW-1"};
  BOOST_TEST(csv_row(csv_cells(some)) ==
             "'=Amara,,dark_blue,2026-11-21T09:30:00Z,2026-11-22,true,-5,\"Sam; +Priya\",KW-1\r\n");
  some.remark = "@x";
  some.people = {"-Sam"};
  some.on.reset();
  BOOST_TEST(csv_row(csv_cells(some)) ==
             "'=Amara,'@x,dark_blue,2026-11-21T09:30:00Z,,true,-5,'-Sam,KW-1\r\n");
}

BOOST_AUTO_TEST_SUITE_END()
