#include "actors/case_actor.hpp"

#include <algorithm>

#include "actors/paging.hpp"
#include "actors/respond.hpp"

namespace actors {
std::function<std::optional<case_kind::state>(store::session&)> case_kind::loading() const {
  return [org = org_, id = id_](store::session& session) { return session.load_case(org, id); };
}

case_kind::state case_kind::complete(state loaded) const {
  loaded.place = place_;
  return loaded;
}

std::optional<model::refusal> case_kind::unseen(const state& c, const ask& a) const {
  // An invited person is nothing to the case until they accept, and a part of the service itself never is
  // anything: `decide` looks itself at who they are.
  if (const auto* cmd = command_of(a);
      cmd && (a.who.part != model::service_part::none || std::holds_alternative<model::accept_invite>(*cmd)))
    return std::nullopt;
  if (model::role_of(c, a.who) == model::role::none) return model::refusal::not_found();
  return std::nullopt;
}

std::optional<model::refusal> case_kind::outdated(const state& c, const ask& a) {
  if (!a.given.if_match) return std::nullopt;
  auto current = workspace(c, a.who);
  if (auto* no = std::get_if<model::refusal>(&current)) return *no;
  if (names(*a.given.if_match, std::get<const kept*>(current)->etag)) return std::nullopt;
  return model::refusal::conflict(model::refusal_code::version_mismatch,
                                  "The case has changed since you read it. Read it again.");
}

actors::answer case_kind::stamped_ahead(actors::answer out, const state& next, const ask& a) const {
  const auto seen = model::view(next, a.who);
  if (const auto* shown = std::get_if<model::workspace_view>(&seen)) out.etag = etag_of(render(*shown));
  return out;
}

actors::answer case_kind::stamped(actors::answer out, const state& c, const ask& a) {
  // A state that is to be read again would name a workspace that nobody gets to see.
  if (!out.etag.empty() || c.outgrown) return out;
  const auto current = workspace(c, a.who);
  if (const auto* seen = std::get_if<const kept*>(&current)) out.etag = (*seen)->etag;
  return out;
}

namespace {

/// What of `recalled_parts` a command needs and the state does not hold.
struct wanted_parts {
  std::optional<model::note_id> note;
  std::optional<model::goal_id> goal;
  std::optional<model::session_id> session;
  std::optional<model::document_id> document;
  std::optional<model::document_id> body;
  bool any() const { return note || goal || session || document || body; }
};

wanted_parts wanted_by(const model::support_case& c, const model::case_command& command) {
  wanted_parts w;
  const auto unless_held = [&](auto& into, auto id) {
    if (!c.find(id)) into = id;
  };
  std::visit(
      [&]<class Command>(const Command& cmd) {
        if constexpr (requires {
                        { cmd.note } -> std::convertible_to<model::note_id>;
                      })
          unless_held(w.note, cmd.note);
        if constexpr (requires {
                        { cmd.goal } -> std::convertible_to<model::goal_id>;
                      })
          unless_held(w.goal, cmd.goal);
        if constexpr (requires {
                        { cmd.session } -> std::convertible_to<model::session_id>;
                      })
          unless_held(w.session, cmd.session);
        if constexpr (requires {
                        { cmd.document } -> std::convertible_to<model::document_id>;
                      })
          unless_held(w.document, cmd.document);
      },
      command);
  // What is sent to the tenant must not name the case.
  if (const auto* sent = std::get_if<model::send_document>(&command)) w.body = sent->document;
  // The answer shows the whole document.
  if (const auto* edit = std::get_if<model::edit_document>(&command); edit && !edit->body)
    w.body = edit->document;
  return w;
}

template <class Part>
std::shared_ptr<const Part> shared(std::optional<Part> found) {
  return found ? std::make_shared<const Part>(std::move(*found)) : nullptr;
}

model::recalled_parts recall(store::session& session, model::org_id org, model::case_id id,
                             const wanted_parts& w) {
  model::recalled_parts found;
  if (w.note) found.note = shared(session.load_note(org, id, *w.note));
  if (w.goal) found.goal = shared(session.load_goal(org, id, *w.goal));
  if (w.session) found.session = shared(session.load_session(org, id, *w.session));
  if (w.document) found.document = shared(session.load_document(org, id, *w.document));
  if (w.body) found.body = session.load_document_text(org, *w.body);
  return found;
}

}  // namespace

std::function<case_kind::facts(store::session&)> case_kind::looking_up(const state& c, const ask& a) const {
  const auto& cmd = *command_of(a);
  if (const auto parts = wanted_by(c, cmd); parts.any())
    return [org = org_, id = id_, parts](store::session& session) {
      return facts{recall(session, org, id, parts), {}};
    };
  if (const auto* invite = std::get_if<model::add_to_team>(&cmd); invite && invite->email)
    return [email = invite->email->value](store::session& session) {
      return facts{{}, session.person_of(email)};
    };
  return {};
}

std::shared_ptr<const case_kind::state> case_kind::with(std::shared_ptr<const state> c,
                                                        const facts& found) const {
  if (found.recalled.empty()) return c;
  auto extended = std::make_shared<state>(*c);
  extended->recalled = found.recalled;
  return extended;
}

void case_kind::fill_in(command& what, const facts& found) const {
  if (auto* invite = std::get_if<model::add_to_team>(&what)) invite->person = found.person;
}

std::shared_ptr<const case_kind::state> case_kind::trimmed(std::shared_ptr<const state> c) const {
  // The place may have become another while the commit was under way.
  if (c->recalled.empty() && c->place == place_) return c;
  auto lean = std::make_shared<state>(*c);
  lean->recalled = {};
  lean->place = place_;
  return lean;
}

namespace {

/// The id of what an event made, for Location.
std::optional<model::uuid> made_by(std::span<const model::case_event> events) {
  if (events.empty()) return std::nullopt;
  using found = std::optional<model::uuid>;
  return std::visit(
      model::overloaded{[](const model::note_added& e) { return found{e.note.id.value}; },
                        [](const model::collaborator_invited& e) { return found{e.collaborator.id.value}; },
                        [](const model::contact_added& e) { return found{e.collaborator.id.value}; },
                        [](const model::goal_added& e) { return found{e.goal.id.value}; },
                        [](const model::progress_added& e) { return found{e.progress.id.value}; },
                        [](const model::session_added& e) { return found{e.session.id.value}; },
                        [](const model::document_created& e) { return found{e.after.id.value}; },
                        [](const auto&) { return found{}; }},
      events.front());
}

}  // namespace

stream_heading heading_of(const model::support_case& c, const model::caller& who, model::instant now) {
  return {c.place.organisation_name,
          c.place.tenant_name,
          c.place.property,
          c.header.reference,
          c.place.time_zone,
          who.full_name,
          now};
}

answer case_kind::answer_to(const state& c, const ask& a, const command& what,
                            std::span<const event> events) const {
  actors::answer out;
  out.body = render(model::view_change(c, a.who, what, events));
  out.made = made_by(events);
  if (out.made) out.kind = answer_kind::created;
  if (std::holds_alternative<model::delete_note>(what)) out = {answer_kind::no_content, {}, {}, {}, {}};
  if (const auto* wanted = std::get_if<model::make_export>(&what)) {
    const auto made_at = std::get<model::export_made>(events.front()).at;
    out.stream = stream_order{a.who.user, org_, id_, heading_of(c, a.who, made_at), *wanted};
  }
  return out;
}

std::variant<const case_kind::kept*, model::refusal> case_kind::workspace(const state& c,
                                                                          const model::caller& who) {
  const auto role = model::role_of(c, who);
  const auto whose = role == model::role::context_only ? who.user : model::user_id{};
  const auto found = rendered_.find({role, whose});
  if (found != rendered_.end()) return &found->second;
  auto seen = model::view(c, who);
  if (auto* no = std::get_if<model::refusal>(&seen)) return *no;
  auto body = render(std::get<model::workspace_view>(seen));
  auto etag = etag_of(body);
  return &rendered_.insert_or_assign({role, whose}, kept{std::move(body), std::move(etag)}).first->second;
}

case_actor::behavior_type case_behavior(case_actor::stateful_pointer<case_state> self, services_ptr s,
                                        model::org_id org, model::case_id id, model::case_place place) {
  self->state.given = s;
  self->state.kept =
      std::make_unique<keeper<case_kind>>(self, std::move(s), case_kind{org, id, std::move(place)});
  // A defect in here ends this actor alone: whoever waits is answered, and the organisation makes a new one.
  self->set_exception_handler([self, id](std::exception_ptr& e) -> caf::error {
    try {
      std::rethrow_exception(e);
    } catch (const std::exception& what) {
      log::error("case.crashed", {{"case_id", model::to_text(id)}, {"error", what.what()}});
    } catch (...) {
      log::error("case.crashed", {{"case_id", model::to_text(id)}});
    }
    ++self->state.given->counted.case_crashes;
    self->state.kept->fail_all();
    return caf::make_error(caf::sec::runtime_error);
  });
  return {[self](ask_case& a) -> caf::result<reply_message> {
            auto promise = self->make_response_promise<reply_message>();
            self->state.kept->kind().mark(a);
            self->state.kept->take(std::move(a), promise);
            return promise;
          },
          [self](const unwatch& gone) { self->state.kept->kind().unwatch(gone.stream); },
          [self](const readmit_watchers&) { self->state.kept->kind().readmit_watchers(); },
          [self](const model::case_place& now) {
            auto& k = *self->state.kept;
            k.kind().place_is(now);
            if (!k.loaded() || k.current().place == now) return;
            auto next = std::make_shared<model::support_case>(k.current());
            next->place = now;
            k.refresh(std::move(next));
            // What is seen of the place is for each of them to find out.
            k.kind().readmit_watchers();
          },
          [self](const passivate&) { self->state.kept->leave_when_idle(); }};
}

}  // namespace actors
