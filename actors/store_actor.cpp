#include "actors/store_actor.hpp"

namespace actors {
namespace {

store_answer look_up(store::session& session, const store_question& question) {
  try {
    return {question.ask(session), false, false, {}};
  } catch (const store::unavailable& e) {
    log::warning("database.unavailable", {{"error", e.what()}});
    return {{}, true, true, e.what()};
  } catch (const std::exception& e) {
    log::error("database.failed", {{"error", e.what()}});
    return {{}, true, false, e.what()};
  }
}

std::vector<store::commit_result> commit(store::session& session,
                                         const std::vector<store::case_commit>& changes) {
  try {
    return session.commit(std::span{changes});
  } catch (const std::exception& e) {
    log::error("database.commit_failed", {{"error", e.what()}});
    return std::vector(changes.size(), store::commit_result::unavailable);
  }
}

void count(const store::case_commit& change, counters& counted) {
  ++counted.commits;
  for (const auto& event : change.events)
    if (const auto* invited = std::get_if<model::collaborator_invited>(&event);
        invited && invited->over_soft_cap)
      ++counted.soft_cap_warnings;
}

void flush(store_state& state, counters& counted) {
  const auto batch = std::min(state.gathered.size(), most_commits_at_once);
  std::vector<store::case_commit> changes;
  changes.reserve(batch);
  for (std::size_t i = 0; i < batch; ++i) changes.push_back(*state.gathered[i].first.commit);
  const auto results = commit(*state.session, changes);
  for (std::size_t i = 0; i < batch; ++i) {
    if (results[i] == store::commit_result::done) count(changes[i], counted);
    if (results[i] == store::commit_result::version_conflict) ++counted.commit_conflicts;
    state.gathered[i].second.deliver(commit_answer{results[i]});
  }
  state.gathered.erase(state.gathered.begin(), state.gathered.begin() + static_cast<std::ptrdiff_t>(batch));
}

}  // namespace

store_actor::behavior_type store_behavior(store_actor::stateful_pointer<store_state> self,
                                          std::string conninfo, counters* counted) {
  self->state.session = std::make_unique<store::session>(std::move(conninfo));
  return {[self, counted](const store_question& question) {
            // What came before it counts: a state that is read now must hold the changes that wait here.
            while (!self->state.gathered.empty()) flush(self->state, *counted);
            return look_up(*self->state.session, question);
          },
          [self](const case_change& change) -> caf::result<commit_answer> {
            auto& state = self->state;
            auto promise = self->make_response_promise<commit_answer>();
            state.gathered.emplace_back(change, promise);
            if (!state.flush_is_coming) {
              state.flush_is_coming = true;
              self->send(self, tick{});
            }
            return promise;
          },
          [self, counted](const tick&) {
            auto& state = self->state;
            flush(state, *counted);
            state.flush_is_coming = !state.gathered.empty();
            if (state.flush_is_coming) self->send(self, tick{});
          }};
}

}  // namespace actors
