#pragma once
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/refusal.hpp"

namespace net {

/// The program's measurements, in Prometheus' text form. Thread-safe.
class metrics {
 public:
  /// `routes` are the operation ids by their place in the route table; one more place counts requests that
  /// found no route.
  explicit metrics(const std::vector<std::string_view>& routes);
  ~metrics();
  metrics(const metrics&) = delete;
  metrics& operator=(const metrics&) = delete;

  void request(std::size_t route, unsigned status, std::chrono::microseconds took);
  void refusal(model::refusal_code code);
  /// Values that others keep: read whenever somebody asks for the metrics. `total` ones only ever grow. Names
  /// are Prometheus names; to be given before the first reader comes.
  void gauge(std::string name, std::string help, std::function<double()> read);
  void total(std::string name, std::string help, std::function<double()> read);

  /// The exposition, version 0.0.4.
  std::string text() const;

 private:
  struct implementation;
  std::unique_ptr<implementation> impl_;
};

}  // namespace net
