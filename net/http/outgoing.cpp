#include "net/http/outgoing.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace net::http {

outgoing::result outgoing::start(int socket, const std::string& head,
                                 std::shared_ptr<const std::string> body) {
  body_ = std::move(body);
  body_sent_ = 0;
  head_sent_ = 0;
  const auto out = write(socket, head.data(), head.size());
  if (out == result::blocked) {
    head_ = head.substr(head_sent_);
    head_sent_ = 0;
  }
  return out;
}

outgoing::result outgoing::go_on(int socket) { return write(socket, head_.data(), head_.size()); }

std::size_t outgoing::take_written() { return std::exchange(written_, 0); }

outgoing::result outgoing::write(int socket, const char* head, std::size_t head_size) {
  const std::size_t body_size = body_ ? body_->size() : 0;
  while (head_sent_ < head_size || body_sent_ < body_size) {
    iovec parts[2] = {
        {const_cast<char*>(head) + head_sent_, head_size - head_sent_},
        {body_ ? const_cast<char*>(body_->data()) + body_sent_ : nullptr, body_size - body_sent_}};
    msghdr message{};
    message.msg_iov = parts;
    message.msg_iovlen = 2;
    const auto n = ::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno == EAGAIN || errno == EWOULDBLOCK ? result::blocked : result::broken;
    const auto sent = static_cast<std::size_t>(n);
    const auto of_head = std::min(sent, head_size - head_sent_);
    head_sent_ += of_head;
    body_sent_ += sent - of_head;
    written_ += sent;
  }
  body_.reset();
  std::string().swap(head_);
  return result::done;
}

}  // namespace net::http
