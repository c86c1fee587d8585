#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/month.hpp"
#include "model/part_views.hpp"
#include "model/support_case.hpp"

/// What housing officers are told once a month (R33, R34). Calculations only; nothing here reads or sends.
namespace model {

/// A goal as the digest tells of it.
struct digest_goal {
  std::string title;
  std::string description;
  std::optional<day> target_date;
  std::optional<latest_progress_view> latest_progress;
};
BOOST_DESCRIBE_STRUCT(digest_goal, (), (title, description, target_date, latest_progress))

struct digest_session {
  instant starts_at;
  std::optional<instant> ends_at;
  session_type type = session_type::appointment;
  session_status status = session_status::delivered;
  std::vector<std::string> attendees;
  std::string outcome_note;
};
BOOST_DESCRIBE_STRUCT(digest_session, (), (starts_at, ends_at, type, status, attendees, outcome_note))

/// A note of the shared stream. There is no member for a stream: no other can stand here.
struct digest_note {
  note_id id;
  instant created_at;
  std::string author_name;
  std::string body;
};
BOOST_DESCRIBE_STRUCT(digest_note, (), (id, created_at, author_name, body))

/// What is told of one tenant. `more`: there is more than a mail holds; it is in the workspace.
struct digest_section {
  model::case_id case_id_;
  std::string reference;
  std::string tenant;
  std::vector<digest_goal> goals;
  std::vector<digest_session> sessions;
  std::vector<digest_note> notes;
  bool more = false;
};
BOOST_DESCRIBE_STRUCT(digest_section, (), (case_id_, reference, tenant, goals, sessions, notes, more))

struct digest_counts {
  std::int64_t tenants = 0;
  std::int64_t goals = 0;
  std::int64_t sessions = 0;
  std::int64_t notes = 0;
};
BOOST_DESCRIBE_STRUCT(digest_counts, (), (tenants, goals, sessions, notes))

/// One mail: what one recipient is told of one organisation's tenants for one month. Goals stand as they were
/// `as_of`; `from` and `to` are the month's first moment and the first one after it.
struct digest {
  std::string organisation;
  std::string time_zone;
  model::month month;
  instant from;
  instant to;
  instant as_of;
  std::string recipient;
  std::vector<digest_section> sections;
};
BOOST_DESCRIBE_STRUCT(digest, (), (organisation, time_zone, month, from, to, as_of, recipient, sections))

digest_counts counts_of(const digest& d);

// --- who is told, and of what

/// An assignment, with what decides whether its tenant is told of.
struct digest_assignment {
  case_id of_case;
  std::string reference;
  std::optional<instant> closed_at;
  std::string tenant_name;
  note_visibility visibility = note_visibility::inherit;
  model::participation participation = model::participation::reference_only;
  std::string email;
  std::string full_name;
  std::optional<instant> accepted_at;
  std::optional<instant> ended_at;
};

/// R33: accepted, active, full or context_only, and the address is among the organisation's housing
/// officers'.
bool is_recipient(const digest_assignment& a, const organisation& org);

enum class digest_reach { nothing, without_notes, with_notes };
/// R34: `hidden` leaves the tenant out; shared notes for `visible`, or `inherit` with the organisation's
/// flag.
digest_reach reach_of(note_visibility of_tenant, const organisation& org);
/// The same for one assignment of a recipient: nothing where they are none, nothing of a case that was closed
/// before `period` began, and nothing to who was not there yet when the month's digest was due.
digest_reach reach_of(const digest_assignment& a, const organisation& org, const month_period& period,
                      instant due);

/// R34, of parts of a case that is told of: nothing for what is not.
std::optional<digest_goal> tell(const goal& g);
std::optional<digest_session> tell(const support_session& s, const month_period& period);
/// Never of a professional note, never of a deleted one.
std::optional<digest_note> tell(const note& n, const month_period& period);

// --- making one

/// What a case has, as it was read. Each list may hold more than is told; `more` where even more was left
/// unread.
struct digest_parts {
  std::vector<goal> goals;
  std::vector<support_session> sessions;
  std::vector<note> notes;
  bool more = false;
};

/// Of one tenant at most so many of each, the latest; and so much text in one mail (bytes).
inline constexpr std::size_t most_told_of_a_kind = 100;
inline constexpr std::size_t most_text_told = 1 << 20;

/// Makes a digest tenant by tenant, so that never more than one tenant's parts need be in memory.
class digest_maker {
 public:
  digest_maker(const organisation& org, const month& of, instant now);
  /// The recipient's name is that of the first assignment added.
  void add(const digest_assignment& a, const digest_parts& parts);
  /// Whether this assignment's parts are worth reading.
  digest_reach reach(const digest_assignment& a) const;
  const month_period& period() const { return period_; }
  /// Nothing where there is nothing to say of any tenant (R35).
  std::optional<digest> finish();

 private:
  bool fits(std::size_t text);
  const organisation& org_;
  month_period period_;
  instant due_;
  digest made_;
  std::size_t text_left_ = most_text_told;
};

/// Whether all that `said` tells may still be told, where `now` is what may be told now: its tenants with
/// whether their notes may, and the notes that are still there. An earlier attempt may have sent `said`, so
/// that it cannot be told in other words.
struct digest_reach_now {
  case_id of_case;
  digest_reach reach = digest_reach::nothing;
  std::vector<note_id> notes;
};
bool may_still_be_said(const digest& said, std::span<const digest_reach_now> now);

}  // namespace model
