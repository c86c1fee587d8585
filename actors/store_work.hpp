#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "actors/messages.hpp"
#include "model/document.hpp"

namespace store {
class session;
}

namespace actors {

/// What is to be asked of a store. Runs there, with its session, of which nobody but this room knows
/// anything.
template <class Result>
using store_work = std::function<Result(store::session&)>;

/// The same work and, still there, what `then` makes of what it found.
template <class Work, class Then>
auto followed_by(Work work, Then then) {
  return [work = std::move(work), then = std::move(then)](store::session& session) {
    return then(work(session));
  };
}

/// Some of what an export consists of, newest first.
template <class Row>
struct exported_page {
  std::vector<Row> rows;
  bool is_last = false;
  /// Asked once the rows are read: whoever sees the case now saw it then, so that the rows are all there are.
  /// To somebody who does not, row-level security shows nothing, which must not pass for the end.
  bool sees_case = false;
};

/// The page behind `after`, read as the one who ordered the stream.
store_work<exported_page<model::note>> exported_notes(const stream_order& order, model::stream stream,
                                                      std::optional<model::uuid> after);
store_work<exported_page<model::support_session>> exported_sessions(const stream_order& order,
                                                                    std::optional<model::uuid> after);

struct store_question;
/// Answered by a store that has its database.
store_question ping();

/// A piece of an uploaded file, counted from 0, as `who`; nothing behind the last one.
store_work<std::optional<std::string>> piece_of_file(model::user_id who, const model::document& of,
                                                     std::int32_t index);

}  // namespace actors
