#pragma once
// Shows CAF: include it in .cpp files only.
#include <caf/all.hpp>
#include <chrono>
#include <map>

namespace net {

/// An actor's requests that have no answer yet, and how long they wait already. CAF's own timeout puts each
/// request into a queue that one thread of the system orders and wakes for: a seventh of the processor time
/// of a read from memory (docs/performance.md). Here all have the same patience, and one look a second is
/// enough.
class open_requests {
 public:
  /// `id` is the answer's.
  void opened(caf::message_id id, caf::local_actor& self) {
    since_.emplace_hint(since_.end(), id, self.clock().now());
  }
  void answered(caf::message_id id) { since_.erase(id); }

  /// Ends those that have waited longer than `patience`, with the error that CAF's own timeout gives.
  void end_overdue(caf::local_actor& self, std::chrono::seconds patience) {
    const auto now = self.clock().now();
    // Ids grow, so that the oldest stand first.
    while (!since_.empty() && now - since_.begin()->second > patience) {
      const auto id = since_.begin()->first;
      since_.erase(since_.begin());
      self.enqueue(caf::make_mailbox_element(nullptr, id, {}, caf::make_error(caf::sec::request_timeout)),
                   self.context());
    }
  }

 private:
  std::map<caf::message_id, caf::actor_clock::time_point> since_;
};

}  // namespace net
