#pragma once
#include <chrono>
#include <deque>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "actors/mail_transport.hpp"
#include "actors/messages.hpp"
#include "actors/secrets.hpp"
#include "model/clock_watch.hpp"

namespace model {
inline std::ostream& operator<<(std::ostream& out, refusal_code c) { return out << to_text(c); }
}  // namespace model
namespace actors {
inline std::ostream& operator<<(std::ostream& out, answer_kind k) { return out << model::to_text(k); }
}  // namespace actors

namespace actor_tests {

/// A clock that a test turns.
class turned_clock final : public model::clock {
 public:
  model::instant now() const override { return now_; }
  model::instant real_now() const override { return model::system_clock().now() + off_by; }
  void turn(std::chrono::microseconds by) { now_ += by; }
  /// How far the machine's own clock is off.
  std::chrono::microseconds off_by{0};
  /// How far it has been set since the start, and with it the database's: time since boot alone tells.
  std::chrono::microseconds set_by{0};
  model::clock_watch::uptime up() const {
    return [this] { return model::since_boot() - set_by; };
  }

 private:
  model::instant now_ = *model::parse_instant("2026-11-21T09:00:00.000000Z");
};

/// The real source of ids, which can be told to fail: a defect inside `decide`.
class failing_ids final : public model::id_source {
 public:
  explicit failing_ids(const model::clock& clock) : real_(clock) {}
  model::uuid next() override {
    if (!broken) return real_.next();
    throw std::runtime_error("injected fault");
  }
  bool broken = false;

 private:
  actors::random_ids real_;
};

/// Keeps what it is given, and answers as it is told: `sent` unless something else stands in line.
class kept_mail final : public actors::mail_transport {
 public:
  actors::delivery deliver(const actors::outgoing_mail& mail) override {
    mails.push_back(mail);
    if (next.empty()) return {actors::delivery_outcome::sent, ""};
    auto outcome = next.front();
    next.pop_front();
    return outcome;
  }
  std::chrono::milliseconds pause() const override { return wants_pause; }
  std::optional<std::chrono::hours> memory() const override { return remembers; }
  std::vector<actors::outgoing_mail> mails;
  std::deque<actors::delivery> next;
  std::chrono::milliseconds wants_pause{0};
  std::optional<std::chrono::hours> remembers;
};

/// What became of a request: nothing yet, a reply, or an error of CAF's.
class asked {
 public:
  using outcome = std::variant<std::monostate, actors::reply, std::string>;
  asked() : cell_(std::make_shared<outcome>()) {}
  const std::shared_ptr<outcome>& cell() const { return cell_; }

  bool pending() const { return cell_->index() == 0; }
  /// The actor itself was gone before it answered.
  bool lost() const { return cell_->index() == 2; }
  const actors::reply& reply() const {
    if (const auto* error = std::get_if<std::string>(cell_.get())) throw std::logic_error(*error);
    if (pending()) throw std::logic_error("no answer yet");
    return std::get<actors::reply>(*cell_);
  }
  const actors::answer& answer() const {
    if (const auto* no = std::get_if<model::refusal>(&reply()))
      throw std::logic_error("refused: " + std::string(model::to_text(no->code)) + ' ' + no->detail);
    return std::get<actors::answer>(reply());
  }
  const model::refusal& refusal() const {
    if (reply().index() == 0) throw std::logic_error("accepted");
    return std::get<model::refusal>(reply());
  }
  model::refusal_code code() const { return refusal().code; }
  actors::answer_kind kind() const { return answer().kind; }
  std::string text() const { return std::string(answer().body.text()); }
  bool holds(std::string_view part) const { return text().find(part) != std::string::npos; }
  template <class Id>
  Id made() const {
    return Id{answer().made.value()};
  }

 private:
  std::shared_ptr<outcome> cell_;
};

}  // namespace actor_tests
