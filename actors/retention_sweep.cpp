#include "actors/retention_sweep.hpp"

#include "odb/digest_store.hpp"

namespace actors {
namespace {

constexpr std::size_t cases_at_once = 50;
/// A good deal shorter than the time after which a silent run is taken over.
constexpr std::chrono::seconds beat_pause{5};
/// A case that is another each time it is looked at is left for the next run.
constexpr int most_plans = 4;
/// How many cases that turn out not to be due one step passes over.
constexpr int most_passed = 50;
/// How late a sweep may begin, and a new organisation be seen.
constexpr std::chrono::minutes look_pause{1};
constexpr auto clocks_differ =
    "the program's clock and the database's are more than an hour apart: set them right";

}  // namespace

sweep_state retention_sweep::step(store::session& s, const sweep_time& at) {
  if (at.was_set)
    return stop(
        s, at,
        "the machine's clock was set by more than an hour since the program was started: set it right, "
        "and start the program anew");
  if (!begun_ && !store::clocks_agree(s, at.real)) return stop(s, at, clocks_differ);
  if (!begun_ && !begin(s, at)) return finish(s, at, store::run_outcome::legal_hold);
  if (!beat(s, at)) return sweep_state::lost;
  return go_on(s, at);
}

/// Reads the rules, and counts what there is to look at. False under legal hold.
bool retention_sweep::begin(store::session& s, const sweep_time& at) {
  bool held = false;
  const auto rules = store::retention_rules_of(s, run_.org, held);
  if (!rules || held) return false;
  rules_ = *rules;
  list_ = store::candidate_list::due;
  place_ = {};
  last_batch_ = false;
  waiting_.clear();
  touched_ = false;
  planned_anew_ = 0;
  // Those that failed are tried again.
  progress_.candidates =
      progress_.seen - progress_.failed + store::count_candidates(s, run_.org, rules_, at.now);
  beaten_at_ = {};
  begun_ = true;
  return true;
}

bool retention_sweep::beat(store::session& s, const sweep_time& at) {
  if (beaten_at_ != model::instant{} && at.now - beaten_at_ < beat_pause) return true;
  beaten_at_ = at.now;
  return store::beat_run(s, run_, progress_, at.now);
}

/// Gets the next candidates; false when there are no more.
bool retention_sweep::fetch(store::session& s, const sweep_time& at) {
  while (waiting_.empty()) {
    if (last_batch_ && list_ == store::candidate_list::kept) return false;
    if (last_batch_) {
      list_ = store::candidate_list::kept;
      place_ = {};
    }
    const int years =
        list_ == store::candidate_list::due ? rules_.windows.default_ : rules_.windows.safeguarding;
    auto batch =
        store::candidates(s, run_.org, list_, model::latest_candidate(years, at.now), place_, cases_at_once);
    last_batch_ = batch.size() < cases_at_once;
    if (!batch.empty()) place_ = batch.back().place;
    for (auto& c : batch) waiting_.push_back(std::move(c));
  }
  return true;
}

sweep_state retention_sweep::go_on(store::session& s, const sweep_time& at) {
  for (int passed = 0; passed < most_passed; ++passed) {
    if (!fetch(s, at)) return finish(s, at, store::run_outcome::done);
    try {
      const auto plan = model::plan_erasure(waiting_.front().what, rules_, at.now);
      if (!plan.is_empty()) return erase_some(s, at, plan);
      leave_case();
    } catch (const store::unavailable&) {
      throw;
    } catch (const std::exception& e) {
      fail_case(s, at, e.what());
      return sweep_state::going;
    }
  }
  return sweep_state::going;
}

/// What comes first: of a large case the notes and documents, piece by piece; safeguarding notes of their
/// own; then all the rest at once.
store::erasure_order retention_sweep::next_order(const sweep_time& at,
                                                 const model::erasure_plan& plan) const {
  const auto& c = waiting_.front();
  store::erasure_order order;
  order.org = run_.org;
  order.of_case = c.what.id;
  order.closed_at = *c.what.closed_at;
  order.rules = rules_;
  order.rule = model::rule_text(plan, rules_);
  order.counted_from = plan.counted_from;
  order.due_at = plan.due_at;
  order.now = at.now;
  order.believed = at.real;
  order.run = run_.id;
  if (plan.rest && c.many_notes) {
    order.what = store::erasure_kind::notes;
  } else if (plan.rest && c.many_documents) {
    order.what = store::erasure_kind::documents;
  } else if (!plan.safeguarding.empty()) {
    order.what = store::erasure_kind::safeguarding;
    const auto count = std::min(plan.safeguarding.size(), store::notes_at_once);
    order.safeguarding.assign(plan.safeguarding.begin(),
                              plan.safeguarding.begin() + static_cast<std::ptrdiff_t>(count));
  } else {
    order.what = plan.shell ? store::erasure_kind::case_ : store::erasure_kind::rest;
  }
  return order;
}

sweep_state retention_sweep::erase_some(store::session& s, const sweep_time& at,
                                        const model::erasure_plan& plan) {
  const auto order = next_order(at, plan);
  const auto done = store::erase(s, order);
  switch (done.result) {
    case store::erasure_result::done:
      after_erasure(s, order, done);
      return sweep_state::going;
    case store::erasure_result::clocks_disagree:
      return stop(s, at, clocks_differ);
    case store::erasure_result::rules_changed:
      // Windows, zone or a hold over all: begin again with what they are now.
      begun_ = false;
      return sweep_state::going;
    case store::erasure_result::case_changed: {
      auto now = store::candidate_of(s, run_.org, order.of_case);
      if (now && ++planned_anew_ < most_plans) {
        waiting_.front() = std::move(*now);
      } else if (now) {
        fail_case(s, at, "the case is another each time it is looked at");
      } else {
        leave_case();
      }
      return sweep_state::going;
    }
    case store::erasure_result::not_due:
      fail_case(s, at, "the database does not take it for due");
      return sweep_state::going;
    case store::erasure_result::gone:
    case store::erasure_result::done_before:
      leave_case();
      return sweep_state::going;
  }
  return sweep_state::going;
}

void retention_sweep::after_erasure(store::session& s, const store::erasure_order& order,
                                    const store::erased& done) {
  progress_.notes += done.notes;
  if (!touched_) ++progress_.cases;
  touched_ = true;
  auto& c = waiting_.front();
  switch (order.what) {
    case store::erasure_kind::notes:
      c.many_notes = done.more;
      break;
    case store::erasure_kind::documents:
      c.many_documents = done.more;
      break;
    case store::erasure_kind::safeguarding:
    case store::erasure_kind::rest: {
      // What is left of it now, as the database has it.
      auto left = store::candidate_of(s, run_.org, order.of_case);
      if (left)
        c = std::move(*left);
      else
        leave_case();
      break;
    }
    case store::erasure_kind::case_:
      ++progress_.shells;
      leave_case();
      break;
  }
}

void retention_sweep::leave_case() {
  waiting_.pop_front();
  ++progress_.seen;
  touched_ = false;
  planned_anew_ = 0;
}

void retention_sweep::fail_case(store::session& s, const sweep_time& at, const std::string& why) {
  const bool fresh = store::keep_failure(s, run_, waiting_.front().what.id, why, at.now);
  leave_case();
  // One that failed before the run began anew is counted already.
  fresh ? ++progress_.failed : --progress_.seen;
}

sweep_state retention_sweep::finish(store::session& s, const sweep_time& at, store::run_outcome outcome) {
  store::finish_run(s, run_, progress_, outcome, at.now);
  return sweep_state::finished;
}

sweep_state retention_sweep::stop(store::session& s, const sweep_time& at, std::string why) {
  trouble_ = std::move(why);
  store::stop_run(s, run_, progress_, trouble_, at.now);
  return sweep_state::stopped;
}

found_run run_finder::next(store::session& s, const sweep_time& at) {
  const auto holder = ids_.next();
  // A day that a wrong clock begins is done with when it comes.
  const bool in_doubt = at.was_set || !store::clocks_agree(s, at.real);
  if (!in_doubt)
    if (auto begun = begin_day(s, holder, at.now)) return {std::move(begun), false};
  // After the day's own, so that nobody's runs on demand keep the others' from beginning.
  return {store::take_open_run(s, holder, at.now), in_doubt};
}

std::optional<store::held_run> run_finder::begin_day(store::session& s, model::uuid holder,
                                                     model::instant now) {
  const bool look = looked_at_ == model::instant{} || now < looked_at_ || now - looked_at_ >= look_pause;
  if (days_.empty() && look) {
    looked_at_ = now;
    for (const auto& o : store::swept_organisations(s))
      // A last day that is yet to come was begun by a clock that was wrong: then it is tried all the same.
      if (const auto day = model::last_sweep_day(now, o.rules.zone); o.last_day != day)
        days_.push_back({o.id, day});
  }
  while (!days_.empty()) {
    const auto next = days_.front();
    days_.pop_front();
    const store::held_run fresh{next.org, ids_.make<model::retention_run_id>(), holder};
    if (auto begun = store::begin_daily_run(s, fresh, next.day, now)) return begun;
  }
  return std::nullopt;
}

}  // namespace actors
