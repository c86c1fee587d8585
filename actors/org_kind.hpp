#pragma once
#include "actors/keeper.hpp"
#include "model/org_apply.hpp"
#include "model/org_decide.hpp"
#include "model/org_view.hpp"

namespace actors {

/// What is particular to an organisation among the keepers.
class org_kind {
 public:
  using actor = org_actor;
  using ask = ask_org;
  using state = model::org_state;
  using command = model::org_command;
  using event = model::org_event;
  using commit = store::org_commit;
  /// What only the database knows: who an address belongs to.
  using facts = std::optional<model::known_person>;
  /// Nobody looks on.
  struct notices {};

  org_kind(model::org_id org, std::function<void(const state*)> on_change)
      : org_(org), on_change_(std::move(on_change)) {}

  const store_actor& store(const services& s) const { return s.stores.of(org_.value); }
  std::function<std::optional<state>(store::session&)> loading() const;
  state complete(state loaded) const { return loaded; }
  void changed(const state* now) { on_change_(now); }
  notices notices_of(std::span<const event>) const { return {}; }
  void announce(const state&, const notices&) const {}

  const command* command_of(const ask& a) const { return std::get_if<command>(&a.what); }
  std::optional<model::refusal> unseen(const state& org, const ask& a) const;
  std::optional<model::refusal> outdated(const state& org, const ask& a) const;
  answer stamped(answer out, const state&, const ask&) const { return out; }
  answer stamped_ahead(answer out, const state&, const ask&) const { return out; }
  std::function<facts(store::session&)> looking_up(const state& org, const ask& a) const;
  std::shared_ptr<const state> with(std::shared_ptr<const state> org, const facts&) const { return org; }
  void fill_in(command& what, const facts& found) const;
  model::outcome<event> decide(const state& org, const ask& a, const command& what,
                               const model::moment& at) const {
    return model::decide(org, a.who, what, at);
  }
  state after(const state& org, std::span<const event> events, model::instant) const {
    return model::after(org, events);
  }
  bool outgrown(const state&) const { return false; }
  std::shared_ptr<const state> trimmed(std::shared_ptr<const state> org) const { return org; }
  answer answer_to(const state& org, const ask& a, const command& what, std::span<const event> events) const;
  std::string role_text(const state& org, const ask& a) const {
    return std::string(model::to_text(model::standing_of(org, a.who.user)));
  }

  template <class Done>
  void submit(actor::pointer self, const services& s, const std::shared_ptr<const state>& after, commit c,
              Done done) {
    c.after = after;
    auto shared = std::make_shared<const commit>(std::move(c));
    ask_store_or_crash(
        self, s, store(s), [shared](store::session& session) { return session.commit(*shared); }, done,
        [done](const model::refusal&) mutable { done(store::commit_result::unavailable); });
  }

  /// Answers a question; all of them from memory.
  void reply_to(keeper<org_kind>& k, const ask& a, reply_promise p) const;

 private:
  model::org_id org_;
  std::function<void(const state*)> on_change_;
};

}  // namespace actors
