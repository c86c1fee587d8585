#include "actors/retention_views.hpp"

namespace actors {

retention_run_view view_run(const store::retention_run& run) {
  const auto& p = run.progress;
  retention_run_view v{run.id,          run.daily ? run_kind::daily : run_kind::asked,
                       run.day,         run.asked_at,
                       run.asked_by,    run.started_at,
                       run.finished_at, run.outcome,
                       run.trouble,     p.candidates,
                       p.seen,          p.cases,
                       p.shells,        p.notes,
                       p.failed,        {}};
  for (const auto& f : run.failures) v.failures.push_back({f.of_case, f.error});
  return v;
}

retention_run_view view_run(const model::retention_run_asked& asked) {
  retention_run_view v;
  v.id = asked.run;
  v.kind = run_kind::asked;
  v.day = asked.day;
  v.asked_at = asked.at;
  v.asked_by = asked.by;
  return v;
}

rehearsal_view view_rehearsal(const store::rehearsed_sweep& found) {
  const auto& c = found.counts;
  rehearsal_view v{
      found.legal_hold,
      found.cases,
      {c.notes, c.safeguarding_notes, c.sessions, c.goals, c.documents, c.team, c.audit_details, c.cases},
      {}};
  for (const auto& item : found.oldest)
    v.oldest.push_back({item.of_case, item.due_at, item.rest, item.safeguarding_notes, item.shell});
  return v;
}

}  // namespace actors
