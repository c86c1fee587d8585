#include "odb/session_impl.hpp"

namespace store {
namespace {

struct task_values {
  /// Nil for all.
  model::org_id org;
  model::instant now;
  model::day after_day;
  model::uuid after;
  std::int64_t limit = 0;
};

// What is due, of one kind. `%from` is where it is looked for: an operator's organisation as a whole, or a
// worker's cases one by one. OFFSET 0 keeps each its own loop over an index of what is due, whatever
// PostgreSQL guesses of how much that is: what is stored costs nothing.
constexpr auto due_goals =
    " SELECT 'goal_overdue' AS kind, g.id, g.org_id, g.case_id, g.title, g.target_date AS due_on,"
    "  NULL::timestamp AS starts_at FROM %from CROSS JOIN LATERAL"
    "  (SELECT * FROM keywork.goals w WHERE w.org_id = d.org_id %case AND w.status = 'active'"
    "   AND w.target_date < d.today OFFSET 0) g";
constexpr auto sessions_today =
    " SELECT 'session_today', s.id, s.org_id, s.case_id, s.type, d.today, s.starts_at FROM %from CROSS JOIN "
    "LATERAL"
    "  (SELECT * FROM keywork.sessions w WHERE w.org_id = d.org_id %case AND w.status = 'scheduled'"
    "   AND w.starts_at >= d.day_begin AND w.starts_at < d.day_end OFFSET 0) s";
constexpr auto due_documents =
    " SELECT CASE WHEN f.due_on < d.today THEN 'document_overdue' ELSE 'document_due' END, f.id, f.org_id, "
    "f.case_id,"
    "  f.title, f.due_on, NULL FROM %from CROSS JOIN LATERAL"
    "  (SELECT * FROM keywork.documents w WHERE w.org_id = d.org_id %case AND w.due_on <= d.today + 14"
    "   AND w.due_on IS NOT NULL AND w.status <> 'void' OFFSET 0) f"
    "  WHERE NOT EXISTS (SELECT FROM keywork.documents n WHERE n.org_id = f.org_id AND n.case_id = f.case_id"
    "   AND n.type = f.type AND n.id > f.id AND n.status IN ('approved', 'sent')"
    "   AND n.made_from_id IS NOT DISTINCT FROM f.made_from_id)";

struct place {
  std::string_view from;
  std::string_view of_case;
};
constexpr place whole_organisations{"(SELECT * FROM days WHERE operates) d", ""};
constexpr place own_cases{
    "(SELECT y.*, l.case_id FROM days y JOIN keywork.caseload l ON l.org_id = y.org_id) d",
    "AND w.case_id = d.case_id"};

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

/// Everything due, by either way; UNION because a manager may be on a team too.
std::string everything_due() {
  std::string all;
  for (const auto& where : {whole_organisations, own_cases})
    for (std::string part : {due_goals, sessions_today, due_documents}) {
      replace_all(part, "%from", where.from);
      replace_all(part, "%case", where.of_case);
      all += (all.empty() ? "" : " UNION") + part;
    }
  return all;
}

odb::query<task_view> due_items(const task_values& v) {
  using query = odb::query<task_view>;
  return query(
             "SELECT u.kind, u.id, u.org_id, coalesce(o.name, l.organisation_name), u.case_id, u.reference,"
             " u.tenant_id, coalesce(t.full_name, l.tenant_name), u.title, u.due_on, u.starts_at"
             " FROM (WITH days AS MATERIALIZED (SELECT * FROM keywork.task_days(nullif(") +
         query::_ref(v.org) + ", '00000000-0000-0000-0000-000000000000'), " + query::_ref(v.now) +
         ")), due AS (" + everything_due() +
         ") SELECT due.*, c.reference, c.tenant_id FROM due"
         "  CROSS JOIN LATERAL (SELECT k.reference, k.tenant_id FROM keywork.support_cases k"
         "   WHERE k.org_id = due.org_id AND k.id = due.case_id AND k.closed_at IS NULL OFFSET 0) c"
         "  WHERE (due.due_on, due.id) > (" +
         query::_ref(v.after_day) + ", " + query::_ref(v.after) + ") ORDER BY due.due_on, due.id LIMIT" +
         query::_ref(v.limit) +
         ") u LEFT JOIN keywork.tenants t ON t.org_id = u.org_id AND t.id = u.tenant_id"
         " LEFT JOIN keywork.organisations o ON o.id = u.org_id"
         " LEFT JOIN LATERAL (SELECT w.tenant_name, w.organisation_name FROM keywork.caseload w"
         "  WHERE w.org_id = u.org_id AND w.case_id = u.case_id LIMIT 1) l ON true"
         " ORDER BY u.due_on, u.id";
}

}  // namespace

std::vector<task_row> session::tasks(model::user_id who, const task_query& query) {
  // Before everything: the first day that a date can be, and the nil id.
  const auto after = query.after.value_or(task_place{model::day{std::chrono::year{1} / 1 / 1}, {}});
  const task_values values{query.org.value_or(model::org_id{}), query.now, after.due_on, after.id,
                           static_cast<std::int64_t>(query.limit)};
  return impl_->database.run({.as = purpose::person, .user = who, .org = query.org}, [&](unit& u) {
    std::vector<task_row> rows;
    for (auto& v : u.ask<task_view>("tasks", values, due_items))
      rows.push_back({v.kind, v.id, v.org, std::move(v.organisation_name), v.of_case, std::move(v.reference),
                      v.tenant, std::move(v.tenant_name), std::move(v.title), v.due_on, v.starts_at});
    return rows;
  });
}

}  // namespace store
