#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "model/audit.hpp"
#include "model/moment.hpp"
#include "model/organisation.hpp"
#include "model/support_case.hpp"

namespace rehearsal {

/// Ids that count, in the form of UUIDv7, so that a failure reads the same every time.
class counting_ids final : public model::id_source {
 public:
  model::uuid next() override;

 private:
  std::uint32_t count_ = 0;
};

/// Link secrets that count.
class counting_links final : public model::link_source {
 public:
  model::link_secret next_secret() override;

 private:
  int count_ = 0;
};

struct person {
  model::user_id id;
  std::string email;
  std::string full_name;
};

/// Somebody's entry in the log of who opened a case.
struct opened_case {
  model::uuid id;
  model::org_id org;
  model::case_id of_case;
  model::user_id by;
};

struct org_world {
  model::org_state state;
  std::vector<model::support_case> cases;
};

/// Some organisations, the people around them and their cases, small enough to look at.
struct world {
  std::vector<person> people;
  std::vector<org_world> orgs;
  std::vector<model::note_revision> revisions;
  std::vector<model::goal_progress> progress;
  std::vector<model::audit_entry> audit;
  std::vector<opened_case> reads;
  counting_ids ids;
  counting_links links;
  model::instant now;

  const person& someone(model::user_id id) const;
  model::caller caller(const person& who) const;
  /// Who asks about one case: with their standing over its tenant, as the organisation's actor would say.
  model::caller caller(const person& who, const org_world& org, const model::support_case& about) const;
  model::moment moment();
};

/// A random world: draws inside a RapidCheck property, so that RapidCheck makes a failing one smaller.
world draw_world();

/// A digest that every text has alone in these worlds.
std::string rehearsal_digest(std::string_view text);

/// A random number from 0 to `bound` - 1, shrinking to 0.
int pick(int bound);

}  // namespace rehearsal
