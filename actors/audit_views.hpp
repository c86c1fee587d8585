#pragma once
#include <optional>
#include <string>
#include <vector>

#include "actors/messages.hpp"
#include "model/audit.hpp"
#include "model/json.hpp"
#include "model/part_views.hpp"
#include "odb/rows.hpp"

/// How the audit log is shown; each row was read under the caller's own row-level security.
namespace actors {

/// `detail` is a JSON object, or null once retention has erased it; it points into the row.
struct audit_entry_view {
  model::audit_id id;
  std::string kind;
  model::instant at;
  model::person_view by;
  std::string request_id;
  std::optional<model::uuid> subject_id;
  model::raw_json detail;
};
BOOST_DESCRIBE_STRUCT(audit_entry_view, (), (id, kind, at, by, request_id, subject_id, detail))
using audit_page = model::part_page<audit_entry_view>;

/// A step of a document, for all who read it.
struct trail_step_view {
  model::audit_id id;
  std::string kind;
  model::instant at;
  model::person_view by;
};
BOOST_DESCRIBE_STRUCT(trail_step_view, (), (id, kind, at, by))
using trail_page = model::part_page<trail_step_view>;

/// What a note said before an edit or its deletion (R11).
struct revision_view {
  using is_view = void;
  model::revision_id id;
  model::note_id note_id;
  std::string body;
  model::instant replaced_at;
  model::user_id replaced_by;
};
BOOST_DESCRIBE_STRUCT(revision_view, (), (id, note_id, body, replaced_at, replaced_by))

/// Somebody opened the case, for the first time in that hour.
struct read_view {
  model::person_view by;
  model::instant at;
  std::string request_id;
};
BOOST_DESCRIBE_STRUCT(read_view, (), (by, at, request_id))
using read_page = model::part_page<read_view>;

inline audit_entry_view view_entry(const model::audit_entry& e) {
  return {e.id,
          e.kind,
          e.at,
          {e.by, e.by_name},
          e.request_id,
          e.subject,
          {e.detail.empty() ? std::string_view{"null"} : std::string_view{e.detail}}};
}
inline trail_step_view view_step(const model::audit_entry& e) {
  return {e.id, e.kind, e.at, {e.by, e.by_name}};
}
inline read_view view_read(const store::case_read& r) {
  return {{r.user, r.user_name}, r.first_at, r.request_id};
}

/// The rows that a question about the log asks for: a case's, or without one the organisation's own.
inline store::audit_query audit_query_of(model::org_id org, std::optional<model::case_id> of_case,
                                         const view_audit& wanted) {
  const auto& f = wanted.wanted;
  return {org, of_case, {}, f.kind, f.by, f.from, f.to, {wanted.part.limit + 1, wanted.part.after}};
}

}  // namespace actors
