#pragma once
#include <caf/all.hpp>
#include <deque>
#include <functional>
#include <utility>

#include "actors/protocol.hpp"

namespace actor_tests {

using namespace actors;

/// What the gates before the stores are told to hold back, and how much each does.
struct gate_orders {
  bool questions = false, commits = false, answers = false;
  std::size_t held = 0;
};
struct gate_state {
  std::deque<std::function<void()>> held;
};
using gate_pointer = store_actor::stateful_pointer<gate_state>;

template <class Answer, class Message>
caf::result<Answer> through(gate_pointer self, const store_actor& store, gate_orders* orders, bool hold,
                            Message& m) {
  if (!hold && !orders->answers) return self->delegate(store, std::move(m));
  auto p = self->template make_response_promise<Answer>();
  if (!hold) {
    const auto keep = [=](Answer& a) {
      self->state.held.push_back([p, a]() mutable { p.deliver(std::move(a)); });
      ++orders->held;
    };
    self->request(store, caf::infinite, std::move(m)).then(keep, [p](caf::error& e) mutable {
      p.deliver(e);
    });
    return p;
  }
  self->state.held.push_back([p, store, m]() mutable { p.delegate(store, std::move(m)); });
  ++orders->held;
  return p;
}

/// Stands before a store; a tick lets through what it holds.
inline store_actor::behavior_type gate_behavior(gate_pointer self, store_actor store, gate_orders* orders) {
  return {[=](store_question& q) { return through<store_answer>(self, store, orders, orders->questions, q); },
          [=](case_change& c) { return through<commit_answer>(self, store, orders, orders->commits, c); },
          [=](const tick&) {
            const auto line = std::exchange(self->state.held, {});
            orders->held -= line.size();
            for (const auto& let_go : line) let_go();
          }};
}

}  // namespace actor_tests
