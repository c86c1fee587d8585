#pragma once
#include <array>
#include <cstdint>
#include <functional>

namespace net::http {

/// A place in a circular list that owns nothing; it leaves its list when destroyed.
struct list_node {
  list_node* previous = this;
  list_node* next = this;

  list_node() = default;
  list_node(const list_node&) = delete;
  list_node& operator=(const list_node&) = delete;
  ~list_node() { leave(); }

  bool listed() const { return next != this; }
  void leave();
  /// Becomes the last of the list whose head is `list`.
  void join(list_node& list);
};

/// One thing that has a deadline. Change it through `deadlines` only.
struct timer : list_node {
  std::int64_t due = 0;        ///< milliseconds
  std::int64_t look_tick = 0;  ///< when the wheel looks at it next
  std::uint64_t owner = 0;     ///< whose it is, handed back when due
};

/// A timing wheel. Setting a deadline is O(1), and moving it later is one assignment: the wheel finds out
/// when it next looks. Deadlines are met to within one tick.
class deadlines {
 public:
  static constexpr std::int64_t tick = 50;  ///< milliseconds

  explicit deadlines(std::int64_t now) : tick_(now / tick) {}

  void set(timer& t, std::int64_t due);
  /// Calls `expired` with the owner of everything due by `now`; each is out of the wheel by then.
  void advance(std::int64_t now, const std::function<void(std::uint64_t)>& expired);

 private:
  static constexpr std::int64_t slots = 2048;

  void place(timer& t);

  std::array<list_node, slots> wheel_;
  std::int64_t tick_;
};

}  // namespace net::http
