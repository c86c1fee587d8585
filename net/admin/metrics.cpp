#include "net/admin/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>

#include "model/describe.hpp"

namespace net {
namespace {

constexpr std::array<const char*, 4> status_classes{"2xx", "3xx", "4xx", "5xx"};

std::size_t class_of(unsigned status) { return status < 300 ? 0 : status < 400 ? 1 : status < 500 ? 2 : 3; }

/// Seconds: from what memory answers to what somebody gives up on.
const prometheus::Histogram::BucketBoundaries duration_buckets{
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0};

struct read_value {
  std::string name, help;
  prometheus::MetricType type;
  std::function<double()> read;
};

prometheus::MetricFamily family_of(const read_value& v) {
  prometheus::ClientMetric metric;
  const double value = v.read();
  if (v.type == prometheus::MetricType::Counter)
    metric.counter.value = value;
  else
    metric.gauge.value = value;
  return {v.name, v.help, v.type, {metric}};
}

}  // namespace

struct metrics::implementation {
  prometheus::Registry registry;
  // By route and class of status: found once, so that counting looks nothing up.
  std::vector<std::array<prometheus::Counter*, status_classes.size()>> requests;
  prometheus::Histogram* durations = nullptr;
  std::vector<std::pair<model::refusal_code, prometheus::Counter*>> refusals;
  std::vector<read_value> others;
};

metrics::metrics(const std::vector<std::string_view>& routes) : impl_(std::make_unique<implementation>()) {
  auto& registry = impl_->registry;
  auto& requests = prometheus::BuildCounter()
                       .Name("keywork_http_requests_total")
                       .Help("Requests answered, by route and class of status.")
                       .Register(registry);
  for (std::size_t i = 0; i <= routes.size(); ++i) {
    auto& counters = impl_->requests.emplace_back();
    for (std::size_t c = 0; c < status_classes.size(); ++c)
      counters[c] = &requests.Add(
          {{"route", i < routes.size() ? std::string(routes[i]) : "none"}, {"status", status_classes[c]}});
  }
  impl_->durations = &prometheus::BuildHistogram()
                          .Name("keywork_http_request_seconds")
                          .Help("From a request's arrival at the edge to its answer.")
                          .Register(registry)
                          .Add({}, duration_buckets);
  auto& refusals =
      prometheus::BuildCounter().Name("keywork_refusals_total").Help("Refusals, by code.").Register(registry);
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<model::refusal_code>>([&](auto d) {
    impl_->refusals.emplace_back(d.value, &refusals.Add({{"code", d.name}}));
  });
}

metrics::~metrics() = default;

void metrics::request(std::size_t route, unsigned status, std::chrono::microseconds took) {
  const auto place = std::min(route, impl_->requests.size() - 1);
  impl_->requests[place][class_of(status)]->Increment();
  impl_->durations->Observe(static_cast<double>(took.count()) / 1e6);
}

void metrics::refusal(model::refusal_code code) {
  for (const auto& [known, counter] : impl_->refusals)
    if (known == code) counter->Increment();
}

void metrics::gauge(std::string name, std::string help, std::function<double()> read) {
  impl_->others.push_back({std::move(name), std::move(help), prometheus::MetricType::Gauge, std::move(read)});
}

void metrics::total(std::string name, std::string help, std::function<double()> read) {
  impl_->others.push_back(
      {std::move(name), std::move(help), prometheus::MetricType::Counter, std::move(read)});
}

std::string metrics::text() const {
  auto families = impl_->registry.Collect();
  for (const auto& v : impl_->others) families.push_back(family_of(v));
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace net
