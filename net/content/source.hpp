#pragma once
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

#include "actors/store_work.hpp"

namespace net::contents {

/// The stream must not go on: what follows is missing, or no longer this person's to see.
struct broken_off : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// What makes the body of a streamed answer, a little at a time, so that it is nowhere as a whole. Used by
/// one thread; all but the constructor may throw, which breaks the answer off.
class source {
 public:
  enum class step { made, needs, finished };
  /// Comes back from the store and is called in the source's own thread.
  using arrival = std::function<void()>;

  virtual ~source() = default;
  /// Appends what comes next to `out`; `needs`: a question has to be asked first; `finished`: that was all.
  virtual step make(std::string& out) = 0;
  /// What to ask the store; it runs there and touches nothing of the source's. What it throws, too, breaks
  /// the answer off.
  virtual actors::store_work<arrival> question() = 0;
};
using source_ptr = std::unique_ptr<source>;

}  // namespace net::contents
