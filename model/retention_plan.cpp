#include "model/retention_plan.hpp"

#include <algorithm>

#include "model/local_time.hpp"
#include "model/org_decide.hpp"
#include "model/retention.hpp"
#include "model/wall_clock.hpp"

namespace model {
namespace {

using namespace std::chrono;

constexpr hours sweep_hour{3};

instant counts_from(const sweep_case& c, const flagged_note& n) {
  return std::max(*c.closed_at, n.flagged_at);
}

bool is_due(const sweep_case& c, const flagged_note& n, const retention_rules& rules, instant now) {
  return note_due(c.closed_at, true, n.flagged_at, rules.windows, rules.zone).value() <= now;
}

bool rest_is_due(const sweep_case& c, const retention_rules& rules, instant now) {
  return !c.rest_is_erased && case_due(c.closed_at, rules.windows, rules.zone).value() <= now;
}

/// Takes up that something was due at `due`, counted from `from`: the plan tells the first.
void note_due_date(erasure_plan& plan, instant due, instant from) {
  if (plan.counted_from != instant{} && plan.due_at <= due) return;
  plan.due_at = due;
  plan.counted_from = from;
}

}  // namespace

erasure_plan plan_erasure(const sweep_case& c, const retention_rules& rules, instant now) {
  erasure_plan plan;
  if (!c.closed_at || c.legal_hold) return plan;
  plan.rest = rest_is_due(c, rules, now);
  if (plan.rest) note_due_date(plan, *case_due(c.closed_at, rules.windows, rules.zone), *c.closed_at);
  for (const auto& n : c.flagged) {
    if (!is_due(c, n, rules, now)) continue;
    plan.safeguarding.push_back(n);
    note_due_date(plan, *note_due(c.closed_at, true, n.flagged_at, rules.windows, rules.zone),
                  counts_from(c, n));
  }
  plan.shell = plan.safeguarding.size() == c.flagged.size() && (plan.rest || c.rest_is_erased);
  // An empty shell of which somebody else took the last note: it was due with that.
  if (plan.shell && plan.counted_from == instant{})
    note_due_date(plan, *case_due(c.closed_at, rules.windows, rules.zone), *c.closed_at);
  return plan;
}

instant latest_candidate(int years, instant now) {
  const auto today = floor<days>(now);
  auto date = year_month_day{today} - std::chrono::years{years};
  if (!date.ok()) date = date.year() / March / 1;
  // A day for the zone then and one for the zone now, one for 29 February, one for the time of the day.
  return sys_days{date} + days{5};
}

std::string rule_text(const erasure_plan& plan, const retention_rules& rules) {
  const auto years_after = [](std::string_view from, int years) {
    return std::string(from) + " + " + std::to_string(years) + (years == 1 ? " year" : " years");
  };
  std::string text;
  if (plan.rest) text = years_after("closed_at", rules.windows.default_);
  if (!plan.safeguarding.empty() || text.empty())
    text += (text.empty() ? "" : "; ") +
            years_after("the later of closed_at and flagged_at", rules.windows.safeguarding);
  return text;
}

retention_years windows_after(retention_years now, const change_settings& change) {
  if (!change.support_retention_years) return now;
  now.default_ = change.support_retention_years->default_.value_or(now.default_);
  now.safeguarding = change.support_retention_years->safeguarding.value_or(now.safeguarding);
  return now;
}

bool are_possible(const retention_years& windows) {
  return 1 <= windows.default_ && windows.default_ <= windows.safeguarding &&
         windows.safeguarding <= most_retention_years;
}

bool shortens(const retention_years& before, const retention_years& after) {
  return after.default_ < before.default_ || after.safeguarding < before.safeguarding;
}

due_counts newly_due(const sweep_case& c, const retention_rules& before, const retention_rules& after,
                     instant now) {
  due_counts counts;
  if (!c.closed_at || c.legal_hold) return counts;
  counts.cases = rest_is_due(c, after, now) && !rest_is_due(c, before, now);
  counts.notes = std::count_if(c.flagged.begin(), c.flagged.end(), [&](const flagged_note& n) {
    return is_due(c, n, after, now) && !is_due(c, n, before, now);
  });
  return counts;
}

instant sweep_begins(day of, std::string_view zone) {
  return wall_clock::of(zone).when(local_days{of.time_since_epoch()} + sweep_hour);
}

day last_sweep_day(instant now, std::string_view zone) {
  auto at = local_day(now, zone);
  while (sweep_begins(at, zone) > now) at -= days{1};
  return at;
}

instant next_sweep(instant now, std::string_view zone) {
  auto at = last_sweep_day(now, zone);
  while (sweep_begins(at, zone) <= now) at += days{1};
  return sweep_begins(at, zone);
}

}  // namespace model
