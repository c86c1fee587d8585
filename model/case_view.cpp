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
template <class Part, class Show>
auto shown(const part_list<Part>& parts, Show show) {
  std::vector<std::decay_t<decltype(show(*parts.front()))>> out;
  out.reserve(parts.size());
  for (auto p = parts.rbegin(); p != parts.rend(); ++p) out.push_back(show(**p));
  return out;
}

std::vector<note_view> notes_of(const note_list& notes) { return shown(notes, view_note); }
document_view view_line(const document& d) { return view_document(d); }

/// The latest of those that this caller may see.
std::vector<session_view> sessions_of(const support_case& c, const caller& who) {
  std::vector<session_view> out;
  for (auto s = c.sessions.rbegin(); s != c.sessions.rend() && out.size() < workspace_list_length; ++s)
    if (may_read(c, who, **s)) out.push_back(view_session(**s));
  return out;
}

std::optional<mail_fate_view> mail_of(const collaborator& r) {
  if (!r.invite_mail_fate || !r.invite_mail_at) return std::nullopt;
  return mail_fate_view{*r.invite_mail_fate, *r.invite_mail_at, r.invite_mail_reason};
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
          mail_of(r),
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
                                shown(c.goals, view_goal),
                                sessions_of(c, who),
                                latest(team_of(c, r, row_of)),
                                shown(c.documents, view_line)};
    case role::full:
      return full_workspace{view_header(c, r),
                            access::permissions(r),
                            {notes_of(c.shared)},
                            shown(c.goals, view_goal),
                            sessions_of(c, who),
                            latest(team_of(c, r, colleague_of)),
                            shown(c.documents, view_line)};
    case role::context_only:
      return context_workspace{view_header(c, r),    access::permissions(r),
                               {notes_of(c.shared)}, shown(c.goals, view_goal),
                               sessions_of(c, who),  latest(team_of(c, r, name_of))};
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

std::variant<template_choices, refusal> view_templates(const support_case& c, const caller& who) {
  if (auto no = refuse_reading(c, who, resource::documents)) return *no;
  template_choices v;
  for (const auto& t : c.place.templates)
    v.items.push_back({t->id, t->type, t->name, t->text, t->due_every_months, t->signing_template});
  return v;
}

std::optional<refusal> refuse_reading(const support_case& c, const caller& who, resource which) {
  const auto r = role_of(c, who);
  if (r == role::none) return refusal::not_found();
  if (!access::allowed(r, which, action::read)) return refusal::not_permitted();
  return std::nullopt;
}

std::optional<refusal> refuse_reading(const support_case& c, const caller& who, stream s) {
  return refuse_reading(c, who, s == stream::shared ? resource::shared_notes : resource::professional_notes);
}

bool may_read(const support_case& c, const caller& who, const support_session& s) {
  const auto which = s.author == who.user ? resource::own_sessions : resource::sessions;
  return access::allowed(role_of(c, who), which, action::read);
}

namespace {

/// A session whose new date puts it behind the latest is in no list any more.
const support_session& after_edit(const support_case& c, const edit_session& cmd,
                                  std::span<const case_event> events) {
  return events.empty() ? *c.find(cmd.session) : std::get<session_edited>(events.front()).after;
}

}  // namespace

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
  const auto goal = [&](goal_id id) { return change_view{view_goal(*c.find(id))}; };
  // The text as this change leaves it; of a text that nobody touched, what was recalled.
  const auto document = [&](document_id id) {
    const auto& d = *c.find(id);
    return change_view{view_document(d, d.media_type == document_text_type ? c.recalled.body : std::nullopt)};
  };
  return std::visit(
      overloaded{
          [&](const add_note&) -> change_view {
            return view_note(std::get<note_added>(events.front()).note);
          },
          [&](const edit_note& cmd) -> change_view { return view_note(*c.find(cmd.note)); },
          [&](const delete_note& cmd) -> change_view { return view_note(*c.find(cmd.note)); }, made_row,
          [&](const edit_contact& cmd) { return row(cmd.row); },
          [&](const end_assignment& cmd) { return row(cmd.row); },
          [&](const resend_invite& cmd) { return row(cmd.row); },
          [&](const add_goal&) -> change_view {
            return view_goal(std::get<goal_added>(events.front()).goal);
          },
          [&](const edit_goal& cmd) { return goal(cmd.goal); },
          [&](const add_progress&) -> change_view {
            return view_progress(std::get<progress_added>(events.front()).progress);
          },
          [&](const add_session&) -> change_view {
            return view_session(std::get<session_added>(events.front()).session);
          },
          [&](const edit_session& cmd) -> change_view { return view_session(after_edit(c, cmd, events)); },
          [&](const create_document&) -> change_view {
            const auto& made = std::get<document_created>(events.front());
            return view_document(made.after, made.body.value_or(""));
          },
          [&](const upload_document&) -> change_view {
            return view_document(std::get<document_file_attached>(events.back()).after, std::nullopt);
          },
          [&](const edit_document& cmd) -> change_view {
            const auto* edited = events.empty() ? nullptr : std::get_if<document_edited>(&events.front());
            if (edited && edited->body) return view_document(edited->after, edited->body);
            return document(cmd.document);
          },
          [&](const set_legal_hold&) -> change_view {
            return legal_hold_view{c.header.held_since.has_value(), c.header.held_since,
                                   c.header.hold_reason};
          },
          [&](const make_export& cmd) -> change_view {
            return export_view{cmd.what, cmd.format};
          },
          [&]<class AboutDocument>(const AboutDocument& cmd) -> change_view {
            if constexpr (requires {
                            { cmd.document } -> std::convertible_to<document_id>;
                          })
              return document(cmd.document);
            else
              return header();
          }},
      command);
}

}  // namespace model
