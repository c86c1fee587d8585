#include "net/http/listener.hpp"

#include <thread>
#include <utility>

#include "net/http/listener_loop.hpp"

namespace net::http {

class listener::impl {
 public:
  impl(listener_options options, handler on_request, const model::clock& clock)
      : loop(std::move(options), std::move(on_request), clock) {}

  listener_loop loop;
  std::thread thread;
};

listener::listener(listener_options options, handler on_request, const model::clock& clock)
    : impl_(std::make_unique<impl>(std::move(options), std::move(on_request), clock)) {}

listener::~listener() { stop(); }

void listener::start() {
  impl_->loop.bind();
  impl_->thread = std::thread([this] { impl_->loop.run(); });
}

std::uint16_t listener::port() const { return impl_->loop.port(); }

void listener::answer(exchange to, response answer) { impl_->loop.answer(to, std::move(answer)); }

void listener::admit(exchange to, std::string owner) { impl_->loop.admit(to, std::move(owner)); }

void listener::stop() {
  if (!impl_->thread.joinable()) return;
  impl_->loop.ask_stop();
  impl_->thread.join();
}

listener_counters listener::counters() const { return impl_->loop.counters(); }

}  // namespace net::http
