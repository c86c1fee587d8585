#include "odb/session_impl.hpp"

namespace store {
namespace {

struct search_values {
  std::string text;
  /// Nil for all.
  model::org_id org;
  model::uuid after;
  std::int64_t limit = 0;
};

/// PostgreSQL's text knows no zero byte, and no control character is part of a word.
std::string without_controls(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  return text;
}

// keywork.search() gives ids, of what this person may see (migration 0009); everything else is read under
// their own row-level security, notes and goals included. A worker may not read tenants and organisations:
// the names in their caseload stand in.
odb::query<found_view> found_items(const search_values& v) {
  using query = odb::query<found_view>;
  return query(
             "SELECT h.kind = 'goal', h.id, h.org_id, coalesce(o.name, l.organisation_name), c.id, "
             "c.reference,"
             " c.tenant_id, coalesce(t.full_name, l.tenant_name), x.stream,"
             " btrim(regexp_replace(ts_headline('pg_catalog.english', x.content, h.words,"
             " 'MaxFragments=1, MinWords=15, MaxWords=30, StartSel=\"\", StopSel=\"\"'), '\\s+', ' ', 'g')),"
             " x.created_at, x.author_name"
             " FROM (SELECT s.*, (keywork.search_question(") +
         query::_ref(v.text) + ")).whole AS words FROM keywork.search(" + query::_ref(v.text) + ", " +
         "nullif(" + query::_ref(v.org) + ", '00000000-0000-0000-0000-000000000000'), " +
         query::_ref(v.after) + ", " + query::_ref(v.limit) + ") s ORDER BY s.id DESC LIMIT" +
         query::_ref(v.limit) +
         ") h CROSS JOIN LATERAL"
         " (SELECT n.stream, n.body AS content, n.created_at, n.author_name FROM keywork.notes n"
         "  WHERE h.kind = 'note' AND n.org_id = h.org_id AND n.id = h.id AND n.deleted_at IS NULL"
         "  UNION ALL"
         "  SELECT NULL, keywork.goal_text(g.title, g.description, g.progress), g.created_at, g.author_name"
         "  FROM keywork.goals g WHERE h.kind = 'goal' AND g.org_id = h.org_id AND g.id = h.id) x"
         " JOIN keywork.support_cases c ON c.org_id = h.org_id AND c.id = h.case_id"
         " LEFT JOIN keywork.tenants t ON t.org_id = c.org_id AND t.id = c.tenant_id"
         " LEFT JOIN keywork.organisations o ON o.id = c.org_id"
         " LEFT JOIN LATERAL (SELECT w.tenant_name, w.organisation_name FROM keywork.caseload w"
         "  WHERE w.org_id = c.org_id AND w.case_id = c.id LIMIT 1) l ON true"
         " ORDER BY h.id DESC";
}

}  // namespace

std::vector<search_row> session::search(model::user_id who, const search_query& query) {
  const search_values values{without_controls(query.text), query.org.value_or(model::org_id{}),
                             query.wanted.after.value_or(behind_all),
                             static_cast<std::int64_t>(query.wanted.limit)};
  return impl_->database.run({.as = purpose::person, .user = who, .org = query.org}, [&](unit& u) {
    std::vector<search_row> rows;
    for (auto& v : u.ask<found_view>("search", values, found_items))
      rows.push_back({v.is_goal, v.id, v.org, std::move(v.organisation_name), v.of_case,
                      std::move(v.reference), v.tenant, std::move(v.tenant_name), v.stream,
                      std::move(v.snippet), v.created_at, std::move(v.author_name)});
    return rows;
  });
}

}  // namespace store
