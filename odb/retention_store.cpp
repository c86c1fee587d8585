#include "odb/retention_store.hpp"

#include <algorithm>

#include "odb/asked_rows.hpp"

namespace store {
namespace {

using std::chrono::seconds;

/// Longer than a step of a sweep takes: who says nothing for so long is gone.
constexpr seconds patience{30};
/// Runs are kept for so long.
constexpr std::chrono::days kept_runs{400};
constexpr std::size_t longest_error = 500;

std::string keepable(const std::string& text) {
  std::string out = text.substr(0, longest_error);
  for (char& c : out)
    if (c < ' ' || c > '~') c = '?';
  return out;
}

model::retention_rules rules_in(const sql_result& rows, int row, int column) {
  return {std::string(rows.text(row, column)),
          {static_cast<std::int32_t>(rows.number(row, column + 1)),
           static_cast<std::int32_t>(rows.number(row, column + 2))}};
}

model::day day_of(std::string_view text) {
  const auto day = model::parse_day(text);
  if (!day) throw std::runtime_error("the database gave a day that is none");
  return *day;
}

run_progress progress_in(const sql_result& rows, int row, int column) {
  return {rows.number(row, column),     rows.number(row, column + 1), rows.number(row, column + 2),
          rows.number(row, column + 3), rows.number(row, column + 4), rows.number(row, column + 5)};
}

/// Whether nobody works on it: `beaten_at` is long ago, or ahead, as after a rehearsal's clock.
constexpr auto is_left =
    "(beaten_at IS NULL OR beaten_at < $1::timestamp OR beaten_at > $2::timestamp) AND finished_at IS NULL";

/// Says in `run`'s row how far it is and what has become of it. False if it is somebody else's, or finished.
bool note_progress(session& s, const held_run& run, const run_progress& at, model::instant now,
                   const sql_text& outcome, const sql_text& trouble) {
  return s.inside().database.run({.as = purpose::retention, .org = run.org}, [&](unit& u) {
    return u.change(
               "retention_progress",
               "UPDATE keywork.retention_runs SET beaten_at = $4, candidates = $5, seen = $6, cases = $7,"
               " shells = $8, notes = $9, failed = $10, outcome = $11, trouble = $12,"
               " finished_at = CASE WHEN $11::text IS NOT NULL THEN $4::timestamp END"
               " WHERE org_id = $1 AND id = $2 AND holder = $3 AND finished_at IS NULL",
               {to_text(run.org), to_text(run.id), to_text(run.holder), to_text(now),
                std::to_string(at.candidates), std::to_string(at.seen), std::to_string(at.cases),
                std::to_string(at.shells), std::to_string(at.notes), std::to_string(at.failed), outcome,
                trouble}) == 1;
  });
}

}  // namespace

std::vector<swept_organisation> swept_organisations(session& s) {
  return s.inside().database.run({.as = purpose::retention}, [](unit& u) {
    const auto rows = asked_rows(
        u,
        "SELECT o.id, o.time_zone, o.support_retention_years_default, o.support_retention_years_safeguarding,"
        " (SELECT max(r.day) FROM keywork.retention_runs r WHERE r.org_id = o.id AND r.kind = 'daily')"
        " FROM keywork.organisations o WHERE o.kind = 'managing_agent' ORDER BY o.id",
        {});
    std::vector<swept_organisation> all;
    for (int row = 0; row < rows.rows(); ++row)
      all.push_back({id_of<model::org_id>(rows, row, 0), rules_in(rows, row, 1),
                     rows.is_null(row, 4) ? std::nullopt : std::optional{day_of(rows.text(row, 4))}});
    return all;
  });
}

std::optional<model::retention_rules> retention_rules_of(session& s, model::org_id org, bool& held) {
  return s.inside().database.run(
      {.as = purpose::retention, .org = org}, [&](unit& u) -> std::optional<model::retention_rules> {
        const auto rows = asked_rows(
            u,
            "SELECT time_zone, support_retention_years_default, support_retention_years_safeguarding,"
            " held_since IS NOT NULL FROM keywork.organisations WHERE id = $1",
            {to_text(org)});
        if (rows.rows() == 0) return std::nullopt;
        held = rows.truth(0, 3);
        return rules_in(rows, 0, 0);
      });
}

std::optional<held_run> begin_daily_run(session& s, const held_run& fresh, model::day day,
                                        model::instant now) {
  return s.inside().database.run(
      {.as = purpose::retention, .org = fresh.org}, [&](unit& u) -> std::optional<held_run> {
        u.change("retention_forget_runs", "DELETE FROM keywork.retention_runs WHERE org_id = $1 AND day < $2",
                 {to_text(fresh.org), to_text(day - kept_runs)});
        const auto made = u.change(
            "retention_begin",
            "INSERT INTO keywork.retention_runs (org_id, id, kind, day, asked_at,"
            " holder, beaten_at, started_at) VALUES ($1, $2, 'daily', $3, $5, $4, $5, $5)"
            " ON CONFLICT (org_id, day) WHERE kind = 'daily' DO NOTHING",
            {to_text(fresh.org), to_text(fresh.id), to_text(day), to_text(fresh.holder), to_text(now)});
        return made == 1 ? std::optional{fresh} : std::nullopt;
      });
}

namespace {

/// The run that has been left for longest; only of `asked_of` and asked for, where that is given.
std::optional<held_run> take_left_run(session& s, std::optional<model::org_id> asked_of, model::uuid holder,
                                      model::instant now) {
  static const auto statement =
      "UPDATE keywork.retention_runs SET holder = $3, beaten_at = $4,"
      " started_at = coalesce(started_at, $4::timestamp), trouble = NULL"
      " WHERE (org_id, id) = (SELECT org_id, id FROM keywork.retention_runs WHERE " +
      std::string(is_left) +
      " AND ($5::uuid IS NULL OR org_id = $5 AND kind = 'asked')"
      " ORDER BY asked_at LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING org_id, id, candidates, seen, cases,"
      " shells, notes, failed";
  return s.inside().database.run({.as = purpose::retention}, [&](unit& u) -> std::optional<held_run> {
    const auto rows = asked_rows(u, statement.c_str(),
                                 {to_text(now - patience), to_text(now + patience), to_text(holder),
                                  to_text(now), asked_of ? sql_text(to_text(*asked_of)) : std::nullopt});
    if (rows.rows() == 0) return std::nullopt;
    return held_run{id_of<model::org_id>(rows, 0, 0), id_of<model::retention_run_id>(rows, 0, 1), holder,
                    progress_in(rows, 0, 2)};
  });
}

}  // namespace

std::optional<held_run> take_open_run(session& s, model::uuid holder, model::instant now) {
  return take_left_run(s, std::nullopt, holder, now);
}

std::optional<held_run> take_asked_run(session& s, model::org_id org, model::uuid holder,
                                       model::instant now) {
  return take_left_run(s, org, holder, now);
}

bool begin_asked_run(session& s, const held_run& fresh, model::day day, model::audit_id entry,
                     const std::string& by, model::instant now) {
  return s.inside().database.run({.as = purpose::retention, .org = fresh.org}, [&](unit& u) {
    const auto made = u.change(
        "retention_begin_asked",
        "INSERT INTO keywork.retention_runs (org_id, id, kind, day, asked_at, holder, beaten_at, started_at)"
        " VALUES ($1, $2, 'asked', $3, $5, $4, $5, $5)"
        " ON CONFLICT (org_id) WHERE kind = 'asked' AND finished_at IS NULL DO NOTHING",
        {to_text(fresh.org), to_text(fresh.id), to_text(day), to_text(fresh.holder), to_text(now)});
    if (made == 0) return false;
    u.change("retention_ask_entry",
             "INSERT INTO keywork.audit_entries (id, org_id, at, by_id, by_name, request_id, kind, detail)"
             " VALUES ($1, $2, $3, '00000000-0000-0000-0000-000000000000', $4, '', 'retention.run_asked',"
             " json_build_object('run', $5::uuid, 'day', $6::date)::text)",
             {to_text(entry), to_text(fresh.org), to_text(now), by, to_text(fresh.id), to_text(day)});
    return true;
  });
}

std::optional<model::retention_run_id> open_asked_run(session& s, model::org_id org) {
  return s.inside().database.run(
      {.as = purpose::retention, .org = org}, [&](unit& u) -> std::optional<model::retention_run_id> {
        const auto rows = asked_rows(u,
                                     "SELECT id FROM keywork.retention_runs WHERE org_id = $1 AND kind ="
                                     " 'asked' AND finished_at IS NULL",
                                     {to_text(org)});
        return rows.rows() == 0 ? std::nullopt : std::optional{id_of<model::retention_run_id>(rows, 0, 0)};
      });
}

bool beat_run(session& s, const held_run& run, const run_progress& at, model::instant now) {
  return note_progress(s, run, at, now, std::nullopt, std::nullopt);
}

void finish_run(session& s, const held_run& run, const run_progress& at, run_outcome outcome,
                model::instant now) {
  note_progress(s, run, at, now, std::string(model::to_text(outcome)), std::nullopt);
}

void stop_run(session& s, const held_run& run, const run_progress& at, const std::string& why,
              model::instant now) {
  note_progress(s, run, at, now, std::nullopt, keepable(why));
}

bool keep_failure(session& s, const held_run& run, model::case_id of_case, const std::string& why,
                  model::instant now) {
  return s.inside().database.run({.as = purpose::retention, .org = run.org}, [&](unit& u) {
    return u.change("retention_failure",
                    "INSERT INTO keywork.retention_failures (org_id, run_id, case_id, error, at)"
                    " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (org_id, run_id, case_id) DO NOTHING",
                    {to_text(run.org), to_text(run.id), to_text(of_case), keepable(why), to_text(now)}) == 1;
  });
}

// ---- looking at runs

namespace {

constexpr auto run_columns =
    "SELECT r.id, r.kind, r.day, r.asked_at, r.asked_by_id, r.started_at, r.finished_at, r.outcome, "
    "r.trouble,"
    " r.candidates, r.seen, r.cases, r.shells, r.notes, r.failed FROM keywork.retention_runs r WHERE "
    "r.org_id = $1";

retention_run run_in(const sql_result& rows, int row) {
  retention_run run;
  run.id = id_of<model::retention_run_id>(rows, row, 0);
  run.daily = rows.text(row, 1) == "daily";
  run.day = day_of(rows.text(row, 2));
  run.asked_at = instant_of(rows.text(row, 3));
  if (!rows.is_null(row, 4)) run.asked_by = id_of<model::user_id>(rows, row, 4);
  run.started_at = instant_of(rows, row, 5);
  run.finished_at = instant_of(rows, row, 6);
  if (!rows.is_null(row, 7))
    run.outcome = rows.text(row, 7) == "done" ? run_outcome::done : run_outcome::legal_hold;
  if (!rows.is_null(row, 8)) run.trouble = std::string(rows.text(row, 8));
  run.progress = progress_in(rows, row, 9);
  return run;
}

void add_failures(unit& u, model::org_id org, retention_run& run) {
  if (run.progress.failed == 0) return;
  const auto rows =
      asked_rows(u,
                 "SELECT case_id, error FROM keywork.retention_failures WHERE org_id = $1 AND run_id = $2"
                 " ORDER BY case_id LIMIT $3",
                 {to_text(org), to_text(run.id), std::to_string(most_failures_shown)});
  for (int row = 0; row < rows.rows(); ++row)
    run.failures.push_back({id_of<model::case_id>(rows, row, 0), std::string(rows.text(row, 1))});
}

std::optional<retention_run> the_run(unit& u, model::org_id org, const char* statement,
                                     std::initializer_list<sql_text> values) {
  const auto rows = asked_rows(u, statement, values);
  if (rows.rows() == 0) return std::nullopt;
  auto run = run_in(rows, 0);
  add_failures(u, org, run);
  return run;
}

std::vector<retention_run> runs_as(session& s, const acting& who, model::org_id org, const page& wanted) {
  static const auto statement = std::string(run_columns) + " AND r.id < $2 ORDER BY r.id DESC LIMIT $3";
  return s.inside().database.run(who, [&](unit& u) {
    const auto rows =
        asked_rows(u, statement.c_str(),
                   {to_text(org), to_text(wanted.after.value_or(behind_all)), std::to_string(wanted.limit)});
    std::vector<retention_run> all;
    for (int row = 0; row < rows.rows(); ++row) all.push_back(run_in(rows, row));
    for (auto& run : all) add_failures(u, org, run);
    return all;
  });
}

}  // namespace

std::vector<retention_run> retention_runs(session& s, model::user_id who, model::org_id org,
                                          const page& wanted) {
  return runs_as(s, {.as = purpose::person, .user = who, .org = org}, org, wanted);
}

std::vector<retention_run> retention_runs(session& s, model::org_id org, const page& wanted) {
  return runs_as(s, {.as = purpose::retention, .org = org}, org, wanted);
}

std::optional<retention_run> retention_run_of(session& s, model::org_id org, model::retention_run_id id) {
  static const auto statement = std::string(run_columns) + " AND r.id = $2";
  return s.inside().database.run({.as = purpose::retention, .org = org}, [&](unit& u) {
    return the_run(u, org, statement.c_str(), {to_text(org), to_text(id)});
  });
}

std::optional<retention_run> open_asked_run(session& s, model::user_id who, model::org_id org) {
  static const auto statement = std::string(run_columns) + " AND r.kind = 'asked' AND r.finished_at IS NULL";
  return s.inside().database.run({.as = purpose::person, .user = who, .org = org},
                                 [&](unit& u) { return the_run(u, org, statement.c_str(), {to_text(org)}); });
}

}  // namespace store
