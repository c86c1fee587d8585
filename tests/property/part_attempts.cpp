#include <stdexcept>

#include "tests/property/draft.hpp"

namespace rehearsal {
namespace {

template <class Part>
const Part* some(const model::part_list<Part>& parts, model::user_id author) {
  if (pick(2))
    for (const auto& p : parts)
      if (p->author == author) return p.get();
  if (parts.empty()) return nullptr;
  return parts[static_cast<std::size_t>(pick(static_cast<int>(parts.size())))].get();
}

std::string insert(const draft& d, const std::string& table, const std::string& columns,
                   const std::string& values) {
  return "INSERT INTO keywork." + table + " (id, org_id, case_id, author_id, author_name, created_at, " +
         columns + ") VALUES (" + sql::fresh_id(d.w) + ", " + id(d.c.header.org) + ", " + id(d.c.header.id) +
         ", " + id(d.who.id) + ", " + text(d.who.full_name) + ", " + at(d.w.now) + ", " + values + ")";
}

std::string update(const draft& d, const std::string& table, const std::string& set, const model::uuid& row) {
  return "UPDATE keywork." + table + " SET " + set + d.key(row);
}

std::optional<attempt> add_goal(const draft& d) {
  return d.make(
      "add a goal", model::add_goal{{"new"}, {}, {}, {}},
      {d.header(), insert(d, "goals", "title, description, status", "'new', '', 'active'"), d.audit()});
}

std::optional<attempt> edit_goal(const draft& d) {
  const auto* g = some(d.c.goals, d.who.id);
  if (!g) return std::nullopt;
  return d.make("edit goal " + to_text(g->id), model::edit_goal{g->id, {{"other"}}, {}, {}, {}},
                {d.header(), update(d, "goals", "title = 'other', edited_at = " + at(d.w.now), g->id.value),
                 d.audit()});
}

std::optional<attempt> add_progress(const draft& d) {
  const auto* g = some(d.c.goals, d.who.id);
  if (!g) return std::nullopt;
  return d.make("add progress " + to_text(g->id), model::add_progress{g->id, {"went on"}},
                {d.header(), insert(d, "goal_progress", "goal_id, text", id(g->id) + ", 'went on'"),
                 update(d, "goals",
                        "progress = 'went on', progress_by = " + text(d.who.full_name) +
                            ", progress_at = " + at(d.w.now),
                        g->id.value),
                 d.audit()});
}

std::optional<attempt> add_session(const draft& d) {
  return d.make("add a session", model::add_session{d.w.now, {}, model::session_type::key_work, {}, {}, {}},
                {d.header(),
                 insert(d, "sessions", "starts_at, type, attendees, status, outcome_note",
                        at(d.w.now) + ", 'key_work', '', 'scheduled', ''"),
                 d.audit()});
}

std::optional<attempt> edit_session(const draft& d) {
  const auto* s = some(d.c.sessions, d.who.id);
  if (!s) return std::nullopt;
  return d.make(
      "edit session " + to_text(s->id), model::edit_session{s->id, {}, {}, {}, {}, {}, {{"told"}}},
      {d.header(), update(d, "sessions", "outcome_note = 'told', edited_at = " + at(d.w.now), s->id.value),
       d.audit()});
}

std::optional<attempt> create_document(const draft& d) {
  model::create_document command;
  command.title = {"new"};
  return d.make(
      "create a document", command,
      {d.header(), insert(d, "documents", "type, title, status, content_size", "'letter', 'new', 'draft', 0"),
       d.audit()});
}

/// A step of a document's life: what it sets.
std::optional<attempt> step(const draft& d, const std::string& what, const model::document& doc,
                            const model::case_command& command, const std::string& set) {
  return d.make(what + " " + to_text(doc.id), command,
                {d.header(), update(d, "documents", set, doc.id.value), d.audit()});
}

std::optional<attempt> edit_document(const draft& d, const model::document& doc) {
  const auto digest = rehearsal_digest("other");
  return d.make(
      "rewrite document " + to_text(doc.id), model::edit_document{doc.id, {}, {{"other"}}, {}},
      {d.header(),
       "INSERT INTO keywork.document_texts (org_id, document_id, case_id, body) SELECT " + id(doc.org) +
           ", " + id(doc.id) + ", " + id(doc.of_case) + ", 'other' FROM (SELECT) one ON CONFLICT DO NOTHING",
       update(d, "documents",
              "media_type = 'text/markdown', content_size = 5, content_sha256 = " + text(digest) +
                  ", edited_at = " + at(d.w.now),
              doc.id.value),
       d.audit()});
}

struct one_piece final : model::file_source {
  std::uint64_t size() const override { return 4; }
  std::string read(std::uint64_t, std::size_t) const override { return "file"; }
};

std::string add_chunk(const model::document& doc, const std::string& file, int index) {
  return "INSERT INTO keywork.document_chunks (org_id, file_id, index, document_id, case_id, bytes) VALUES "
         "(" +
         id(doc.org) + ", " + file + ", " + std::to_string(index) + ", " + id(doc.id) + ", " +
         id(doc.of_case) + ", 'file')";
}

std::string drop_content(const model::document& doc) {
  return "DELETE FROM keywork." + std::string(doc.file ? "document_chunks" : "document_texts") +
         " WHERE org_id = " + id(doc.org) + " AND document_id = " + id(doc.id);
}

std::optional<attempt> attach_file(const draft& d, const model::document& doc) {
  const auto file = sql::fresh_id(d.w);
  const auto chunk = add_chunk(doc, file, 0);
  std::vector<std::string> statements{d.header()};
  if (doc.media_type) statements.push_back(drop_content(doc));
  statements.push_back(chunk);
  statements.push_back(update(
      d, "documents",
      "file_id = " + file + ", file_name = 'new.pdf', media_type = 'application/pdf', content_size = 4" +
          ", content_sha256 = " + text(rehearsal_digest("file")) + ", edited_at = " + at(d.w.now),
      doc.id.value));
  statements.push_back(d.audit());
  const model::uploaded_file uploaded{"new.pdf", "application/pdf", rehearsal_digest("file"),
                                      std::make_shared<const one_piece>()};
  auto made = d.make("attach a file to " + to_text(doc.id), model::attach_file{doc.id, uploaded},
                     std::move(statements));
  // The bytes alone are refused as well, and not for the row that they are for.
  if (made && pick(2)) made->statements = {chunk};
  return made;
}

std::optional<attempt> record_outcome(const draft& d, const model::document& doc) {
  using model::signing_status;
  const auto other =
      doc.signing == signing_status::signed_ ? signing_status::declined : signing_status::signed_;
  return step(d, "record the signature of", doc, model::record_signature{doc.id, other},
              "signing = " + text(std::string(model::to_text(other))));
}

std::string ask_for_signature(const draft& d, const model::document& doc) {
  return "INSERT INTO keywork.signature_requests (org_id, id, case_id, document_id, state, attempts, "
         "next_attempt_at, written_at) VALUES (" +
         id(doc.org) + ", " + sql::fresh_id(d.w) + ", " + id(doc.of_case) + ", " + id(doc.id) +
         ", 'queued', 0, " + at(d.w.now) + ", " + at(d.w.now) + ")";
}

std::optional<attempt> send_to_sign(const draft& d, const model::document& doc) {
  return d.make(
      "send for signature " + to_text(doc.id),
      model::send_document{doc.id, {{"Tess"}, {"tess@example.org"}}, true},
      {d.header(),
       update(d, "documents",
              "status = 'sent', sent_at = " + at(d.w.now) +
                  ", sent_to_name = 'Tess', sent_to_email = 'tess@example.org', signing = 'requested'",
              doc.id.value),
       ask_for_signature(d, doc), d.audit()});
}

/// What tells an export from any other change is what is read for it: the professional notes.
std::optional<attempt> make_export(const draft& d) {
  if (d.c.professional.empty()) return std::nullopt;
  return d.make(
      "export the notes", model::make_export{},
      {d.header(), d.audit(), "SELECT FROM keywork.notes" + d.key(d.c.professional.front()->id.value)});
}

std::string write_read(const draft& d, const person& reader, model::instant when) {
  return "INSERT INTO keywork.case_reads (org_id, case_id, user_id, hour, id, first_at, user_name, "
         "request_id) "
         "VALUES (" +
         id(d.c.header.org) + ", " + id(d.c.header.id) + ", " + id(reader.id) + ", " + at(when) + ", " +
         sql::id_of_now(d.w) + ", " + at(when) + ", " + text(reader.full_name) + ", 'r')";
}

/// No command: it goes with every reading. Whoever has a role on the case leaves one, and nobody else.
attempt read_case(const draft& d) {
  const bool sold =
      model::default_catalogue().includes(d.org.state.settings.tier, model::support_cases_feature);
  const bool reads = model::role_of(d.c, d.w.caller(d.who, d.org, d.c)) != model::role::none;
  return {"open the case", d.who.id, sold && reads, {write_read(d, d.who, d.w.now)}};
}

}  // namespace

std::optional<attempt> attempt_on_part(const draft& d, int kind) {
  const auto* doc = some(d.c.documents, d.who.id);
  const auto now = at(d.w.now);
  const auto by = text(d.who.full_name);
  switch (kind) {
    case 0:
      return add_goal(d);
    case 1:
      return edit_goal(d);
    case 2:
      return add_progress(d);
    case 3:
      return add_session(d);
    case 4:
    case 5:
      return edit_session(d);
    case 6:
      return create_document(d);
    case 7:
      return d.make("hold the case", model::set_legal_hold{!d.c.header.held_since, {"claim"}},
                    {d.header(", held_since = " + now + ", hold_reason = 'claim'"), d.audit()});
    case 16:
      return make_export(d);
    case 17:
      return read_case(d);
  }
  if (kind >= kinds_of_part_attempts) throw std::out_of_range("no such kind of attempt");
  if (!doc) return std::nullopt;
  switch (kind) {
    case 8:
      // Whether a text is there already decides how the row is met: only where there is none is one added.
      return doc->media_type ? std::nullopt : edit_document(d, *doc);
    case 9:
      return step(d, "rename document", *doc, model::edit_document{doc->id, {{"other"}}, {}, {}},
                  "title = 'other', edited_at = " + now);
    case 10:
      return step(d, "submit document", *doc, model::submit_document{doc->id},
                  "status = 'submitted', submitted_at = " + now + ", submitted_by = " + by);
    case 11:
      return step(d, "return document", *doc, model::return_document{doc->id, {"reason"}},
                  "status = 'draft', return_reason = 'reason'");
    case 12:
      return step(d, "approve document", *doc, model::approve_document{doc->id},
                  "status = 'approved', approved_at = " + now + ", approved_by = " + by);
    case 13:
      return step(d, "send document", *doc,
                  model::send_document{doc->id, {{"Tess"}, {"tess@example.org"}}, false},
                  "status = 'sent', sent_at = " + now +
                      ", sent_to_name = 'Tess', sent_to_email = 'tess@example.org'");
    case 14:
      return step(d, "void document", *doc, model::void_document{doc->id, {"reason"}},
                  "status = 'void', void_reason = 'reason', due_on = NULL");
    case 15:
      return record_outcome(d, *doc);
    case 18:
      return attach_file(d, *doc);
    case 19:
      return send_to_sign(d, *doc);
  }
  return std::nullopt;
}

std::vector<attempt> attacks_on_parts(world& w, const person& who, const person& other,
                                      const model::support_case& c) {
  const draft d{w, who, w.orgs.front(), c};
  std::vector<attempt> out;
  const auto add = [&](const std::string& what, const std::string& statement) {
    out.push_back({what, who.id, false, {statement}});
  };
  if (const auto* g = some(c.goals, who.id)) {
    add("take a goal over",
        update(d, "goals", "author_id = " + id(g->author == who.id ? other.id : who.id), g->id.value));
    add("delete a goal", "DELETE FROM keywork.goals" + d.key(g->id.value));
  }
  if (const auto* s = some(c.sessions, who.id)) {
    add("take a session over",
        update(d, "sessions", "author_id = " + id(s->author == who.id ? other.id : who.id), s->id.value));
    add("delete a session", "DELETE FROM keywork.sessions" + d.key(s->id.value));
  }
  for (const auto& doc : c.documents) {
    add("change a document's kind", update(d, "documents", "type = 'checklist'", doc->id.value));
    add("delete a document", "DELETE FROM keywork.documents" + d.key(doc->id.value));
    add("jump the queue", update(d, "documents",
                                 "status = 'approved', submitted_at = " + at(w.now) + ", submitted_by = 'x'" +
                                     ", approved_at = " + at(w.now) + ", approved_by = 'x', title = 'other'",
                                 doc->id.value));
    add("say how a signature ended", update(d, "documents", "signing = 'expired'", doc->id.value));
    add("choose a form to sign on",
        update(d, "documents",
               "signing_template = 7, signing_values_sha256 = " + text(rehearsal_digest("forged")),
               doc->id.value));
    add("forge a signed copy",
        update(d, "documents",
               "signed_file_id = id, signed_size = 1, signed_sha256 = " + text(rehearsal_digest("forged")),
               doc->id.value));
    if (!doc->signing) add("ask for a signature alone", ask_for_signature(d, *doc));
    if (doc->status == model::document_status::draft) continue;
    add("rewrite what is frozen",
        update(d, "documents", "content_sha256 = " + text(rehearsal_digest("forged")), doc->id.value));
    add("drop what is frozen", drop_content(*doc));
    add("add to what is frozen", add_chunk(*doc, doc->file ? id(*doc->file) : sql::fresh_id(w), 1));
  }
  add("open the case in another's name", write_read(d, other, w.now));
  add("open the case at another time", write_read(d, who, w.now - std::chrono::hours(1)));
  add("clear the log of readers", "DELETE FROM keywork.case_reads WHERE case_id = " + id(c.header.id));
  return out;
}

std::vector<attempt> attacks_on_what_is_shut(const person& who) {
  std::vector<attempt> out;
  for (const std::string table : {"search_entries", "audit_heads"})
    out.push_back({"look into " + table, who.id, false, {"SELECT FROM keywork." + table + " LIMIT 1"}});
  const auto add = [&](const std::string& what, const std::string& statement) {
    out.push_back({what, who.id, false, {statement}});
  };
  add("read what mails say", "SELECT fields FROM keywork.outbox LIMIT 1");
  add("read where mails lead", "SELECT link_id FROM keywork.outbox LIMIT 1");
  add("take mails away", "DELETE FROM keywork.outbox");
  add("send mails elsewhere", "UPDATE keywork.outbox SET to_address = 'x@example.org'");
  add("forge what became of mails", "UPDATE keywork.outbox SET delivered_at = written_at");
  add("forge what a webhook told", "INSERT INTO keywork.webhook_receipts SELECT");
  return out;
}

}  // namespace rehearsal
