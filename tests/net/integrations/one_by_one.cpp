#include "tests/net/integrations/one_by_one.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace integration_tests {
namespace {

/// The number behind `Content-Length:`; 0 where there is none.
std::size_t length_in(const std::string& head) {
  const auto at = head.find("Content-Length: ");
  return at == head.npos ? 0 : std::stoul(head.substr(at + 16));
}

std::optional<heard_request> whole(const std::string& bytes) {
  const auto end = bytes.find("\r\n\r\n");
  if (end == bytes.npos) return std::nullopt;
  const auto line = bytes.find("\r\n");
  heard_request r;
  const auto first = bytes.substr(0, line);
  r.method = first.substr(0, first.find(' '));
  r.target = first.substr(r.method.size() + 1, first.rfind(' ') - r.method.size() - 1);
  r.head = bytes.substr(line, end - line);
  if (bytes.size() < end + 4 + length_in(r.head)) return std::nullopt;
  r.body = bytes.substr(end + 4);
  return r;
}

}  // namespace

one_by_one::one_by_one(speaker say) : say_(std::move(say)) {
  listening_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof here;
  if (listening_ < 0 || bind(listening_, reinterpret_cast<sockaddr*>(&here), size) != 0 ||
      listen(listening_, 16) != 0 || getsockname(listening_, reinterpret_cast<sockaddr*>(&here), &size) != 0)
    throw std::runtime_error("no socket");
  port_ = ntohs(here.sin_port);
  thread_ = std::thread([this] { serve(); });
}

one_by_one::~one_by_one() {
  shutdown(listening_, SHUT_RDWR);
  thread_.join();
  close(listening_);
  for (const int s : silent_) close(s);
}

std::vector<heard_request> one_by_one::heard() const {
  const std::scoped_lock lock(guard_);
  return heard_;
}

void one_by_one::serve() {
  for (;;) {
    const int connection = accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) return;
    meet(connection);
  }
}

void one_by_one::meet(int connection) {
  std::string bytes;
  std::optional<heard_request> request;
  char piece[65'536];
  while (!request) {
    const auto got = read(connection, piece, sizeof piece);
    if (got <= 0) break;
    bytes.append(piece, static_cast<std::size_t>(got));
    request = whole(bytes);
  }
  if (request) {
    {
      const std::scoped_lock lock(guard_);
      heard_.push_back(*request);
    }
    const auto answer = say_(*request);
    if (!answer) {
      silent_.push_back(connection);
      return;
    }
    for (std::size_t sent = 0; sent < answer->size();) {
      const auto n = send(connection, answer->data() + sent, answer->size() - sent, MSG_NOSIGNAL);
      if (n <= 0) break;
      sent += static_cast<std::size_t>(n);
    }
  }
  close(connection);
}

std::string ok(const std::string& body, const std::string& type) {
  return "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

std::string status(int code, const std::string& body, const std::string& more) {
  return "HTTP/1.1 " + std::to_string(code) + " Said\r\n" + more +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace integration_tests
