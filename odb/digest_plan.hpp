#pragma once
#include <optional>

#include "odb/digest_store.hpp"

namespace store {

/// How many recipients are planned without a pause: each is a transaction of its own, and others wait for the
/// same store.
inline constexpr std::size_t recipients_a_piece = 8;

struct planned_piece {
  std::uint64_t queued = 0;
  std::uint64_t empty = 0;
  /// Behind whom the next piece goes on; nothing where this was the last.
  std::optional<model::user_id> next;
};

/// Plans a month's digests for the next recipients behind `after`. What was planned before, here or
/// elsewhere, stays as it is.
planned_piece plan_piece(session& session, const digest_due& of, const model::month& month,
                         model::user_id after, model::id_source& ids, model::instant now);

/// Notes that this month is done with, and when the next one is due; how far `of` has come with that.
digest_due month_done(session& session, digest_due of, const model::month& month);

/// Everything that is due of one organisation, at once: for the command line.
struct planned_months {
  std::uint64_t months = 0;
  std::uint64_t queued = 0;
  std::uint64_t empty = 0;
};
planned_months plan_all(session& session, digest_due of, bool in_tier, model::id_source& ids,
                        model::instant now);

}  // namespace store
