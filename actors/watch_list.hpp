#pragma once
// Shows CAF: include it in .cpp files only.
#include <functional>
#include <map>

#include "actors/protocol.hpp"
#include "model/access.hpp"

namespace actors {

/// The open streams of one case, each with the actor that is told for it and the caller whose it is. What the
/// caller is to the case is asked for each telling, and never remembered. Whoever is left when the case goes,
/// however it goes, is told that it has left.
class watch_list {
 public:
  watch_list() = default;
  ~watch_list() { dismiss(case_news::left); }
  watch_list(const watch_list&) = delete;
  watch_list& operator=(const watch_list&) = delete;

  /// A stream that is here already takes its new place.
  void add(const model::uuid& stream, watcher_actor told, const model::caller& who);
  void remove(const model::uuid& stream) { watchers_.erase(stream); }
  bool empty() const { return watchers_.empty(); }

  /// Those who are told the same: one view of the case, behind one actor. Of a context_only collaborator, who
  /// sees their own sessions alone, `who` is the very person.
  struct audience {
    model::role as;
    model::caller who;
  };
  /// Tells each audience what `make` says, once for all its streams. Those whose access has ended (`role_of`
  /// is none) are told so; nobody makes news for them. Whoever is told anything but a change is forgotten.
  void tell(const std::function<model::role(const model::caller&)>& role_of,
            const std::function<case_told(const audience&)>& make);
  /// Tells everybody this, and forgets them.
  void dismiss(case_news why);

 private:
  struct watcher {
    watcher_actor told;
    model::caller who;
  };
  std::map<model::uuid, watcher> watchers_;
};

}  // namespace actors
