#include "actors/case_actor.hpp"
#include "actors/respond.hpp"

// A case and those who watch it.
namespace actors {

void case_kind::watch(const state& c, const ask& a, const watch_events& wanted, reply_promise p) {
  auto seen = workspace(c, a.who);
  if (auto* no = std::get_if<model::refusal>(&seen)) return deliver(p, std::move(*no));
  const caf::response_promise& asked = p;
  watches_->add(wanted.stream, caf::actor_cast<watcher_actor>(asked.source()), a.who);
  actors::answer out;
  out.etag = std::get<const kept*>(seen)->etag;
  deliver(p, std::move(out));
  // Standings may have become others while this waited: let in as before, it is sent to the door again.
  if (wanted.admission != admissions_) watches_->dismiss(case_news::ask_again);
}

void case_kind::readmit_watchers() {
  ++admissions_;
  watches_->dismiss(case_news::ask_again);
}

void case_kind::announce(const state& c, const notices& news) {
  if (watches_->empty()) return;
  const auto role_of = [&](const model::caller& who) { return model::role_of(c, who); };
  watches_->tell(role_of, [&](const watch_list::audience& to) {
    case_told told;
    for (const auto kind : model::kinds_for(to.as, to.who.user, news)) told.kinds.emplace_back(kind);
    if (c.outgrown) {
      // The state is read again before anybody sees it, and its version is known only then.
      told.what = case_news::ask_again;
      return told;
    }
    const auto seen = workspace(c, to.who);
    if (const auto* shown = std::get_if<const kept*>(&seen)) told.version = (*shown)->etag;
    return told;
  });
}

}  // namespace actors
