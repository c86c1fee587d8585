#pragma once
#include <map>
#include <optional>
#include <set>

#include "actors/keeper.hpp"
#include "actors/watch_list.hpp"
#include "model/case_apply.hpp"
#include "model/case_decide.hpp"
#include "model/case_notice.hpp"
#include "model/case_view.hpp"

namespace actors {

/// What is particular to a case among the keepers.
class case_kind {
 public:
  using actor = case_actor;
  using ask = ask_case;
  using state = model::support_case;
  using command = model::case_command;
  using event = model::case_event;
  using commit = store::case_commit;
  using notices = std::vector<model::case_notice>;
  /// What only the database knows: older parts, and who an address belongs to.
  struct facts {
    model::recalled_parts recalled;
    std::optional<model::known_person> person;
  };

  case_kind(model::org_id org, model::case_id id, model::case_place place)
      : org_(org), id_(id), place_(std::move(place)) {}

  const store_actor& store(const services& s) const { return s.stores.of(id_.value); }
  std::function<std::optional<state>(store::session&)> loading() const;
  state complete(state loaded) const;
  void place_is(model::case_place place) { place_ = std::move(place); }
  /// The state is another: what was rendered of the former is let go. Of none, nobody can be told what
  /// changes.
  void changed(const state* now) {
    rendered_.clear();
    if (!now) watches_->dismiss(case_news::ask_again);
  }
  notices notices_of(std::span<const event> events) const { return model::notices_of(events); }
  /// Tells those who watch what they may know of it; for whom access has ended, that. (watch_case.cpp)
  void announce(const state& c, const notices& news);
  /// A question from the case's mailbox: which admissions it was let in with.
  void mark(ask& a) const {
    if (auto* w = std::get_if<watch_events>(&a.what)) w->admission = admissions_;
  }
  /// Whoever watches is to ask again; so is who is on the way to it.
  void readmit_watchers();
  void unwatch(const model::uuid& stream) { watches_->remove(stream); }

  const command* command_of(const ask& a) const { return std::get_if<command>(&a.what); }
  /// Whether the caller sees the case at all.
  std::optional<model::refusal> unseen(const state& c, const ask& a) const;
  /// Whether the case is no longer what the caller thinks it is (If-Match).
  std::optional<model::refusal> outdated(const state& c, const ask& a);
  /// With the ETag of the workspace that the caller sees now, unless it has one.
  actors::answer stamped(actors::answer out, const state& c, const ask& a);
  /// The same before `next` is the state: for an answer that is kept with the commit. Renders for this alone.
  actors::answer stamped_ahead(actors::answer out, const state& next, const ask& a) const;
  std::function<facts(store::session&)> looking_up(const state& c, const ask& a) const;
  std::shared_ptr<const state> with(std::shared_ptr<const state> c, const facts& found) const;
  void fill_in(command& what, const facts& found) const;
  model::outcome<event> decide(const state& c, const ask& a, const command& what,
                               const model::moment& at) const {
    return model::decide(c, a.who, what, at);
  }
  state after(const state& c, std::span<const event> events, model::instant at) const {
    return model::after(c, events, at);
  }
  /// Whether the state no longer holds the latest of everything, and is to be read again.
  bool outgrown(const state& c) const { return c.outgrown; }
  std::shared_ptr<const state> trimmed(std::shared_ptr<const state> c) const;
  answer answer_to(const state& c, const ask& a, const command& what, std::span<const event> events) const;
  std::string role_text(const state& c, const ask& a) const {
    return std::string(model::to_text(model::role_of(c, a.who)));
  }

  template <class Done>
  void submit(actor::pointer self, const services& s, const std::shared_ptr<const state>& after, commit c,
              Done done) {
    c.after = after->header;
    c.place = after->place;
    self->request(store(s), s.limits.store_answer,
                  case_change{std::make_shared<const store::case_commit>(std::move(c))})
        .then([done](const commit_answer& a) mutable { done(a.result); },
              [done](const caf::error&) mutable { done(store::commit_result::unavailable); });
  }

  /// Answers a question, from memory where it holds the answer.
  void reply_to(keeper<case_kind>& k, ask a, reply_promise p);

 private:
  struct kept {
    rendered body;
    std::string etag;
  };
  /// The workspace of a role, rendered once per state; a context_only collaborator's, who sees their own
  /// sessions, for each of them.
  std::variant<const kept*, model::refusal> workspace(const state& c, const model::caller& who);
  /// Whether it is written down already that this person opened the case in this hour.
  bool is_read_noted(model::user_id who, model::instant now);
  void note_read(keeper<case_kind>& k, ask a, reply_promise p);
  void watch(const state& c, const ask& a, const watch_events& wanted, reply_promise p);
  void answer_question(keeper<case_kind>& k, ask a, reply_promise p);

  // The questions that the database answers, by kind (case_questions.cpp).
  void look_up(keeper<case_kind>& k, ask a, const view_notes& wanted, reply_promise p);
  void look_up(keeper<case_kind>& k, ask a, const view_goals& wanted, reply_promise p);
  void look_up(keeper<case_kind>& k, ask a, const view_goal& wanted, reply_promise p);
  void look_up(keeper<case_kind>& k, ask a, const view_session& wanted, reply_promise p);
  void look_up(keeper<case_kind>& k, ask a, const view_progress& wanted, reply_promise p);
  void look_up(keeper<case_kind>& k, ask a, const view_sessions& wanted, reply_promise p);
  void look_up(keeper<case_kind>& k, ask a, const view_documents& wanted, reply_promise p);
  void look_up(keeper<case_kind>& k, ask a, const view_document& wanted, reply_promise p);
  void look_up(keeper<case_kind>& k, ask a, const view_content& wanted, reply_promise p);
  void look_up(keeper<case_kind>& k, ask a, const view_signed& wanted, reply_promise p);
  void look_up(keeper<case_kind>& k, ask a, const may_upload& wanted, reply_promise p);
  void look_up(keeper<case_kind>& k, ask a, const view_trail& wanted, reply_promise p);
  void look_up(keeper<case_kind>& k, ask a, const view_audit& wanted, reply_promise p);
  void look_up(keeper<case_kind>& k, ask a, const view_revision& wanted, reply_promise p);
  void look_up(keeper<case_kind>& k, ask a, const view_reads& wanted, reply_promise p);
  void look_up(keeper<case_kind>& k, ask a, const view_retention& wanted, reply_promise p);

  model::org_id org_;
  model::case_id id_;
  model::case_place place_;
  std::map<std::pair<model::role, model::user_id>, kept> rendered_;
  std::unique_ptr<watch_list> watches_ = std::make_unique<watch_list>();
  /// Counts how often standings may have become others.
  std::uint64_t admissions_ = 0;
  /// Who opened the case in the hour that began at `reads_of_`.
  std::set<model::user_id> reads_;
  model::instant reads_of_;
};

/// What a stream about this case is headed with.
stream_heading heading_of(const model::support_case& c, const model::caller& who, model::instant now);

struct case_state {
  static inline const char* name = "case";
  std::unique_ptr<keeper<case_kind>> kept;
  services_ptr given;
};

case_actor::behavior_type case_behavior(case_actor::stateful_pointer<case_state> self, services_ptr s,
                                        model::org_id org, model::case_id id, model::case_place place);

}  // namespace actors
