#pragma once
#include "actors/services.hpp"

namespace actors {

/// Works on one session: questions one by one, commits in groups. Commits that arrive while another one is
/// under way gather in the mailbox and go into one database transaction together, at most
/// `most_commits_at_once`.
struct store_state {
  static inline const char* name = "store";
  std::unique_ptr<store::session> session;
  std::vector<std::pair<case_change, caf::typed_response_promise<commit_answer>>> gathered;
  bool flush_is_coming = false;
};

inline constexpr std::size_t most_commits_at_once = 32;

store_actor::behavior_type store_behavior(store_actor::stateful_pointer<store_state> self,
                                          std::string conninfo, counters* counted);

}  // namespace actors
