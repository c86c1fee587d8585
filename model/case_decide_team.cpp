#include <algorithm>

#include "model/case_decide_parts.hpp"

namespace model::deciding {
namespace {

void require(std::vector<field_error>& errors, bool present, const char* field) {
  if (!present) errors.push_back({field, "required", "This is needed here."});
}
void exclude(std::vector<field_error>& errors, bool present, const char* field) {
  if (present) errors.push_back({field, "not_accepted", "This mode of participation does not take this."});
}

/// R14: each mode takes its own fields and no others.
std::vector<field_error> wrong_fields(const add_to_team& cmd) {
  std::vector<field_error> errors;
  if (cmd.participation == participation::reference_only) {
    require(errors, cmd.contact_name.has_value(), "contact_name");
    if (!cmd.contact_email && !cmd.contact_phone)
      errors.push_back({"contact_email", "required", "Give an e-mail address or a telephone number."});
    exclude(errors, cmd.full_name.has_value(), "full_name");
    exclude(errors, cmd.email.has_value(), "email");
    return errors;
  }
  require(errors, cmd.full_name.has_value(), "full_name");
  require(errors, cmd.email.has_value(), "email");
  exclude(errors, cmd.contact_name.has_value(), "contact_name");
  exclude(errors, cmd.contact_email.has_value(), "contact_email");
  exclude(errors, cmd.contact_phone.has_value(), "contact_phone");
  exclude(errors, cmd.contact_organisation_name.has_value(), "contact_organisation_name");
  exclude(errors, cmd.contact_role_label.has_value(), "contact_role_label");
  return errors;
}

/// The address that an active row is known by, worker or contact.
const std::optional<std::string>& address_of(const collaborator& row) {
  return row.participation == participation::reference_only ? row.contact_email : row.email;
}

bool is_assigned(const support_case& c, const std::string& email) {
  return std::any_of(c.team.begin(), c.team.end(),
                     [&](const auto& row) { return !row->ended_at && address_of(*row) == email; });
}

refusal assigned_already() {
  return refusal::conflict(refusal_code::already_assigned,
                           "This address is on the team already. End that assignment first.");
}

template <class Text>
std::optional<std::string> plain(const std::optional<Text>& t) {
  return t ? std::optional{t->value} : std::nullopt;
}

collaborator new_row(const support_case& c, const add_to_team& cmd, const caller& by, const moment& at) {
  collaborator row;
  row.id = at.ids.make<collaborator_id>();
  row.org = c.header.org;
  row.of_case = c.header.id;
  row.tenant = c.header.tenant;
  row.participation = cmd.participation;
  row.full_name = plain(cmd.full_name);
  row.email = plain(cmd.email);
  row.contact_name = plain(cmd.contact_name);
  row.contact_email = plain(cmd.contact_email);
  row.contact_phone = plain(cmd.contact_phone);
  row.contact_organisation_name = plain(cmd.contact_organisation_name);
  row.contact_role_label = plain(cmd.contact_role_label);
  row.created_at = at.now;
  row.created_by = by.user;
  return row;
}

magic_link invite_link(const collaborator& row, const moment& at) {
  magic_link l;
  l.id = at.ids.make<link_id>();
  l.user = *row.user;
  l.purpose = link_purpose::case_invite;
  l.org = row.org;
  l.of_case = row.of_case;
  l.collaborator = row.id;
  l.secret = at.links.next_secret();
  l.created_at = at.now;
  l.expires_at = at.now + invite_link_lifetime;
  return l;
}

result invite(const support_case& c, const caller& by, const add_to_team& cmd, const moment& at) {
  collaborator_invited e;
  e.collaborator = new_row(c, cmd, by, at);
  e.collaborator.invited_at = at.now;
  const auto person = cmd.person.value_or(known_person{});
  if (person.user) {
    e.collaborator.user = person.user;
  } else {
    e.created =
        new_user{at.ids.make<user_id>(), cmd.email->value, cmd.full_name->value, at.ids.make<org_id>()};
    e.collaborator.user = e.created->user;
  }
  e.link = invite_link(e.collaborator, at);
  e.mail = at.ids.make<mail_id>();
  e.collaborator.invite_mail = e.mail;
  e.over_soft_cap = person.active_tenants >= caseload_soft_cap;
  return events{std::move(e)};
}

}  // namespace

result decide(const support_case& c, role who, const caller& by, const add_to_team& cmd, const moment& at) {
  const bool card = cmd.participation == participation::reference_only;
  if (auto no = refuse(who, card ? resource::reference_contacts : resource::collaborators, action::write))
    return *no;
  if (auto errors = wrong_fields(cmd); !errors.empty())
    return refusal{
        refusal_code::invalid, "Some of the input cannot be accepted.", std::move(errors), {}, {}, {}};
  if (c.is_closed()) return closed();
  const auto email = card ? plain(cmd.contact_email) : plain(cmd.email);
  if (email && is_assigned(c, *email)) return assigned_already();
  if (card) return events{contact_added{new_row(c, cmd, by, at)}};
  return invite(c, by, cmd, at);
}

result decide(const support_case& c, role who, const caller&, const edit_contact& cmd, const moment&) {
  if (auto no = refuse(who, resource::reference_contacts, action::write)) return *no;
  const auto* row = c.find(cmd.row);
  if (!row) return refusal::not_found();
  if (row->participation != participation::reference_only)
    return refusal::not_permitted(
        "Only a contact card's details can be edited. End the assignment and invite again.");
  if (row->ended_at) return refusal::conflict(refusal_code::already_ended, "The contact was ended.");
  if (c.is_closed()) return closed();
  contact_edited e{*row, *row};
  if (cmd.contact_name) e.after.contact_name = cmd.contact_name->value;
  if (cmd.contact_email) e.after.contact_email = cmd.contact_email->value;
  if (cmd.contact_phone) e.after.contact_phone = cmd.contact_phone->value;
  if (cmd.contact_organisation_name) e.after.contact_organisation_name = cmd.contact_organisation_name->value;
  if (cmd.contact_role_label) e.after.contact_role_label = cmd.contact_role_label->value;
  if (e.after.contact_email != row->contact_email && is_assigned(c, *e.after.contact_email))
    return assigned_already();
  const auto details = [](const collaborator& r) {
    return std::tie(r.contact_name, r.contact_email, r.contact_phone, r.contact_organisation_name,
                    r.contact_role_label);
  };
  if (details(e.after) == details(e.before)) return events{};
  return events{std::move(e)};
}

result decide(const support_case& c, role who, const caller& by, const end_assignment& cmd,
              const moment& at) {
  if (auto no = refuse(who, resource::collaborators, action::write)) return *no;
  const auto* row = c.find(cmd.row);
  if (!row) return refusal::not_found();
  if (row->ended_at)
    return refusal::conflict(refusal_code::already_ended, "The assignment was ended already.");
  collaborator_ended e{*row};
  e.after.ended_at = at.now;
  e.after.ended_by = by.user;
  return events{std::move(e)};
}

result decide(const support_case& c, role who, const caller&, const resend_invite& cmd, const moment& at) {
  if (auto no = refuse(who, resource::collaborators, action::write)) return *no;
  const auto* row = c.find(cmd.row);
  if (!row || row->participation == participation::reference_only) return refusal::not_found();
  if (row->ended_at) return refusal::conflict(refusal_code::already_ended, "The assignment was ended.");
  if (row->accepted_at)
    return refusal::conflict(refusal_code::already_accepted, "The invite was accepted already.");
  if (c.is_closed()) return closed();
  invite_resent e{*row, invite_link(*row, at), at.ids.make<mail_id>()};
  e.after.invited_at = at.now;
  e.after.invite_mail = e.mail;
  e.after.invite_mail_fate.reset();
  e.after.invite_mail_at.reset();
  e.after.invite_mail_reason.reset();
  return events{std::move(e)};
}

/// Told of the mail that the row knows alone, and of its latest fate alone: news come late, twice and in any
/// order. On a closed case too, since it is nobody's work.
result decide(const support_case& c, role, const caller& by, const report_invite_mail& cmd, const moment&) {
  if (by.part != service_part::mailer) return refusal::not_found();
  const auto* row = c.find(cmd.row);
  if (!row) return refusal::not_found();
  if (row->invite_mail != cmd.mail || row->invite_mail_fate >= cmd.fate) return events{};
  invite_mail_reported e{*row};
  e.after.invite_mail_fate = cmd.fate;
  e.after.invite_mail_at = cmd.at;
  e.after.invite_mail_reason = cmd.reason;
  return events{std::move(e)};
}

/// R16. Asked by the login actor for the person whose link was redeemed: the row is theirs, or there is
/// nothing.
result decide(const support_case& c, role, const caller& by, const accept_invite& cmd, const moment& at) {
  const auto* row = c.find(cmd.row);
  if (!row || row->user != by.user) return refusal::not_found();
  if (row->ended_at) return refusal::conflict(refusal_code::link_expired, "The invite was withdrawn.");
  if (row->accepted_at) return events{};
  if (c.is_closed()) return closed();
  collaborator_accepted e{*row};
  e.after.accepted_at = at.now;
  return events{std::move(e)};
}

}  // namespace model::deciding
