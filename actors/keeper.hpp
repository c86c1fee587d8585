#pragma once
#include <deque>
#include <functional>
#include <list>
#include <utility>

#include "actors/ask_store.hpp"

namespace actors {

/// The one pattern of every actor that owns a state: loads it when it is first asked, answers questions from
/// memory, and makes changes one after the other — prepare (what only the database knows), decide, commit,
/// apply, answer. While a commit is under way questions are answered from the last committed state and
/// further commands wait.
///
/// `Kind` says what is particular: its types `actor`, `ask`, `state`, `command`, `event`, `commit`, `facts`,
/// and the functions used below.
template <class Kind>
class keeper {
 public:
  using pointer = typename Kind::actor::pointer;
  using ask = typename Kind::ask;
  using state = typename Kind::state;

  keeper(pointer self, services_ptr s, Kind kind) : self_(self), s_(std::move(s)), kind_(std::move(kind)) {}

  /// Answers the promise now or later; always in the end.
  void take(ask a, reply_promise p) {
    if (!state_) {
      waiting_.push_back({std::move(a), std::move(p)});
      return load();
    }
    if (kind_.command_of(a)) {
      commands_.push_back({std::move(a), std::move(p)});
      return next();
    }
    try {
      kind_.reply_to(*this, std::move(a), p);
    } catch (...) {
      deliver(p, model::refusal::unavailable());
      throw;
    }
  }

  /// Calls back once the state is loaded, with nothing, or with why it cannot be.
  void when_loaded(std::function<void(const model::refusal*)> then) {
    watchers_.push_back(std::move(then));
    load();
  }

  /// The last committed state; only while loaded.
  const state& current() const { return *state_; }
  bool loaded() const { return state_ != nullptr; }
  bool idle() const {
    return !busy_ && !loading_ && !draining_ && questions_.empty() && waiting_.empty() && commands_.empty();
  }
  /// A question that is answered later is under way, until `question_answered`.
  using question = std::list<reply_promise>::iterator;
  question question_begun(reply_promise p) { return questions_.insert(questions_.end(), std::move(p)); }
  void question_answered(question q) {
    questions_.erase(q);
    leave_if_asked();
  }
  Kind& kind() { return kind_; }
  pointer self() const { return self_; }
  const services& given() const { return *s_; }

  /// Replaces the state without a change of its own: what stands around it is another now.
  void refresh(std::shared_ptr<const state> next) { settle(std::move(next)); }
  /// The database may know more than memory does: read it before the next answer.
  void forget() {
    stale_ = true;
    if (!busy_ && !loading_) drop_if_stale();
  }

  /// Ends the actor as soon as nothing is under way.
  void leave_when_idle() {
    leaving_ = true;
    leave_if_asked();
  }

  /// After an exception: nobody who asked is left without an answer.
  void fail_all() {
    if (busy_) deliver(under_way_.p, model::refusal::unavailable());
    for (auto& p : questions_) deliver(p, model::refusal::unavailable());
    questions_.clear();
    for (auto* line : {&waiting_, &commands_}) {
      for (auto& w : *line) deliver(w.p, model::refusal::unavailable());
      line->clear();
    }
    busy_ = false;
    const auto why = model::refusal::unavailable();
    tell_watchers(&why);
  }

 private:
  struct waiter {
    ask a;
    reply_promise p;
  };

  void load() {
    if (loading_) return;
    loading_ = true;
    stale_ = false;
    ask_store_or_crash(
        self_, *s_, kind_.store(*s_), kind_.loading(),
        [this](std::optional<state> found) {
          loading_ = false;
          // Told of a change while it was being read: what was found may be older than that.
          if (stale_) return load();
          if (!found) return refuse_waiting(model::refusal::not_found());
          settle(std::make_shared<const state>(kind_.complete(std::move(*found))));
          go_on();
        },
        [this](model::refusal why) {
          loading_ = false;
          refuse_waiting(std::move(why));
        });
  }

  void settle(std::shared_ptr<const state> next) {
    state_ = std::move(next);
    kind_.changed(state_.get());
  }

  void tell_watchers(const model::refusal* no) {
    auto line = std::move(watchers_);
    watchers_.clear();
    for (auto& then : line) then(no);
  }

  void leave_if_asked() {
    if (leaving_ && idle()) self_->quit();
  }

  /// Everything that waited for the state, in its order.
  void go_on() {
    draining_ = true;
    tell_watchers(nullptr);
    auto line = std::move(waiting_);
    waiting_.clear();
    for (auto& w : line) take(std::move(w.a), std::move(w.p));
    draining_ = false;
    next();
    leave_if_asked();
  }

  void refuse_waiting(const model::refusal& why) {
    tell_watchers(&why);
    for (auto* line : {&waiting_, &commands_}) {
      for (auto& w : *line) deliver(w.p, why);
      line->clear();
    }
    leave_if_asked();
  }

  // A loop, since a command that is refused at once is finished within it: thousands may wait behind one
  // commit.
  void next() {
    if (beginning_) return;
    beginning_ = true;
    while (!busy_ && state_ && !commands_.empty()) {
      busy_ = true;
      under_way_ = std::move(commands_.front());
      commands_.pop_front();
      prepare();
    }
    beginning_ = false;
    if (busy_ || commands_.empty()) return;
    std::move(commands_.begin(), commands_.end(), std::back_inserter(waiting_));
    commands_.clear();
    load();
  }

  void finish(reply r) {
    busy_ = retried_ = false;
    drop_if_stale();
    // What it carried, a file for instance, is not kept for as long as nothing else comes.
    const auto done = std::exchange(under_way_, waiter{});
    deliver(done.p, std::move(r));
    next();
    leave_if_asked();
  }

  // Never while a command is under way: what it was decided on stays until it is finished.
  void drop_if_stale() {
    if (!stale_) return;
    stale_ = false;
    state_.reset();
    kind_.changed(nullptr);
  }

  /// What is found in the database for one command.
  struct findings {
    std::optional<store::kept_answer> kept;
    typename Kind::facts facts;
  };

  void prepare() {
    if (auto no = kind_.unseen(*state_, under_way_.a)) return finish(std::move(*no));
    auto look_up = kind_.looking_up(*state_, under_way_.a);
    const auto& key = under_way_.a.given.idempotency_key;
    if (!look_up && !key) return decide(findings{});
    ask_store_or_crash(
        self_, *s_, kind_.store(*s_),
        [look_up, key, who = under_way_.a.who.user, now = s_->clock.now()](store::session& session) {
          findings found;
          if (key) found.kept = session.find_answer(who, *key, now);
          if (look_up && !found.kept) found.facts = look_up(session);
          return found;
        },
        [this](findings found) { decide(std::move(found)); },
        [this](model::refusal why) { finish(std::move(why)); });
  }

  /// The same key again: the first answer again, if it was for the same input.
  reply answer_again(const store::kept_answer& kept) const {
    if (kept.fingerprint != fingerprint())
      return model::refusal{model::refusal_code::idempotency_key_reused,
                            "This Idempotency-Key was used with another request. Use a new one.",
                            {},
                            {},
                            {},
                            {}};
    const auto unmade = kept.body.empty() ? answer_kind::no_content : answer_kind::ok;
    return answer{kept.created ? answer_kind::created : unmade, rendered::again(kept.body), kept.etag,
                  kept.made};
  }
  // Of the caller's role too: an answer given as an operator is not given again to who has become less.
  std::string fingerprint() const {
    return under_way_.a.given.fingerprint + ':' + kind_.role_text(*state_, under_way_.a);
  }

  void decide(findings found) {
    if (auto no = kind_.unseen(*state_, under_way_.a)) return finish(std::move(*no));
    if (found.kept) return finish(answer_again(*found.kept));
    if (auto no = kind_.outdated(*state_, under_way_.a)) return finish(std::move(*no));
    auto base = kind_.with(state_, found.facts);
    auto command = *kind_.command_of(under_way_.a);
    kind_.fill_in(command, found.facts);
    const auto at = s_->now();
    auto outcome = kind_.decide(*base, under_way_.a, command, at);
    if (auto* no = std::get_if<model::refusal>(&outcome)) return finish(std::move(*no));
    auto& events = std::get<0>(outcome);
    if (events.empty())
      return finish(
          kind_.stamped(kind_.answer_to(*base, under_way_.a, command, events), *state_, under_way_.a));
    auto after = std::make_shared<const state>(kind_.after(*base, events, at.now));
    auto result = kind_.answer_to(*after, under_way_.a, command, events);
    auto notices = kind_.notices_of(events);
    commit(std::move(after), std::move(events), {std::move(result), std::move(notices)}, at.now);
  }

  /// What follows a commit: the answer, and what is told of it to those who look on.
  struct consequence {
    answer result;
    typename Kind::notices told;
  };

  void commit(std::shared_ptr<const state> after, std::vector<typename Kind::event> events, consequence then,
              model::instant at) {
    auto& result = then.result;
    typename Kind::commit c;
    c.origin = {under_way_.a.who, under_way_.a.given.request_id, at};
    c.events = std::move(events);
    if (const auto& key = under_way_.a.given.idempotency_key) {
      result = kind_.stamped_ahead(std::move(result), *after, under_way_.a);
      c.answer = store::kept_answer{*key,        fingerprint(), result.kind == answer_kind::created,
                                    result.made, result.etag,   std::string(result.body.text())};
    }
    kind_.submit(self_, *s_, after, std::move(c),
                 [this, after, then = std::move(then)](store::commit_result r) mutable {
                   committed(r, std::move(after), std::move(then));
                 });
  }

  void committed(store::commit_result r, std::shared_ptr<const state> after, consequence then) {
    switch (r) {
      case store::commit_result::done:
        settle(kind_.trimmed(std::move(after)));
        if (kind_.outgrown(*state_)) stale_ = true;
        // Before the answer: an access that ends with this commit ends on every open stream first.
        kind_.announce(*state_, then.told);
        return finish(kind_.stamped(std::move(then.result), *state_, under_way_.a));
      case store::commit_result::version_conflict:
      case store::commit_result::taken:
        if (!retried_) return reload_and_decide();
        break;
      case store::commit_result::forbidden:
        // The two walls disagree: fail closed, and say so where somebody looks.
        ++s_->counted.commits_refused_by_database;
        log::error("commit.forbidden_by_database", {{"request_id", under_way_.a.given.request_id}});
        return finish(model::refusal::not_permitted());
      case store::commit_result::unavailable:
        break;
    }
    // Whether it was kept is not known: the next answer comes from the database.
    forget();
    finish(model::refusal::unavailable());
  }

  void reload_and_decide() {
    retried_ = true;
    ask_store_or_crash(
        self_, *s_, kind_.store(*s_), kind_.loading(),
        [this](std::optional<state> found) {
          if (!found) return finish(model::refusal::not_found());
          // What happened in between is somebody else's, and not known event by event.
          kind_.changed(nullptr);
          settle(std::make_shared<const state>(kind_.complete(std::move(*found))));
          prepare();
        },
        [this](model::refusal why) {
          forget();
          finish(std::move(why));
        });
  }

  pointer self_;
  services_ptr s_;
  Kind kind_;
  std::shared_ptr<const state> state_;
  bool loading_ = false;
  bool busy_ = false;
  bool retried_ = false;
  bool stale_ = false;
  bool leaving_ = false;
  bool draining_ = false;
  bool beginning_ = false;
  std::list<reply_promise> questions_;
  waiter under_way_;
  std::deque<waiter> waiting_;
  std::vector<std::function<void(const model::refusal*)>> watchers_;
  std::deque<waiter> commands_;
};

}  // namespace actors
