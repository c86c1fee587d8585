#include "model/digest.hpp"

#include <algorithm>

#include "model/contact.hpp"

namespace model {
namespace {

bool is_active(const digest_assignment& a) {
  return a.participation != participation::reference_only && a.accepted_at && !a.ended_at;
}

/// Compared as addresses are everywhere (R2): in small letters, of ASCII alone.
bool is_listed(const std::string& email, const organisation& org) {
  const auto wanted = normalise_email(email);
  return wanted && std::ranges::any_of(org.housing_officer_emails, [&](const std::string& listed) {
           return normalise_email(listed) == wanted;
         });
}

std::size_t length_of(const digest_goal& g) {
  return g.title.size() + g.description.size() + (g.latest_progress ? g.latest_progress->text.size() : 0);
}
std::size_t length_of(const digest_session& s) {
  auto length = s.outcome_note.size();
  for (const auto& name : s.attendees) length += name.size();
  return length;
}
std::size_t length_of(const digest_note& n) { return n.body.size(); }

/// What is told of `parts`, as many as there may be and as `fits` lets pass; `more` is set where some did
/// not.
template <class Told, class Part, class Tell, class Fits>
std::vector<Told> told(const std::vector<Part>& parts, Tell tell_of, Fits fits, bool& more) {
  std::vector<Told> out;
  for (const auto& part : parts) {
    auto one = tell_of(part);
    if (!one) continue;
    if (out.size() < most_told_of_a_kind && fits(length_of(*one)))
      out.push_back(std::move(*one));
    else
      more = true;
  }
  return out;
}

bool says_something(const digest_section& s) {
  return !s.goals.empty() || !s.sessions.empty() || !s.notes.empty() || s.more;
}

}  // namespace

digest_counts counts_of(const digest& d) {
  digest_counts c;
  c.tenants = static_cast<std::int64_t>(d.sections.size());
  for (const auto& s : d.sections) {
    c.goals += static_cast<std::int64_t>(s.goals.size());
    c.sessions += static_cast<std::int64_t>(s.sessions.size());
    c.notes += static_cast<std::int64_t>(s.notes.size());
  }
  return c;
}

bool is_recipient(const digest_assignment& a, const organisation& org) {
  return is_active(a) && is_listed(a.email, org);
}

digest_reach reach_of(note_visibility of_tenant, const organisation& org) {
  switch (of_tenant) {
    case note_visibility::hidden:
      return digest_reach::nothing;
    case note_visibility::visible:
      return digest_reach::with_notes;
    case note_visibility::inherit:
      return org.support_notes_visible_to_housing_officer ? digest_reach::with_notes
                                                          : digest_reach::without_notes;
  }
  return digest_reach::nothing;
}

digest_reach reach_of(const digest_assignment& a, const organisation& org, const month_period& period,
                      instant due) {
  const bool is_over = a.closed_at && *a.closed_at < period.from;
  const bool came_later = a.accepted_at && *a.accepted_at > due;
  if (!is_recipient(a, org) || is_over || came_later) return digest_reach::nothing;
  return reach_of(a.visibility, org);
}

std::optional<digest_goal> tell(const goal& g) {
  if (g.status != goal_status::active) return std::nullopt;
  digest_goal out{g.title, g.description, g.target_date, {}};
  if (g.progress)
    out.latest_progress = latest_progress_view{*g.progress, g.progress_at.value_or(g.created_at),
                                               g.progress_by.value_or(std::string{})};
  return out;
}

std::optional<digest_session> tell(const support_session& s, const month_period& period) {
  const bool is_told = s.status == session_status::delivered || s.status == session_status::scheduled;
  if (!is_told || !period.holds(s.starts_at)) return std::nullopt;
  return digest_session{s.starts_at, s.ends_at, s.type, s.status, split_lines(s.attendees), s.outcome_note};
}

std::optional<digest_note> tell(const note& n, const month_period& period) {
  if (n.stream != stream::shared || n.safeguarding || n.deleted_at || !period.holds(n.created_at))
    return std::nullopt;
  return digest_note{n.id, n.created_at, n.author_name, n.body};
}

digest_maker::digest_maker(const organisation& org, const month& of, instant now)
    : org_(org), period_(period_of(of, org.time_zone)), due_(digest_due(of, org.time_zone)) {
  made_.organisation = org.name;
  made_.time_zone = org.time_zone;
  made_.month = of;
  made_.from = period_.from;
  made_.to = period_.to;
  made_.as_of = now;
}

digest_reach digest_maker::reach(const digest_assignment& a) const {
  return reach_of(a, org_, period_, due_);
}

bool digest_maker::fits(std::size_t text) {
  if (text > text_left_) return false;
  text_left_ -= text;
  return true;
}

void digest_maker::add(const digest_assignment& a, const digest_parts& parts) {
  const auto how_far = reach(a);
  if (how_far == digest_reach::nothing) return;
  if (made_.recipient.empty()) made_.recipient = a.full_name;
  digest_section s;
  s.case_id_ = a.of_case;
  s.reference = a.reference;
  s.tenant = a.tenant_name;
  s.more = parts.more;
  const auto may_add = [this](std::size_t text) { return fits(text); };
  const auto within = [this](const auto& part) { return tell(part, period_); };
  s.goals = told<digest_goal>(
      parts.goals, [](const goal& g) { return tell(g); }, may_add, s.more);
  s.sessions = told<digest_session>(parts.sessions, within, may_add, s.more);
  if (how_far == digest_reach::with_notes) s.notes = told<digest_note>(parts.notes, within, may_add, s.more);
  if (says_something(s)) made_.sections.push_back(std::move(s));
}

std::optional<digest> digest_maker::finish() {
  if (made_.sections.empty()) return std::nullopt;
  return std::move(made_);
}

bool may_still_be_said(const digest& said, std::span<const digest_reach_now> now) {
  return std::ranges::all_of(said.sections, [&](const digest_section& s) {
    const auto found = std::ranges::find(now, s.case_id_, &digest_reach_now::of_case);
    if (found == now.end() || found->reach == digest_reach::nothing) return false;
    if (s.notes.empty()) return true;
    return found->reach == digest_reach::with_notes &&
           std::ranges::all_of(s.notes, [&](const digest_note& n) {
             return std::ranges::find(found->notes, n.id) != found->notes.end();
           });
  });
}

}  // namespace model
