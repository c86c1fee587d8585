#include "model/case_decide_parts.hpp"

namespace model::deciding {
namespace {

std::string attendees_of(const std::vector<name_text>& names) {
  std::vector<std::string> lines;
  for (const auto& n : names) lines.push_back(n.value);
  return joined_lines(lines);
}

/// What cannot be, whatever it was before: an end that is not after the start, more people than a room holds.
std::optional<refusal> refuse_impossible(const support_session& s,
                                         const std::optional<std::vector<name_text>>& attendees) {
  if (attendees && attendees->size() > most_attendees)
    return refusal::invalid("attendees", "too_many",
                            "A session has at most " + std::to_string(most_attendees) + " attendees.");
  if (s.ends_at && *s.ends_at <= s.starts_at)
    return refusal::invalid("ends_at", "not_after_start", "A session ends after it starts.");
  return std::nullopt;
}

std::string digest_of(const std::string& note, const moment& at) {
  return note.empty() ? std::string{} : at.sha256(note);
}

bool same(const support_session& a, const support_session& b) {
  return std::tie(a.starts_at, a.ends_at, a.type, a.attendees, a.status, a.outcome_note) ==
         std::tie(b.starts_at, b.ends_at, b.type, b.attendees, b.status, b.outcome_note);
}

}  // namespace

result decide(const support_case& c, role who, const caller& by, const add_session& cmd, const moment& at) {
  if (auto no = refuse(who, resource::own_sessions, action::write)) return *no;
  support_session s;
  s.starts_at = cmd.starts_at;
  s.ends_at = cmd.ends_at;
  if (auto no = refuse_impossible(s, cmd.attendees)) return *no;
  if (c.is_closed()) return closed();
  s.id = at.ids.make<session_id>();
  s.org = c.header.org;
  s.of_case = c.header.id;
  s.type = cmd.type;
  if (cmd.attendees) s.attendees = attendees_of(*cmd.attendees);
  s.status = cmd.status.value_or(session_status::scheduled);
  take(cmd.outcome_note, s.outcome_note);
  s.author = by.user;
  s.author_name = by.full_name;
  s.created_at = at.now;
  auto digest = digest_of(s.outcome_note, at);
  return events{session_added{std::move(s), std::move(digest)}};
}

result decide(const support_case& c, role who, const caller& by, const edit_session& cmd, const moment& at) {
  if (who == role::none) return refusal::not_found();
  const auto* s = c.find(cmd.session);
  const bool own = s && s->author == by.user;
  if (!s || !access::allowed(who, own ? resource::own_sessions : resource::sessions, action::read))
    return refusal::not_found();
  if (auto no = refuse(who, own ? resource::own_sessions : resource::sessions, action::write)) return *no;
  session_edited e{*s, *s, {}, {}};
  auto& after = e.after;
  if (cmd.starts_at) after.starts_at = *cmd.starts_at;
  if (cmd.ends_at.given) after.ends_at = cmd.ends_at.to;
  if (auto no = refuse_impossible(after, cmd.attendees)) return *no;
  if (c.is_closed()) return closed();
  if (cmd.type) after.type = *cmd.type;
  if (cmd.attendees) after.attendees = attendees_of(*cmd.attendees);
  if (cmd.status) after.status = *cmd.status;
  take(cmd.outcome_note, after.outcome_note);
  if (same(e.before, after)) return events{};
  after.edited_at = at.now;
  e.outcome_sha256_before = digest_of(e.before.outcome_note, at);
  e.outcome_sha256 = digest_of(after.outcome_note, at);
  return events{std::move(e)};
}

}  // namespace model::deciding
