#include "model/case_decide_parts.hpp"

namespace model {
namespace deciding {

result decide(const support_case& c, role who, const caller&, const edit_context_summary& cmd,
              const moment&) {
  if (auto no = refuse(who, resource::case_header, action::write)) return *no;
  if (c.is_closed()) return closed();
  if (cmd.context_summary.value == c.header.context_summary) return events{};
  return events{context_summary_edited{c.header.context_summary, cmd.context_summary.value}};
}

result decide(const support_case& c, role who, const caller&, const close_case& cmd, const moment& at) {
  if (auto no = refuse(who, resource::lifecycle, action::write)) return *no;
  if (c.is_closed()) return refusal::conflict(refusal_code::case_closed, "The case is closed already.");
  return events{case_closed{at.now, cmd.reason ? std::optional{cmd.reason->value} : std::nullopt}};
}

result decide(const support_case& c, role who, const caller&, const reopen_case&, const moment&) {
  if (auto no = refuse(who, resource::lifecycle, action::write)) return *no;
  if (!c.is_closed()) return refusal::conflict(refusal_code::case_not_closed, "The case is open.");
  return events{case_reopened{*c.header.closed_at}};
}

// R32. On a closed case too, since closed cases are the ones that are swept.
result decide(const support_case& c, role who, const caller&, const set_legal_hold& cmd, const moment& at) {
  if (auto no = refuse(who, resource::lifecycle, action::write)) return *no;
  const auto& held = c.header.held_since;
  if (cmd.on == held.has_value()) return events{};
  if (cmd.on) return events{legal_hold_set{at.now, cmd.reason.value}};
  return events{legal_hold_lifted{*held, cmd.reason.value}};
}

// R8: a closed case is exported like an open one.
result decide(const support_case&, role who, const caller&, const make_export& cmd, const moment& at) {
  if (auto no = refuse(who, resource::audit_log, action::read)) return *no;
  return events{export_made{at.now, cmd.what, cmd.format}};
}

}  // namespace deciding

outcome<case_event> decide(const support_case& c, const caller& who, const case_command& command,
                           const moment& at) {
  return std::visit([&](const auto& cmd) { return deciding::decide(c, role_of(c, who), who, cmd, at); },
                    command);
}

}  // namespace model
