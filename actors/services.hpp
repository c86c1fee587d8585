#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "actors/log.hpp"
#include "actors/login_cache.hpp"
#include "actors/protocol.hpp"
#include "actors/secrets.hpp"
#include "model/clock_watch.hpp"
#include "model/moment.hpp"

namespace actors {

/// What happened since the start, for the metrics; written by the actors, read by whoever asks.
struct counters {
  std::atomic<std::int64_t> resident_cases{0};
  std::atomic<std::int64_t> resident_organisations{0};
  std::atomic<std::uint64_t> commits{0};
  std::atomic<std::uint64_t> commit_conflicts{0};
  std::atomic<std::uint64_t> commits_refused_by_database{0};
  std::atomic<std::uint64_t> case_crashes{0};
  std::atomic<std::uint64_t> soft_cap_warnings{0};
  std::atomic<std::uint64_t> mails_sent{0};
  std::atomic<std::uint64_t> mails_retried{0};
  std::atomic<std::uint64_t> mails_failed{0};
  /// As of the mailer's last round.
  std::atomic<std::int64_t> outbox_queued{0};
  std::atomic<std::int64_t> outbox_retrying{0};
  std::atomic<std::int64_t> outbox_failed{0};
  /// Digests planned by this node: with a mail, and with nothing to say; and how often planning failed.
  std::atomic<std::uint64_t> digests_planned{0};
  std::atomic<std::uint64_t> digests_empty{0};
  std::atomic<std::uint64_t> digest_failures{0};
  /// Of the sweeps of this node: cases that lost something, notes, cases that could not be swept, and how
  /// often a sweep stopped since the clocks disagreed.
  std::atomic<std::uint64_t> retention_cases{0};
  std::atomic<std::uint64_t> retention_notes{0};
  std::atomic<std::uint64_t> retention_failures{0};
  std::atomic<std::uint64_t> retention_clock_stops{0};
  std::atomic<std::uint64_t> signatures_requested{0};
  std::atomic<std::uint64_t> signatures_settled{0};
  std::atomic<std::uint64_t> signatures_retried{0};
  /// As of the signer's last round.
  std::atomic<std::int64_t> signatures_waiting{0};
  std::atomic<std::int64_t> signatures_failed{0};
};

/// How much is kept, and how long anything may take.
struct limits {
  std::int64_t resident_cases = 20'000;
  std::chrono::seconds idle_case{600};
  std::chrono::seconds tick{5};
  /// Longer than the database's own statement timeout, so that its answer comes first.
  std::chrono::seconds store_answer{20};
  /// Of a case whose actor crashed: the first crash waits for nothing, each further one twice as long as
  /// before.
  std::chrono::milliseconds crash_backoff{250};
  std::chrono::seconds longest_backoff{60};
  int sign_ins_per_address = 10;
  int sign_ins_per_source = 100;
  std::chrono::minutes sign_in_window{10};
  /// How long asking for a link takes, whoever the address belongs to (R37): longer than keeping one does.
  std::chrono::milliseconds sign_in_answer{100};
};

/// The stores, each with a connection and a thread of its own.
class store_pool {
 public:
  store_pool() = default;
  explicit store_pool(std::vector<store_actor> stores) : stores_(std::move(stores)) {}
  /// Always the same one for the same id, so that what concerns one thing stands in one line.
  const store_actor& of(const model::uuid& id) const { return stores_[hash_value(id) % stores_.size()]; }
  /// The same for what has a text as its name.
  const store_actor& of(std::string_view name) const {
    return stores_[std::hash<std::string_view>{}(name) % stores_.size()];
  }
  const std::vector<store_actor>& all() const { return stores_; }

 private:
  std::vector<store_actor> stores_;
};

/// What every actor of a node is given. Made once by main, never changed after.
struct services {
  const model::clock& clock;
  model::id_source& ids;
  link_keeper& links;
  model::plan_catalogue plans;
  store_pool stores;
  actors::limits limits;
  counters& counted;
  login_cache& logins;
  /// A signing service is there.
  bool signs_online = false;
  /// Of the machine's clock: what time it is nobody knows once that was set.
  model::clock_watch watch{clock};

  model::moment now() const { return {clock.now(), ids, links, plans, sha256, signs_online}; }
};
using services_ptr = std::shared_ptr<const services>;

}  // namespace actors
