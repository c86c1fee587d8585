#include <algorithm>

#include "odb/session_impl.hpp"

namespace store {
namespace {

struct org_values {
  model::org_id org;
};

/// All rows of one organisation in the order of time.
template <class Row>
std::vector<Row> rows_of(unit& u, const char* name, const org_values& values) {
  using query = odb::query<Row>;
  return all_of(u.ask<Row>(name, values, [](const org_values& v) {
    return query(query::key.org == query::_ref(v.org)) + "ORDER BY" + query::key.id;
  }));
}

std::vector<model::member> members_of(unit& u, const org_values& values) {
  using query = odb::query<model::member>;
  auto members = all_of(u.ask<model::member>("load_members", values, [](const org_values& v) {
    return query(query::key.org == query::_ref(v.org)) + "ORDER BY" + query::created_at + "," +
           query::key.user;
  }));
  using assigned = odb::query<manager_landlord>;
  const auto landlords = u.ask<manager_landlord>("load_manager_landlords", values, [](const org_values& v) {
    return assigned(assigned::org == assigned::_ref(v.org)) + "ORDER BY" + assigned::landlord;
  });
  for (const auto& row : all_of(landlords)) {
    const auto member = std::ranges::find(members, row.user, &model::member::user);
    if (member != members.end()) member->landlords.push_back(row.landlord);
  }
  return members;
}

model::template_list templates_of(unit& u, const org_values& values) {
  model::template_list templates;
  for (auto& row : rows_of<model::document_template>(u, "load_templates", values))
    templates.push_back(std::make_shared<const model::document_template>(std::move(row)));
  return templates;
}

std::vector<model::case_entry> entries_of(unit& u, const org_values& values) {
  using query = odb::query<entry_view>;
  std::vector<model::case_entry> entries;
  for (const auto& row : u.ask<entry_view>("load_case_entries", values, [](const org_values& v) {
         return "SELECT id, reference, tenancy_id, tenant_id FROM keywork.support_cases WHERE org_id = " +
                query::_ref(v.org) + " ORDER BY id";
       }))
    entries.push_back({row.id, row.reference, row.tenancy, row.tenant});
  return entries;
}

struct stream_values {
  model::org_id org;
  model::case_id of_case;
  model::stream stream = model::stream::shared;
};

/// The latest notes of a stream, oldest first; `more` tells whether older ones were left.
model::note_list latest(unit& u, const stream_values& values, bool& more) {
  using query = odb::query<model::note>;
  model::note_list notes;
  for (auto& note : u.ask<model::note>("load_notes", values, [](const stream_values& v) {
         return query(query::key.org == query::_ref(v.org) && query::of_case == query::_ref(v.of_case) &&
                      query::stream == query::_ref(v.stream)) +
                "ORDER BY" + query::key.id + "DESC LIMIT " + std::to_string(model::workspace_list_length + 1);
       }))
    notes.push_back(std::make_shared<const model::note>(std::move(note)));
  more = notes.size() > model::workspace_list_length;
  if (more) notes.pop_back();
  std::ranges::reverse(notes);
  return notes;
}

struct case_values {
  model::org_id org;
  model::case_id id;
};

/// The latest of a kind in a case by their ids, oldest first.
template <class Part>
model::part_list<Part> latest_parts(unit& u, const char* name, const case_values& values) {
  using query = odb::query<Part>;
  model::part_list<Part> parts;
  for (auto& part : u.ask<Part>(name, values, [](const case_values& v) {
         return query(query::key.org == query::_ref(v.org) && query::of_case == query::_ref(v.id)) +
                "ORDER BY" + query::key.id + "DESC LIMIT " + std::to_string(model::workspace_list_length);
       }))
    parts.push_back(std::make_shared<const Part>(std::move(part)));
  std::ranges::reverse(parts);
  return parts;
}

/// The latest sessions of all, and those of each context_only collaborator, who sees no others; oldest first.
model::part_list<model::support_session> latest_sessions(unit& u, const case_values& values) {
  using query = odb::query<model::support_session>;
  static const auto most = std::to_string(model::workspace_list_length);
  model::part_list<model::support_session> all;
  for (auto& s : u.ask<model::support_session>("load_sessions", values, [](const case_values& v) {
         return query(query::key.org == query::_ref(v.org) && query::of_case == query::_ref(v.id)) + "AND" +
                query::key.id +
                "IN (SELECT id FROM (SELECT id FROM keywork.sessions WHERE org_id =" + query::_ref(v.org) +
                "AND case_id =" + query::_ref(v.id) + "ORDER BY starts_at DESC, id DESC LIMIT " + most +
                ") latest UNION SELECT own.id FROM keywork.tenant_collaborators t CROSS JOIN LATERAL (SELECT "
                "s.id"
                " FROM keywork.sessions s WHERE s.org_id = t.org_id AND s.case_id = t.case_id"
                " AND s.author_id = t.user_id ORDER BY s.starts_at DESC, s.id DESC LIMIT " +
                most + ") own WHERE t.org_id =" + query::_ref(v.org) + "AND t.case_id =" + query::_ref(v.id) +
                "AND t.participation = 'context_only' AND t.accepted_at IS NOT NULL AND t.ended_at IS NULL)"
                " ORDER BY" +
                query::starts_at + "," + query::key.id;
       }))
    all.push_back(std::make_shared<const model::support_session>(std::move(s)));
  return all;
}

std::optional<model::case_header> header_of(unit& u, const case_values& values) {
  using query = odb::query<model::case_header>;
  return first_of(u.ask<model::case_header>("load_header", values, [](const case_values& v) {
    return query(query::key.org == query::_ref(v.org) && query::key.id == query::_ref(v.id.value));
  }));
}

std::vector<std::shared_ptr<const model::collaborator>> team_of(unit& u, const case_values& values) {
  using query = odb::query<model::collaborator>;
  std::vector<std::shared_ptr<const model::collaborator>> team;
  for (auto& row : u.ask<model::collaborator>("load_team", values, [](const case_values& v) {
         return query(query::key.org == query::_ref(v.org) && query::of_case == query::_ref(v.id)) +
                "ORDER BY" + query::key.id;
       }))
    team.push_back(std::make_shared<const model::collaborator>(std::move(row)));
  return team;
}

}  // namespace

std::optional<model::org_state> session::load_organisation(model::org_id org) {
  return impl_->database.run(
      {.as = purpose::loader, .org = org},
      [&](unit& u) -> std::optional<model::org_state> {
        model::org_state state;
        org_sequence sequence;
        if (!u.db().find(org, state.settings) || !u.db().find(org, sequence)) return std::nullopt;
        const org_values values{org};
        state.version = sequence.version;
        state.cases_opened = sequence.cases_opened;
        state.members = members_of(u, values);
        state.landlords = rows_of<model::landlord>(u, "load_landlords", values);
        state.properties = rows_of<model::property>(u, "load_properties", values);
        state.tenancies = rows_of<model::tenancy>(u, "load_tenancies", values);
        state.tenants = rows_of<model::tenant>(u, "load_tenants", values);
        state.cases = entries_of(u, values);
        state.templates = templates_of(u, values);
        return state;
      },
      mode::snapshot);
}

std::optional<model::support_case> session::load_case(model::org_id org, model::case_id id) {
  return impl_->database.run(
      {.as = purpose::loader, .org = org},
      [&](unit& u) -> std::optional<model::support_case> {
        auto header = header_of(u, {org, id});
        if (!header) return std::nullopt;
        model::support_case loaded;
        loaded.header = std::move(*header);
        loaded.shared = latest(u, {org, id, model::stream::shared}, loaded.more_shared);
        loaded.professional = latest(u, {org, id, model::stream::professional}, loaded.more_professional);
        loaded.goals = latest_parts<model::goal>(u, "load_goals", {org, id});
        loaded.sessions = latest_sessions(u, {org, id});
        loaded.documents = latest_parts<model::document>(u, "load_documents", {org, id});
        loaded.team = team_of(u, {org, id});
        return loaded;
      },
      mode::snapshot);
}

namespace {

/// One part of this case by its id, for whoever asks; nothing if it is another case's.
template <class Part, class Id>
std::optional<Part> part_of(transactions& database, const acting& who, model::case_id of_case, Id id) {
  return database.run(who, [&](unit& u) -> std::optional<Part> {
    Part found;
    if (!u.db().find(row_key{*who.org, id.value}, found) || found.of_case != of_case) return std::nullopt;
    return found;
  });
}

acting as_loader(model::org_id org) { return {.as = purpose::loader, .org = org}; }
acting as_person(model::user_id who, model::org_id org) {
  return {.as = purpose::person, .user = who, .org = org};
}

}  // namespace

std::optional<model::note> session::load_note(model::org_id org, model::case_id of_case, model::note_id id) {
  return part_of<model::note>(impl_->database, as_loader(org), of_case, id);
}
std::optional<model::goal> session::load_goal(model::org_id org, model::case_id of_case, model::goal_id id) {
  return part_of<model::goal>(impl_->database, as_loader(org), of_case, id);
}
std::optional<model::support_session> session::load_session(model::org_id org, model::case_id of_case,
                                                            model::session_id id) {
  return part_of<model::support_session>(impl_->database, as_loader(org), of_case, id);
}
std::optional<model::document> session::load_document(model::org_id org, model::case_id of_case,
                                                      model::document_id id) {
  return part_of<model::document>(impl_->database, as_loader(org), of_case, id);
}

std::optional<model::goal> session::goal(model::user_id who, model::org_id org, model::case_id of_case,
                                         model::goal_id id) {
  return part_of<model::goal>(impl_->database, as_person(who, org), of_case, id);
}
std::optional<model::support_session> session::support_session(model::user_id who, model::org_id org,
                                                               model::case_id of_case, model::session_id id) {
  return part_of<model::support_session>(impl_->database, as_person(who, org), of_case, id);
}
std::optional<model::document> session::document(model::user_id who, model::org_id org,
                                                 model::case_id of_case, model::document_id id) {
  return part_of<model::document>(impl_->database, as_person(who, org), of_case, id);
}

}  // namespace store
