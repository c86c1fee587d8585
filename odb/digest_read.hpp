#pragma once
#include <optional>
#include <vector>

#include "model/digest_ledger.hpp"
#include "odb/value_texts.hpp"

/// Not public: reading what a recipient is told, for those who plan, send and preview it.
namespace store {

/// Of which organisation, for whom. The transaction is bound to both, as keywork_digest.
struct digest_source {
  model::org_id org;
  model::user_id user;
};

struct found_digest {
  /// Whether they are assigned to anybody as a housing officer of this organisation.
  bool is_recipient = false;
  std::optional<model::digest> said;
};
/// Reads tenant by tenant; wall 1 decides on whatever row-level security lets through.
found_digest read_digest(unit& u, const digest_source& from, const model::month& month, model::instant now);

/// What may be told now of all that was `said`.
std::vector<model::digest_reach_now> reach_now(unit& u, const digest_source& from, const model::digest& said,
                                               const model::month& month);

/// The columns of a `digest_entry_view`, in its order.
inline constexpr auto digest_entry_columns =
    "id, org_id, month, user_id, email, copy, state, mail_id, planned_at, settled_at, reason, tenants, goals,"
    " sessions, notes";
model::digest_entry entry_of(digest_entry_view&& v);

}  // namespace store
