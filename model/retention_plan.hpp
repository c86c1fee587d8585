#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/ids.hpp"
#include "model/org_commands.hpp"
#include "model/refusal.hpp"
#include "model/time.hpp"

/// What the sweep erases and when it runs (R29 to R32). Calculations only; what they say is carried out by
/// odb/retention_store.hpp, which asks the rows once more.
namespace model {

/// Under which an organisation's cases are swept.
struct retention_rules {
  std::string zone;
  retention_years windows;
  friend bool operator==(const retention_rules&, const retention_rules&) = default;
};

struct flagged_note {
  note_id id;
  instant flagged_at;
};

/// A case as the sweep sees it. `rest_is_erased`: only safeguarding notes are left of it. `flagged` has its
/// safeguarding notes, in any order.
struct sweep_case {
  case_id id;
  std::optional<instant> closed_at;
  bool legal_hold = false;
  bool rest_is_erased = false;
  std::vector<flagged_note> flagged;
};

/// What is to be erased of one case now.
struct erasure_plan {
  /// Everything but the safeguarding notes.
  bool rest = false;
  std::vector<flagged_note> safeguarding;
  /// Nothing is left then, and the case itself goes.
  bool shell = false;
  /// When the first of it was due, and since when that had been counted.
  instant due_at;
  instant counted_from;
  bool is_empty() const { return !rest && safeguarding.empty() && !shell; }
};

/// What is due of a case at `now`. Nothing for an open case and under legal hold. Throws like `years_later`.
erasure_plan plan_erasure(const sweep_case& c, const retention_rules& rules, instant now);

/// No instant after this is `years` ago at `now`, by any zone's clocks: what is asked of the database, so
/// that it finds hardly more than what is due. Which of it is due says `plan_erasure`.
instant latest_candidate(int years, instant now);

/// `closed_at + 7 years`: the rule that a plan follows, for the ledger.
std::string rule_text(const erasure_plan& plan, const retention_rules& rules);

/// What the windows become by a change of the settings; what is wrong with it says `decide`.
retention_years windows_after(retention_years now, const change_settings& change);
/// 1 ≤ default ≤ safeguarding ≤ 100.
bool are_possible(const retention_years& windows);
/// Whether anything is kept for a shorter time.
bool shortens(const retention_years& before, const retention_years& after);

/// Whether something that `before` keeps at `now` is due by `after`: a closed case's rest, and its notes.
due_counts newly_due(const sweep_case& c, const retention_rules& before, const retention_rules& after,
                     instant now);

/// The last day whose sweep is to have begun by `now`: of each day it is at 03:00, or where clocks leave that
/// out, right after.
day last_sweep_day(instant now, std::string_view zone);
/// When the sweep of that day begins.
instant sweep_begins(day of, std::string_view zone);
/// The first beginning after `now`.
instant next_sweep(instant now, std::string_view zone);

}  // namespace model
