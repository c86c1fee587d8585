#pragma once
#include "actors/keeper.hpp"
#include "model/org_apply.hpp"
#include "model/org_decide.hpp"
#include "model/org_view.hpp"
#include "odb/outbox_store.hpp"

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
  /// What only the database knows, for the command that asks for it.
  struct facts {
    /// Who an address belongs to.
    std::optional<model::known_person> person = {};
    std::optional<std::vector<model::digest_preview_line>> preview = {};
    std::optional<model::resend_facts> digest = {};
    std::optional<store::mail_to_retry> mail = {};
    /// The sweep that was asked for and is not over.
    std::optional<model::retention_run> run = {};
    /// What shorter windows of retention make due.
    std::optional<model::due_counts> due = {};
  };
  /// Nobody looks on.
  struct notices {};

  org_kind(model::org_id org, std::function<void(const state*)> on_change, const model::clock& clock)
      : org_(org), on_change_(std::move(on_change)), clock_(&clock) {}

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
  /// What the admins ask of retention; false for any other question.
  bool reply_about_retention(keeper<org_kind>& k, const ask& a, const reply_promise& p) const;

  model::org_id org_;
  std::function<void(const state*)> on_change_;
  const model::clock* clock_;
};

}  // namespace actors
