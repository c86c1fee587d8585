#pragma once
// Questions about a state that the database answers; for the keepers' kinds.
#include "actors/keeper.hpp"
#include "actors/paging.hpp"
#include "actors/respond.hpp"

namespace actors {

/// Asks the database for `work(session)` and answers with `make(found, state)`, a reply. `admit(state)` says
/// why somebody may not read this, before the database is asked and again before they are answered: an
/// assignment that ended meanwhile reads nothing.
template <class Kind, class Admit, class Work, class Make>
void ask_database(keeper<Kind>& k, reply_promise p, Admit admit, Work work, Make make) {
  if (auto no = admit(k.current())) return deliver(p, std::move(*no));
  const auto question = k.question_begun(p);
  ask_store_or_crash(
      k.self(), k.given(), k.kind().store(k.given()), std::move(work),
      [&k, question, p, admit, make = std::move(make)](auto found) mutable {
        auto answer = [&k, question, p, admit, make,
                       found = std::move(found)](const model::refusal* why) mutable {
          const auto answer_now = [&]() -> reply {
            if (why) return *why;
            if (auto no = admit(k.current())) return std::move(*no);
            return make(std::move(found), k.current());
          };
          deliver(p, answer_now());
          k.question_answered(question);
        };
        if (k.loaded()) return answer(nullptr);
        // Forgotten while the database was asked: what it is now decides.
        k.when_loaded(std::move(answer));
      },
      [&k, question, p](model::refusal why) mutable {
        k.question_answered(question);
        deliver(p, std::move(why));
      });
}

inline store::page page_of(const list_part& part) { return {part.limit + 1, part.after}; }

inline model::uuid id_of(const store::case_read& row) { return row.id; }
template <class Row>
model::uuid id_of(const Row& row) {
  return row.id.value;
}

/// Rows as a page of views.
template <class Page, class Show>
auto as_page(const list_part& part, conditions given, Show show) {
  return [limit = part.limit, given = std::move(given), show](auto rows, const auto&) -> reply {
    Page page;
    page.next = cut(rows, limit, [](const auto& row) { return id_of(row); });
    page.items.reserve(rows.size());
    for (const auto& row : rows) page.items.push_back(show(row));
    return answer_with(page, given);
  };
}

}  // namespace actors
