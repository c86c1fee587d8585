#pragma once
#include "actors/services.hpp"

namespace actors {

using reply_promise = caf::typed_response_promise<reply_message>;
inline void deliver(reply_promise p, reply r) { p.deliver(reply_message{std::move(r)}); }

/// Asks a store and goes on with what it found. `work(session) -> Result` runs on the store's thread, so it
/// captures by value; `then(Result)` and `fail(refusal)` run in `self`, which is alive then. Every question
/// ends in one of the two: a database that is away, an error and a timeout all come as a refusal. What `then`
/// throws ends the actor: for those who are made anew, since their state may be in disorder.
template <class Self, class Work, class Then, class Fail>
void ask_store_or_crash(Self* self, const services& s, const store_actor& store, Work work, Then then,
                        Fail fail) {
  using result = std::invoke_result_t<Work, store::session&>;
  auto question = store_question{[work = std::move(work)](store::session& session) -> std::any {
    if constexpr (std::is_void_v<result>) {
      work(session);
      return {};
    } else {
      return std::any{work(session)};
    }
  }};
  self->request(store, s.limits.store_answer, std::move(question))
      .then(
          [then = std::move(then), fail](store_answer& answer) mutable {
            if (answer.failed) return fail(model::refusal::unavailable());
            if constexpr (std::is_void_v<result>)
              then();
            else
              then(std::any_cast<result>(std::move(answer.value)));
          },
          [fail](const caf::error&) mutable { fail(model::refusal::unavailable()); });
}

/// The same for actors that there is one of and that everybody needs: what `then` throws ends the question,
/// as unavailable, and nothing else.
template <class Self, class Work, class Then, class Fail>
void ask_store(Self* self, const services& s, const store_actor& store, Work work, Then then, Fail fail) {
  ask_store_or_crash(
      self, s, store, std::move(work),
      [then = std::move(then), fail](auto&&... found) mutable {
        try {
          then(std::forward<decltype(found)>(found)...);
        } catch (const std::exception& e) {
          log::error("actor.step_failed", {{"error", e.what()}});
          fail(model::refusal::unavailable());
        }
      },
      fail);
}

}  // namespace actors
