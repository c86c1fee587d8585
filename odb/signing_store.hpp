#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "odb/session.hpp"

/// The requests to the signing service (role keywork_signer); see 0013_signatures.sql.
namespace store {

/// A request of which something is to be done now.
struct due_signature {
  model::signature_id id;
  model::org_id org;
  model::case_id of_case;
  model::document_id document;
  /// An earlier attempt may have brought it to the service.
  bool tried = false;
  /// Of this step, this one included.
  std::int32_t attempts = 0;
  /// The service's number of it, where it has it.
  std::optional<std::int64_t> submission = {};
  std::optional<model::instant> sent_at = {};
  /// The case knows that it was signed; what is still wanted are files.
  bool completed = false;
  bool has_copy = false;
  bool has_audit = false;
  model::instant taken_until = {};
};

/// The first that is due, taken until `until`: before that nobody else gets it.
std::optional<due_signature> take_due_signature(session& s, model::instant now, model::instant until);

/// Where the service itself tells who signed when. In place of what it said before.
void keep_signing_audit_url(session& s, const due_signature& what, const std::string& url);
/// The same, as this person may know it; nothing for whoever may not, and where the service has told none.
std::optional<std::string> signing_audit_url(session& s, model::user_id who, model::org_id org,
                                             model::case_id of_case, model::document_id document);

/// The service has it. It is looked after at `next`; at once where the service has told of it already.
void signature_sent(session& s, const due_signature& what, std::int64_t submission, model::instant now,
                    model::instant next);
/// Nothing came of this attempt. `may_have_arrived` as long as the service may have it all the same.
void signature_retry(session& s, const due_signature& what, bool may_have_arrived, model::instant next,
                     const std::string& error);
/// It is with the service, and there is nothing new; `error` where it could not be asked.
void signature_unchanged(session& s, const due_signature& what, model::instant next,
                         const std::optional<std::string>& error);
/// It has come to its end, which the case knows. Where files are still to come, `next` says when to look.
void signature_settled(session& s, const due_signature& what, model::signing_status outcome,
                       model::instant now, std::optional<model::instant> next,
                       const std::optional<std::string>& error);

struct signature_counts {
  /// With us or with the service, without an outcome.
  std::int64_t waiting = 0;
  std::int64_t failed = 0;
};
signature_counts count_signatures(session& s);

/// What the service told of a request, by our id or, where that was not named, by its own number.
struct signature_notice {
  std::string event_type;
  std::int64_t subject = 0;
  std::string told_at;
  std::optional<model::signature_id> request;
  std::optional<std::int64_t> submission;
};
enum class notice_result { kept, known_already, not_ours };
/// Writes it down, once; the request is looked after at once.
notice_result keep_notice(session& s, const signature_notice& told, model::instant now);

/// What is sent to be signed, with what is printed beside its text.
struct signing_papers {
  mailed_document document;
  std::string organisation;
  std::string tenant;
  std::string time_zone;
  /// What fills the form that is signed, as it was written down with the text; empty where there is none.
  std::string signing_values = {};
};
/// Nothing where the document is not there, or not sent for signature (role keywork_loader).
std::optional<signing_papers> load_signing_papers(session& s, const due_signature& what);

}  // namespace store
