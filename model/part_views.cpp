#include "model/part_views.hpp"

namespace model {

goal_view view_goal(const goal& g) {
  goal_view v{g.id,          g.title,     g.description,
              g.target_date, g.status,    {g.author, g.author_name},
              g.created_at,  g.edited_at, {}};
  if (g.progress)
    v.latest_progress =
        latest_progress_view{*g.progress, g.progress_at.value_or(g.created_at), g.progress_by.value_or("")};
  return v;
}

progress_view view_progress(const goal_progress& p) {
  return {p.id, p.goal, p.text, {p.author, p.author_name}, p.created_at};
}

session_view view_session(const support_session& s) {
  return {s.id,
          s.starts_at,
          s.ends_at,
          s.type,
          split_lines(s.attendees),
          s.status,
          s.outcome_note,
          {s.author, s.author_name},
          s.created_at,
          s.edited_at};
}

document_view view_document(const document& d, std::optional<std::string> body) {
  document_view v{d.id,
                  d.type,
                  d.title,
                  d.status,
                  d.made_from,
                  d.media_type,
                  d.content_size,
                  d.content_sha256,
                  d.file_name,
                  d.due_every_months,
                  d.due_on,
                  {d.author, d.author_name},
                  d.created_at,
                  d.edited_at,
                  d.submitted_at,
                  d.submitted_by,
                  d.return_reason,
                  d.approved_at,
                  d.approved_by,
                  d.sent_at,
                  {},
                  d.signing_template,
                  d.signing,
                  d.signing_error,
                  d.signed_sha256,
                  d.signing_audit_sha256,
                  d.void_reason,
                  {},
                  {std::move(body)}};
  if (d.sent_to_email) v.sent_to = recipient_view{d.sent_to_name.value_or(""), *d.sent_to_email};
  return v;
}

}  // namespace model
