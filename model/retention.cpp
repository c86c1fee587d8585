#include "model/retention.hpp"

#include <algorithm>
#include <stdexcept>

#include "model/org_decide.hpp"
#include "model/wall_clock.hpp"

namespace model {
namespace {

using namespace std::chrono;

std::string calendar_years(std::int64_t count) {
  return std::to_string(count) + (count == 1 ? " calendar year" : " calendar years");
}

std::string rule_of(retention_class which, const retention_years& windows) {
  const auto safeguarding = calendar_years(windows.safeguarding);
  switch (which) {
    case retention_class::safeguarding_notes:
      return safeguarding +
             " after the case was last closed or the note was flagged, whichever is later (R29).";
    case retention_class::case_:
      return calendar_years(windows.default_) +
             " after the case was last closed, or with the last of its safeguarding notes if that is later "
             "(R29, R31).";
    default:
      return calendar_years(windows.default_) + " after the case was last closed (R29).";
  }
}

/// When a safeguarding note is due, and from what that counts.
struct safeguarding_due {
  instant at;
  retention_start counted_from;
};

safeguarding_due due_of_flagged(instant closed_at, instant flagged_at, const retention_years& windows,
                                std::string_view zone) {
  return {years_later(std::max(closed_at, flagged_at), windows.safeguarding, zone),
          flagged_at > closed_at ? retention_start::flagged_at : retention_start::closed_at};
}

/// The due dates of a closed case's safeguarding notes, the first to come in front.
std::vector<safeguarding_due> dues_of_flagged(const retention_facts& facts) {
  std::vector<safeguarding_due> dues;
  dues.reserve(facts.flagged.size());
  if (facts.closed_at)
    for (const auto flagged_at : facts.flagged)
      dues.push_back(due_of_flagged(*facts.closed_at, flagged_at, facts.windows, facts.zone));
  std::stable_sort(dues.begin(), dues.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  return dues;
}

}  // namespace

instant years_later(instant from, int years, std::string_view zone) {
  if (years < 1 || years > most_retention_years) throw std::invalid_argument("1 to 100 years are kept");
  const auto& clock = wall_clock::of(zone);
  const auto shown = clock.shown_at(from);
  const auto midnight = floor<days>(shown);
  auto date = year_month_day{midnight} + std::chrono::years{years};
  if (!date.ok()) date = date.year() / March / 1;
  return clock.when(local_days{date} + (shown - midnight));
}

std::optional<instant> case_due(std::optional<instant> closed_at, const retention_years& windows,
                                std::string_view zone) {
  if (!closed_at) return std::nullopt;
  return years_later(*closed_at, windows.default_, zone);
}

std::optional<instant> note_due(std::optional<instant> closed_at, bool safeguarding,
                                std::optional<instant> flagged_at, const retention_years& windows,
                                std::string_view zone) {
  if (!safeguarding) return case_due(closed_at, windows, zone);
  if (!flagged_at) throw std::invalid_argument("a safeguarding note that was never flagged");
  if (!closed_at) return std::nullopt;
  return due_of_flagged(*closed_at, *flagged_at, windows, zone).at;
}

retention_view explain_retention(const retention_facts& facts) {
  const auto due = case_due(facts.closed_at, facts.windows, facts.zone);
  const auto flagged = dues_of_flagged(facts);
  retention_view view{
      facts.closed_at.has_value(), facts.closed_at, facts.legal_hold, facts.legal_hold_reason, {}};
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<retention_class>>([&](auto each) {
    retention_class_view c;
    c.name = each.value;
    c.due_at = due;
    c.years = facts.windows.default_;
    c.rule = rule_of(each.value, facts.windows);
    if (each.value == retention_class::safeguarding_notes) {
      c.due_at = flagged.empty() ? std::nullopt : std::optional{flagged.front().at};
      c.last_due_at = flagged.empty() ? std::nullopt : std::optional{flagged.back().at};
      c.years = facts.windows.safeguarding;
      c.counted_from = flagged.empty() ? retention_start::flagged_at : flagged.front().counted_from;
      c.items = static_cast<std::int64_t>(facts.flagged.size());
    }
    if (each.value == retention_class::case_ && !flagged.empty() && flagged.back().at > *due) {
      c.due_at = flagged.back().at;
      c.years = facts.windows.safeguarding;
      c.counted_from = flagged.back().counted_from;
    }
    view.classes.push_back(std::move(c));
  });
  return view;
}

}  // namespace model
