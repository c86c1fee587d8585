#include <algorithm>

#include "odb/asked_rows.hpp"
#include "odb/retention_store.hpp"

namespace store {
namespace {

constexpr std::size_t candidates_at_once = 500;

/// One row for each safeguarding note of each case found, and one for a case without.
constexpr auto with_notes =
    " SELECT f.id, f.closed_at, f.held_since IS NOT NULL, f.kept_since IS NOT NULL, f.since,"
    " EXISTS (SELECT FROM keywork.notes m WHERE m.org_id = f.org_id AND m.case_id = f.id AND NOT "
    "m.safeguarding"
    "         OFFSET $2 LIMIT 1),"
    " EXISTS (SELECT FROM keywork.documents d WHERE d.org_id = f.org_id AND d.case_id = f.id OFFSET $3 LIMIT "
    "1),"
    " n.id, n.flagged_at"
    " FROM found f LEFT JOIN keywork.notes n ON n.org_id = f.org_id AND n.case_id = f.id AND n.safeguarding"
    " ORDER BY f.since, f.id";

constexpr auto found_columns = "org_id, id, closed_at, held_since, kept_since";

std::string list_statement(candidate_list which) {
  const std::string since = which == candidate_list::due ? "closed_at" : "kept_since";
  return "WITH found AS (SELECT " + std::string(found_columns) + ", " + since +
         " AS since FROM keywork.support_cases WHERE org_id = $1 AND held_since IS NULL AND " + since +
         (which == candidate_list::due ? " IS NOT NULL AND kept_since IS NULL" : " IS NOT NULL") + " AND " +
         since + " <= $4::timestamp AND (" + since + ", id) > ($5::timestamp, $6::uuid) ORDER BY " + since +
         ", id LIMIT $7)" + with_notes;
}

std::vector<candidate> candidates_in(const sql_result& rows) {
  std::vector<candidate> all;
  for (int row = 0; row < rows.rows(); ++row) {
    const auto id = id_of<model::case_id>(rows, row, 0);
    if (all.empty() || all.back().what.id != id) {
      candidate c;
      c.what = {id, instant_of(rows, row, 1), rows.truth(row, 2), rows.truth(row, 3), {}};
      c.place = {instant_of(rows, row, 4).value_or(model::instant{}), id};
      c.many_notes = rows.truth(row, 5);
      c.many_documents = rows.truth(row, 6);
      all.push_back(std::move(c));
    }
    if (!rows.is_null(row, 7))
      all.back().what.flagged.push_back({id_of<model::note_id>(rows, row, 7), instant_of(rows.text(row, 8))});
  }
  return all;
}

std::string since_text(model::instant since) {
  return since == model::instant::min() ? "-infinity" : to_text(since);
}

model::instant until_of(candidate_list which, const model::retention_years& windows, model::instant now) {
  return model::latest_candidate(which == candidate_list::due ? windows.default_ : windows.safeguarding, now);
}

/// Every case that may be due by these rules, batch by batch.
template <class Take>
void each_batch(session& s, model::org_id org, const model::retention_rules& rules, model::instant now,
                Take take) {
  for (const auto which : {candidate_list::due, candidate_list::kept}) {
    candidate_place after;
    for (;;) {
      const auto batch =
          candidates(s, org, which, until_of(which, rules.windows, now), after, candidates_at_once);
      if (!batch.empty()) take(batch);
      if (batch.size() < candidates_at_once) break;
      after = batch.back().place;
    }
  }
}

/// How much of each kind these cases have, safeguarding notes apart.
void count_rest(session& s, model::org_id org, const std::vector<model::case_id>& cases, due_class& into) {
  if (cases.empty()) return;
  const auto ids = plain_array(cases, [](model::case_id id) { return to_text(id); });
  s.inside().database.run({.as = purpose::retention, .org = org}, [&](unit& u) {
    const auto counted = [&](const std::string& table, const char* more = "") {
      const auto statement = "SELECT count(*) FROM keywork." + table +
                             " WHERE org_id = $1 AND case_id = ANY ($2::uuid[])" + more;
      return static_cast<std::int64_t>(asked_rows(u, statement.c_str(), {to_text(org), ids}).number(0, 0));
    };
    into.notes += counted("notes", " AND NOT safeguarding");
    into.sessions += counted("sessions");
    into.goals += counted("goals");
    into.documents += counted("documents");
    into.team += counted("tenant_collaborators");
    into.audit_details += counted("audit_entries");
  });
}

}  // namespace

std::vector<candidate> candidates(session& s, model::org_id org, candidate_list which, model::instant until,
                                  const candidate_place& after, std::size_t most) {
  static const auto due = list_statement(candidate_list::due), kept = list_statement(candidate_list::kept);
  return s.inside().database.run({.as = purpose::retention, .org = org}, [&](unit& u) {
    return candidates_in(
        asked_rows(u, which == candidate_list::due ? due.c_str() : kept.c_str(),
                   {to_text(org), std::to_string(notes_at_once), std::to_string(documents_at_once),
                    to_text(until), since_text(after.since), to_text(after.id), std::to_string(most)}));
  });
}

std::optional<candidate> candidate_of(session& s, model::org_id org, model::case_id id) {
  static const auto statement =
      "WITH found AS (SELECT " + std::string(found_columns) +
      ", closed_at AS since FROM keywork.support_cases WHERE org_id = $1 AND id = $4)" + with_notes;
  return s.inside().database.run({.as = purpose::retention, .org = org}, [&](unit& u) {
    const auto found = candidates_in(asked_rows(
        u, statement.c_str(),
        {to_text(org), std::to_string(notes_at_once), std::to_string(documents_at_once), to_text(id)}));
    return found.empty() ? std::nullopt : std::optional{found.front()};
  });
}

std::int64_t count_candidates(session& s, model::org_id org, const model::retention_rules& rules,
                              model::instant now) {
  return s.inside().database.run({.as = purpose::retention, .org = org}, [&](unit& u) {
    return static_cast<std::int64_t>(
        asked_rows(
            u,
            "SELECT (SELECT count(*) FROM keywork.support_cases WHERE org_id = $1 AND closed_at IS NOT NULL"
            "  AND kept_since IS NULL AND held_since IS NULL AND closed_at <= $2)"
            " + (SELECT count(*) FROM keywork.support_cases WHERE org_id = $1 AND kept_since <= $3"
            "  AND held_since IS NULL)",
            {to_text(org), to_text(until_of(candidate_list::due, rules.windows, now)),
             to_text(until_of(candidate_list::kept, rules.windows, now))})
            .number(0, 0));
  });
}

model::due_counts count_newly_due(session& s, model::org_id org, const model::retention_rules& before,
                                  const model::retention_rules& after, model::instant now) {
  model::due_counts total;
  each_batch(s, org, after, now, [&](const std::vector<candidate>& batch) {
    for (const auto& c : batch) {
      const auto counts = model::newly_due(c.what, before, after, now);
      total.cases += counts.cases;
      total.notes += counts.notes;
    }
  });
  return total;
}

rehearsed_sweep rehearse_sweep(session& s, model::org_id org, model::instant now) {
  rehearsed_sweep out;
  const auto rules = retention_rules_of(s, org, out.legal_hold);
  if (!rules) return out;
  each_batch(s, org, *rules, now, [&](const std::vector<candidate>& batch) {
    std::vector<model::case_id> whole;
    for (const auto& c : batch) {
      const auto plan = model::plan_erasure(c.what, *rules, now);
      if (plan.is_empty()) continue;
      ++out.cases;
      if (plan.rest) whole.push_back(c.what.id);
      out.counts.cases += plan.shell;
      const auto notes = static_cast<std::int64_t>(plan.safeguarding.size());
      out.counts.safeguarding_notes += notes;
      out.oldest.push_back({c.what.id, plan.due_at, notes, plan.rest, plan.shell});
    }
    count_rest(s, org, whole, out.counts);
    const auto shown = std::min(out.oldest.size(), most_oldest_items);
    std::ranges::partial_sort(out.oldest, out.oldest.begin() + static_cast<std::ptrdiff_t>(shown),
                              [](const due_item& a, const due_item& b) {
                                return std::pair(a.due_at, a.of_case) < std::pair(b.due_at, b.of_case);
                              });
    out.oldest.resize(shown);
  });
  return out;
}

}  // namespace store
