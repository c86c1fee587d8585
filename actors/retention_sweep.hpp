#pragma once
#include <deque>
#include <filesystem>
#include <functional>
#include <string>

#include "odb/retention_store.hpp"

namespace actors {

/// The two clocks of a step: the time that retention counts in, which a rehearsal may have chosen, and the
/// machine's, which has to agree with the database's. `was_set`: neither can be trusted (model::clock_watch).
struct sweep_time {
  model::instant now;
  model::instant real;
  bool was_set = false;
};

enum class sweep_state {
  going,
  finished,
  /// Something stands in the way of all of it (`trouble()`); the run is open again after a while.
  stopped,
  /// Somebody else works on the run now.
  lost
};

/// One run of one organisation, in short steps that can be paused between and repeated. At any step it may be
/// killed, and several may sweep the same cases: what is erased was due when the database erased it. Used by
/// one thread at a time.
class retention_sweep {
 public:
  explicit retention_sweep(store::held_run run) : run_(run), progress_(run.progress) {}

  /// Does a little: at most one erasure. Throws store::unavailable, after which the same step can be done
  /// again; a case that cannot be swept is noted and left behind.
  sweep_state step(store::session& s, const sweep_time& at);

  const store::held_run& run() const { return run_; }
  const store::run_progress& progress() const { return progress_; }
  const std::string& trouble() const { return trouble_; }

 private:
  bool begin(store::session& s, const sweep_time& at);
  bool fetch(store::session& s, const sweep_time& at);
  sweep_state go_on(store::session& s, const sweep_time& at);
  sweep_state erase_some(store::session& s, const sweep_time& at, const model::erasure_plan& plan);
  store::erasure_order next_order(const sweep_time& at, const model::erasure_plan& plan) const;
  void after_erasure(store::session& s, const store::erasure_order& order, const store::erased& done);
  sweep_state finish(store::session& s, const sweep_time& at, store::run_outcome outcome);
  sweep_state stop(store::session& s, const sweep_time& at, std::string why);
  void leave_case();
  void fail_case(store::session& s, const sweep_time& at, const std::string& why);
  bool beat(store::session& s, const sweep_time& at);

  store::held_run run_;
  store::run_progress progress_;
  std::string trouble_;
  bool begun_ = false;
  model::retention_rules rules_;
  model::instant beaten_at_;
  store::candidate_list list_ = store::candidate_list::due;
  store::candidate_place place_;
  bool last_batch_ = false;
  std::deque<store::candidate> waiting_;
  /// Of the case in front: whether something of it was erased, and how often it was planned anew.
  bool touched_ = false;
  int planned_anew_ = 0;
};

/// A run to do, if there is one.
struct found_run {
  std::optional<store::held_run> run;
  /// No day's run is begun: nobody knows what day it is.
  bool in_doubt = false;
};

/// Finds the runs that there are to do (R30). Used by one thread at a time.
class run_finder {
 public:
  explicit run_finder(model::id_source& ids) : ids_(ids) {}
  /// The next run, held by whoever asks: the daily one of an organisation whose day has come, else one that
  /// was asked for or left by a crash.
  found_run next(store::session& s, const sweep_time& at);

 private:
  std::optional<store::held_run> begin_day(store::session& s, model::uuid holder, model::instant now);
  struct due_day {
    model::org_id org;
    model::day day;
  };
  model::id_source& ids_;
  std::deque<due_day> days_;
  /// When the organisations were looked through.
  model::instant looked_at_;
};

/// The ledger of erasures as a file of lines beside the data: what a restored backup is brought up to date
/// with when the database is lost. Only ever added to.
class erasure_log {
 public:
  explicit erasure_log(std::filesystem::path file) : file_(std::move(file)) {}
  /// Writes what no file has yet; true if there may be more. Throws std::system_error, store::unavailable.
  bool catch_up(store::session& s) const;

 private:
  void append(const std::string& lines) const;
  std::filesystem::path file_;
};

}  // namespace actors
