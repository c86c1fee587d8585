#pragma once
// What the files case_decide*.cpp share: one overload of `decide` for each command, in the file of its area.
#include "model/case_decide.hpp"

namespace model::deciding {

using result = outcome<case_event>;
using events = std::vector<case_event>;

/// Who is not allowed: told that there is nothing, if there is nothing for them to see here.
inline std::optional<refusal> refuse(role who, resource which, action what) {
  if (who == role::none) return refusal::not_found();
  if (!access::allowed(who, which, what)) return refusal::not_permitted();
  return std::nullopt;
}

inline refusal closed() {
  return refusal::conflict(refusal_code::case_closed, "The case is closed. Reopen it to change it.");
}

inline resource notes_of(stream s) {
  return s == stream::shared ? resource::shared_notes : resource::professional_notes;
}

/// Puts the value of what was given into its place.
template <class Text>
void take(const std::optional<Text>& given, std::string& into) {
  if (given) into = given->value;
}

// clang-format off
result decide(const support_case&, role, const caller&, const edit_context_summary&, const moment&);
result decide(const support_case&, role, const caller&, const close_case&, const moment&);
result decide(const support_case&, role, const caller&, const reopen_case&, const moment&);
result decide(const support_case&, role, const caller&, const set_legal_hold&, const moment&);
result decide(const support_case&, role, const caller&, const make_export&, const moment&);
result decide(const support_case&, role, const caller&, const add_note&, const moment&);
result decide(const support_case&, role, const caller&, const edit_note&, const moment&);
result decide(const support_case&, role, const caller&, const delete_note&, const moment&);
result decide(const support_case&, role, const caller&, const add_to_team&, const moment&);
result decide(const support_case&, role, const caller&, const edit_contact&, const moment&);
result decide(const support_case&, role, const caller&, const end_assignment&, const moment&);
result decide(const support_case&, role, const caller&, const resend_invite&, const moment&);
result decide(const support_case&, role, const caller&, const accept_invite&, const moment&);
result decide(const support_case&, role, const caller&, const report_invite_mail&, const moment&);
result decide(const support_case&, role, const caller&, const add_goal&, const moment&);
result decide(const support_case&, role, const caller&, const edit_goal&, const moment&);
result decide(const support_case&, role, const caller&, const add_progress&, const moment&);
result decide(const support_case&, role, const caller&, const add_session&, const moment&);
result decide(const support_case&, role, const caller&, const edit_session&, const moment&);
result decide(const support_case&, role, const caller&, const create_document&, const moment&);
result decide(const support_case&, role, const caller&, const edit_document&, const moment&);
result decide(const support_case&, role, const caller&, const attach_file&, const moment&);
result decide(const support_case&, role, const caller&, const upload_document&, const moment&);
result decide(const support_case&, role, const caller&, const submit_document&, const moment&);
result decide(const support_case&, role, const caller&, const return_document&, const moment&);
result decide(const support_case&, role, const caller&, const approve_document&, const moment&);
result decide(const support_case&, role, const caller&, const send_document&, const moment&);
result decide(const support_case&, role, const caller&, const record_signature&, const moment&);
result decide(const support_case&, role, const caller&, const settle_signature&, const moment&);
result decide(const support_case&, role, const caller&, const void_document&, const moment&);
// clang-format on

}  // namespace model::deciding
