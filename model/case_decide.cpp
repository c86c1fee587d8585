#include "model/case_decide.hpp"

#include <algorithm>

namespace model {
namespace {

using result = outcome<case_event>;
using events = std::vector<case_event>;

/// Who is not allowed: told that there is nothing, if there is nothing for them to see here.
std::optional<refusal> refuse(role who, resource which, action what) {
  if (who == role::none) return refusal::not_found();
  if (!access::allowed(who, which, what)) return refusal::not_permitted();
  return std::nullopt;
}

refusal closed() {
  return refusal::conflict(refusal_code::case_closed, "The case is closed. Reopen it to change it.");
}

resource notes_of(stream s) {
  return s == stream::shared ? resource::shared_notes : resource::professional_notes;
}

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

result decide(const support_case& c, role who, const caller& by, const add_note& cmd, const moment& at) {
  if (auto no = refuse(who, notes_of(cmd.stream), action::write)) return *no;
  if (c.is_closed()) return closed();
  const bool flagged = cmd.safeguarding.value_or(false);
  if (flagged && cmd.stream != stream::professional)
    return refusal::invalid("safeguarding", "professional_only", "Only a professional note can be flagged.");
  note n;
  n.id = at.ids.make<note_id>();
  n.org = c.header.org;
  n.of_case = c.header.id;
  n.stream = cmd.stream;
  n.body = cmd.body.value;
  n.safeguarding = flagged;
  if (flagged) n.flagged_at = at.now;
  n.author = by.user;
  n.author_name = by.full_name;
  n.created_at = at.now;
  return events{note_added{std::move(n)}};
}

/// The note, if it is one that this role may read; a stream one may not read holds nothing (R12).
const note* readable(const support_case& c, role who, note_id id) {
  const auto* n = c.find(id);
  return n && access::allowed(who, notes_of(n->stream), action::read) ? n : nullptr;
}

refusal deleted() { return refusal::conflict(refusal_code::note_deleted, "The note was deleted."); }

note_revision revision_of(const note& n, const caller& by, const moment& at) {
  return {at.ids.make<revision_id>(), n.org, n.of_case, n.id, n.body, at.now, by.user};
}

/// A new body (R10: one's own only) as an event, if it is another.
std::optional<refusal> change_body(const support_case& c, const note& n, const caller& by,
                                   const edit_note& cmd, const moment& at, events& out) {
  if (!cmd.body) return std::nullopt;
  if (n.author != by.user) return refusal::not_permitted("Only its author can edit a note.");
  if (c.is_closed()) return closed();
  if (cmd.body->value == n.body) return std::nullopt;
  note_edited e{n, revision_of(n, by, at)};
  e.after.body = cmd.body->value;
  e.after.edited_at = at.now;
  out.push_back(std::move(e));
  return std::nullopt;
}

/// Toggles safeguarding, on a closed case too (R8). `n` is the note as the events so far leave it.
std::optional<refusal> change_flag(const note& n, role who, const edit_note& cmd, const moment& at,
                                   events& out) {
  if (!cmd.safeguarding) return std::nullopt;
  if (n.stream != stream::professional) {
    if (!*cmd.safeguarding) return std::nullopt;
    return refusal::invalid("safeguarding", "professional_only", "Only a professional note can be flagged.");
  }
  if (*cmd.safeguarding == n.safeguarding) return std::nullopt;
  note after = n;
  after.safeguarding = *cmd.safeguarding;
  if (after.safeguarding) {
    after.flagged_at = at.now;
    out.push_back(note_flagged{std::move(after)});
    return std::nullopt;
  }
  if (who != role::org_admin)
    return refusal::not_permitted("Only an organisation administrator can take a safeguarding flag away.");
  if (!cmd.reason)
    return refusal::invalid("reason", "required", "Say why the safeguarding flag is taken away.");
  after.flagged_at.reset();
  out.push_back(note_unflagged{std::move(after), cmd.reason->value});
  return std::nullopt;
}

result decide(const support_case& c, role who, const caller& by, const edit_note& cmd, const moment& at) {
  if (who == role::none) return refusal::not_found();
  const auto* n = readable(c, who, cmd.note);
  if (!n) return refusal::not_found();
  if (auto no = refuse(who, notes_of(n->stream), action::write)) return *no;
  if (n->deleted_at) return deleted();
  events out;
  if (auto no = change_body(c, *n, by, cmd, at, out)) return *no;
  const note so_far = out.empty() ? *n : std::get<note_edited>(out.back()).after;
  if (auto no = change_flag(so_far, who, cmd, at, out)) return *no;
  return out;
}

result decide(const support_case& c, role who, const caller& by, const delete_note& cmd, const moment& at) {
  if (who == role::none) return refusal::not_found();
  const auto* n = readable(c, who, cmd.note);
  if (!n) return refusal::not_found();
  if (auto no = refuse(who, notes_of(n->stream), action::write)) return *no;
  if (n->author != by.user && who != role::org_admin)
    return refusal::not_permitted("Only its author or an organisation administrator can delete a note.");
  if (c.is_closed()) return closed();
  if (n->deleted_at) return deleted();
  note_deleted e{*n, revision_of(*n, by, at)};
  e.after.body.clear();
  e.after.deleted_at = at.now;
  e.after.deleted_by = by.user;
  e.after.deleted_by_name = by.full_name;
  return events{std::move(e)};
}

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
  e.over_soft_cap = person.active_tenants >= caseload_soft_cap;
  return events{std::move(e)};
}

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

}  // namespace

outcome<case_event> decide(const support_case& c, const caller& who, const case_command& command,
                           const moment& at) {
  return std::visit([&](const auto& cmd) { return decide(c, role_of(c, who), who, cmd, at); }, command);
}

}  // namespace model
