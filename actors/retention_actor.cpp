#include "actors/retention_actor.hpp"

#include "actors/ask_store.hpp"

namespace actors {
namespace {

using pointer = retention_actor::stateful_pointer<retention_state>;
using clock_of_work = std::chrono::steady_clock;

constexpr std::size_t mails_at_once = 200;
/// Rewriting this much takes a second or two, during which nobody can use the table.
constexpr std::int64_t largest_scrubbed = 64'000'000;
/// How long a table that is in use is left alone: whoever comes after the rewriting queues behind it.
constexpr std::chrono::minutes busy_pause{1};

void look_for_work(pointer self);
void step(pointer self);
void tidy_up(pointer self);

/// Asks the own store; whatever goes wrong, the next tick begins anew.
template <class Work, class Then>
void ask(pointer self, Work work, Then then) {
  ask_store(self, *self->state.given, self->state.store, std::move(work), std::move(then),
            [self](const model::refusal&) { self->state.busy = false; });
}

sweep_time time_of(const retention_state& state) {
  const auto& clock = state.given->clock;
  return {clock.now(), clock.real_now(), state.given->watch.was_set()};
}

/// After a piece of work as long a pause, at least, so that others have the database for half of the time.
void pause_after(pointer self, clock_of_work::duration worked, void (*next)(pointer)) {
  const auto pause =
      std::chrono::duration_cast<std::chrono::microseconds>(worked * self->state.options.pause);
  self->state.next = next;
  if (pause.count() > 0)
    self->delayed_send(self, pause, reload{});
  else
    self->send(self, reload{});
}

/// The log is told once, and then hourly: it is tried again every few seconds.
void tell_of_stop(retention_state& state, std::initializer_list<log::field> fields) {
  ++state.given->counted.retention_clock_stops;
  if (state.stops.is_news("clocks", state.given->clock.real_now())) log::error("retention.stopped", fields);
}

void tell_of_doubt(retention_state& state) {
  tell_of_stop(state, {{"why",
                        "the machine's clock was set since the start, or is more than an hour from the "
                        "database's: no day's sweep begins"}});
}

void look_for_work(pointer self) {
  auto& state = self->state;
  state.busy = true;
  ask(
      self, [finder = state.finder, at = time_of(state)](store::session& s) { return finder->next(s, at); },
      [self](const found_run& found) {
        if (found.in_doubt && !found.run) tell_of_doubt(self->state);
        // What was erased before is finished whatever the time is.
        if (!found.run) return tidy_up(self);
        self->state.sweep = std::make_shared<retention_sweep>(*found.run);
        step(self);
      });
}

void tell_of(retention_state& state, sweep_state how) {
  const auto& sweep = *state.sweep;
  const auto& p = sweep.progress();
  const auto org = model::to_text(sweep.run().org), run = model::to_text(sweep.run().id);
  const std::initializer_list<log::field> fields{
      {"org_id", org},    {"run_id", run},      {"cases", p.cases},      {"shells", p.shells},
      {"notes", p.notes}, {"failed", p.failed}, {"why", sweep.trouble()}};
  if (how == sweep_state::stopped) return tell_of_stop(state, fields);
  if (p.failed > 0) return log::warning("retention.swept", fields);
  if (p.cases > 0) log::info("retention.swept", fields);
}

struct stepped {
  sweep_state how = sweep_state::going;
  clock_of_work::duration worked{};
};

void step(pointer self) {
  auto& state = self->state;
  const auto before = state.sweep->progress();
  ask(
      self,
      [sweep = state.sweep, at = time_of(state)](store::session& s) {
        const auto begin = clock_of_work::now();
        const auto how = sweep->step(s, at);
        return stepped{how, clock_of_work::now() - begin};
      },
      [self, before](const stepped& done) {
        auto& counted = self->state.given->counted;
        const auto& now = self->state.sweep->progress();
        counted.retention_cases += static_cast<std::uint64_t>(now.cases - before.cases);
        counted.retention_notes += static_cast<std::uint64_t>(now.notes - before.notes);
        counted.retention_failures += static_cast<std::uint64_t>(now.failed - before.failed);
        if (done.how == sweep_state::going) return pause_after(self, done.worked, step);
        tell_of(self->state, done.how);
        self->state.sweep.reset();
        pause_after(self, done.worked, look_for_work);
      });
}

void tidy_up(pointer self) {
  auto& state = self->state;
  ask(
      self,
      [options = state.options, scrub = state.scrub, told = state.told,
       at = time_of(state)](store::session& s) {
        const auto begin = clock_of_work::now();
        bool more = finish_outside(s, options, at.now, [&](std::string_view what, const std::string& why) {
          if (told->is_news(std::string(what), at.real))
            log::error("retention.not_tidied", {{"what", what}, {"why", why}});
        });
        if (!more && !options.scrubbed.empty()) more = scrub_some(s, options.scrubbed, *scrub);
        return std::pair{more, clock_of_work::now() - begin};
      },
      [self](const std::pair<bool, clock_of_work::duration>& done) {
        if (done.first) return pause_after(self, done.second, tidy_up);
        self->state.busy = false;
      });
}

/// False if it cannot be done now, which somebody hears of.
template <class Work>
bool attempt(const trouble_listener& tell, std::string_view what, Work work) {
  try {
    work();
    return true;
  } catch (const std::system_error& e) {
    if (!tell) throw;
    tell(what, e.what());
    return false;
  }
}

/// Those whose copies are gone: one that cannot be removed does not keep the others.
std::vector<erased_mail> remove_copies(const retention_options& options,
                                       const std::vector<erased_mail>& mails, const trouble_listener& tell) {
  if (attempt(tell, "mails", [&] { options.remove_mails(mails); })) return mails;
  std::vector<erased_mail> removed;
  for (const auto& mail : mails)
    if (attempt(tell, "mails", [&] { options.remove_mails({mail}); })) removed.push_back(mail);
  return removed;
}

}  // namespace

bool finish_outside(store::session& s, const retention_options& options, model::instant now,
                    const trouble_listener& tell) {
  bool more = false;
  attempt(tell, "ledger", [&] { more = erasure_log(options.ledger).catch_up(s); });
  if (!options.remove_mails) return more;
  const auto mails = store::erased_mails(s, now, mails_at_once);
  if (mails.empty()) return more;
  const auto removed = remove_copies(options, mails, tell);
  store::mails_removed(s, removed);
  return more || (mails.size() == mails_at_once && !removed.empty());
}

bool scrub_some(store::session& s, const std::string& owner_conninfo, scrubbing& under_way) {
  if (clock_of_work::now() < under_way.not_before) return false;
  if (!under_way.work) {
    const auto left = store::bytes_left_since(s);
    if (!left) return false;
    under_way = {std::make_shared<store::scrub>(owner_conninfo, largest_scrubbed), *left, {}};
  }
  const auto work = std::exchange(under_way.work, nullptr);  // after an error it is begun anew
  const auto how = work->step();
  if (how != store::scrub::outcome::finished) under_way.work = work;
  if (how == store::scrub::outcome::busy) under_way.not_before = clock_of_work::now() + busy_pause;
  if (how != store::scrub::outcome::finished) return how == store::scrub::outcome::going;
  for (const auto& table : work->left_out())
    log::warning("retention.bytes_left",
                 {{"table", table}, {"why", "too large to be rewritten while in use"}});
  store::bytes_gone(s, under_way.since);
  return false;
}

retention_state::~retention_state() {
  if (store) caf::anon_send_exit(store, caf::exit_reason::user_shutdown);
}

retention_actor::behavior_type retention_behavior(retention_actor::stateful_pointer<retention_state> self,
                                                  services_ptr s, retention_options options,
                                                  store_actor store) {
  auto& state = self->state;
  state.finder = std::make_shared<run_finder>(s->ids);
  state.given = std::move(s);
  state.options = std::move(options);
  state.store = std::move(store);
  self->send(self, tick{});
  return {[self](const tick&) {
            if (!self->state.busy) {
              // What was interrupted is found again as any other: a run is open until it is finished.
              self->state.sweep.reset();
              look_for_work(self);
            }
            self->delayed_send(self, self->state.given->limits.tick, tick{});
          },
          [self](const reload&) {
            if (const auto next = std::exchange(self->state.next, nullptr)) next(self);
          }};
}

}  // namespace actors
