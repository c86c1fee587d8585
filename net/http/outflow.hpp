#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

namespace net::http {

/// The pipe from whoever makes a streamed answer (the producer) to the connection that carries it.
///
/// The producer pushes while `waiting()` and the next part together are at most `high_water`, then waits for
/// `on_room`. Parts of up to `high_water - low_water` bytes never stall so. All that the producer uses may be
/// called from any thread, before the answer is given to the listener as well as after.
class outflow {
 public:
  static constexpr std::size_t low_water = 64 * 1024;    ///< bytes; below it `on_room` is called
  static constexpr std::size_t high_water = 256 * 1024;  ///< bytes; what a well-behaved producer stays within
  static constexpr std::size_t hard_cap = 4 * 1024 * 1024;  ///< bytes; a push beyond it fails the stream

  struct options {
    /// Called when what waits has sunk from `low_water` or more to below it, and exactly once, as the last
    /// call, when nobody reads any more (`gone()` is true): the answer has been written to its end or broken
    /// off, the client has hung up, or there was nobody to send to. Called on the listener's thread, the
    /// last call perhaps on the one that gives the answer; must be quick and not throw, and may push.
    std::function<void()> on_room;
    /// Sent as Content-Length. Finishing before that many bytes, or pushing more, breaks the answer off.
    std::optional<std::uint64_t> length;
    /// A stream of events: the producer may be silent for as long as it likes, the client's hanging up is
    /// noticed at once, a stop of the listener finishes it, and the connection ends with it. Others are
    /// broken off when the producer is silent for the listener's `answer_deadline`.
    bool open_ended = false;
  };

  outflow() : outflow(options{}) {}
  /// @throws std::invalid_argument for an open-ended stream with a length.
  explicit outflow(options o);
  outflow(const outflow&) = delete;
  outflow& operator=(const outflow&) = delete;

  // the producer's side

  /// Takes the part; false, with the part dropped, once nobody reads or the stream has ended.
  bool push(std::string part);
  /// All has been pushed.
  void finish();
  /// Breaks the answer off, so that the client can tell that it is not whole. What waits is dropped.
  void fail();
  /// Bytes not yet written to the socket.
  std::size_t waiting() const;
  /// Nobody reads any more.
  bool gone() const;

  std::optional<std::uint64_t> length() const { return length_; }
  bool open_ended() const { return open_ended_; }

  // the listener's side, through `outlet` only

  /// What there is to send.
  struct view {
    std::size_t ready = 0;  ///< bytes that take() can give
    bool finished = false;  ///< nothing will follow them
    bool failed = false;
  };

  /// Becomes the one reader; false when there is or has been one.
  bool claim();
  /// From now on `wake` is called for what comes after a look(), once for each look(). Called under the
  /// stream's lock, by the producer.
  void wake_with(std::function<void()> wake);
  view look();
  /// Appends the next `size` bytes, which look() has shown, to `out`. They wait until written. Gives how
  /// many there were, which is fewer only where the stream has failed since.
  std::size_t take(std::string& out, std::size_t size);
  /// So many of the bytes taken have been written.
  void written(std::size_t size);
  /// The reader is gone.
  void leave() noexcept;

 private:
  enum class ending { none, finished, failed };

  void end(ending how);
  void end_as(ending how);
  void tell();
  std::size_t queued() const { return queue_.size() - used_; }

  mutable std::mutex mutex_;
  std::string queue_;
  std::size_t used_ = 0;    ///< of the queue, taken
  std::size_t flying_ = 0;  ///< bytes taken and not yet written
  std::uint64_t pushed_ = 0;
  ending ending_ = ending::none;
  bool claimed_ = false;
  bool gone_ = false;
  bool told_ = false;  ///< the listener knows that there is something to look at
  std::function<void()> wake_;
  std::function<void()> on_room_;  ///< the reader's alone
  const std::optional<std::uint64_t> length_;
  const bool open_ended_;
};

}  // namespace net::http
