#pragma once
#include <cstddef>
#include <memory>
#include <string>

namespace net::http {

/// What is still to be written on one connection: a head of its own and a body it shares.
class outgoing {
 public:
  enum class result { done, blocked, broken };

  /// Writes head and body in one call where the socket takes it. Keeps only what the socket did not take.
  result start(int socket, const std::string& head, std::shared_ptr<const std::string> body);
  /// Writes on after `blocked`.
  result go_on(int socket);
  /// Bytes written since the last call, for the counters.
  std::size_t take_written();

 private:
  result write(int socket, const char* head, std::size_t head_size);

  std::string head_;
  std::size_t head_sent_ = 0;
  std::shared_ptr<const std::string> body_;
  std::size_t body_sent_ = 0;
  std::size_t written_ = 0;
};

}  // namespace net::http
