#include "odb/digest_read.hpp"

#include <algorithm>
#include <span>

namespace store {
namespace {

/// How many tenants' parts are in memory at once.
constexpr std::size_t tenants_at_once = 10;

struct recipient_values {
  model::org_id org;
  model::user_id user;
};
struct part_values {
  model::org_id org;
  /// As an array's text.
  std::string cases;
  model::instant from, to;
  std::int64_t most = 0;
};
struct ids_values {
  model::org_id org;
  std::string ids;
};

std::optional<model::organisation> settings_of(unit& u, model::org_id org) {
  model::organisation found;
  return u.db().find(org, found) ? std::optional{std::move(found)} : std::nullopt;
}

std::vector<model::digest_assignment> assignments_of(unit& u, const digest_source& from) {
  using query = odb::query<digest_assignment_view>;
  std::vector<model::digest_assignment> all;
  for (auto& v : u.ask<digest_assignment_view>(
           "digest_assignments", recipient_values{from.org, from.user}, [](const recipient_values& v) {
             return "SELECT r.case_id, c.reference, c.closed_at, t.full_name, "
                    "t.housing_officer_note_visibility,"
                    " r.participation, r.email, r.full_name, r.accepted_at, r.ended_at"
                    " FROM keywork.tenant_collaborators r"
                    " JOIN keywork.support_cases c ON c.org_id = r.org_id AND c.id = r.case_id"
                    " JOIN keywork.tenants t ON t.org_id = r.org_id AND t.id = r.tenant_id"
                    " WHERE r.org_id =" +
                    query::_ref(v.org) + "AND r.user_id =" + query::_ref(v.user) +
                    "ORDER BY t.full_name, c.reference";
           }))
    all.push_back({v.of_case, std::move(v.reference), v.closed_at, std::move(v.tenant_name), v.visibility,
                   v.participation, std::move(v.email), std::move(v.full_name), v.accepted_at, v.ended_at});
  return all;
}

/// Whose assignments there are at all, a hidden tenant's among them.
bool is_recipient(unit& u, const digest_source& from) {
  using query = odb::query<truth_view>;
  return first_of(u.ask<truth_view>("is_digest_recipient", recipient_values{from.org, from.user},
                                    [](const recipient_values& v) {
                                      return "SELECT EXISTS (SELECT FROM keywork.tenant_collaborators r"
                                             " WHERE r.org_id =" +
                                             query::_ref(v.org) + "AND r.user_id =" + query::_ref(v.user) +
                                             ")";
                                    }))
      .value()
      .truth;
}

/// The rows of these cases for which `where` holds, of each case the first `most` in the order `latest`.
template <class Part>
odb::query<Part> latest_of_each(const part_values& v, const char* table, const char* where,
                                const char* latest, bool in_period) {
  using query = odb::query<Part>;
  auto inner = query(query::key.org == query::_ref(v.org)) + "AND" + query::of_case + "= ANY (" +
               query::_ref(v.cases) + "::uuid[]) AND" + query::key.id +
               "IN (SELECT w.id FROM (SELECT l.id,"
               " row_number() OVER (PARTITION BY l.case_id ORDER BY " +
               latest + ") AS place FROM " + table + " l WHERE l.org_id =" + query::_ref(v.org) +
               "AND l.case_id = ANY (" + query::_ref(v.cases) + "::uuid[]) AND " + where;
  if (in_period) inner = inner + ">=" + query::_ref(v.from) + "AND " + where + "<" + query::_ref(v.to);
  return inner + ") w WHERE w.place <=" + query::_ref(v.most) + ")";
}

std::vector<model::goal> goals_of(unit& u, const part_values& values) {
  using query = odb::query<model::goal>;
  return all_of(u.ask<model::goal>("digest_goals", values, [](const part_values& v) {
    return latest_of_each<model::goal>(v, "keywork.goals", "l.status = 'active'", "l.id DESC", false) +
           "ORDER BY" + query::key.id;
  }));
}

std::vector<model::support_session> sessions_of(unit& u, const part_values& values) {
  using query = odb::query<model::support_session>;
  return all_of(u.ask<model::support_session>("digest_sessions", values, [](const part_values& v) {
    return latest_of_each<model::support_session>(v, "keywork.sessions", "l.starts_at",
                                                  "l.starts_at DESC, l.id DESC", true) +
           "ORDER BY" + query::starts_at + "," + query::key.id;
  }));
}

std::vector<model::note> notes_of(unit& u, const part_values& values) {
  using query = odb::query<model::note>;
  return all_of(u.ask<model::note>("digest_notes", values, [](const part_values& v) {
    return latest_of_each<model::note>(v, "keywork.notes", "l.created_at", "l.created_at DESC, l.id DESC",
                                       true) +
           "ORDER BY" + query::created_at + "," + query::key.id;
  }));
}

/// What one case has of a list, and no more than is told; `more` is set where there was.
template <class Part>
std::vector<Part> take(std::vector<Part>& all, model::case_id of_case, bool& more) {
  std::vector<Part> own;
  for (auto& part : all)
    if (part.of_case == of_case) own.push_back(std::move(part));
  if (own.size() > model::most_told_of_a_kind) {
    own.erase(own.begin());  // the oldest: they are in the order of time
    more = true;
  }
  return own;
}

void add_all(unit& u, const digest_source& from, std::span<const model::digest_assignment> chunk,
             model::digest_maker& maker) {
  const auto& period = maker.period();
  const part_values values{from.org, plain_array(chunk, [](const auto& a) { return to_text(a.of_case); }),
                           period.from, period.to, static_cast<std::int64_t>(model::most_told_of_a_kind + 1)};
  auto goals = goals_of(u, values);
  auto sessions = sessions_of(u, values);
  const bool any_notes = std::ranges::any_of(
      chunk, [&](const auto& a) { return maker.reach(a) == model::digest_reach::with_notes; });
  auto notes = any_notes ? notes_of(u, values) : std::vector<model::note>{};
  for (const auto& a : chunk) {
    model::digest_parts parts;
    parts.goals = take(goals, a.of_case, parts.more);
    parts.sessions = take(sessions, a.of_case, parts.more);
    parts.notes = take(notes, a.of_case, parts.more);
    maker.add(a, parts);
  }
}

}  // namespace

found_digest read_digest(unit& u, const digest_source& from, const model::month& month, model::instant now) {
  const auto settings = settings_of(u, from.org);
  if (!settings) return {};
  auto assignments = assignments_of(u, from);
  found_digest found{!assignments.empty() || is_recipient(u, from), {}};
  model::digest_maker maker(*settings, month, now);
  std::erase_if(assignments, [&](const auto& a) { return maker.reach(a) == model::digest_reach::nothing; });
  const std::span<const model::digest_assignment> all(assignments);
  for (std::size_t i = 0; i < all.size(); i += tenants_at_once)
    add_all(u, from, all.subspan(i, std::min(tenants_at_once, all.size() - i)), maker);
  found.said = maker.finish();
  return found;
}

std::vector<model::digest_reach_now> reach_now(unit& u, const digest_source& from, const model::digest& said,
                                               const model::month& month) {
  using query = odb::query<model::note>;
  const auto settings = settings_of(u, from.org);
  if (!settings) return {};
  const model::digest_maker maker(*settings, month, said.as_of);
  std::vector<model::digest_reach_now> all;
  for (const auto& a : assignments_of(u, from)) all.push_back({a.of_case, maker.reach(a), {}});
  std::vector<model::note_id> told;
  for (const auto& section : said.sections)
    for (const auto& note : section.notes) told.push_back(note.id);
  if (told.empty()) return all;
  const ids_values values{from.org, id_array(told)};
  for (const auto& note : u.ask<model::note>("digest_notes_now", values, [](const ids_values& v) {
         return query(query::key.org == query::_ref(v.org)) + "AND" + query::key.id + "= ANY (" +
                query::_ref(v.ids) + "::uuid[])";
       })) {
    const auto home = std::ranges::find(all, note.of_case, &model::digest_reach_now::of_case);
    if (home != all.end() && model::tell(note, maker.period())) home->notes.push_back(note.id);
  }
  return all;
}

model::digest_entry entry_of(digest_entry_view&& v) {
  return {v.id,
          v.org,
          model::month{v.month},
          v.recipient,
          std::move(v.email),
          v.copy,
          v.state,
          v.mail,
          v.planned_at,
          v.settled_at,
          std::move(v.reason),
          {v.tenants, v.goals, v.sessions, v.notes}};
}

}  // namespace store
