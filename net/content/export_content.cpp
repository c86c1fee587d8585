#include "net/content/export_content.hpp"

#include <deque>

#include "net/content/export_rows.hpp"
#include "net/content/wording.hpp"
#include "net/print/csv.hpp"

namespace net::contents {
namespace {

/// Rows of a page: as large as they may be, a page is some megabytes.
constexpr std::size_t page_rows = 100;
/// Makes spreadsheet programs read the file as UTF-8.
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

model::uuid next_after(model::uuid id) {
  for (auto byte = std::rbegin(id.data); byte != std::rend(id.data); ++byte)
    if (++*byte != 0) break;
  return id;
}

/// Whether row-level security shows an operator this case now.
bool sees_case(store::session& session, model::user_id who, model::org_id org, model::case_id id) {
  store::case_query query;
  query.org = org;
  query.wanted = {1, next_after(id.value)};
  const auto found = session.cases(who, query);
  return !found.empty() && found.front().id == id;
}

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
  std::function<std::vector<Row>(store::session&, const store::page&)> read;
  std::deque<Row> rows = {};
  std::optional<model::uuid> after = {};
  bool ended = false;

  void take(std::vector<Row> page) {
    ended = page.size() < page_rows;
    if (!page.empty()) after = page.back().id.value;
    rows.assign(std::make_move_iterator(page.begin()), std::make_move_iterator(page.end()));
  }
};

template <class Row>
struct found_page {
  bool seen = false;
  std::vector<Row> rows;
};

template <class Row, class View>
class exported final : public source {
 public:
  exported(const actors::stream_order& order, std::vector<lane<Row>> lanes, View (*view)(const Row&),
           std::unique_ptr<printer<View>> to)
      : who_(order.who),
        org_(order.org),
        case_(order.of_case),
        lanes_(std::move(lanes)),
        view_(view),
        printer_(std::move(to)) {}

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

  std::function<arrival(store::session&)> question() override {
    auto* to = hungry();
    return [this, to, read = to->read, part = store::page{page_rows, to->after}, who = who_, org = org_,
            id = case_](store::session& session) {
      found_page<Row> found;
      found.rows = read(session, part);
      // Asked after the rows were read: who sees the case now saw it then, so that they are all there are.
      found.seen = sees_case(session, who, org, id);
      return arrival{[to, found = std::move(found)]() mutable {
        if (!found.seen) throw broken_off("the case is not this person's to see any more");
        to->take(std::move(found.rows));
      }};
    };
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

  const model::user_id who_;
  const model::org_id org_;
  const model::case_id case_;
  std::vector<lane<Row>> lanes_;
  View (*view_)(const Row&);
  std::unique_ptr<printer<View>> printer_;
  bool begun_ = false;
  std::size_t count_ = 0;
};

lane<model::note> notes_of(const actors::stream_order& o, model::stream stream) {
  return {
      [who = o.who, org = o.org, id = o.of_case, stream](store::session& session, const store::page& part) {
        return session.notes(who, org, id, stream, part);
      }};
}

lane<model::support_session> sessions_of(const actors::stream_order& o) {
  return {[who = o.who, org = o.org, id = o.of_case](store::session& session, const store::page& part) {
    return session.sessions(who, org, id, part);
  }};
}

}  // namespace

source_ptr export_content(const actors::stream_order& order, const model::make_export& what) {
  if (what.what == model::export_content::notes)
    return std::make_unique<exported<model::note, model::note_view>>(
        order,
        std::vector{notes_of(order, model::stream::shared), notes_of(order, model::stream::professional)},
        model::view_note, printer_for<model::note_view>(order, what));
  return std::make_unique<exported<model::support_session, model::session_view>>(
      order, std::vector{sessions_of(order)}, model::view_session,
      printer_for<model::session_view>(order, what));
}

}  // namespace net::contents
