#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "net/http/guard.hpp"
#include "net/http/spooled.hpp"

namespace net::http {

/// What all connections of one listener go by.
struct intake_rules {
  std::size_t max_head = 0;
  std::size_t max_body = 0;                               ///< where there is no body_limit
  std::function<std::size_t(const request&)> body_limit;  ///< bytes, by the request's head; may be empty
  std::size_t spool_above = 0;                            ///< bytes; a larger body goes to a file
  std::string spool_directory;
  std::uint64_t max_spooled = 0;           ///< bytes announced for files at one time
  std::shared_ptr<spool_budget> spooling;  ///< never null
  std::uint64_t max_files_each = 0;        ///< files of one owner at one time …
  std::uint64_t max_bytes_each = 0;        ///< … and bytes announced for them
  bool asks_first = false;                 ///< a body that would go to a file waits for admit()
};

/// Turns the bytes of one connection into requests, one at a time. Knows no socket and no clock. A large body
/// goes to a file as it arrives, and only the whole of it is handed on.
/// Between requests it holds nothing but its own few words.
class intake {
 public:
  /// Where the next byte will fall: before a request, within a head, within a body.
  enum class phase { between, head, body };
  enum class result { more, complete, refused, announced };

  /// `rules` must outlive this.
  explicit intake(const intake_rules& rules) : rules_(rules) {}

  /// Takes the bytes that have come (and those kept from before) up to the end of one request.
  /// After `complete`, take() gives the request; calling with no bytes goes on with what is kept.
  /// After `refused`, why() says why, and the connection must end.
  /// After `announced`, head() is asking for leave to send a large body; admit() gives it.
  result advance(std::string_view fresh);
  /// The request whose body was announced.
  const request& head() const { return request_; }
  /// Lets the announced body in, on `owner`'s account: `more`, or `refused`.
  result admit(const std::string& owner) { return begin_body(owner); }
  /// Keeps bytes that came while a request is being served.
  void keep(std::string_view fresh) { kept_.append(fresh); }
  /// Throws away what is kept, a body under way included: nothing after this is served.
  void forget();
  /// Bytes kept for later requests.
  std::size_t kept() const { return kept_.size() - used_; }

  phase now() const;
  const fault& why() const { return why_; }
  request take() { return std::move(request_); }
  /// Whether the request just completed lets the connection live on.
  bool keep_alive() const { return framing_.keep_alive; }
  /// Whether the client understands chunked answers.
  bool knows_chunks() const { return framing_.knows_chunks; }
  /// How much of the body under way has arrived, in bytes.
  std::uint64_t received() const { return file_ ? file_->size() : request_.body.size(); }
  /// Whether the body under way goes to a file.
  bool spools() const { return file_ != nullptr; }
  /// Whether the client waits for `100 Continue` before it sends the body; asked once per request.
  bool wants_continue();
  /// The request's method is HEAD: its answer has no body.
  bool head_only() const { return head_only_; }

 private:
  result consume(std::string_view data, std::size_t& used);
  result refuse(const fault& f);
  result read_head(std::string_view head);
  result judge_body();
  bool is_large() const { return framing_.content_length > rules_.spool_above; }
  result begin_body(const std::string& owner);
  std::optional<fault> refuse_room(const std::string& owner) const;
  result read_body(std::string_view data, std::size_t& used);
  void forget_used();

  std::string kept_;
  std::size_t used_ = 0;
  const intake_rules& rules_;
  head_scan scan_;
  bool in_body_ = false;
  bool head_only_ = false;
  framing framing_;
  request request_;
  std::shared_ptr<spooled> file_;  ///< of the body under way, where it is large
  fault why_;
};

}  // namespace net::http
