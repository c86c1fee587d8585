#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "model/ids.hpp"
#include "odb/map/keys.hpp"
#include "odb/rows.hpp"

/// Rows that are no struct of the model's: what the store alone keeps.
namespace store {

/// A landlord assigned to a property manager.
struct manager_landlord {
  model::org_id org;
  model::user_id user;
  model::landlord_id landlord;
};

/// The count of an organisation's changes, and of its cases.
struct org_sequence {
  model::org_id org;
  std::uint64_t version = 0;
  std::uint64_t cases_opened = 0;
};

/// Whose identity container a `support_provider` organisation is (R15).
struct provider_identity {
  model::org_id org;
  model::user_id user;
};

/// `kept_answer` as a row.
struct answer_row {
  answer_key id;
  std::string fingerprint;
  model::org_id org;
  bool created = false;
  std::optional<model::uuid> made;
  std::string etag;
  std::string body;
  model::instant kept_at;
  /// What it is an answer about, so that it goes with the case.
  std::optional<model::case_id> of_case;
};

using model::mail_state;

/// A mail in the outbox. `fields` as `model::encode` writes them.
struct mail_row {
  model::mail_id id;
  std::optional<model::org_id> org;
  std::optional<model::case_id> of_case;
  std::optional<model::link_id> link;
  std::string to_address;
  std::string to_name;
  std::string template_name;
  std::string fields;
  mail_state state = mail_state::queued;
  std::int32_t attempts = 0;
  model::instant next_attempt_at;
  std::optional<std::string> last_error;
  model::instant written_at;
  std::optional<model::instant> sent_at;
};

}  // namespace store
