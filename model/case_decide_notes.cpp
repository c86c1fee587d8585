#include "model/case_decide_parts.hpp"

namespace model::deciding {

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
namespace {

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

}  // namespace

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

}  // namespace model::deciding
