#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "net/http/guard.hpp"

namespace net::http {

/// Turns the bytes of one connection into requests, one at a time. Knows no socket and no clock.
/// Between requests it holds nothing but its own few words.
class intake {
 public:
  /// Where the next byte will fall: before a request, within a head, within a body.
  enum class phase { between, head, body };
  enum class result { more, complete, refused };

  intake(std::size_t max_head, std::size_t max_body) : max_head_(max_head), max_body_(max_body) {}

  /// Takes the bytes that have come (and those kept from before) up to the end of one request.
  /// After `complete`, take() gives the request; calling with no bytes goes on with what is kept.
  /// After `refused`, why() says why, and the connection must end.
  result advance(std::string_view fresh);
  /// Keeps bytes that came while a request is being served.
  void keep(std::string_view fresh) { kept_.append(fresh); }
  /// Throws away what is kept: nothing after this is served.
  void forget() { kept_ = {}, used_ = 0; }
  /// Bytes kept for later requests.
  std::size_t kept() const { return kept_.size() - used_; }

  phase now() const;
  const fault& why() const { return why_; }
  request take() { return std::move(request_); }
  /// Whether the request just completed lets the connection live on.
  bool keep_alive() const { return framing_.keep_alive; }
  /// Whether the client waits for `100 Continue` before it sends the body; asked once per request.
  bool wants_continue();
  /// The request's method is HEAD: its answer has no body.
  bool head_only() const { return head_only_; }

 private:
  result consume(std::string_view data, std::size_t& used);
  result refuse(const fault& f);
  result read_head(std::string_view head);
  void forget_used();

  std::string kept_;
  std::size_t used_ = 0;
  std::size_t max_head_;
  std::size_t max_body_;
  head_scan scan_;
  bool in_body_ = false;
  bool head_only_ = false;
  framing framing_;
  request request_;
  fault why_;
};

}  // namespace net::http
