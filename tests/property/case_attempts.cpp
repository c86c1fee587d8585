#include <stdexcept>

#include "tests/property/draft.hpp"

namespace rehearsal {

namespace sql {

std::string text(const std::string& plain) { return "'" + plain + "'"; }  // the world's words hold no quotes

std::string at(model::instant t) { return "'" + model::to_text(t) + "'"; }

std::string fresh_id(world& w) { return text(model::to_text(w.ids.next())); }

std::string id_of_now(world& w) {
  std::array<std::uint8_t, 10> random;
  const auto fresh = w.ids.next();
  std::copy(fresh.begin() + 6, fresh.end(), random.begin());
  return text(model::to_text(model::uuid_v7(w.now, random)));
}

std::string audit(world& w, const person& by, model::org_id org, std::optional<model::case_id> of_case) {
  return "INSERT INTO keywork.audit_entries (id, org_id, case_id, at, by_id, by_name, request_id, kind, "
         "detail) VALUES (" +
         id_of_now(w) + ", " + id(org) + ", " + (of_case ? id(*of_case) : "NULL") + ", " + at(w.now) + ", " +
         id(by.id) + ", " + text(by.full_name) + ", 'r', " + text(std::string(kind_to_come)) + ", '{}')";
}

std::vector<std::string> telling(std::vector<std::string> statements, std::string_view kind) {
  for (auto& s : statements)
    if (const auto found = s.find(kind_to_come); found != s.npos) s.replace(found, kind_to_come.size(), kind);
  return statements;
}

std::string mail(world& w, model::org_id org) {
  return "INSERT INTO keywork.outbox (id, org_id, to_address, to_name, template_name, fields, state, "
         "attempts, "
         "next_attempt_at, written_at) VALUES (" +
         sql::fresh_id(w) + ", " + id(org) + ", 'a@example.org', 'A', 'invite', '', 'queued', 0, " +
         at(w.now) + ", " + at(w.now) + ")";
}

}  // namespace sql

namespace {

using model::stream;
using sql::at;
using sql::id;
using sql::text;

std::optional<attempt> add_note(const draft& d, stream s, bool flag) {
  model::add_note command{s, {"new"}, flag ? std::optional(true) : std::nullopt};
  return d.make(
      "add a note to " + std::string(model::to_text(s)), command,
      {d.header(),
       "INSERT INTO keywork.notes (id, org_id, case_id, stream, body, safeguarding, flagged_at, author_id, "
       "author_name, created_at) VALUES (" +
           sql::fresh_id(d.w) + ", " + id(d.c.header.org) + ", " + id(d.c.header.id) + ", " +
           text(std::string(model::to_text(s))) + ", 'new', " +
           (flag ? "true, " + at(d.w.now) : "false, NULL") + ", " + id(d.who.id) + ", " +
           text(d.who.full_name) + ", " + at(d.w.now) + ")",
       d.audit()});
}

/// Any note; often, and where there is one, a note of `author`.
const model::note* some_note(const model::support_case& c, model::user_id author) {
  if (pick(2))
    for (const auto* notes : {&c.shared, &c.professional})
      for (const auto& n : *notes)
        if (n->author == author) return n.get();
  const auto all = static_cast<int>(c.shared.size() + c.professional.size());
  if (all == 0) return nullptr;
  const auto n = static_cast<std::size_t>(pick(all));
  return n < c.shared.size() ? c.shared[n].get() : c.professional[n - c.shared.size()].get();
}

std::optional<attempt> edit_note(const draft& d) {
  const auto* n = some_note(d.c, d.who.id);
  if (!n) return std::nullopt;
  return d.make(
      "edit note " + to_text(n->id), model::edit_note{n->id, {{"other"}}, std::nullopt, std::nullopt},
      {d.header(), "UPDATE keywork.notes SET body = 'other', edited_at = " + at(d.w.now) + d.key(n->id.value),
       d.revision(*n), d.audit()});
}

std::optional<attempt> flag_note(const draft& d) {
  const auto* n = some_note(d.c, d.who.id);
  if (!n) return std::nullopt;
  const bool on = !n->safeguarding;
  return d.make((on ? "flag note " : "unflag note ") + to_text(n->id),
                model::edit_note{n->id, std::nullopt, on, {{"because"}}},
                {d.header(),
                 "UPDATE keywork.notes SET safeguarding = " + std::string(on ? "true" : "false") +
                     ", flagged_at = " + (on ? at(d.w.now) : "NULL") + d.key(n->id.value),
                 d.audit()});
}

std::optional<attempt> delete_note(const draft& d) {
  const auto* n = some_note(d.c, d.who.id);
  if (!n) return std::nullopt;
  return d.make("delete note " + to_text(n->id), model::delete_note{n->id},
                {d.header(), d.revision(*n),
                 "UPDATE keywork.notes SET body = '', deleted_at = " + at(d.w.now) + ", deleted_by_id = " +
                     id(d.who.id) + ", deleted_by_name = " + text(d.who.full_name) + d.key(n->id.value),
                 d.audit()});
}

std::string row_start(const draft& d, const std::string& columns, model::participation mode) {
  return "INSERT INTO keywork.tenant_collaborators (id, org_id, case_id, tenant_id, created_at, "
         "created_by_id, "
         "participation, " +
         columns + ") VALUES (" + sql::fresh_id(d.w) + ", " + id(d.c.header.org) + ", " + id(d.c.header.id) +
         ", " + id(d.c.header.tenant) + ", " + at(d.w.now) + ", " + id(d.who.id) + ", " +
         text(std::string(model::to_text(mode))) + ", ";
}

const person& someone(const draft& d) {
  return d.w.people[static_cast<std::size_t>(pick(static_cast<int>(d.w.people.size())))];
}

std::optional<attempt> invite(const draft& d, model::participation mode) {
  const auto& whom = someone(d);
  model::add_to_team command;
  command.participation = mode;
  command.full_name = {whom.full_name};
  command.email = {whom.email};
  command.person = model::known_person{whom.id, 0};
  return d.make("invite " + whom.full_name, command,
                {d.header(),
                 row_start(d, "user_id, full_name, email, invited_at", mode) + id(whom.id) + ", " +
                     text(whom.full_name) + ", " + text(whom.email) + ", " + at(d.w.now) + ")",
                 d.audit(), sql::mail(d.w, d.c.header.org)});
}

std::optional<attempt> add_contact(const draft& d) {
  const auto& whom = someone(d);
  model::add_to_team command;
  command.participation = model::participation::reference_only;
  command.contact_name = {whom.full_name};
  command.contact_email = {whom.email};
  return d.make("add contact " + whom.full_name, command,
                {d.header(),
                 row_start(d, "contact_name, contact_email", command.participation) + text(whom.full_name) +
                     ", " + text(whom.email) + ")",
                 d.audit()});
}

/// Any row of the team; often, and where there is one, a row of `user`.
const model::collaborator* some_row(const model::support_case& c, model::user_id user) {
  if (pick(2))
    for (const auto& r : c.team)
      if (r->user == user) return r.get();
  if (c.team.empty()) return nullptr;
  return c.team[static_cast<std::size_t>(pick(static_cast<int>(c.team.size())))].get();
}

std::string change_row(const draft& d, const std::string& set, const model::collaborator& row) {
  return "UPDATE keywork.tenant_collaborators SET " + set + d.key(row.id.value);
}

std::optional<attempt> edit_contact(const draft& d) {
  const auto* row = some_row(d.c, d.who.id);
  if (!row) return std::nullopt;
  model::edit_contact command{row->id, {{"other name"}}, {}, {}, {}, {{"role"}}};
  return d.make("edit contact " + to_text(row->id), command,
                {d.header(), change_row(d, "contact_name = 'other name', contact_role_label = 'role'", *row),
                 d.audit()});
}

std::optional<attempt> end_assignment(const draft& d) {
  const auto* row = some_row(d.c, d.who.id);
  if (!row) return std::nullopt;
  return d.make(
      "end " + to_text(row->id), model::end_assignment{row->id},
      {d.header(), change_row(d, "ended_at = " + at(d.w.now) + ", ended_by_id = " + id(d.who.id), *row),
       d.audit()});
}

std::optional<attempt> resend_invite(const draft& d) {
  const auto* row = some_row(d.c, d.who.id);
  if (!row) return std::nullopt;
  return d.make("resend " + to_text(row->id), model::resend_invite{row->id},
                {d.header(), change_row(d, "invited_at = " + at(d.w.now), *row), d.audit(),
                 sql::mail(d.w, d.c.header.org)});
}

/// The row first: it gives the right to the others.
std::optional<attempt> accept_invite(const draft& d) {
  const auto* row = some_row(d.c, d.who.id);
  if (!row) return std::nullopt;
  return d.make("accept " + to_text(row->id), model::accept_invite{row->id},
                {change_row(d, "accepted_at = " + at(d.w.now), *row), d.header(), d.audit()});
}

}  // namespace

std::optional<attempt> attempt_on_case(world& w, const person& who, const org_world& org,
                                       const model::support_case& c, int kind) {
  const draft d{w, who, org, c};
  switch (kind) {
    case 0:
      return d.make("edit the summary", model::edit_context_summary{{"other"}},
                    {d.header(", context_summary = 'other'"), d.audit()});
    case 1:
      return d.make("close", model::close_case{}, {d.header(", closed_at = " + at(w.now)), d.audit()});
    case 2:
      // Were it open already, nothing would refuse writing that it is open.
      if (!c.is_closed()) return std::nullopt;
      return d.make("reopen", model::reopen_case{}, {d.header(", closed_at = NULL"), d.audit()});
    case 3:
      return add_note(d, stream::shared, false);
    case 4:
      return add_note(d, stream::professional, false);
    case 5:
      return add_note(d, stream::professional, true);
    case 6:
      return edit_note(d);
    case 7:
    case 8:
      return flag_note(d);
    case 9:
      return delete_note(d);
    case 10:
      return invite(d, model::participation::full);
    case 11:
      return invite(d, model::participation::context_only);
    case 12:
      return add_contact(d);
    case 13:
      return edit_contact(d);
    case 14:
      return pick(2) ? end_assignment(d) : resend_invite(d);
    case 15:
      return accept_invite(d);
    default:
      return attempt_on_part(d, kind - 16);
  }
}

std::vector<attempt> attacks_on_case(world& w, const person& who, const model::support_case& c) {
  std::vector<attempt> out;
  const auto key = [&](const model::uuid& row) {
    return " WHERE org_id = " + id(c.header.org) + " AND id = " + text(model::to_text(row));
  };
  const auto add = [&](const std::string& what, const std::string& statement) {
    out.push_back({what, who.id, false, {statement}});
  };
  const auto& other = w.people[w.people.front().id == who.id ? 1 : 0];
  const auto update_case = [&](const std::string& set) {
    return "UPDATE keywork.support_cases SET " + set + key(c.header.id.value);
  };
  add("skip a version", update_case("version = version + 2"));
  add("change the reference", update_case("version = version + 1, reference = 'x'"));
  add("write as somebody else",
      "INSERT INTO keywork.notes (id, org_id, case_id, stream, body, safeguarding, author_id, author_name, "
      "created_at) "
      "VALUES (gen_random_uuid(), " +
          id(c.header.org) + ", " + id(c.header.id) + ", 'shared', 'x', false, " + id(other.id) + ", 'x', " +
          at(w.now) + ")");
  add("log as somebody else", "INSERT INTO keywork.audit_entries VALUES (gen_random_uuid(), " +
                                  id(c.header.org) + ", " + id(c.header.id) + ", " + at(w.now) + ", " +
                                  id(other.id) + ", 'x', 'r', 'k', '{}')");
  const auto log = [&](const std::string& kind, model::instant when) {
    return "INSERT INTO keywork.audit_entries (id, org_id, case_id, at, by_id, by_name, request_id, kind, "
           "detail) "
           "VALUES (" +
           sql::id_of_now(w) + ", " + id(c.header.org) + ", " + id(c.header.id) + ", " + at(when) + ", " +
           id(who.id) + ", 'x', 'r', " + text(kind) + ", '{}')";
  };
  add("log another time", log("session.edited", w.now - std::chrono::hours(1)));
  add("log in words of their own", log("k", w.now));
  add("log for the organisation", log("settings.changed", w.now));
  add("forge the caseload", "UPDATE keywork.caseload SET user_id = " + id(who.id));
  add("clear the log", "DELETE FROM keywork.audit_entries");
  if (const auto* n = some_note(c, who.id)) {
    const auto update_note = [&](const std::string& set) {
      return "UPDATE keywork.notes SET " + set + key(n->id.value);
    };
    add("move a note",
        update_note("stream = CASE stream WHEN 'shared' THEN 'professional' ELSE 'shared' END"));
    add("take a note over", update_note("author_id = " + id(n->author == who.id ? other.id : who.id)));
    add("delete in another's name",
        update_note("body = '', deleted_at = " + at(w.now) + ", deleted_by_id = " + id(other.id) +
                    ", deleted_by_name = 'x'"));
    add("move a flag's date", update_note("flagged_at = " + at(w.now + std::chrono::hours(1))));
    if (n->author != who.id) add("edit another's note", update_note("body = 'x', edited_at = " + at(w.now)));
    if (n->deleted_at)
      add("revive a note",
          update_note("deleted_at = NULL, deleted_by_id = NULL, deleted_by_name = NULL, body = 'x'"));
    add("delete a row", "DELETE FROM keywork.notes" + key(n->id.value));
  }
  if (const auto* r = some_row(c, who.id)) {
    const auto update_row = [&](const std::string& set) {
      return change_row({w, who, w.orgs.front(), c}, set, *r);
    };
    add("change the mode",
        update_row("participation = CASE participation WHEN 'full' THEN 'context_only' ELSE 'full' END"));
    add("take a row over", update_row("user_id = " + id(r->user == who.id ? other.id : who.id)));
    if (r->ended_at) add("come back", update_row("ended_at = NULL, ended_by_id = NULL"));
    if (r->user != who.id)
      add("accept for another", update_row("accepted_at = " + at(w.now + std::chrono::hours(1))));
    if (!r->ended_at)
      add("end in another's name", update_row("ended_at = " + at(w.now) + ", ended_by_id = " + id(other.id)));
  }
  for (auto& a : attacks_on_parts(w, who, other, c)) out.push_back(std::move(a));
  return out;
}

}  // namespace rehearsal
