#include <array>

#include "odb/session_impl.hpp"

namespace store {
namespace {

/// PostgreSQL's LIMIT takes a bigint.
std::int64_t limit_of(const page& wanted) { return static_cast<std::int64_t>(wanted.limit); }

/// `%word%` for each word of the text, a line each; in them every character stands for itself.
std::string containing(const std::string& text) {
  std::string patterns;
  bool within = false;
  for (const char c : text) {
    const bool space = c == ' ' || (c >= '\t' && c <= '\r');
    if (!space && !within) patterns += patterns.empty() ? "%" : "\n%";
    if (space && within) patterns += '%';
    within = !space;
    if (space) continue;
    if (c == '%' || c == '_' || c == '\\') patterns += '\\';
    patterns += c;
  }
  if (within) patterns += '%';
  return patterns;
}

struct case_list_values {
  model::org_id org;
  std::string pattern;
  model::uuid after;
  std::int64_t limit = 0;
  model::instant now;
};

using case_lines = odb::query<case_list_view>;

case_lines case_list(const case_query& asked, const case_list_values& v) {
  case_lines q(
      "SELECT c.id, c.org_id, c.reference, t.id, t.full_name, p.address_line1, p.address_line2, "
      "p.address_town,"
      " p.address_postcode, c.opened_at, c.closed_at, c.last_activity_at, coalesce(f.open_goals, 0),"
      " CASE WHEN f.next_session_at <");
  q += case_lines::_ref(v.now);
  q += " THEN keywork.first_session(c.org_id, c.id," + case_lines::_ref(v.now);
  q += ") ELSE f.next_session_at END"
       " FROM keywork.support_cases c"
       " LEFT JOIN keywork.case_figures f ON f.org_id = c.org_id AND f.case_id = c.id"
       " JOIN keywork.tenants t ON t.org_id = c.org_id AND t.id = c.tenant_id"
       " JOIN keywork.tenancies y ON y.org_id = c.org_id AND y.id = c.tenancy_id"
       " JOIN keywork.properties p ON p.org_id = c.org_id AND p.id = y.property_id"
       " WHERE c.id <" +
       case_lines::_ref(v.after);
  if (asked.org) q = q + " AND c.org_id =" + case_lines::_ref(v.org);
  if (asked.status)
    q += *asked.status == model::case_status::open ? " AND c.closed_at IS NULL"
                                                   : " AND c.closed_at IS NOT NULL";
  if (!asked.text.empty())
    q = q +
        " AND concat_ws(E'\\n', c.reference, t.full_name, concat_ws(', ', p.address_line1,"
        " nullif(p.address_line2, ''), p.address_town, p.address_postcode)) ILIKE ALL (string_to_array(" +
        case_lines::_ref(v.pattern) + ", E'\\n'))";
  return q + " ORDER BY c.id DESC LIMIT" + case_lines::_ref(v.limit);
}

/// One prepared statement for each combination of filters.
const char* case_list_name(const case_query& asked) {
  static constexpr std::array names = {
      "cases",           "cases_org",           "cases_open",        "cases_org_open",
      "cases_closed",    "cases_org_closed",    "cases_text",        "cases_org_text",
      "cases_open_text", "cases_org_open_text", "cases_closed_text", "cases_org_closed_text"};
  const std::size_t status = !asked.status ? 0 : *asked.status == model::case_status::open ? 1 : 2;
  return names.at((asked.org ? 1 : 0) + 2 * status + (asked.text.empty() ? 0 : 6));
}

case_row line_of(case_list_view& v) {
  return {v.id,
          v.org,
          std::move(v.reference),
          v.tenant,
          std::move(v.tenant_name),
          model::one_line({std::move(v.line1), std::move(v.line2), std::move(v.town), std::move(v.postcode)}),
          v.opened_at,
          v.closed_at,
          v.last_activity_at,
          v.open_goals,
          v.next_session_at};
}

struct caseload_values {
  model::user_id user;
  model::uuid after;
  std::int64_t limit = 0;
  model::instant now;
};

struct assignment_values {
  model::user_id user;
  model::uuid id;
};

struct note_page_values {
  model::org_id org;
  model::case_id of_case;
  model::stream stream = model::stream::shared;
  model::uuid after;
  std::int64_t limit = 0;
};

struct user_values {
  model::user_id user;
};

}  // namespace

std::vector<case_row> session::cases(model::user_id who, const case_query& query) {
  const case_list_values values{query.org.value_or(model::org_id{}), containing(query.text),
                                query.wanted.after.value_or(behind_all), limit_of(query.wanted), query.now};
  return impl_->database.run({.as = purpose::person, .user = who, .org = query.org}, [&](unit& u) {
    std::vector<case_row> lines;
    for (auto& row : u.ask<case_list_view>(case_list_name(query), values,
                                           [&](const auto& v) { return case_list(query, v); }))
      lines.push_back(line_of(row));
    return lines;
  });
}

std::vector<caseload_row> session::caseload(model::user_id who, const page& wanted, model::instant now) {
  using query = odb::query<caseload_line_view>;
  const caseload_values values{who, wanted.after.value_or(behind_all), limit_of(wanted), now};
  return impl_->database.run({.as = purpose::person, .user = who}, [&](unit& u) {
    std::vector<caseload_row> rows;
    for (auto& v : u.ask<caseload_line_view>("caseload", values, [](const caseload_values& v) {
           return "SELECT l.id, l.org_id, l.case_id, l.user_id, l.tenant_id, l.tenant_name, "
                  "l.organisation_name,"
                  " l.participation, l.assigned_at, l.last_activity_at, CASE WHEN l.next_session_at <" +
                  query::_ref(v.now) + " THEN keywork.first_session(l.org_id, l.case_id," +
                  query::_ref(v.now) +
                  ") ELSE l.next_session_at END FROM keywork.caseload l WHERE l.user_id =" +
                  query::_ref(v.user) + " AND l.id <" + query::_ref(v.after) + " ORDER BY l.id DESC LIMIT" +
                  query::_ref(v.limit);
         }))
      rows.push_back({v.id, v.org, v.of_case, v.user, v.tenant, std::move(v.tenant_name),
                      std::move(v.organisation_name), v.participation, v.assigned_at, v.last_activity_at,
                      v.next_session_at, true});
    return rows;
  });
}

std::optional<caseload_row> session::assignment(model::user_id who, model::collaborator_id id) {
  using query = odb::query<caseload_row>;
  const assignment_values values{who, id.value};
  return impl_->database.run(
      {.as = purpose::person, .user = who}, [&](unit& u) -> std::optional<caseload_row> {
        auto found = all_of(u.ask<caseload_row>("assignment", values, [](const assignment_values& v) {
          return query(query::user == query::_ref(v.user) && query::key.id == query::_ref(v.id));
        }));
        return found.empty() ? std::nullopt : std::optional{std::move(found.front())};
      });
}

std::vector<model::note> session::notes(model::user_id who, model::org_id org, model::case_id of_case,
                                        model::stream stream, const page& wanted) {
  using query = odb::query<model::note>;
  const note_page_values values{org, of_case, stream, wanted.after.value_or(behind_all), limit_of(wanted)};
  return impl_->database.run({.as = purpose::person, .user = who, .org = org}, [&](unit& u) {
    return all_of(u.ask<model::note>("list_notes", values, [](const note_page_values& v) {
      return query(query::key.org == query::_ref(v.org) && query::of_case == query::_ref(v.of_case) &&
                   query::stream == query::_ref(v.stream) && query::key.id < query::_ref(v.after)) +
             "ORDER BY" + query::key.id + "DESC LIMIT" + query::_ref(v.limit);
    }));
  });
}

std::vector<membership_row> session::memberships(model::user_id who) {
  using query = odb::query<membership_view>;
  return impl_->database.run({.as = purpose::person, .user = who}, [&](unit& u) {
    std::vector<membership_row> rows;
    for (auto& v : u.ask<membership_view>("memberships", user_values{who}, [](const user_values& values) {
           return "SELECT o.id, o.name, o.kind, o.tier, m.role FROM keywork.memberships m"
                  " JOIN keywork.organisations o ON o.id = m.org_id WHERE m.user_id =" +
                  query::_ref(values.user) + " ORDER BY o.name, o.id";
         }))
      rows.push_back({v.org, std::move(v.name), v.kind, std::move(v.tier), v.role});
    return rows;
  });
}

bool session::has_caseload(model::user_id who) {
  using query = odb::query<truth_view>;
  return impl_->database.run({.as = purpose::person, .user = who}, [&](unit& u) {
    const auto found = first_of(u.ask<truth_view>("has_caseload", user_values{who}, [](const user_values& v) {
      return "SELECT EXISTS (SELECT FROM keywork.tenant_collaborators WHERE ended_at IS NULL"
             " AND accepted_at IS NOT NULL AND user_id =" +
             query::_ref(v.user) + ")";
    }));
    return found && found->truth;
  });
}

namespace {

struct answer_values {
  model::user_id user;
  std::string key;
  model::instant since;
};

}  // namespace

std::optional<kept_answer> session::find_answer(model::user_id who, const std::string& key,
                                                model::instant now) {
  using query = odb::query<answer_row>;
  const answer_values values{who, key, now - std::chrono::hours(24)};
  return impl_->database.run(
      {.as = purpose::person, .user = who}, [&](unit& u) -> std::optional<kept_answer> {
        auto row = first_of(u.ask<answer_row>("find_answer", values, [](const answer_values& v) {
          return query(query::id.user == query::_ref(v.user) && query::id.key == query::_ref(v.key) &&
                       query::kept_at >= query::_ref(v.since));
        }));
        if (!row) return std::nullopt;
        return kept_answer{std::move(row->id.key), std::move(row->fingerprint), row->created, row->made,
                           std::move(row->etag),   std::move(row->body)};
      });
}

}  // namespace store
