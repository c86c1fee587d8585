#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/describe.hpp"
#include "model/organisation.hpp"
#include "model/time.hpp"

/// When what is kept of a case may be deleted (R29). Calculations only; nothing here deletes.
namespace model {

/// The same time of the same day `years` calendar years later, by the zone's clocks. 29 February becomes
/// 1 March in a year that has none. A time that clocks leave out becomes the first moment after the gap, and
/// of two moments with that time it is the later: nothing is deleted early.
/// Throws std::invalid_argument for other than 1 to 100 years and for a zone that does not exist.
instant years_later(instant from, int years, std::string_view zone);

/// When everything of a case is due, safeguarding notes apart. An open case never is (R7).
std::optional<instant> case_due(std::optional<instant> closed_at, const retention_years& windows,
                                std::string_view zone);

/// When a note of a case is due. Throws std::invalid_argument for a safeguarding note without the time it was
/// flagged at.
std::optional<instant> note_due(std::optional<instant> closed_at, bool safeguarding,
                                std::optional<instant> flagged_at, const retention_years& windows,
                                std::string_view zone);

/// What is erased together, under one rule.
enum class retention_class {
  notes,
  safeguarding_notes,
  sessions,
  goals,
  documents,
  team,
  audit_details,
  case_
};
BOOST_DESCRIBE_ENUM(retention_class, notes, safeguarding_notes, sessions, goals, documents, team,
                    audit_details, case_)

enum class retention_start { closed_at, flagged_at };
BOOST_DESCRIBE_ENUM(retention_start, closed_at, flagged_at)

/// What is due when, and why. `due_at` is null for an open case and where there is nothing to erase. Of
/// safeguarding notes it is the first one's, `last_due_at` the last one's, and `items` their number; other
/// classes have neither. `years` count from `counted_from` to `due_at`.
struct retention_class_view {
  retention_class name = retention_class::notes;
  std::optional<instant> due_at;
  std::optional<instant> last_due_at;
  std::int64_t years = 0;
  retention_start counted_from = retention_start::closed_at;
  std::string rule;
  std::optional<std::int64_t> items;
};
BOOST_DESCRIBE_STRUCT(retention_class_view, (), (name, due_at, last_due_at, years, counted_from, rule, items))

/// `counted_from` is when the case was last closed. Under legal hold (R32) the dates are shown, and nothing
/// is erased on them.
struct retention_view {
  using is_view = void;
  bool closed = false;
  std::optional<instant> counted_from;
  bool legal_hold = false;
  std::optional<std::string> legal_hold_reason;
  std::vector<retention_class_view> classes;
};
BOOST_DESCRIBE_STRUCT(retention_view, (), (closed, counted_from, legal_hold, legal_hold_reason, classes))

/// What a case's retention follows from. `flagged` has each safeguarding note's time of flagging, in any
/// order. The first and the last of them would not do: 29 February at 10:00 is due after 1 March at 09:00.
struct retention_facts {
  std::optional<instant> closed_at;
  std::string zone;
  retention_years windows;
  bool legal_hold = false;
  std::optional<std::string> legal_hold_reason;
  std::vector<instant> flagged;
};

/// Every class, in the order of their enumeration. While safeguarding notes remain, the case remains with
/// them (R31). Throws like `years_later`.
retention_view explain_retention(const retention_facts& facts);

}  // namespace model
