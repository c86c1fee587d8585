#include "model/org_decide_parts.hpp"
#include "model/org_view.hpp"

namespace model {
namespace deciding {

outcome<org_event> decide(const org_state& org, const preview_digest& cmd, const moment& at) {
  if (period_of(cmd.month, org.settings.time_zone).from > at.now)
    return refusal::invalid("month", "out_of_range", "This month has not begun yet.");
  if (!cmd.found) return refusal::unavailable();
  // One who was asked for and is told nothing: whether they exist at all is nobody's business here.
  if (cmd.recipient && cmd.found->empty()) return refusal::not_found();
  return std::vector<org_event>{digest_previewed{to_text(cmd.month), cmd.recipient}};
}

outcome<org_event> decide(const org_state&, const resend_digest& cmd, const moment& at) {
  if (!cmd.found) return refusal::not_found();
  const auto& was = cmd.found->entry;
  // One mail more would tell them nothing that this one does not.
  if (cmd.found->on_its_way) return std::vector<org_event>{};
  if (!cmd.found->has_something_to_say)
    return refusal::conflict(refusal_code::no_content,
                             "There is nothing that they may be told for this month now.");
  auto again = was;
  again.id = at.ids.make<digest_id>();
  again.mail = at.ids.make<mail_id>();
  again.copy = cmd.found->last_copy + 1;
  again.state = digest_state::queued;
  again.planned_at = at.now;
  again.settled_at.reset();
  again.reason.reset();
  digest_copy copy{again.id, to_text(again.month), again.recipient, again.copy};
  return std::vector<org_event>{
      digest_resent{was.id, std::move(copy), std::move(again), cmd.found->full_name}};
}

}  // namespace deciding

namespace {

told_recipient_view view_of(const digest_preview_line& line) {
  told_recipient_view v{line.recipient, line.full_name, line.counts, {}};
  if (const auto& d = line.digest_.value)
    v.digest_.value = told_digest_view{d->organisation, d->time_zone, to_text(d->month), d->from,
                                       d->to,           d->as_of,     d->recipient,      d->sections};
  return v;
}

}  // namespace

told_month_view view_preview(const org_state& org, const preview_digest& cmd) {
  const auto& zone = org.settings.time_zone;
  const auto period = period_of(cmd.month, zone);
  told_month_view v{to_text(cmd.month), period.from, period.to, digest_due(cmd.month, zone), {}};
  if (cmd.found)
    for (const auto& line : *cmd.found) v.recipients.push_back(view_of(line));
  return v;
}

}  // namespace model
