#include "net/print/markdown.hpp"

#include <md4c.h>

#include <algorithm>
#include <exception>
#include <limits>
#include <string>
#include <vector>

#include "model/utf8.hpp"
#include "net/print/clean_text.hpp"
#include "net/print/markdown_lines.hpp"

namespace net::print {
namespace {

/// Follows the parser's events and prints each block at its end.
class markdown_printer {
 public:
  explicit markdown_printer(pdf_writer& writer) : writer_(writer) {}

  void enter(MD_BLOCKTYPE type, void* detail) {
    print_waiting();
    if (type == MD_BLOCK_QUOTE) ++quotes_;
    if (type == MD_BLOCK_UL) lists_.push_back({});
    if (type == MD_BLOCK_OL) {
      const auto& opened = *static_cast<MD_BLOCK_OL_DETAIL*>(detail);
      lists_.push_back({opened.start, opened.mark_delimiter});
    }
    if (type == MD_BLOCK_LI) begin_item();
    if (type == MD_BLOCK_H) heading_ = static_cast<int>(static_cast<MD_BLOCK_H_DETAIL*>(detail)->level);
    if (type == MD_BLOCK_TABLE) table_.clear();
    if (type == MD_BLOCK_TR) table_.emplace_back();
  }

  void leave(MD_BLOCKTYPE type) {
    if (type == MD_BLOCK_TH || type == MD_BLOCK_TD) {
      table_.back().push_back(std::move(text_));
      text_ = {};
      return;
    }
    print_waiting();
    if (type == MD_BLOCK_QUOTE) --quotes_;
    if (type == MD_BLOCK_UL || type == MD_BLOCK_OL) lists_.pop_back();
    if (type == MD_BLOCK_LI) end_item();
    if (type == MD_BLOCK_H) heading_ = 0;
    if (type == MD_BLOCK_HR) writer_.rule();
    if (type == MD_BLOCK_TABLE) print_table();
  }

  void enter(MD_SPANTYPE type) { count(type, 1); }
  void leave(MD_SPANTYPE type) { count(type, -1); }

  void text(MD_TEXTTYPE type, std::string_view words) {
    if (type == MD_TEXT_BR) words = "\n";
    if (type == MD_TEXT_SOFTBR) words = " ";
    text_.append(words, bold_ > 0, italic_ > 0);
  }

 private:
  struct list {
    unsigned next = 0;
    char delimiter = 0;  ///< 0 for a list of points
  };

  void count(MD_SPANTYPE type, int by) {
    if (type == MD_SPAN_STRONG) bold_ += by;
    if (type == MD_SPAN_EM) italic_ += by;
  }

  void begin_item() {
    auto& in = lists_.back();
    marker_ = in.delimiter == 0 ? "•" : std::to_string(in.next++) + in.delimiter;
  }

  void end_item() {
    if (!marker_.empty()) writer_.list_item(depth(), marker_, {});
    marker_.clear();
  }

  int depth() const { return static_cast<int>(lists_.size()) - 1 + (quotes_ > 0 ? 1 : 0); }

  void print_waiting() {
    if (text_.empty()) return;
    const auto what = std::move(text_);
    text_ = {};
    const bool to_sign =
        what.text().size() >= 3 && std::ranges::all_of(what.text(), [](char c) { return c == '_'; });
    if (heading_ > 0)
      writer_.heading(std::min(heading_, 3), what);
    else if (to_sign && lists_.empty())
      writer_.signature_line();
    else if (!lists_.empty())
      writer_.list_item(depth(), marker_, what);
    else if (quotes_ > 0)
      writer_.quote(what);
    else
      writer_.paragraph(what);
    marker_.clear();
  }

  /// Columns as wide as their longest text asks for, within bounds.
  void print_table() {
    constexpr double least = 6, most = 40;
    std::vector<double> shares(table_.empty() ? 0 : table_.front().size(), least);
    for (const auto& row : table_)
      for (std::size_t i = 0; i < std::min(row.size(), shares.size()); ++i)
        shares[i] = std::clamp(static_cast<double>(model::length_in_characters(row[i].text())), shares[i],
                               std::max(shares[i], most));
    for (const auto& row : table_) writer_.table_row(row, shares, &row == &table_.front());
    writer_.space(10);
    table_.clear();
  }

  pdf_writer& writer_;
  styled_text text_;  ///< of the block being read
  int bold_ = 0, italic_ = 0, heading_ = 0, quotes_ = 0;
  std::vector<list> lists_;
  std::string marker_;  ///< of an item whose first text has not come yet
  std::vector<std::vector<styled_text>> table_;
};

/// What the parser's C code carries: it must not see an exception.
struct reading {
  markdown_printer printer;
  std::exception_ptr thrown{};

  template <class Step>
  static int go(void* self, Step&& step) {
    auto& me = *static_cast<reading*>(self);
    try {
      step(me.printer);
      return 0;
    } catch (...) {
      me.thrown = std::current_exception();
      return 1;
    }
  }
};

MD_PARSER callbacks() {
  MD_PARSER parser{};
  parser.flags = MD_FLAG_TABLES | MD_FLAG_NOINDENTEDCODEBLOCKS | MD_FLAG_NOHTML;
  parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* self) {
    return reading::go(self, [&](auto& printer) { printer.enter(type, detail); });
  };
  parser.leave_block = [](MD_BLOCKTYPE type, void*, void* self) {
    return reading::go(self, [&](auto& printer) { printer.leave(type); });
  };
  parser.enter_span = [](MD_SPANTYPE type, void*, void* self) {
    return reading::go(self, [&](auto& printer) { printer.enter(type); });
  };
  parser.leave_span = [](MD_SPANTYPE type, void*, void* self) {
    return reading::go(self, [&](auto& printer) { printer.leave(type); });
  };
  parser.text = [](MD_TEXTTYPE type, const MD_CHAR* words, MD_SIZE size, void* self) {
    return reading::go(self, [&](auto& printer) { printer.text(type, {words, size}); });
  };
  return parser;
}

}  // namespace

void print_markdown(pdf_writer& writer, std::string_view text) {
  const auto tame = tame_markdown(clean_text(text));
  if (tame.size() > std::numeric_limits<MD_SIZE>::max() / 2)
    throw std::runtime_error("cannot print a text of more than 2 GiB. Split it");
  const auto parser = callbacks();
  reading now{markdown_printer(writer)};
  const int result = md_parse(tame.data(), static_cast<MD_SIZE>(tame.size()), &parser, &now);
  if (now.thrown) std::rethrow_exception(now.thrown);
  if (result != 0) throw std::runtime_error("cannot read a text as Markdown: no memory. Try again");
}

}  // namespace net::print
