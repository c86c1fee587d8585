#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/document.hpp"
#include "model/goal.hpp"
#include "model/support_session.hpp"

/// How goals, sessions and documents are shown; the same for everybody who sees them at all.
namespace model {

struct person_view {
  user_id id;
  std::string full_name;
};
BOOST_DESCRIBE_STRUCT(person_view, (), (id, full_name))

struct latest_progress_view {
  std::string text;
  instant created_at;
  std::string author_name;
};
BOOST_DESCRIBE_STRUCT(latest_progress_view, (), (text, created_at, author_name))

struct goal_view {
  using is_view = void;
  goal_id id;
  std::string title;
  std::string description;
  std::optional<day> target_date;
  goal_status status = goal_status::active;
  person_view author;
  instant created_at;
  std::optional<instant> edited_at;
  std::optional<latest_progress_view> latest_progress;
};
BOOST_DESCRIBE_STRUCT(goal_view, (),
                      (id, title, description, target_date, status, author, created_at, edited_at,
                       latest_progress))

struct progress_view {
  using is_view = void;
  progress_id id;
  model::goal_id goal_id_;
  std::string text;
  person_view author;
  instant created_at;
};
BOOST_DESCRIBE_STRUCT(progress_view, (), (id, goal_id_, text, author, created_at))

struct session_view {
  using is_view = void;
  session_id id;
  instant starts_at;
  std::optional<instant> ends_at;
  session_type type = session_type::appointment;
  std::vector<std::string> attendees;
  session_status status = session_status::scheduled;
  std::string outcome_note;
  person_view author;
  instant created_at;
  std::optional<instant> edited_at;
};
BOOST_DESCRIBE_STRUCT(session_view, (),
                      (id, starts_at, ends_at, type, attendees, status, outcome_note, author, created_at,
                       edited_at))

struct recipient_view {
  std::string name;
  std::string email;
};
BOOST_DESCRIBE_STRUCT(recipient_view, (), (name, email))

/// A document; its text is there where one document was asked for.
struct document_view {
  using is_view = void;
  document_id id;
  document_type type = document_type::letter;
  std::string title;
  document_status status = document_status::draft;
  std::optional<model::template_id> template_id_;
  std::optional<std::string> media_type;
  std::int64_t content_size = 0;
  std::optional<std::string> content_sha256;
  std::optional<std::string> file_name;
  std::optional<std::int32_t> due_every_months;
  std::optional<day> due_on;
  person_view author;
  instant created_at;
  std::optional<instant> edited_at;
  std::optional<instant> submitted_at;
  std::optional<std::string> submitted_by;
  std::optional<std::string> return_reason;
  std::optional<instant> approved_at;
  std::optional<std::string> approved_by;
  std::optional<instant> sent_at;
  std::optional<recipient_view> sent_to;
  /// The form at the signing service that is signed in place of the document's own PDF.
  std::optional<std::int64_t> signing_template;
  std::optional<model::signing_status> signing_status;
  std::optional<std::string> signing_error;
  /// Of the signed PDF and of the PDF that tells who signed when, where they are kept.
  std::optional<std::string> signed_sha256;
  std::optional<std::string> signing_audit_sha256;
  std::optional<std::string> void_reason;
  /// Where the signing service itself tells who signed when; there where one document was asked for, by an
  /// operator, and the service has told it.
  if_permitted<std::string> signing_audit_url;
  if_permitted<std::string> body;
};
BOOST_DESCRIBE_STRUCT(document_view, (),
                      (id, type, title, status, template_id_, media_type, content_size, content_sha256,
                       file_name, due_every_months, due_on, author, created_at, edited_at, submitted_at,
                       submitted_by, return_reason, approved_at, approved_by, sent_at, sent_to,
                       signing_template, signing_status, signing_error, signed_sha256, signing_audit_sha256,
                       void_reason, signing_audit_url, body))

/// A page of a list, newest first.
template <class View>
struct part_page {
  using is_view = void;
  std::vector<View> items;
  std::optional<std::string> next;
  BOOST_DESCRIBE_CLASS(part_page, (), (items, next), (), ())
};
using goal_page = part_page<goal_view>;
using progress_page = part_page<progress_view>;
using session_page = part_page<session_view>;
using document_page = part_page<document_view>;

goal_view view_goal(const goal& g);
progress_view view_progress(const goal_progress& p);
session_view view_session(const support_session& s);
document_view view_document(const document& d, std::optional<std::string> body = {});

}  // namespace model
