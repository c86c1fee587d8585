#include "net/cli/rehearsal.hpp"

#include <charconv>

#include "actors/log.hpp"
#include "net/cli/command_line.hpp"
#include "odb/demo_store.hpp"

namespace net::cli {
namespace {

using std::chrono::minutes;

/// A clock that was set back a little is no journey into the past.
constexpr minutes tolerance{1};

void refuse_the_past(const std::optional<chosen_time>& chosen, const store::kept_clock& last) {
  const auto come_to = "here the time has come to " + model::to_text(last.time);
  if (chosen && chosen->start < last.time)
    throw usage_error("--clock: " + model::to_text(chosen->start) + " is past, " + come_to +
                      ". Choose that or a later time, or another --data");
  if (!chosen && model::system_clock().now() + tolerance < last.time)
    throw usage_error("--clock: " + come_to +
                      ", in a rehearsal. Go on with that or a later time, as --demo " + "--clock " +
                      model::to_text(last.time) + ", or choose another --data");
}

}  // namespace

std::optional<chosen_time> parse_clock(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto comma = std::min(text.find(','), text.size());
  const auto start = model::parse_instant(text.substr(0, comma));
  chosen_time chosen{start.value_or(model::instant{})};
  auto good = start.has_value();
  if (comma < text.size()) {
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + comma + 1, end, chosen.speed);
    good = good && error == std::errc{} && stop == end && chosen.speed >= 1 &&
           chosen.speed <= model::rehearsal_clock::fastest;
  }
  if (!good)
    throw usage_error("--clock: '" + text +
                      "' is neither an instant, such as 2033-11-21T02:59:00Z, nor one " +
                      "with a speed of 1 to " + std::to_string(model::rehearsal_clock::fastest) +
                      ", such as 2033-11-21T02:59:00Z,60");
  return chosen;
}

service_clock::service_clock(const options& o, const std::string& conninfo)
    : conninfo_(conninfo), chosen_(parse_clock(o.clock)) {
  if (o.demo) store::mark_demo(conninfo_);
  const auto demo = store::find_demo(conninfo_);
  is_demo_ = demo.has_value();
  if (chosen_ && !is_demo_)
    throw usage_error(
        "--clock: only data that 'serve --demo' has begun may have a time of their own; these were not. "
        "Choose "
        "another --data");
  if (!is_demo_) return;
  if (demo->last) refuse_the_past(chosen_, *demo->last);
  if (chosen_) rehearsed_ = std::make_unique<model::rehearsal_clock>(chosen_->start, chosen_->speed);
  write(true);
}

service_clock::~service_clock() {
  if (!is_demo_) return;
  try {
    write(false);
  } catch (const std::exception& e) {
    actors::log::error("rehearsal.time_not_kept", {{"error", e.what()}});
  }
}

void service_clock::keep() {
  if (!is_demo_ || get().now() < kept_ + minutes{1}) return;
  try {
    write(true);
  } catch (const std::exception& e) {
    actors::log::error("rehearsal.time_not_kept", {{"error", e.what()}});
  }
}

void service_clock::write(bool running) {
  const auto now = get().now();
  store::keep_clock(conninfo_,
                    {now, get().real_now(), chosen_ ? std::optional(chosen_->speed) : std::nullopt, running});
  kept_ = now;
}

std::shared_ptr<const model::clock> command_clock(const std::string& conninfo, bool is_served) {
  const auto demo = store::find_demo(conninfo);
  if (!demo || !demo->last || !demo->last->speed) return {std::shared_ptr<void>(), &model::system_clock()};
  const auto& last = *demo->last;
  if (!is_served || !last.running) return std::make_shared<model::rehearsal_clock>(last.time);
  const auto since = std::max(model::system_clock().now() - last.real, std::chrono::microseconds{0});
  return std::make_shared<model::rehearsal_clock>(last.time + since * *last.speed, *last.speed);
}

}  // namespace net::cli
