#include "net/http/deadlines.hpp"

#include <algorithm>

namespace net::http {

void list_node::leave() {
  previous->next = next;
  next->previous = previous;
  previous = next = this;
}

void list_node::join(list_node& list) {
  leave();
  previous = list.previous;
  next = &list;
  previous->next = this;
  list.previous = this;
}

void deadlines::place(timer& t) {
  // One tick late rather than early; what lies beyond the wheel is looked at again after a turn.
  t.look_tick = std::clamp(t.due / tick + 1, tick_ + 1, tick_ + slots - 1);
  t.join(wheel_[static_cast<std::size_t>(t.look_tick % slots)]);
}

void deadlines::set(timer& t, std::int64_t due) {
  t.due = due;
  if (!t.listed() || due / tick + 1 < t.look_tick) place(t);
}

void deadlines::advance(std::int64_t now, const std::function<void(std::uint64_t)>& expired) {
  const auto target = now / tick;
  // After a long pause one turn of the wheel sees everything.
  if (target - tick_ > slots) tick_ = target - slots;
  while (tick_ < target) {
    ++tick_;
    auto& slot = wheel_[static_cast<std::size_t>(tick_ % slots)];
    while (slot.listed()) {
      auto& t = static_cast<timer&>(*slot.next);
      t.leave();
      if (t.due > now) {
        place(t);
      } else {
        expired(t.owner);
      }
    }
  }
}

}  // namespace net::http
