#pragma once
#include <optional>
#include <string>
#include <vector>

#include "model/case_view.hpp"

/// The lines of an export as CSV: a column for each member, in their order.
namespace net::contents {

struct note_row {
  model::note_id id;
  model::stream stream = model::stream::shared;
  model::instant created_at;
  std::string author;
  std::optional<std::string> body;
  bool safeguarding = false;
  std::optional<model::instant> edited_at;
  std::optional<model::instant> deleted_at;
  std::optional<std::string> deleted_by;
};
BOOST_DESCRIBE_STRUCT(note_row, (),
                      (id, stream, created_at, author, body, safeguarding, edited_at, deleted_at, deleted_by))

struct session_row {
  model::session_id id;
  model::instant starts_at;
  std::optional<model::instant> ends_at;
  model::session_type type = model::session_type::appointment;
  model::session_status status = model::session_status::scheduled;
  std::vector<std::string> attendees;
  std::string outcome_note;
  std::string recorded_by;
  model::instant created_at;
  std::optional<model::instant> edited_at;
};
BOOST_DESCRIBE_STRUCT(session_row, (),
                      (id, starts_at, ends_at, type, status, attendees, outcome_note, recorded_by, created_at,
                       edited_at))

inline note_row row_of(const model::note_view& n) {
  note_row row{n.id, n.stream, n.created_at, n.author.full_name, n.body, n.safeguarding, n.edited_at, {}, {}};
  if (n.deleted) {
    row.deleted_at = n.deleted->at;
    row.deleted_by = n.deleted->by.full_name;
  }
  return row;
}

inline session_row row_of(const model::session_view& s) {
  return {s.id,        s.starts_at,    s.ends_at,          s.type,       s.status,
          s.attendees, s.outcome_note, s.author.full_name, s.created_at, s.edited_at};
}

}  // namespace net::contents
