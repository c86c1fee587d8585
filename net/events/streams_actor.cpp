#include "net/events/streams_actor.hpp"

#include <algorithm>
#include <utility>

#include "actors/log.hpp"
#include "net/events/event_text.hpp"

namespace net {
namespace {

using pointer = streams_actor::stateful_pointer<streams_state>;
using promise_of_stream = caf::typed_response_promise<events_opened>;

void subscribe(pointer self, const model::uuid& id);

event_stream* find(pointer self, const model::uuid& id) {
  const auto found = self->state.streams.find(id);
  return found == self->state.streams.end() ? nullptr : &found->second;
}

/// Nobody else is to suffer from what one step throws.
template <class Step>
void guarded(Step step) {
  try {
    step();
  } catch (const std::exception& e) {
    actors::log::error("events.step_failed", {{"error", e.what()}});
  }
}

// --- the end of a stream

void forget(pointer self, const model::uuid& id) {
  auto& state = self->state;
  const auto found = state.streams.find(id);
  const auto of_user = state.of_user.find(found->second.who.user);
  if (--of_user->second == 0) state.of_user.erase(of_user);
  state.streams.erase(found);
  --*state.setup->open;
}

void leave_case(pointer self, const model::uuid& id, model::case_id of_case) {
  const auto* where = self->state.book.find({of_case});
  if (where && where->org) self->send(where->org, actors::unwatch{of_case, id});
}

/// The client is told that its access is over.
void end(pointer self, const model::uuid& id) {
  auto& s = *find(self, id);
  s.flow->push(std::string(end_event()));
  s.flow->finish();
  leave_case(self, id, s.of_case);
  forget(self, id);
}

/// There is nobody to tell anything.
void hang_up(pointer self, const model::uuid& id) {
  auto& s = *find(self, id);
  s.flow->fail();
  leave_case(self, id, s.of_case);
  forget(self, id);
}

// --- what is told

void tell(event_stream& s, const std::string& version, const std::vector<std::string>& kinds) {
  auto all = std::exchange(s.pending, {});
  for (const auto& kind : kinds)
    if (std::find(all.begin(), all.end(), kind) == all.end()) all.push_back(kind);
  s.version = version;
  if (!all.empty()) s.flow->push(change_event(version, all));
}

/// The case has taken the stream in again, and this is what its client sees now.
void caught_up(event_stream& s, const std::string& version) {
  if (s.pending.empty() && version != s.version) s.pending.emplace_back(unknown_change);
  tell(s, version, {});
}

void take_news(pointer self, const model::uuid& id, const actors::case_told& news) {
  auto* s = find(self, id);
  if (!s || !s->flow) return;
  switch (news.what) {
    case actors::case_news::changed:
      return tell(*s, news.version, news.kinds);
    case actors::case_news::ended:
      return end(self, id);
    case actors::case_news::ask_again:
    case actors::case_news::left:
      break;
  }
  s->pending.insert(s->pending.end(), news.kinds.begin(), news.kinds.end());
  if (news.what == actors::case_news::ask_again || s->setbacks++ == 0) return subscribe(self, id);
  // Where there is no room for all the cases that are watched, they must not keep pushing each other out.
  s->ask_at = self->state.setup->clock.now() +
              std::min(std::chrono::seconds(1u << std::min(s->setbacks, 5u)), self->state.setup->limits.beat);
}

// --- subscribing

/// Asks the case's organisation, wherever it is; `then` gets the reply, or nothing where there is none.
void ask_organisation(pointer self, const actors::located& where, const actors::ask_case& question,
                      std::function<void(const actors::reply*)> then) {
  const auto org = where.org;
  self->request(org, self->state.setup->patience, question)
      .then([then](const actors::reply_message& r) { guarded([&] { then(&r.what); }); },
            [self, org, then](const caf::error&) {
              self->state.book.forget(org.address());
              guarded([&] { then(nullptr); });
            });
}

void ask_case(pointer self, const event_stream& s, const model::uuid& id,
              std::function<void(const actors::reply*)> then) {
  actors::ask_case question;
  question.who = {s.who.user, s.who.full_name, s.who.email, model::standing::none};
  question.of_case = s.of_case;
  question.given.request_id = s.request_id;
  question.what = actors::watch_events{id, s.flow != nullptr, 0};
  const auto go_on = [self, then](const actors::located& found, actors::ask_case asked) {
    if (!found.org) {
      const actors::reply nothing = model::refusal::not_found();
      return then(&nothing);
    }
    asked.org = found.id;
    ask_organisation(self, found, asked, then);
  };
  const actors::locate where{s.of_case};
  if (const auto* known = self->state.book.find(where)) return go_on(actors::located{*known}, question);
  self->request(self->state.setup->gateway, self->state.setup->patience, where)
      .then(
          [self, where, go_on, question](const actors::located& found) {
            guarded([&] {
              if (self->state.book.keep(where, found)) self->monitor(found.org);
              go_on(found, question);
            });
          },
          [then](const caf::error&) { guarded([&] { then(nullptr); }); });
}

/// The organisation or the case cannot be asked now: later, and later still.
void put_off(pointer self, event_stream& s) {
  const auto wait = std::chrono::seconds(1u << std::min(s.setbacks++, 5u));
  s.ask_at = self->state.setup->clock.now() + std::min(wait, self->state.setup->limits.beat);
}

void subscribed(pointer self, const model::uuid& id, model::case_id of_case, const actors::reply* r) {
  auto* s = find(self, id);
  // The client left while this was under way.
  if (!s) return leave_case(self, id, of_case);
  s->asking = false;
  if (!r) {
    put_off(self, *s);
  } else if (const auto* in = std::get_if<actors::answer>(r)) {
    caught_up(*s, in->etag);
  } else if (std::get<model::refusal>(*r).code == model::refusal_code::unavailable) {
    put_off(self, *s);
  } else {
    return end(self, id);
  }
  if (std::exchange(s->ask_once_more, false)) subscribe(self, id);
}

void subscribe(pointer self, const model::uuid& id) {
  auto& s = *find(self, id);
  s.ask_at.reset();
  if (s.asking) {
    // What is under way may have been let in before what it is asked again for.
    s.ask_once_more = true;
    return;
  }
  s.asking = true;
  ask_case(self, s, id,
           [self, id, of_case = s.of_case](const actors::reply* r) { subscribed(self, id, of_case, r); });
}

// --- opening

std::optional<model::refusal> refuse(const streams_state& state, model::user_id who) {
  const auto& limits = state.setup->limits;
  const auto own = state.of_user.find(who);
  if (own != state.of_user.end() && own->second >= limits.most_of_one) {
    model::refusal no{model::refusal_code::too_many_requests,
                      "You have " + std::to_string(own->second) + " streams open. Close one first.",
                      {},
                      {},
                      {},
                      {}};
    no.retry_after = limits.beat.count();
    return no;
  }
  if (state.streams.size() < limits.most) return std::nullopt;
  return model::refusal::unavailable("There are too many open streams. Try again later.");
}

std::shared_ptr<http::outflow> make_flow(pointer self, const model::uuid& id) {
  http::outflow::options o;
  o.open_ended = true;
  o.on_room = [to = streams_actor{self}, id] { caf::anon_send(to, hearer_moved{id}); };
  return std::make_shared<http::outflow>(std::move(o));
}

std::chrono::seconds pace_of(const model::uuid& id, const stream_limits& limits) {
  return limits.beat + std::chrono::seconds(id.data[15] % (limits.beat_spread.count() + 1));
}

void opened(pointer self, const model::uuid& id, promise_of_stream& p, const actors::reply* r) {
  auto& s = *find(self, id);
  s.asking = false;
  const auto* in = r ? std::get_if<actors::answer>(r) : nullptr;
  if (!in) {
    p.deliver(events_opened{r ? std::get<model::refusal>(*r) : model::refusal::unavailable()});
    return forget(self, id);
  }
  s.flow = make_flow(self, id);
  s.version = in->etag;
  s.flow->push(open_event(s.version));
  p.deliver(events_opened{s.flow});
}

caf::result<events_opened> open(pointer self, const open_events& wanted) {
  auto& state = self->state;
  if (auto no = refuse(state, wanted.who.user)) return events_opened{std::move(*no)};
  const auto id = state.ids->next();
  event_stream s;
  s.who = wanted.who;
  s.token_hash = wanted.token_hash;
  s.of_case = wanted.of_case;
  s.request_id = wanted.request_id;
  s.pace = pace_of(id, state.setup->limits);
  s.next_beat = state.setup->clock.now() + s.pace;
  s.asking = true;
  ++state.of_user[s.who.user];
  auto& kept = state.streams.emplace(id, std::move(s)).first->second;
  ++*state.setup->open;
  auto p = self->make_response_promise<events_opened>();
  ask_case(self, kept, id, [self, id, p](const actors::reply* r) mutable { opened(self, id, p, r); });
  return p;
}

// --- once in a while

/// A login that was signed out, revoked or has expired hears nothing any more.
void check_login(pointer self, const model::uuid& id) {
  const auto& setup = *self->state.setup;
  const auto hash = find(self, id)->token_hash;
  if (setup.logins.find(hash, setup.clock.now())) return;
  const auto generation = setup.logins.generation();
  self->request(setup.login, setup.patience, actors::find_login{hash})
      .then(
          [self, id, hash, generation](const actors::found_login& found) {
            guarded([&] {
              if (found.login) return self->state.setup->logins.keep(hash, *found.login, generation);
              if (find(self, id)) end(self, id);
            });
          },
          // The database is away: the next heartbeat asks again.
          [](const caf::error&) {});
}

/// Whether anybody is there who takes what is told.
bool is_heard(const event_stream& s, const stream_limits& limits) {
  // The listener lets go of a stream with its client; one that never came to a client is this actor's alone.
  return !s.flow->gone() && s.flow.use_count() > 1 && s.flow->waiting() <= limits.unread;
}

void look_after(pointer self, const model::uuid& id, bool logins_changed) {
  auto* s = find(self, id);
  if (!s || !s->flow) return;
  const auto& setup = *self->state.setup;
  if (!is_heard(*s, setup.limits)) return hang_up(self, id);
  const auto now = setup.clock.now();
  const bool beat = s->next_beat <= now;
  if (beat || logins_changed) check_login(self, id);
  if (beat) {
    s->flow->push(std::string(heartbeat()));
    s->next_beat = now + s->pace;
    if (s->setbacks > 0) --s->setbacks;
  }
  if (s->asking) return;
  if ((beat && !s->ask_at) || (s->ask_at && *s->ask_at <= now)) subscribe(self, id);
}

void look_after_all(pointer self) {
  auto& state = self->state;
  const auto generation = state.setup->logins.generation();
  const bool logins_changed = generation != std::exchange(state.generation, generation);
  // Looking after one may end it.
  for (auto at = state.streams.begin(); at != state.streams.end();) {
    const auto id = (at++)->first;
    guarded([&] { look_after(self, id, logins_changed); });
  }
  self->delayed_send(self, state.setup->limits.tick, actors::tick{});
}

/// An organisation's actor is gone: those who watch its cases are told by the cases.
void organisation_gone(pointer self, const caf::down_msg& down) { self->state.book.forget(down.source); }

}  // namespace

streams_actor::behavior_type streams_behavior(streams_actor::stateful_pointer<streams_state> self,
                                              streams_setup_ptr setup) {
  self->state.ids.emplace(setup->clock);
  self->state.generation = setup->logins.generation();
  self->state.setup = std::move(setup);
  self->set_down_handler([self](const caf::down_msg& down) { organisation_gone(self, down); });
  self->delayed_send(self, self->state.setup->limits.tick, actors::tick{});
  return {[self](const open_events& wanted) { return open(self, wanted); },
          [self](const actors::case_told& news) {
            for (const auto& id : news.streams) guarded([&] { take_news(self, id, news); });
          },
          [self](const hearer_moved& moved) {
            guarded([&] {
              const auto* s = find(self, moved.stream);
              if (s && s->flow && s->flow->gone()) hang_up(self, moved.stream);
            });
          },
          [self](const actors::tick&) { look_after_all(self); }};
}

}  // namespace net
