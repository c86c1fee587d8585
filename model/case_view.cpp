#include "model/case_view.hpp"

namespace model {

case_header_view view_header(const support_case& c, role who) {
  const auto& h = c.header;
  return {h.id,
          h.reference,
          {c.place.org, c.place.organisation_name},
          {c.place.tenant, c.place.tenant_name},
          c.place.tenancy,
          c.place.property,
          c.is_closed() ? case_status::closed : case_status::open,
          h.context_summary,
          h.opened_at,
          h.closed_at,
          access::is_operator(who) ? h.last_activity_at : h.shared_activity_at};
}

namespace {

/// Newest first, as lists stand in answers.
std::vector<note_view> notes_of(const note_list& notes) {
  std::vector<note_view> out;
  out.reserve(notes.size());
  for (auto n = notes.rbegin(); n != notes.rend(); ++n) out.push_back(view_note(**n));
  return out;
}

team_row_view row_of(const collaborator& r) {
  return {r.id,
          r.participation,
          r.user,
          r.full_name,
          r.email,
          r.contact_name,
          r.contact_email,
          r.contact_phone,
          r.contact_organisation_name,
          r.contact_role_label,
          r.created_at,
          r.invited_at,
          r.accepted_at,
          r.ended_at,
          {}};
}

colleague_view colleague_of(const collaborator& r) {
  return {r.id,         r.participation, r.user,    r.full_name.value_or(""), r.email.value_or(""),
          r.invited_at, r.accepted_at,   r.ended_at};
}

colleague_name_view name_of(const collaborator& r) { return {r.participation, r.full_name.value_or("")}; }

/// The rows a role may see, newest first, each as `make` shows it. Contact cards are the operators'.
template <class Make>
auto team_of(const support_case& c, role who, Make make) {
  std::vector<decltype(make(*c.team.front()))> out;
  out.reserve(c.team.size());
  for (auto r = c.team.rbegin(); r != c.team.rend(); ++r) {
    const bool card = (*r)->participation == participation::reference_only;
    if (!card || access::allowed(who, resource::reference_contacts, action::read)) out.push_back(make(**r));
  }
  return out;
}

template <class Row>
std::vector<Row> latest(std::vector<Row> rows) {
  if (rows.size() > workspace_list_length) rows.resize(workspace_list_length);
  return rows;
}

}  // namespace

note_view view_note(const note& n) {
  note_view v{n.id,         n.stream,    n.body, n.safeguarding, {n.author, n.author_name},
              n.created_at, n.edited_at, {}};
  if (n.deleted_at) {
    v.body.reset();
    v.deleted =
        deletion_view{*n.deleted_at, {n.deleted_by.value_or(user_id{}), n.deleted_by_name.value_or("")}};
  }
  return v;
}

std::variant<workspace_view, refusal> view(const support_case& c, const caller& who) {
  const auto r = role_of(c, who);
  switch (r) {
    case role::none:
      return refusal::not_found();
    case role::org_admin:
    case role::property_manager:
      return operator_workspace{view_header(c, r),
                                access::permissions(r),
                                {notes_of(c.shared), notes_of(c.professional)},
                                {},
                                {},
                                latest(team_of(c, r, row_of)),
                                {}};
    case role::full:
      return full_workspace{view_header(c, r),
                            access::permissions(r),
                            {notes_of(c.shared)},
                            {},
                            {},
                            latest(team_of(c, r, colleague_of)),
                            {}};
    case role::context_only:
      return context_workspace{view_header(c, r),
                               access::permissions(r),
                               {notes_of(c.shared)},
                               {},
                               {},
                               latest(team_of(c, r, name_of))};
  }
  return refusal::not_found();
}

std::variant<team_view, refusal> view_team(const support_case& c, const caller& who) {
  const auto r = role_of(c, who);
  switch (r) {
    case role::none:
      return refusal::not_found();
    case role::org_admin:
    case role::property_manager:
      return team_list{team_of(c, r, row_of), {}};
    case role::full:
      return colleague_list{team_of(c, r, colleague_of), {}};
    case role::context_only:
      return colleague_name_list{team_of(c, r, name_of), {}};
  }
  return refusal::not_found();
}

std::optional<refusal> refuse_reading(const support_case& c, const caller& who, stream s) {
  const auto r = role_of(c, who);
  if (r == role::none) return refusal::not_found();
  const auto which = s == stream::shared ? resource::shared_notes : resource::professional_notes;
  if (!access::allowed(r, which, action::read)) return refusal::not_permitted();
  return std::nullopt;
}

change_view view_change(const support_case& c, const caller& who, const case_command& command,
                        std::span<const case_event> events) {
  const auto header = [&] { return change_view{view_header(c, role_of(c, who))}; };
  const auto row = [&](collaborator_id id) { return change_view{row_of(*c.find(id))}; };
  const auto made_row = [&](const add_to_team&) -> change_view {
    const auto& event = events.front();
    if (const auto* card = std::get_if<contact_added>(&event)) return row_of(card->collaborator);
    const auto& invited = std::get<collaborator_invited>(event);
    auto v = row_of(invited.collaborator);
    if (invited.over_soft_cap) v.warnings.emplace_back("caseload_soft_cap");
    return v;
  };
  return std::visit(
      overloaded{[&](const add_note&) -> change_view {
                   return view_note(std::get<note_added>(events.front()).note);
                 },
                 [&](const edit_note& cmd) -> change_view { return view_note(*c.find(cmd.note)); },
                 [&](const delete_note& cmd) -> change_view { return view_note(*c.find(cmd.note)); },
                 made_row, [&](const edit_contact& cmd) { return row(cmd.row); },
                 [&](const end_assignment& cmd) { return row(cmd.row); },
                 [&](const resend_invite& cmd) { return row(cmd.row); },
                 [&](const accept_invite&) { return header(); }, [&](const auto&) { return header(); }},
      command);
}

}  // namespace model
