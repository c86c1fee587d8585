#include "actors/store_work.hpp"

#include "actors/local.hpp"

namespace actors {
namespace {

/// Rows of a page: as large as they may be, a page is some megabytes.
constexpr std::size_t page_rows = 100;

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

/// `read(session, part)` gives the rows.
template <class Row, class Read>
store_work<exported_page<Row>> page_of(const stream_order& order, std::optional<model::uuid> after,
                                       Read read) {
  return [who = order.who, org = order.org, id = order.of_case, part = store::page{page_rows, after},
          read](store::session& session) {
    exported_page<Row> page;
    page.rows = read(session, part);
    page.is_last = page.rows.size() < page_rows;
    page.sees_case = sees_case(session, who, org, id);
    return page;
  };
}

}  // namespace

store_work<exported_page<model::note>> exported_notes(const stream_order& order, model::stream stream,
                                                      std::optional<model::uuid> after) {
  return page_of<model::note>(order, after,
                              [who = order.who, org = order.org, id = order.of_case, stream](
                                  store::session& session, const store::page& part) {
                                return session.notes(who, org, id, stream, part);
                              });
}

store_work<exported_page<model::support_session>> exported_sessions(const stream_order& order,
                                                                    std::optional<model::uuid> after) {
  return page_of<model::support_session>(
      order, after,
      [who = order.who, org = order.org, id = order.of_case](
          store::session& session, const store::page& part) { return session.sessions(who, org, id, part); });
}

store_question ping() {
  return {[](store::session& session) -> std::any {
    session.ping();
    return {};
  }};
}

store_work<std::optional<std::string>> piece_of_file(model::user_id who, const model::document& of,
                                                     std::int32_t index) {
  return [who, of, index](store::session& session) { return session.document_chunk(who, of, index); };
}

}  // namespace actors
