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
  // An invited person is nothing to the case until they accept; `decide` looks at their row itself.
  if (const auto* cmd = command_of(a); cmd && std::holds_alternative<model::accept_invite>(*cmd))
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
  if (!out.etag.empty()) return out;
  const auto current = workspace(c, a.who);
  if (const auto* seen = std::get_if<const kept*>(&current)) out.etag = (*seen)->etag;
  return out;
}

std::function<case_kind::facts(store::session&)> case_kind::looking_up(const state& c, const ask& a) const {
  const auto* cmd = command_of(a);
  std::optional<model::note_id> note;
  if (const auto* edit = std::get_if<model::edit_note>(cmd)) note = edit->note;
  if (const auto* removal = std::get_if<model::delete_note>(cmd)) note = removal->note;
  if (note && !c.find(*note))
    return [org = org_, id = id_, n = *note](store::session& session) {
      return facts{session.load_note(org, id, n), {}};
    };
  if (const auto* invite = std::get_if<model::add_to_team>(cmd); invite && invite->email)
    return [email = invite->email->value](store::session& session) {
      return facts{{}, session.person_of(email)};
    };
  return {};
}

std::shared_ptr<const case_kind::state> case_kind::with(std::shared_ptr<const state> c,
                                                        const facts& found) const {
  if (!found.note) return c;
  auto extended = std::make_shared<state>(*c);
  extended->recalled = {std::make_shared<const model::note>(*found.note)};
  return extended;
}

void case_kind::fill_in(command& what, const facts& found) const {
  if (auto* invite = std::get_if<model::add_to_team>(&what)) invite->person = found.person;
}

std::shared_ptr<const case_kind::state> case_kind::trimmed(std::shared_ptr<const state> c) const {
  // The place may have become another while the commit was under way.
  if (c->recalled.empty() && c->place == place_) return c;
  auto lean = std::make_shared<state>(*c);
  lean->recalled.clear();
  lean->place = place_;
  return lean;
}

answer case_kind::answer_to(const state& c, const ask& a, const command& what,
                            std::span<const event> events) const {
  actors::answer out;
  out.body = render(model::view_change(c, a.who, what, events));
  if (const auto* added = events.empty() ? nullptr : std::get_if<model::note_added>(&events.front()))
    out.made = added->note.id.value;
  if (const auto* invited =
          events.empty() ? nullptr : std::get_if<model::collaborator_invited>(&events.front()))
    out.made = invited->collaborator.id.value;
  if (const auto* card = events.empty() ? nullptr : std::get_if<model::contact_added>(&events.front()))
    out.made = card->collaborator.id.value;
  if (out.made) out.kind = answer_kind::created;
  if (std::holds_alternative<model::delete_note>(what)) out = {answer_kind::no_content, {}, {}, {}};
  return out;
}

std::variant<const case_kind::kept*, model::refusal> case_kind::workspace(const state& c,
                                                                          const model::caller& who) {
  auto& slot = rendered_[static_cast<std::size_t>(model::role_of(c, who))];
  if (!slot) {
    auto seen = model::view(c, who);
    if (auto* no = std::get_if<model::refusal>(&seen)) return *no;
    auto body = render(std::get<model::workspace_view>(seen));
    auto etag = etag_of(body);
    slot = kept{std::move(body), std::move(etag)};
  }
  return &*slot;
}

void case_kind::reply_to(keeper<case_kind>& k, ask a, reply_promise p) {
  const auto& c = k.current();
  if (const auto* wanted = std::get_if<view_notes>(&a.what)) {
    const auto copy = *wanted;
    return reply_to(k, std::move(a), copy, std::move(p));
  }
  if (std::holds_alternative<view_team>(a.what)) {
    auto seen = model::view_team(c, a.who);
    if (auto* no = std::get_if<model::refusal>(&seen)) return deliver(p, std::move(*no));
    return deliver(p, std::visit([&](const auto& v) { return answer_with(v, a.given); },
                                 std::get<model::team_view>(seen)));
  }
  auto seen = workspace(c, a.who);
  if (auto* no = std::get_if<model::refusal>(&seen)) return deliver(p, std::move(*no));
  const auto& found = *std::get<const kept*>(seen);
  deliver(p, with_etag(found.body, found.etag, a.given));
}

// Page by page from the database, under the caller's own row-level security: memory holds the latest only.
void case_kind::reply_to(keeper<case_kind>& k, ask a, const view_notes& wanted, reply_promise p) {
  const auto stream = wanted.stream.value_or(model::stream::shared);
  if (auto no = model::refuse_reading(k.current(), a.who, stream)) return deliver(p, std::move(*no));
  const auto question = k.question_begun(p);
  const store::page part{wanted.part.limit + 1, wanted.part.after};
  ask_store_or_crash(
      k.self(), k.given(), store(k.given()),
      [who = a.who.user, org = org_, id = id_, stream, part](store::session& session) {
        return session.notes(who, org, id, stream, part);
      },
      [&k, question, a, stream, limit = wanted.part.limit, p](std::vector<model::note> found) mutable {
        // Asked again after the wait: an assignment that ended meanwhile reads nothing.
        const auto answer_now = [&]() -> reply {
          if (!k.loaded()) return model::refusal::unavailable();
          if (auto no = model::refuse_reading(k.current(), a.who, stream)) return std::move(*no);
          model::note_page page;
          page.next = cut(found, limit, [](const model::note& n) { return n.id.value; });
          for (const auto& n : found) page.items.push_back(model::view_note(n));
          return answer_with(page, a.given);
        };
        deliver(p, answer_now());
        k.question_answered(question);
      },
      [&k, question, p](model::refusal why) mutable {
        k.question_answered(question);
        deliver(p, std::move(why));
      });
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
            self->state.kept->take(std::move(a), promise);
            return promise;
          },
          [self](const model::case_place& now) {
            auto& k = *self->state.kept;
            k.kind().place_is(now);
            if (!k.loaded()) return;
            auto next = std::make_shared<model::support_case>(k.current());
            next->place = now;
            k.refresh(std::move(next));
          },
          [self](const passivate&) { self->state.kept->leave_when_idle(); }};
}

}  // namespace actors
