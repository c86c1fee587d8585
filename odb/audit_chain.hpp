#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "model/ids.hpp"
#include "model/time.hpp"

/// The chain of hashes through each organisation's audit log (R27); how it is made stands in
/// odb/migrations/0008_audit_chain.sql.
namespace store {

/// A link that was written down elsewhere: its number, and its hash as 64 hexadecimal digits.
struct known_link {
  std::int64_t seq = 0;
  std::string hash;
};

/// Which part of the log to verify. With `from` or `to`: the entries from the first that is not before `from`
/// to the last that is not after `to`, and how they join what stands around them.
struct audit_part {
  std::optional<model::org_id> org = {};
  std::optional<model::instant> from = {};
  std::optional<model::instant> to = {};
  std::optional<known_link> known = {};
};

/// What can be told from the outside. Whoever changes several things at once may make one look like another.
enum class chain_damage {
  edited,     ///< what the entry says is not what was written
  removed,    ///< the entry that belongs here is not there
  reordered,  ///< the entry that belongs here stands elsewhere
  forged      ///< the entry was not put here by the service, or the head was not
};

/// The first place where a chain does not hold. `id`, `kind` and `at` are of the entry that stands there.
struct broken_link {
  std::int64_t seq = 0;
  chain_damage what = chain_damage::edited;
  std::string why;
  std::optional<model::audit_id> id = {};
  std::string kind = {};
  std::optional<model::instant> at = {};
};

/// The verified part of one organisation's chain.
struct chain_report {
  model::org_id org;
  std::string name;
  /// Numbers of the entries of the part; `last` is before `first` where there are none.
  std::int64_t first = 1;
  std::int64_t last = 0;
  /// Whether that is all there are.
  bool is_whole_log = true;
  /// Entries found in order, and those among them whose personal details were erased.
  std::int64_t entries = 0;
  std::int64_t erased = 0;
  /// Entries dated more than an hour before one that stands before them, and the number of the first: the
  /// clock was turned back, or somebody wrote a time of their own. The chain itself holds.
  std::int64_t backdated = 0;
  std::int64_t first_backdated = 0;
  std::int64_t head_seq = 0;
  std::string head_hash;
  std::optional<broken_link> broken = {};
};

/// One line for the person at the terminal.
std::string to_line(const chain_report& report);

/// Computes the chains anew from the rows, as keywork_auditor, in bounded memory; may run while the service
/// writes: what is added meanwhile is left for the next time. Calls `each` for every organisation, in the
/// order of their ids, and answers how many there were. Throws migration_error where the schema has no chain
/// yet, sql_error.
std::size_t verify_audit(const std::string& service_conninfo, const audit_part& wanted,
                         const std::function<void(const chain_report&)>& each);

}  // namespace store
