#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace integration_tests {

struct heard_request {
  std::string method;
  std::string target;
  std::string head;  ///< from the first header on
  std::string body;
  bool has(std::string_view part) const { return head.find(part) != std::string::npos; }
};

/// An HTTP server on 127.0.0.1 that takes one request a connection, one after the other, and answers as `say`
/// says: a whole answer, nothing and closed where it is empty, nothing at all where there is none.
class one_by_one {
 public:
  using speaker = std::function<std::optional<std::string>(const heard_request&)>;
  explicit one_by_one(speaker say);
  ~one_by_one();
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  std::vector<heard_request> heard() const;

 private:
  void serve();
  void meet(int connection);
  speaker say_;
  int listening_ = -1;
  std::uint16_t port_ = 0;
  mutable std::mutex guard_;
  std::vector<heard_request> heard_;
  std::vector<int> silent_;
  std::thread thread_;
};

/// `200 OK` with this body.
std::string ok(const std::string& body, const std::string& type = "application/json");
std::string status(int code, const std::string& body = "{}", const std::string& more = {});

}  // namespace integration_tests
