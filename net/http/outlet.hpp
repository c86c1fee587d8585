#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "net/http/outflow.hpp"

namespace net::http {

/// The reading end of an outflow: makes of its parts what goes over the wire. Whatever ends it, the producer
/// learns that the reader is gone. Belongs to the listener's thread once the answer is there.
class outlet {
 public:
  enum class step {
    nothing,  ///< there is nothing to send for now
    part,     ///< a frame to send, with more to follow some time
    end,      ///< a frame to send, possibly empty, which is the last
    broken    ///< the answer must be broken off
  };

  outlet() = default;
  /// Claims the stream; holds nothing where `from` is null or has been claimed before.
  explicit outlet(std::shared_ptr<outflow> from);
  outlet(outlet&& other) noexcept;
  outlet& operator=(outlet&& other) noexcept;
  ~outlet();

  explicit operator bool() const { return from_ != nullptr; }
  bool open_ended() const { return from_ && from_->open_ended(); }
  /// Nobody is left who could push.
  bool deserted() const { return from_.use_count() == 1; }
  /// The client finds the end of the answer by the end of the connection.
  bool ends_by_close() const { return !chunked_ && !from_->length(); }
  /// The stream has failed, or there is more to send. Arms the wake for what is not there yet.
  bool failed() const { return from_->look().failed; }
  bool ahead() const;

  /// From now on `wake` is called, on any thread, when there is something new.
  void open(bool chunked, std::function<void()> wake);
  /// Appends the next frame to `out`. The frame before must have been written.
  step next(std::string& out);
  /// The last frame has been written. May call the producer.
  void written();
  /// Ends the stream with what has been pushed so far.
  void finish() { from_->finish(); }

 private:
  std::shared_ptr<outflow> from_;
  std::size_t framed_ = 0;  ///< bytes of the stream in the frame under way
  bool chunked_ = false;
};

}  // namespace net::http
