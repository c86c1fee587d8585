#pragma once
#include <set>

#include "model/digest_ledger.hpp"
#include "odb/pg.hpp"
#include "tests/property/attempts.hpp"

/// What the mailer, the digest and the sweep keep: rows that an organisation's admins look at and steer.
namespace rehearsal {

struct kept_mail {
  model::mail_id id;
  /// None: somebody's sign-in.
  std::optional<model::org_id> org;
  std::optional<model::case_id> of_case;
  std::string template_name;
  model::mail_state state = model::mail_state::queued;
};

/// A sweep, and perhaps a case that it could not sweep.
struct kept_run {
  model::uuid id;
  model::org_id org;
  std::optional<model::case_id> failed_case;
};

struct ledgers {
  std::vector<kept_mail> mails;
  std::vector<model::digest_entry> digests;
  std::vector<kept_run> runs;
};

/// Random ledgers of this world's organisations.
ledgers draw_ledgers(world& w);

/// Writes them, after their world.
void insert(store::sql_connection& owner, const world& w, const ledgers& all);

/// Names what somebody reads of them, one text a row: SELECTs with UNION ALL between them.
extern const char* const readable_of_ledgers;

/// Adds the same names as far as wall 1 shows the rows.
void add_ledgers(std::set<std::string>& out, const world& w, const ledgers& all, const person& who);

/// The `kind`th way to change what this organisation's ledgers hold, if there is something there to change
/// so.
std::optional<attempt> attempt_on_ledgers(world& w, const person& who, const org_world& org,
                                          const ledgers& all, int kind);
inline constexpr int kinds_of_ledger_attempts = 6;

/// Their columns that are nobody's, and the tables behind them.
std::vector<attempt> attacks_on_ledgers(const person& who);

}  // namespace rehearsal
