#pragma once
#include <optional>
#include <string>
#include <vector>

#include "model/describe.hpp"
#include "model/ids.hpp"

namespace model {

enum class session_type { appointment, key_work, accompaniment, other };
BOOST_DESCRIBE_ENUM(session_type, appointment, key_work, accompaniment, other)

enum class session_status { scheduled, delivered, missed, cancelled };
BOOST_DESCRIBE_ENUM(session_status, scheduled, delivered, missed, cancelled)

/// A session with the tenant (R21). `attendees` are names, one a line, as they were typed.
struct support_session {
  session_id id;
  org_id org;
  case_id of_case;
  instant starts_at;
  std::optional<instant> ends_at;
  session_type type = session_type::appointment;
  std::string attendees;
  session_status status = session_status::scheduled;
  std::string outcome_note;
  user_id author;
  std::string author_name;
  instant created_at;
  std::optional<instant> edited_at;
};
BOOST_DESCRIBE_STRUCT(support_session, (),
                      (id, org, of_case, starts_at, ends_at, type, attendees, status, outcome_note, author,
                       author_name, created_at, edited_at))

inline constexpr std::size_t most_attendees = 50;

/// Names to one text and back; names have no line breaks.
std::string joined_lines(const std::vector<std::string>& lines);
std::vector<std::string> split_lines(const std::string& text);

}  // namespace model
