#include "net/content/export_content.hpp"

#include <deque>

#include "net/content/export_rows.hpp"
#include "net/content/wording.hpp"
#include "net/print/csv.hpp"

namespace net::contents {
namespace {

/// Makes spreadsheet programs read the file as UTF-8.
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// --- what rows become

template <class View>
class printer {
 public:
  virtual ~printer() = default;
  virtual void begin(std::string& out) = 0;
  virtual void print(const View& row, std::string& out) = 0;
  virtual void end(std::size_t count, std::string& out) = 0;
};

template <class View>
class csv_printer final : public printer<View> {
  using row = decltype(row_of(std::declval<const View&>()));

 public:
  void begin(std::string& out) override {
    const auto names = print::csv_header<row>();
    out.append(byte_order_mark).append(print::csv_row(std::span<const std::string>{names}));
  }
  void print(const View& v, std::string& out) override {
    const auto cells = print::csv_cells(row_of(v));
    out += print::csv_row(std::span<const print::csv_cell>{cells});
  }
  void end(std::size_t, std::string&) override {}
};

void print_one(print::pdf_writer& writer, const model::note_view& n, std::string_view zone) {
  print::print_note(writer, printed(n, zone));
}
void print_one(print::pdf_writer& writer, const model::session_view& s, std::string_view zone) {
  print::print_session(writer, printed(s, zone));
}

template <class View>
class pdf_printer final : public printer<View> {
 public:
  pdf_printer(model::export_content what, const actors::stream_heading& about)
      : what_(what),
        about_(about),
        writer_(print::export_frame(printed(what, about)), [this](std::string_view part) { made_ += part; }) {
  }

  void begin(std::string& out) override {
    print::print_export_head(writer_, printed(what_, about_));
    give(out);
  }
  void print(const View& row, std::string& out) override {
    print_one(writer_, row, about_.time_zone);
    give(out);
  }
  void end(std::size_t count, std::string& out) override {
    print::finish_export(writer_, counted(count, what_));
    give(out);
  }

 private:
  void give(std::string& out) {
    out += made_;
    made_.clear();
  }

  const model::export_content what_;
  const actors::stream_heading about_;
  std::string made_;
  print::pdf_writer writer_;
};

template <class View>
std::unique_ptr<printer<View>> printer_for(const actors::stream_order& order,
                                           const model::make_export& wanted) {
  if (wanted.format == model::export_format::csv) return std::make_unique<csv_printer<View>>();
  return std::make_unique<pdf_printer<View>>(wanted.what, order.heading);
}

// --- where rows come from

/// One list of the database, newest first, a page of it at a time.
template <class Row>
struct lane {
  std::function<actors::store_work<actors::exported_page<Row>>(std::optional<model::uuid> after)> read;
  std::deque<Row> rows = {};
  std::optional<model::uuid> after = {};
  bool ended = false;

  void take(std::vector<Row> page, bool is_last) {
    ended = is_last;
    if (!page.empty()) after = page.back().id.value;
    rows.assign(std::make_move_iterator(page.begin()), std::make_move_iterator(page.end()));
  }
};

template <class Row, class View>
class exported final : public source {
 public:
  exported(std::vector<lane<Row>> lanes, View (*view)(const Row&), std::unique_ptr<printer<View>> to)
      : lanes_(std::move(lanes)), view_(view), printer_(std::move(to)) {}

  step make(std::string& out) override {
    if (!std::exchange(begun_, true)) {
      printer_->begin(out);
      return step::made;
    }
    if (hungry()) return step::needs;
    if (auto* next = newest()) {
      printer_->print(view_(next->rows.front()), out);
      next->rows.pop_front();
      ++count_;
      return step::made;
    }
    printer_->end(count_, out);
    return step::finished;
  }

  actors::store_work<arrival> question() override {
    auto* to = hungry();
    return actors::followed_by(to->read(to->after), [to](actors::exported_page<Row> found) {
      return arrival{[to, found = std::move(found)]() mutable {
        if (!found.sees_case) throw broken_off("the case is not this person's to see any more");
        to->take(std::move(found.rows), found.is_last);
      }};
    });
  }

 private:
  /// The one whose next row is not known.
  lane<Row>* hungry() {
    for (auto& l : lanes_)
      if (l.rows.empty() && !l.ended) return &l;
    return nullptr;
  }
  /// The one with the latest row; ids are in the order of time.
  lane<Row>* newest() {
    lane<Row>* found = nullptr;
    for (auto& l : lanes_)
      if (!l.rows.empty() && (!found || found->rows.front().id < l.rows.front().id)) found = &l;
    return found;
  }

  std::vector<lane<Row>> lanes_;
  View (*view_)(const Row&);
  std::unique_ptr<printer<View>> printer_;
  bool begun_ = false;
  std::size_t count_ = 0;
};

lane<model::note> notes_of(const actors::stream_order& order, model::stream stream) {
  return {[order, stream](auto after) { return actors::exported_notes(order, stream, after); }};
}

lane<model::support_session> sessions_of(const actors::stream_order& order) {
  return {[order](auto after) { return actors::exported_sessions(order, after); }};
}

}  // namespace

source_ptr export_content(const actors::stream_order& order, const model::make_export& what) {
  if (what.what == model::export_content::notes)
    return std::make_unique<exported<model::note, model::note_view>>(
        std::vector{notes_of(order, model::stream::shared), notes_of(order, model::stream::professional)},
        model::view_note, printer_for<model::note_view>(order, what));
  return std::make_unique<exported<model::support_session, model::session_view>>(
      std::vector{sessions_of(order)}, model::view_session, printer_for<model::session_view>(order, what));
}

}  // namespace net::contents
