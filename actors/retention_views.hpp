#pragma once
#include <optional>
#include <string>
#include <vector>

#include "model/org_events.hpp"
#include "model/retention_plan.hpp"
#include "odb/retention_store.hpp"

/// How an organisation's sweeps are shown to its admins: ids, counts and times.
namespace actors {

enum class run_kind { daily, asked };
BOOST_DESCRIBE_ENUM(run_kind, daily, asked)

/// A case that could not be swept; `error` is the database's word without a row's content.
struct run_failure_view {
  model::case_id case_id;
  std::string error;
};
BOOST_DESCRIBE_STRUCT(run_failure_view, (), (case_id, error))

/// `candidates` is how many cases there were to look at when it began, `seen` how many of them it has looked
/// at; `trouble` says why it does not go on. `cases` lost something, of `shells` of them nothing is left.
struct retention_run_view {
  using is_view = void;
  model::retention_run_id id;
  run_kind kind = run_kind::daily;
  model::day day;
  model::instant asked_at;
  std::optional<model::user_id> asked_by;
  std::optional<model::instant> started_at;
  std::optional<model::instant> finished_at;
  std::optional<store::run_outcome> outcome;
  std::optional<std::string> trouble;
  std::int64_t candidates = 0;
  std::int64_t seen = 0;
  std::int64_t cases = 0;
  std::int64_t shells = 0;
  std::int64_t notes = 0;
  std::int64_t failed = 0;
  std::vector<run_failure_view> failures;
};
BOOST_DESCRIBE_STRUCT(retention_run_view, (),
                      (id, kind, day, asked_at, asked_by, started_at, finished_at, outcome, trouble,
                       candidates, seen, cases, shells, notes, failed, failures))

/// The runs newest first, and when the next one begins by itself.
struct retention_runs_view {
  using is_view = void;
  model::instant next_sweep_at;
  bool legal_hold = false;
  model::retention_years support_retention_years;
  std::vector<retention_run_view> items;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(retention_runs_view, (),
                      (next_sweep_at, legal_hold, support_retention_years, items, next))

struct due_item_view {
  model::case_id case_id;
  model::instant due_at;
  bool rest = false;
  std::int64_t safeguarding_notes = 0;
  bool shell = false;
};
BOOST_DESCRIBE_STRUCT(due_item_view, (), (case_id, due_at, rest, safeguarding_notes, shell))

struct due_class_view {
  std::int64_t notes = 0;
  std::int64_t safeguarding_notes = 0;
  std::int64_t sessions = 0;
  std::int64_t goals = 0;
  std::int64_t documents = 0;
  std::int64_t team = 0;
  std::int64_t audit_details = 0;
  std::int64_t shells = 0;
};
BOOST_DESCRIBE_STRUCT(due_class_view, (),
                      (notes, safeguarding_notes, sessions, goals, documents, team, audit_details, shells))

/// What a sweep would erase now, and the cases of which something has been due for longest.
struct rehearsal_view {
  using is_view = void;
  bool legal_hold = false;
  std::int64_t cases = 0;
  due_class_view counts;
  std::vector<due_item_view> oldest;
};
BOOST_DESCRIBE_STRUCT(rehearsal_view, (), (legal_hold, cases, counts, oldest))

retention_run_view view_run(const store::retention_run& run);
/// A run that was asked for just now.
retention_run_view view_run(const model::retention_run_asked& asked);
rehearsal_view view_rehearsal(const store::rehearsed_sweep& found);

}  // namespace actors
