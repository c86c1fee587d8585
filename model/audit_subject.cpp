#include "model/audit.hpp"

namespace model {
namespace {

/// Each event by the part that it carries; one that changes a part carries it as `after`.
template <class Event>
std::optional<uuid> subject(const Event& e) {
  if constexpr (requires { e.note.id; })
    return e.note.id.value;
  else if constexpr (requires { e.collaborator.id; })
    return e.collaborator.id.value;
  else if constexpr (requires { e.goal.id; })
    return e.goal.id.value;
  else if constexpr (requires { e.session.id; })
    return e.session.id.value;
  else if constexpr (requires { e.document.id; })
    return e.document.id.value;
  else if constexpr (requires { e.member.user; })
    return e.member.user.value;
  else if constexpr (requires { e.landlord.id; })
    return e.landlord.id.value;
  else if constexpr (requires { e.property.id; })
    return e.property.id.value;
  else if constexpr (requires { e.tenancy.id; })
    return e.tenancy.id.value;
  else if constexpr (requires { e.opened.id; })
    return e.opened.id.value;
  else if constexpr (requires { e.after.id; })
    return e.after.id.value;
  else
    return std::nullopt;
}

std::optional<uuid> subject(const settings_changed&) { return std::nullopt; }
std::optional<uuid> subject(const mail_retried& e) { return e.mail.value; }

}  // namespace

std::optional<uuid> audit_subject(const case_event& e) {
  return std::visit([](const auto& event) { return subject(event); }, e);
}
std::optional<uuid> audit_subject(const org_event& e) {
  return std::visit([](const auto& event) { return subject(event); }, e);
}

}  // namespace model
