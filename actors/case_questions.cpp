#include "actors/audit_views.hpp"
#include "actors/case_actor.hpp"
#include "actors/questions.hpp"
#include "model/file_type.hpp"
#include "model/retention.hpp"
#include "odb/signing_store.hpp"

namespace actors {
namespace {

using model::resource;

auto reading(const model::caller& who, resource which) {
  return [who, which](const model::support_case& c) { return model::refuse_reading(c, who, which); };
}

model::document_view line_of(const model::document& d) { return model::view_document(d); }

}  // namespace

bool case_kind::is_read_noted(model::user_id who, model::instant now) {
  const auto hour = std::chrono::floor<std::chrono::hours>(now);
  if (hour != reads_of_) reads_.clear();
  reads_of_ = hour;
  return reads_.contains(who);
}

// Nobody reads a case without its being written down: without the database, nobody new does.
void case_kind::note_read(keeper<case_kind>& k, ask a, reply_promise p) {
  const auto now = k.given().clock.now();
  const auto question = k.question_begun(p);
  store::case_read read;
  read.org = org_;
  read.of_case = id_;
  read.user = a.who.user;
  read.first_at = now;
  read.user_name = a.who.full_name;
  read.request_id = a.given.request_id;
  ask_store_or_crash(
      k.self(), k.given(), store(k.given()),
      [read](store::session& session) { return session.keep_read(read); },
      [this, &k, question, a, p](bool) mutable {
        reads_.insert(a.who.user);
        // Taken like a new question: the state may be read anew, or the access gone, meanwhile.
        k.take(std::move(a), p);
        k.question_answered(question);
      },
      [&k, question, who = a.who, p](model::refusal why) mutable {
        // The database lets nobody write down who lost their access meanwhile.
        const bool gone = k.loaded() && model::role_of(k.current(), who) == model::role::none;
        k.question_answered(question);
        deliver(p, gone ? model::refusal::not_found() : std::move(why));
      });
}

void case_kind::reply_to(keeper<case_kind>& k, ask a, reply_promise p) {
  if (model::role_of(k.current(), a.who) == model::role::none) return deliver(p, model::refusal::not_found());
  const auto* watched = std::get_if<watch_events>(&a.what);
  if ((watched && watched->again) || std::holds_alternative<may_upload>(a.what))
    return answer_question(k, std::move(a), std::move(p));
  if (!is_read_noted(a.who.user, k.given().clock.now())) return note_read(k, std::move(a), std::move(p));
  answer_question(k, std::move(a), std::move(p));
}

void case_kind::answer_question(keeper<case_kind>& k, ask a, reply_promise p) {
  const auto& c = k.current();
  std::visit(model::overloaded{[&](const view_workspace&) {
                                 auto seen = workspace(c, a.who);
                                 if (auto* no = std::get_if<model::refusal>(&seen))
                                   return deliver(p, std::move(*no));
                                 const auto& found = *std::get<const kept*>(seen);
                                 deliver(p, with_etag(found.body, found.etag, a.given));
                               },
                               [&](const view_team&) {
                                 auto seen = model::view_team(c, a.who);
                                 if (auto* no = std::get_if<model::refusal>(&seen))
                                   return deliver(p, std::move(*no));
                                 deliver(p, std::visit([&](const auto& v) { return answer_with(v, a.given); },
                                                       std::get<model::team_view>(seen)));
                               },
                               [&](const view_templates&) {
                                 deliver(p, reply_with(model::view_templates(c, a.who), a.given));
                               },
                               [&](const watch_events& wanted) { watch(c, a, wanted, std::move(p)); },
                               [](const model::case_command&) {},  // taken before as what it is
                               [&](const auto& wanted) {
                                 const auto copy = wanted;
                                 look_up(k, std::move(a), copy, std::move(p));
                               }},
             a.what);
}

void case_kind::look_up(keeper<case_kind>& k, ask a, const view_notes& wanted, reply_promise p) {
  const auto stream = wanted.stream.value_or(model::stream::shared);
  ask_database(
      k, std::move(p),
      [who = a.who, stream](const state& c) { return model::refuse_reading(c, who, stream); },
      [who = a.who.user, org = org_, id = id_, stream, part = page_of(wanted.part)](store::session& session) {
        return session.notes(who, org, id, stream, part);
      },
      as_page<model::note_page>(wanted.part, a.given, model::view_note));
}

void case_kind::look_up(keeper<case_kind>& k, ask a, const view_goals& wanted, reply_promise p) {
  ask_database(
      k, std::move(p), reading(a.who, resource::goals),
      [who = a.who.user, org = org_, id = id_, part = page_of(wanted.part)](store::session& session) {
        return session.goals(who, org, id, part);
      },
      as_page<model::goal_page>(wanted.part, a.given, model::view_goal));
}

void case_kind::look_up(keeper<case_kind>& k, ask a, const view_progress& wanted, reply_promise p) {
  struct found_progress {
    bool goal_is_here = false;
    std::vector<model::goal_progress> entries;
  };
  const auto show = as_page<model::progress_page>(wanted.part, a.given, model::view_progress);
  ask_database(
      k, std::move(p), reading(a.who, resource::goals),
      [who = a.who.user, org = org_, id = id_, goal = wanted.goal,
       part = page_of(wanted.part)](store::session& session) {
        return found_progress{session.goal(who, org, id, goal).has_value(),
                              session.progress(who, org, id, goal, part)};
      },
      [show](found_progress found, const state& c) -> reply {
        if (!found.goal_is_here) return model::refusal::not_found();
        return show(std::move(found.entries), c);
      });
}

void case_kind::look_up(keeper<case_kind>& k, ask a, const view_goal& wanted, reply_promise p) {
  ask_database(
      k, std::move(p), reading(a.who, resource::goals),
      [who = a.who.user, org = org_, id = id_, goal = wanted.goal](store::session& session) {
        return session.goal(who, org, id, goal);
      },
      [given = a.given](std::optional<model::goal> found, const state&) -> reply {
        if (!found) return model::refusal::not_found();
        return answer_with(model::view_goal(*found), given);
      });
}

void case_kind::look_up(keeper<case_kind>& k, ask a, const view_session& wanted, reply_promise p) {
  ask_database(
      k, std::move(p), reading(a.who, resource::own_sessions),
      [who = a.who.user, org = org_, id = id_, session = wanted.session](store::session& database) {
        return database.support_session(who, org, id, session);
      },
      [who = a.who, given = a.given](std::optional<model::support_session> found, const state& c) -> reply {
        if (!found || !model::may_read(c, who, *found)) return model::refusal::not_found();
        return answer_with(model::view_session(*found), given);
      });
}

void case_kind::look_up(keeper<case_kind>& k, ask a, const view_sessions& wanted, reply_promise p) {
  ask_database(
      k, std::move(p), reading(a.who, resource::own_sessions),
      [who = a.who.user, org = org_, id = id_, part = page_of(wanted.part)](store::session& session) {
        return session.sessions(who, org, id, part);
      },
      [who = a.who, show = as_page<model::session_page>(wanted.part, a.given, model::view_session)](
          std::vector<model::support_session> found, const state& c) -> reply {
        // Row-level security has left out what is not theirs; here it is asked once more.
        std::erase_if(found, [&](const auto& s) { return !model::may_read(c, who, s); });
        return show(std::move(found), c);
      });
}

void case_kind::look_up(keeper<case_kind>& k, ask a, const view_documents& wanted, reply_promise p) {
  ask_database(
      k, std::move(p), reading(a.who, resource::documents),
      [who = a.who.user, org = org_, id = id_, part = page_of(wanted.part)](store::session& session) {
        return session.documents(who, org, id, part);
      },
      as_page<model::document_page>(wanted.part, a.given, line_of));
}

namespace {

struct found_document {
  std::optional<model::document> document;
  std::optional<std::string> body;
  std::optional<std::string> audit_url;
};

/// Who signed when and from where is the operators', as sending is.
bool sees_signing(const model::support_case& c, const model::caller& who) {
  return model::access::allowed(model::role_of(c, who), resource::documents, model::action::approve);
}

auto read_document(model::user_id who, model::org_id org, model::case_id id, model::document_id document) {
  return [who, org, id, document](store::session& session) {
    found_document found{session.document(who, org, id, document), {}, {}};
    if (found.document && !found.document->file) found.body = session.document_text(who, org, document);
    return found;
  };
}

}  // namespace

void case_kind::look_up(keeper<case_kind>& k, ask a, const view_document& wanted, reply_promise p) {
  ask_database(
      k, std::move(p), reading(a.who, resource::documents),
      [who = a.who.user, org = org_, id = id_, document = wanted.document](store::session& session) {
        auto found = read_document(who, org, id, document)(session);
        if (found.document && found.document->signing)
          found.audit_url = store::signing_audit_url(session, who, org, id, document);
        return found;
      },
      [a](found_document found, const state& c) -> reply {
        if (!found.document) return model::refusal::not_found();
        auto shown = model::view_document(*found.document, std::move(found.body));
        if (sees_signing(c, a.who)) shown.signing_audit_url.value = std::move(found.audit_url);
        return answer_with(shown, a.given);
      });
}

void case_kind::look_up(keeper<case_kind>& k, ask a, const view_content& wanted, reply_promise p) {
  ask_database(k, std::move(p), reading(a.who, resource::documents),
               read_document(a.who.user, org_, id_, wanted.document),
               [a, now = k.given().clock.now()](found_document found, const state& c) -> reply {
                 if (!found.document) return model::refusal::not_found();
                 if (!found.document->content_sha256)
                   return model::refusal::conflict(model::refusal_code::no_content,
                                                   "The document has no content yet.");
                 // The content and how it is shown are the document's: its digest alone does not tell.
                 auto out = answer_with(model::view_document(*found.document), a.given);
                 if (out.kind == answer_kind::not_modified) return out;
                 out.stream = stream_order{
                     a.who.user, c.header.org, c.header.id, heading_of(c, a.who, now),
                     stream_document{std::move(*found.document), std::move(found.body).value_or("")}};
                 return out;
               });
}

namespace {

/// The document as if what the signing service made were its content; nothing where that is not there.
std::optional<model::document> as_signed(model::document d, signed_file which) {
  const bool is_copy = which == signed_file::copy;
  d.file = is_copy ? d.signed_file : d.signing_audit_file;
  if (!d.file) return std::nullopt;
  d.media_type = model::pdf_type;
  d.content_size = (is_copy ? d.signed_size : d.signing_audit_size).value_or(0);
  d.content_sha256 = is_copy ? d.signed_sha256 : d.signing_audit_sha256;
  d.file_name = d.title + (is_copy ? " - signed" : " - signing audit");
  return d;
}

std::optional<model::refusal> refuse_signed(const model::support_case& c, const model::caller& who) {
  if (auto no = model::refuse_reading(c, who, resource::documents)) return no;
  if (!sees_signing(c, who)) return model::refusal::not_permitted();
  return std::nullopt;
}

}  // namespace

void case_kind::look_up(keeper<case_kind>& k, ask a, const view_signed& wanted, reply_promise p) {
  ask_database(
      k, std::move(p), [who = a.who](const model::support_case& c) { return refuse_signed(c, who); },
      [who = a.who.user, org = org_, id = id_, document = wanted.document](store::session& session) {
        return session.document(who, org, id, document);
      },
      [a, which = wanted.which, now = k.given().clock.now()](std::optional<model::document> found,
                                                             const state& c) -> reply {
        auto shown = found ? as_signed(std::move(*found), which) : std::nullopt;
        if (!shown) return model::refusal::not_found();
        auto out = answer_with(model::view_document(*shown), a.given);
        if (out.kind == answer_kind::not_modified) return out;
        out.stream = stream_order{a.who.user, c.header.org, c.header.id, heading_of(c, a.who, now),
                                  stream_document{std::move(*shown), {}}};
        return out;
      });
}

namespace {

/// What repeats an earlier upload is answered with what that was answered, also on a case that was closed
/// since.
reply leave_to_upload(std::optional<model::refusal> no, const conditions& given) {
  if (no && no->code == model::refusal_code::case_closed && given.idempotency_key) no.reset();
  if (no) return std::move(*no);
  return answer{answer_kind::no_content, {}, {}, {}};
}

}  // namespace

void case_kind::look_up(keeper<case_kind>& k, ask a, const may_upload& wanted, reply_promise p) {
  if (!wanted.document) return deliver(p, leave_to_upload(model::refuse_upload(k.current(), a.who), a.given));
  ask_database(
      k, std::move(p), reading(a.who, resource::documents),
      [org = org_, id = id_, document = *wanted.document](store::session& session) {
        return session.load_document(org, id, document);
      },
      [a](const std::optional<model::document>& found, const state& c) -> reply {
        if (!found) return model::refusal::not_found();
        return leave_to_upload(model::refuse_upload(c, a.who, *found), a.given);
      });
}

void case_kind::look_up(keeper<case_kind>& k, ask a, const view_trail& wanted, reply_promise p) {
  struct found_trail {
    bool document_is_here = false;
    std::vector<model::audit_entry> entries;
  };
  const auto show = as_page<trail_page>(wanted.part, a.given, view_step);
  ask_database(
      k, std::move(p), reading(a.who, resource::documents),
      [who = a.who.user, org = org_, id = id_, document = wanted.document,
       part = page_of(wanted.part)](store::session& session) {
        store::audit_query query{org, id};
        query.subject = document.value;
        query.kind = "document.";
        query.wanted = part;
        return found_trail{session.document(who, org, id, document).has_value(), session.audit(who, query)};
      },
      [show](found_trail found, const state& c) -> reply {
        if (!found.document_is_here) return model::refusal::not_found();
        return show(std::move(found.entries), c);
      });
}

void case_kind::look_up(keeper<case_kind>& k, ask a, const view_audit& wanted, reply_promise p) {
  ask_database(
      k, std::move(p), reading(a.who, resource::audit_log),
      [who = a.who.user, query = audit_query_of(org_, id_, wanted)](store::session& session) {
        return session.audit(who, query);
      },
      as_page<audit_page>(wanted.part, a.given, view_entry));
}

void case_kind::look_up(keeper<case_kind>& k, ask a, const view_revision& wanted, reply_promise p) {
  ask_database(
      k, std::move(p), reading(a.who, resource::audit_log),
      [who = a.who.user, org = org_, id = id_, revision = wanted.revision](store::session& session) {
        return session.revision(who, org, id, revision);
      },
      [given = a.given](std::optional<model::note_revision> found, const state&) -> reply {
        if (!found) return model::refusal::not_found();
        return answer_with(
            revision_view{found->id, found->note, found->body, found->replaced_at, found->replaced_by},
            given);
      });
}

void case_kind::look_up(keeper<case_kind>& k, ask a, const view_reads& wanted, reply_promise p) {
  ask_database(
      k, std::move(p), reading(a.who, resource::read_log),
      [who = a.who.user, org = org_, id = id_, part = page_of(wanted.part)](store::session& session) {
        return session.reads(who, org, id, part);
      },
      as_page<read_page>(wanted.part, a.given, view_read));
}

void case_kind::look_up(keeper<case_kind>& k, ask a, const view_retention&, reply_promise p) {
  ask_database(
      k, std::move(p), reading(a.who, resource::audit_log),
      [who = a.who.user, org = org_, id = id_](store::session& session) {
        return session.flagged_notes(who, org, id);
      },
      [given = a.given](std::vector<model::instant> flagged, const state& c) -> reply {
        const auto& reason = c.header.hold_reason ? c.header.hold_reason : c.place.organisation_hold;
        return answer_with(model::explain_retention({c.header.closed_at, c.place.time_zone, c.place.retention,
                                                     reason.has_value(), reason, std::move(flagged)}),
                           given);
      });
}

}  // namespace actors
