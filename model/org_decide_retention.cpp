#include "model/local_time.hpp"
#include "model/org_decide_parts.hpp"
#include "model/retention_plan.hpp"

namespace model::deciding {

outcome<org_event> decide(const org_state& org, const set_organisation_hold& cmd, const moment& at) {
  const auto& before = org.settings;
  if (cmd.on == before.held_since.has_value()) return std::vector<org_event>{};
  auto after = std::make_shared<organisation>(before);
  if (cmd.on) {
    after->held_since = at.now;
    after->hold_reason = cmd.reason.value;
    return std::vector<org_event>{organisation_hold_set{at.now, cmd.reason.value, std::move(after)}};
  }
  after->held_since.reset();
  after->hold_reason.reset();
  return std::vector<org_event>{
      organisation_hold_lifted{*before.held_since, cmd.reason.value, std::move(after)}};
}

outcome<org_event> decide(const org_state& org, const caller& who, const run_retention& cmd,
                          const moment& at) {
  // It begins within seconds or is at it: another one would do nothing that it does not.
  if (cmd.open) return std::vector<org_event>{};
  return std::vector<org_event>{retention_run_asked{at.ids.make<retention_run_id>(),
                                                    local_day(at.now, org.settings.time_zone), at.now,
                                                    who.user, org.settings.id}};
}

std::optional<refusal> refuse_shortening(const retention_years& before, const retention_years& after,
                                         const change_settings& cmd) {
  if (!shortens(before, after)) return std::nullopt;
  // How much it is has to be known, else it would be erased unasked.
  if (!cmd.due) return refusal::unavailable();
  if (*cmd.due == due_counts{} || cmd.confirm_due == cmd.due) return std::nullopt;
  auto no = refusal::conflict(refusal_code::confirmation_needed,
                              "With these windows the next sweep erases what `due` counts. Repeat that as "
                              "`confirm_due` if it is meant.");
  no.due = cmd.due;
  return no;
}

}  // namespace model::deciding
