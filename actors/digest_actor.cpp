#include "actors/digest_actor.hpp"

#include <utility>

#include "actors/ask_store.hpp"
#include "actors/known_time.hpp"

namespace actors {
namespace {

using pointer = digest_actor::stateful_pointer<digest_state>;

constexpr std::size_t organisations_a_round = 500;

void next_month(pointer self);

/// The others of this round are not kept waiting by one that cannot be looked after; it is due again with the
/// next tick.
void give_up(pointer self) {
  auto& state = self->state;
  ++state.given->counted.digest_failures;
  const auto org = state.line.front().org;
  if (state.not_planned.is_news(org, state.given->clock.real_now()))
    log::error("digest.not_planned", {{"org_id", model::to_text(org)}});
  state.line.pop_front();
  next_month(self);
}

template <class Work, class Then>
void ask_about_first(pointer self, Work work, Then then) {
  const auto& s = *self->state.given;
  ask_store(self, s, s.stores.of(self->state.line.front().org.value), std::move(work), std::move(then),
            [self](const model::refusal&) { give_up(self); });
}

void finish_month(pointer self, const model::month& month) {
  ask_about_first(
      self,
      [of = self->state.line.front(), month](store::session& session) {
        return store::month_done(session, of, month);
      },
      [self](store::digest_due of) {
        self->state.line.front() = std::move(of);
        next_month(self);
      });
}

void plan(pointer self, const model::month& month, model::user_id after) {
  const auto given = self->state.given;
  ask_about_first(
      self,
      [given, of = self->state.line.front(), month, after](store::session& session) {
        return store::plan_piece(session, of, month, after, given->ids, given->clock.now());
      },
      [self, month](const store::planned_piece& piece) {
        auto& counted = self->state.given->counted;
        counted.digests_planned += piece.queued;
        counted.digests_empty += piece.empty;
        if (piece.next) return plan(self, month, *piece.next);
        finish_month(self, month);
      });
}

/// Nothing is due of the first in line: when something will be is written down.
void leave(pointer self) {
  ask_about_first(
      self,
      [of = self->state.line.front()](store::session& session) {
        const auto next = model::next_digest(of.so_far, of.time_zone);
        store::keep_progress(session, of, model::digest_due(next, of.time_zone));
      },
      [self] {
        self->state.line.pop_front();
        next_month(self);
      });
}

/// R36: in a tier without the workspace workers have lost sight of it, and the digest would show it to them.
bool is_in_tier(const services& s, const store::digest_due& of) {
  return s.plans.includes(of.tier, model::support_cases_feature);
}

std::optional<model::month> oldest_due(const services& s, const store::digest_due& of) {
  const auto due = model::digests_due(of.so_far, s.clock.now(), of.time_zone, 1);
  return due.empty() ? std::nullopt : std::optional{due.front()};
}

void next_month(pointer self) {
  auto& state = self->state;
  // A clock that was set in the middle of a round would have the months of years planned.
  if (state.given->watch.was_set()) state.line.clear();
  if (state.line.empty()) {
    state.busy = false;
    return;
  }
  const auto& of = state.line.front();
  std::optional<model::month> month;
  try {
    month = oldest_due(*state.given, of);
  } catch (const std::exception&) {  // a time zone whose file is gone: the others are not to suffer
    return give_up(self);
  }
  if (!month) return leave(self);
  log::info("digest.due", {{"org_id", model::to_text(of.org)}, {"month", model::to_text(*month)}});
  if (!is_in_tier(*state.given, of)) return finish_month(self, *month);
  plan(self, *month, {});
}

struct found_due {
  bool clocks_agree = false;
  std::vector<store::digest_due> due;
};

void round(pointer self) {
  auto& state = self->state;
  if (state.busy) return;
  state.busy = true;
  const auto& s = *state.given;
  ask_store(
      self, s, s.stores.of(model::uuid{}),
      [given = state.given](store::session& session) {
        found_due found{knows_the_time(*given, session), {}};
        if (found.clocks_agree)
          found.due = store::due_digests(session, given->clock.now(), organisations_a_round);
        return found;
      },
      [self](found_due found) {
        auto& of_self = self->state;
        if (!found.clocks_agree && of_self.stops.is_news("clocks", of_self.given->clock.real_now())) {
          ++of_self.given->counted.digest_failures;
          log::error(
              "digest.clocks_disagree",
              {{"detail",
                "This machine's clock and the database's differ by more than an hour, or it was set by "
                "as much since the program was started. No digest is planned until it is right."}});
        }
        of_self.line.assign(std::make_move_iterator(found.due.begin()),
                            std::make_move_iterator(found.due.end()));
        next_month(self);
      },
      [self](const model::refusal&) { self->state.busy = false; });
}

}  // namespace

digest_actor::behavior_type digest_behavior(digest_actor::stateful_pointer<digest_state> self,
                                            services_ptr s) {
  self->state.given = std::move(s);
  self->send(self, tick{});
  return {[self](const tick&) {
    round(self);
    self->delayed_send(self, self->state.given->limits.tick, tick{});
  }};
}

}  // namespace actors
