#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <thread>
#include <variant>

#include "actors/secrets.hpp"
#include "model/clock_watch.hpp"
#include "model/local_time.hpp"
#include "net/cli/commands.hpp"
#include "net/cli/database.hpp"
#include "net/cli/sweeping.hpp"
#include "odb/migrate.hpp"

namespace net::cli {
namespace {

using model::to_text;
using std::chrono::steady_clock;

constexpr auto progress_pause = std::chrono::seconds{2};
constexpr std::size_t runs_shown = 20;

const std::string& prepared(const database& db) {
  db.migrate();
  store::refuse_unsafe_service_role(db.service());
  return db.service();
}

/// A database for a command, and the organisations that it is about.
struct swept_data {
  database db;
  store::session session;
  std::vector<store::swept_organisation> organisations;

  swept_data(const options& o, const std::string& only)
      : db(o, store::cluster_use::command), session(prepared(db)) {
    const auto wanted = model::parse_id<model::org_id>(only);
    if (!only.empty() && !wanted) throw usage_error("--organisation: '" + only + "' is no organisation's id");
    for (auto& one : store::swept_organisations(session))
      if (!wanted || one.id == *wanted) organisations.push_back(std::move(one));
    if (wanted && organisations.empty())
      throw usage_error("--organisation: there is no organisation " + only);
  }
};

std::string counted(std::int64_t count, std::string_view one) {
  return std::to_string(count) + ' ' + std::string(one) + (count == 1 ? "" : "s");
}

void print(const model::org_id& org, const store::rehearsed_sweep& found) {
  const auto& c = found.counts;
  std::cout << to_text(org) << (found.legal_hold ? "  under legal hold: nothing would be erased of " : "  ")
            << counted(found.cases, "case") << " due, " << c.cases
            << " of them for good: " << counted(c.notes, "note") << ", "
            << counted(c.safeguarding_notes, "safeguarding note") << ", " << counted(c.sessions, "session")
            << ", " << counted(c.goals, "goal") << ", " << counted(c.documents, "document") << ", "
            << counted(c.team, "team row") << ", " << counted(c.audit_details, "audit detail") << '\n';
  for (const auto& item : found.oldest)
    std::cout << "  case " << to_text(item.of_case) << "  due since " << to_text(item.due_at)
              << (item.rest ? "  the rest" : "")
              << (item.safeguarding_notes > 0 ? "  " + counted(item.safeguarding_notes, "safeguarding note")
                                              : "")
              << '\n';
}

int rehearse(const options& o, const std::string& only) {
  swept_data data(o, only);
  for (const auto& one : data.organisations)
    print(one.id, store::rehearse_sweep(data.session, one.id, data.db.clock().now()));
  std::cout << std::flush;
  return 0;
}

std::string told(const store::run_progress& p) {
  return counted(p.cases, "case") + " erased (" + std::to_string(p.shells) + " for good), " +
         counted(p.notes, "note") + ", " + std::to_string(p.failed) + " failed";
}

struct clocks {
  const model::clock& clock;
  const model::clock_watch& watch;
  actors::sweep_time read() const { return {clock.now(), clock.real_now(), watch.was_set()}; }
};

/// One organisation's run, with a line now and then.
void sweep_one(store::session& session, const clocks& time, const store::held_run& run) {
  actors::retention_sweep sweep(run);
  auto said = steady_clock::now();
  auto state = actors::sweep_state::going;
  while (state == actors::sweep_state::going) {
    const auto begin = steady_clock::now();
    state = sweep.step(session, time.read());
    const auto now = steady_clock::now();
    if (now - said >= progress_pause) {
      const auto& p = sweep.progress();
      say("  " + std::to_string(p.seen) + " of " + std::to_string(p.candidates) + " candidates, " + told(p));
      said = now;
    }
    // A serve beside it has the database for as long.
    std::this_thread::sleep_for(now - begin);
  }
}

/// Says what has become of a run, whoever worked on it. True if all of it was done.
bool report(store::session& session, const model::org_id& org, const model::retention_run_id& id) {
  const auto run = store::retention_run_of(session, org, id);
  if (!run) {
    say("run " + to_text(id) + " was forgotten: nobody knows how it ended");
    return false;
  }
  std::cout << to_text(org) << "  run " << to_text(id) << "  " << told(run->progress) << std::endl;
  for (const auto& f : run->failures) say("  case " + to_text(f.of_case) + ": " + f.error);
  if (run->trouble)
    say("stopped: " + *run->trouble);
  else if (!run->outcome)
    say("somebody else works on it now");
  else if (*run->outcome == store::run_outcome::legal_hold)
    say("ended at the organisation's legal hold");
  return run->outcome == store::run_outcome::done && run->progress.failed == 0;
}

void finish_outside(swept_data& data, const actors::retention_options& options) {
  const auto now = data.db.clock().now();
  while (actors::finish_outside(data.session, options, now)) continue;
  if (options.scrubbed.empty() || data.db.is_served()) return;  // a serve does it itself
  actors::scrubbing scrubbing;
  while (actors::scrub_some(data.session, options.scrubbed, scrubbing)) continue;
}

/// A run to work on, or one that others brought to its end.
using asked_run = std::variant<store::held_run, model::retention_run_id>;

/// Begins a run, or takes the one that was asked for and is open, once nobody else works on it.
asked_run begin_or_wait(swept_data& data, const store::swept_organisation& one, actors::random_ids& ids) {
  const auto& clock = data.db.clock();
  const store::held_run fresh{one.id, ids.make<model::retention_run_id>(), ids.next()};
  const auto begun = [&] {
    const auto now = clock.now();
    return store::begin_asked_run(data.session, fresh, model::local_day(now, one.rules.zone),
                                  ids.make<model::audit_id>(), "keywork retention run", now);
  };
  std::optional<model::retention_run_id> waited_for;
  while (!begun()) {
    while (const auto open = store::open_asked_run(data.session, one.id)) {
      if (auto taken = store::take_asked_run(data.session, one.id, fresh.holder, clock.now())) return *taken;
      if (waited_for != open) say("  waiting for run " + to_text(*open) + ", which was asked for before");
      waited_for = open;
      std::this_thread::sleep_for(progress_pause);
    }
    if (waited_for) return *waited_for;
    // It ended before anybody could look which one it was.
  }
  return fresh;
}

int run(const options& o, const std::string& only) {
  swept_data data(o, only);
  const auto& clock = data.db.clock();
  actors::random_ids ids(clock);
  const model::clock_watch watch(clock);
  bool all_done = true;
  for (const auto& one : data.organisations) {
    const auto run = begin_or_wait(data, one, ids);
    const auto* own = std::get_if<store::held_run>(&run);
    if (own) sweep_one(data.session, {clock, watch}, *own);
    all_done =
        report(data.session, one.id, own ? own->id : std::get<model::retention_run_id>(run)) && all_done;
  }
  auto outside = retention_for(o, data.db);
  outside.remove_mails = nullptr;  // where they lie a serve knows, who is told where to write them
  finish_outside(data, outside);
  return all_done ? 0 : 1;
}

int runs(const options& o, const std::string& only) {
  swept_data data(o, only);
  for (const auto& one : data.organisations)
    for (const auto& r : store::retention_runs(data.session, one.id, {runs_shown, std::nullopt})) {
      std::cout << to_text(one.id) << "  " << to_text(r.day) << "  " << (r.daily ? "daily" : "asked") << "  "
                << (r.outcome      ? std::string(model::to_text(*r.outcome))
                    : r.started_at ? "under way"
                                   : "waiting")
                << "  " << r.progress.seen << " of " << r.progress.candidates << " candidates, "
                << told(r.progress) << (r.trouble ? "  " + *r.trouble : "") << '\n';
      for (const auto& f : r.failures)
        std::cout << "  case " << to_text(f.of_case) << ": " << f.error << '\n';
    }
  std::cout << std::flush;
  return 0;
}

/// All tables, however large: for when nobody works with the service.
int scrub(const options& o) {
  const database db(o, store::cluster_use::command);
  if (!o.database_url.empty())
    throw usage_error(
        "retention scrub is for a private PostgreSQL; of yours, rewrite the tables yourself (VACUUM FULL)");
  db.migrate();
  store::session session(db.service());
  const auto since = store::bytes_left_since(session);
  store::scrub work(db.owner(), 0);
  for (auto how = store::scrub::outcome::going; how != store::scrub::outcome::finished;) {
    how = work.step();
    if (how != store::scrub::outcome::busy) continue;
    say("  waiting for whoever uses a table");
    std::this_thread::sleep_for(progress_pause);
  }
  if (since) store::bytes_gone(session, *since);
  std::cout << "the files hold nothing that was erased" << std::endl;
  return 0;
}

}  // namespace

void add_retention(command_line& to) {
  auto& group = to.group("retention", "What is erased when; works beside a running serve on the same data");
  const auto only = std::make_shared<std::string>();
  const auto take_organisation = [&](CLI::App& sub) {
    sub.add_option("--organisation", *only, "Only this organisation, by its id");
  };
  take_organisation(to.add(group, "rehearse", "Say what a sweep would erase now",
                           [only](const options& o) { return rehearse(o, *only); }));
  auto& running =
      to.add(group, "run", "Erase what is due now", [only](const options& o) { return run(o, *only); });
  running.footer(
      "Exit codes: 0 all of it, 1 a case failed, the sweep stopped or a legal hold ended it, 2 the command "
      "line was wrong.");
  take_organisation(running);
  take_organisation(to.add(group, "runs", "List the last runs of each organisation",
                           [only](const options& o) { return runs(o, *only); }));
  to.add(group, "scrub",
         "Rewrite every table of the private PostgreSQL, so that no erased row is left in its files", scrub);
}

}  // namespace net::cli
