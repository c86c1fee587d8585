#include "odb/session_impl.hpp"

namespace store {
namespace {

struct part_page_values {
  model::org_id org;
  model::case_id of_case;
  model::goal_id goal;
  model::uuid after;
  std::int64_t limit = 0;
};

part_page_values values_of(model::org_id org, model::case_id of_case, const page& wanted,
                           model::goal_id goal = {}) {
  return {org, of_case, goal, wanted.after.value_or(behind_all), static_cast<std::int64_t>(wanted.limit)};
}

/// A page of what stands in the order of its ids, newest first.
template <class Part>
std::vector<Part> page_of(transactions& database, const char* name, model::user_id who,
                          const part_page_values& values) {
  using query = odb::query<Part>;
  return database.run({.as = purpose::person, .user = who, .org = values.org}, [&](unit& u) {
    return all_of(u.ask<Part>(name, values, [](const part_page_values& v) {
      return query(query::key.org == query::_ref(v.org) && query::of_case == query::_ref(v.of_case) &&
                   query::key.id < query::_ref(v.after)) +
             "ORDER BY" + query::key.id + "DESC LIMIT" + query::_ref(v.limit);
    }));
  });
}

}  // namespace

std::vector<model::goal> session::goals(model::user_id who, model::org_id org, model::case_id of_case,
                                        const page& wanted) {
  return page_of<model::goal>(impl_->database, "list_goals", who, values_of(org, of_case, wanted));
}

std::vector<model::document> session::documents(model::user_id who, model::org_id org, model::case_id of_case,
                                                const page& wanted) {
  return page_of<model::document>(impl_->database, "list_documents", who, values_of(org, of_case, wanted));
}

std::vector<model::goal_progress> session::progress(model::user_id who, model::org_id org,
                                                    model::case_id of_case, model::goal_id goal,
                                                    const page& wanted) {
  using query = odb::query<model::goal_progress>;
  const auto values = values_of(org, of_case, wanted, goal);
  return impl_->database.run({.as = purpose::person, .user = who, .org = org}, [&](unit& u) {
    return all_of(u.ask<model::goal_progress>("list_progress", values, [](const part_page_values& v) {
      return query(query::key.org == query::_ref(v.org) && query::goal == query::_ref(v.goal) &&
                   query::of_case == query::_ref(v.of_case) && query::key.id < query::_ref(v.after)) +
             "ORDER BY" + query::key.id + "DESC LIMIT" + query::_ref(v.limit);
    }));
  });
}

// The cursor names a session: the page goes on behind where that one stands now.
std::vector<model::support_session> session::sessions(model::user_id who, model::org_id org,
                                                      model::case_id of_case, const page& wanted) {
  using query = odb::query<model::support_session>;
  const auto values = values_of(org, of_case, wanted);
  const char* name = wanted.after ? "list_sessions_after" : "list_sessions";
  return impl_->database.run({.as = purpose::person, .user = who, .org = org}, [&](unit& u) {
    return all_of(u.ask<model::support_session>(name, values, [&](const part_page_values& v) {
      query q(query::key.org == query::_ref(v.org) && query::of_case == query::_ref(v.of_case));
      if (wanted.after)
        q = q + "AND (" + query::starts_at + "," + query::key.id +
            ") < (SELECT c.starts_at, c.id FROM keywork.sessions c WHERE c.org_id =" + query::_ref(v.org) +
            "AND c.id =" + query::_ref(v.after) + ")";
      return q + "ORDER BY" + query::starts_at + "DESC," + query::key.id + "DESC LIMIT" +
             query::_ref(v.limit);
    }));
  });
}

std::vector<model::instant> session::flagged_notes(model::user_id who, model::org_id org,
                                                   model::case_id of_case) {
  using query = odb::query<instant_view>;
  const auto values = values_of(org, of_case, {});
  return impl_->database.run({.as = purpose::person, .user = who, .org = org}, [&](unit& u) {
    std::vector<model::instant> flagged;
    for (const auto& row : u.ask<instant_view>("flagged_notes", values, [](const part_page_values& v) {
           return "SELECT flagged_at FROM keywork.notes WHERE org_id =" + query::_ref(v.org) +
                  " AND case_id =" + query::_ref(v.of_case) + " AND safeguarding";
         }))
      flagged.push_back(row.at);
    return flagged;
  });
}

}  // namespace store
