#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/retention_plan.hpp"
#include "model/retention_run.hpp"
#include "odb/session.hpp"

/// Retention's part of the store (R30, R31), as keywork_retention unless it says otherwise. What erasing
/// means stands in odb/migrations/0014_erasure.sql; nothing is deleted but by the function there, which asks
/// the rows once more. A ledger that is replayed into a database restored from a backup: odb/restoration.hpp.
namespace store {

// --- what there is to do

/// A managing agent, and the last day that a sweep of its own began for.
struct swept_organisation {
  model::org_id id;
  model::retention_rules rules;
  std::optional<model::day> last_day;
};
std::vector<swept_organisation> swept_organisations(session& s);
/// Nothing where there is no such organisation. `held`: whether it is under legal hold.
std::optional<model::retention_rules> retention_rules_of(session& s, model::org_id org, bool& held);

using model::retention_run;
using model::run_outcome;
using model::run_progress;

/// A run that is being worked on, by `holder` alone while it says so often enough (`beat_run`).
struct held_run {
  model::org_id org;
  model::retention_run_id id;
  model::uuid holder;
  /// How far it was when it was taken over.
  run_progress progress{};
};
/// Begins the day's run of an organisation as `fresh`; nothing if somebody has begun it.
std::optional<held_run> begin_daily_run(session& s, const held_run& fresh, model::day day,
                                        model::instant now);
/// Takes a run that nobody works on: asked for, or left by a crash or before trouble. Nothing if there is
/// none.
std::optional<held_run> take_open_run(session& s, model::uuid holder, model::instant now);
/// Begins a run that somebody at the command line asked for; `by` and `entry` are for the organisation's log.
/// False, and nothing is done, while one that was asked for is open: each organisation has one at most.
bool begin_asked_run(session& s, const held_run& fresh, model::day day, model::audit_id entry,
                     const std::string& by, model::instant now);
/// The organisation's open run that was asked for, whoever works on it.
std::optional<model::retention_run_id> open_asked_run(session& s, model::org_id org);
/// Takes it, unless somebody works on it.
std::optional<held_run> take_asked_run(session& s, model::org_id org, model::uuid holder, model::instant now);

/// Says that the run is being worked on, and how far it is. False if it is somebody else's now.
bool beat_run(session& s, const held_run& run, const run_progress& at, model::instant now);
void finish_run(session& s, const held_run& run, const run_progress& at, run_outcome outcome,
                model::instant now);
/// The run cannot go on; it is open again after a while.
void stop_run(session& s, const held_run& run, const run_progress& at, const std::string& why,
              model::instant now);
/// A case that could not be swept in this run; false if that was known. `why` is free of row contents.
bool keep_failure(session& s, const held_run& run, model::case_id of_case, const std::string& why,
                  model::instant now);

// --- what is due

/// Where a list of candidates goes on: behind the case that counts from `since` and has this id.
struct candidate_place {
  model::instant since{model::instant::min()};
  model::case_id id;
};
/// A case that may be due, and whether it is too large for one transaction.
struct candidate {
  model::sweep_case what;
  candidate_place place;
  bool many_notes = false;
  bool many_documents = false;
};
/// Cases whose rest may be due, or those of which safeguarding notes alone are left.
enum class candidate_list { due, kept };
/// Up to `most` of those that count from `until` or before, the first to count in front; none under hold.
std::vector<candidate> candidates(session& s, model::org_id org, candidate_list which, model::instant until,
                                  const candidate_place& after, std::size_t most);
std::optional<candidate> candidate_of(session& s, model::org_id org, model::case_id id);
std::int64_t count_candidates(session& s, model::org_id org, const model::retention_rules& rules,
                              model::instant now);
/// What of the organisation is due by `after` and not by `before` (R29).
model::due_counts count_newly_due(session& s, model::org_id org, const model::retention_rules& before,
                                  const model::retention_rules& after, model::instant now);

/// What is together erased, under one rule.
struct due_class {
  std::int64_t notes = 0, safeguarding_notes = 0, sessions = 0, goals = 0, documents = 0, team = 0,
               audit_details = 0, cases = 0;
};
struct due_item {
  model::case_id of_case;
  model::instant due_at;
  std::int64_t safeguarding_notes = 0;
  bool rest = false;
  bool shell = false;
};
/// What a sweep would erase at `now`, and the items that have been due for longest. Erases nothing.
struct rehearsed_sweep {
  bool legal_hold = false;
  std::int64_t cases = 0;
  due_class counts;
  std::vector<due_item> oldest;
};
inline constexpr std::size_t most_oldest_items = 20;
rehearsed_sweep rehearse_sweep(session& s, model::org_id org, model::instant now);

// --- erasing

/// `notes`, `documents`: as many as are allowed, of a large case. `safeguarding`: these notes. `rest`:
/// everything but the safeguarding notes. `case_`: everything, and the case.
enum class erasure_kind { notes, documents, safeguarding, rest, case_ };
BOOST_DESCRIBE_ENUM(erasure_kind, notes, documents, safeguarding, rest, case_)

/// One erasure, in one transaction. `closed_at` and `rules` are what it was planned by; `believed` is the
/// program's real time, which has to agree with the database's, and so has `now` unless there is a rehearsal.
struct erasure_order {
  model::org_id org;
  model::case_id of_case;
  erasure_kind what = erasure_kind::rest;
  std::vector<model::flagged_note> safeguarding;
  model::instant closed_at;
  model::retention_rules rules;
  std::string rule;
  model::instant counted_from;
  model::instant due_at;
  model::instant now;
  model::instant believed;
  std::optional<model::retention_run_id> run;
};
/// How many notes or documents one transaction takes.
inline constexpr std::size_t notes_at_once = 2000;
inline constexpr std::size_t documents_at_once = 8;

enum class erasure_result { done, clocks_disagree, rules_changed, case_changed, gone, done_before, not_due };
BOOST_DESCRIBE_ENUM(erasure_result, done, clocks_disagree, rules_changed, case_changed, gone, done_before,
                    not_due)
struct erased {
  erasure_result result = erasure_result::done;
  std::int64_t notes = 0;
  /// As much as was allowed: there may be more of it.
  bool more = false;
};
/// Erases, writes the ledger and (but for parts of a large case) the audit entry, and tells other nodes; all
/// or nothing.
erased erase(session& s, const erasure_order& order);

// --- what is left to do outside the database

/// Entries of the ledger as lines of JSON that no file has yet.
struct unwritten_erasure {
  model::org_id org;
  model::erasure_id id;
  std::string line;
};
std::vector<unwritten_erasure> unwritten_erasures(session& s, std::size_t most);
void erasures_written(session& s, const std::vector<unwritten_erasure>& these);

/// A mail whose copy in a folder is to be removed.
struct erased_mail {
  model::mail_id id;
  model::instant written_at;
};
std::vector<erased_mail> erased_mails(session& s, model::instant now, std::size_t most);
void mails_removed(session& s, const std::vector<erased_mail>& these);

/// Since when deleted rows may lie in the files of the database; nothing if they do not.
std::optional<model::instant> bytes_left_since(session& s);
/// They are gone, unless something was erased after `since`.
void bytes_gone(session& s, model::instant since);

// --- looking at it (role keywork_person, as the caller)

/// Of a run's failures.
inline constexpr std::size_t most_failures_shown = 100;
/// Newest first; for the organisation's admins, to everybody else there are none.
std::vector<retention_run> retention_runs(session& s, model::user_id who, model::org_id org,
                                          const page& wanted);
/// The same for the command line, as keywork_retention.
std::vector<retention_run> retention_runs(session& s, model::org_id org, const page& wanted);
std::optional<retention_run> retention_run_of(session& s, model::org_id org, model::retention_run_id id);
/// The one that was asked for and is not over; nothing to everybody but the organisation's admins.
std::optional<retention_run> open_asked_run(session& s, model::user_id who, model::org_id org);

}  // namespace store
