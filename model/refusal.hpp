#pragma once
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "model/describe.hpp"
#include "model/ids.hpp"

namespace model {

/// The stable codes of everything that is refused. One table in `net/` maps them to HTTP.
enum class refusal_code {
  bad_request,
  not_signed_in,
  csrf_token_required,
  upgrade_required,
  not_permitted,
  not_found,
  method_not_allowed,
  case_closed,
  case_not_closed,
  case_exists,
  already_assigned,
  already_ended,
  already_accepted,
  already_member,
  last_admin,
  note_deleted,
  wrong_status,
  no_content,
  not_printable,
  link_spent,
  link_expired,
  link_void,
  email_required,
  version_mismatch,
  too_large,
  unsupported_media_type,
  invalid,
  idempotency_key_reused,
  too_many_requests,
  unavailable,
  confirmation_needed
};
BOOST_DESCRIBE_ENUM(refusal_code, bad_request, not_signed_in, csrf_token_required, upgrade_required,
                    not_permitted, not_found, method_not_allowed, case_closed, case_not_closed, case_exists,
                    already_assigned, already_ended, already_accepted, already_member, last_admin,
                    note_deleted, wrong_status, no_content, not_printable, link_spent, link_expired,
                    link_void, email_required, version_mismatch, too_large, unsupported_media_type, invalid,
                    idempotency_key_reused, too_many_requests, unavailable, confirmation_needed)

/// What is wrong with one field of the input. `field` is its path: `tenants[1].email`.
struct field_error {
  std::string field;
  std::string code;
  std::string message;
  friend bool operator==(const field_error&, const field_error&) = default;
};
BOOST_DESCRIBE_STRUCT(field_error, (), (field, code, message))

/// The way out of a tier gate: the tier that unlocks the feature, and its price.
struct upgrade_offer {
  std::string feature;
  std::string tier;
  std::int64_t price_pence_per_month = 0;
  friend bool operator==(const upgrade_offer&, const upgrade_offer&) = default;
};
BOOST_DESCRIBE_STRUCT(upgrade_offer, (), (feature, tier, price_pence_per_month))

/// How much retention would erase at its next sweep: cases as a whole (safeguarding notes apart), and single
/// safeguarding notes.
struct due_counts {
  std::int64_t cases = 0;
  std::int64_t notes = 0;
  friend bool operator==(const due_counts&, const due_counts&) = default;
};
BOOST_DESCRIBE_STRUCT(due_counts, (), (cases, notes))

/// Why something was not done. A value, never an exception: whatever a user can cause is one of these.
struct refusal {
  refusal_code code = refusal_code::unavailable;
  std::string detail;
  std::vector<field_error> errors;
  std::optional<upgrade_offer> upgrade;
  /// The thing that stands in the way, only for those who may know of it.
  std::optional<uuid> existing;
  /// Seconds, with `too_many_requests` and `unavailable`.
  std::optional<std::int64_t> retry_after;
  /// With `confirmation_needed`: what would become due.
  std::optional<due_counts> due = {};

  static refusal not_found() {
    return {refusal_code::not_found, "There is nothing here, or it is not yours to see.", {}, {}, {}, {}};
  }
  static refusal not_permitted(std::string detail = "Your role does not allow this.") {
    return {refusal_code::not_permitted, std::move(detail), {}, {}, {}, {}};
  }
  static refusal conflict(refusal_code code, std::string detail) {
    return {code, std::move(detail), {}, {}, {}, {}};
  }
  static refusal invalid(std::string field, std::string code, std::string message) {
    return {refusal_code::invalid,
            "Some of the input cannot be accepted.",
            {field_error{std::move(field), std::move(code), std::move(message)}},
            {},
            {},
            {}};
  }
  static refusal unavailable(
      std::string detail = "The service cannot do this right now. Try again shortly.") {
    return {refusal_code::unavailable, std::move(detail), {}, {}, {}, 2};
  }
  friend bool operator==(const refusal&, const refusal&) = default;
};
BOOST_DESCRIBE_STRUCT(refusal, (), (code, detail, errors, upgrade, existing, retry_after, due))

/// What `decide` answers: the events that follow, or why not.
template <class Event>
using outcome = std::variant<std::vector<Event>, refusal>;

}  // namespace model
