#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "odb/map/mapped-odb.hpp"
#include "odb/map/mapped.hpp"
#include "odb/session.hpp"
#include "odb/transaction.hpp"

/// Not public: what the session_*.cpp share.
namespace store {

using model::to_text;

struct session::implementation {
  explicit implementation(const std::string& conninfo) : database(conninfo) {}
  transactions database;
};

/// The only row, if there is one.
template <class Row>
std::optional<Row> first_of(odb::result<Row> rows) {
  for (auto& row : rows) return std::move(row);
  return std::nullopt;
}

template <class Row>
std::vector<Row> all_of(odb::result<Row> rows) {
  std::vector<Row> all;
  for (auto& row : rows) all.push_back(std::move(row));
  return all;
}

/// Where a list begins that has no `after`: behind every id there is.
inline constexpr model::uuid behind_all = {
    {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}};

/// Where nothing binds: a statement without values of its own.
struct no_values {};

/// Voids the usable links of this person for the same purpose, and for the same organisation and case, and
/// keeps `link` in their place (R37). As keywork_login.
void keep_link(unit& u, const model::magic_link& link, model::instant now);
/// The invites that end with an event: a colleague's to this place on a case, or a member's to the
/// organisation.
struct ended_invites {
  model::user_id user;
  model::org_id org;
  std::optional<model::collaborator_id> row;
};
/// Voids those that were not used. As keywork_login.
void void_invites(unit& u, const ended_invites& which, model::instant now);
/// Puts a mail into the outbox. As keywork_person for an organisation's, as keywork_login for a sign-in.
void keep_mail(unit& u, const model::mail_request& mail, std::optional<model::org_id> org,
               std::optional<model::case_id> of_case, model::instant now);
/// Puts a mail that is in this state back to the beginning of its way; false if it is in another by now. As
/// keywork_person or keywork_mailer.
bool queue_again(unit& u, model::mail_id id, model::mail_state was, model::instant now);
/// Makes a user with the identity container, where the user is to have one (R15). As keywork_login.
void keep_user(unit& u, const model::new_user& made, model::instant now);

/// Writes audit entries, each as the person whom it names, in the order in which they stand for each
/// organisation. As keywork_person, whoever that is, and last in its transaction: from here to the commit the
/// organisations' chains are locked, one after the other in the order of their ids, so that two transactions
/// cannot wait for each other. What they have locked before they must not wait for afterwards.
void keep_audit(unit& u, std::vector<model::audit_entry> entries);

/// The rows of a document and its content. As keywork_person; see session_documents.cpp.
void keep_document(unit& u, const model::document_created& e);
void keep_document(unit& u, const model::document_edited& e);
void keep_document(unit& u, const model::document_file_attached& e);
void keep_document(unit& u, const model::document_sent& e);
/// As keywork_person or keywork_signer, and as keywork_signer.
void keep_document(unit& u, const model::document_signed& e);
void keep_document(unit& u, const model::document_signed_copy_kept& e);

/// A copy's line in the ledger of digests. As keywork_person.
void keep_digest(unit& u, const model::digest_resent& e);

/// Ids for audit entries, in the order of their events within one transaction.
class audit_ids {
 public:
  explicit audit_ids(model::instant at);
  model::audit_id next();

 private:
  model::instant at_;
  std::array<std::uint8_t, 10> random_;
  unsigned count_ = 0;
};

}  // namespace store
