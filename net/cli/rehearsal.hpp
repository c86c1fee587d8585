#pragma once
#include <memory>
#include <optional>
#include <string>

#include "model/clock.hpp"
#include "net/options.hpp"

namespace net::cli {

/// A time that was chosen, and how fast it runs: what --clock says.
struct chosen_time {
  model::instant start;
  int speed = 1;
};

/// `2033-11-21T02:59:00Z` or `2033-11-21T02:59:00Z,60`; nothing for an empty text. Throws usage_error.
std::optional<chosen_time> parse_clock(const std::string& text);

/// The clock of a service. On an installation to try things out in its time may be chosen, but never goes
/// back: how far it has come is kept in the database. Everywhere else it is the machine's, and nothing is
/// kept.
class service_clock {
 public:
  /// Throws usage_error where no time may be chosen, and where it is behind what was kept.
  service_clock(const options& o, const std::string& conninfo);
  /// Keeps the time a last time.
  ~service_clock();
  service_clock(const service_clock&) = delete;
  service_clock& operator=(const service_clock&) = delete;

  /// How many times as fast as the machine's it runs.
  int speed() const { return chosen_ ? chosen_->speed : 1; }
  const model::clock& get() const { return rehearsed_ ? *rehearsed_ : model::system_clock(); }
  /// Keeps the time when a minute of it has passed; to be called every second or so. Logs what fails.
  void keep();

 private:
  void write(bool running);
  std::string conninfo_;
  std::optional<chosen_time> chosen_;
  std::unique_ptr<const model::rehearsal_clock> rehearsed_;
  bool is_demo_ = false;
  model::instant kept_;
};

/// The clock for a short command: the machine's, or, on the data of a rehearsal, that of the rehearsal.
/// `is_served`: whether it goes on meanwhile.
std::shared_ptr<const model::clock> command_clock(const std::string& conninfo, bool is_served);

}  // namespace net::cli
