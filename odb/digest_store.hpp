#pragma once
#include <optional>
#include <string>
#include <vector>

#include "model/digest_ledger.hpp"
#include "model/org_commands.hpp"
#include "odb/session.hpp"

/// The digests of housing officers (R33 to R35): read under role keywork_digest, which is bound to one
/// organisation and to one recipient at a time, and kept in a ledger whose rows are what makes each one once.
namespace store {

// --- what is due

/// An organisation whose digests may be due.
struct digest_due {
  model::org_id org;
  std::string time_zone;
  std::string tier;
  model::digest_progress so_far;
};
/// Whether the database's clock is within an hour of `real_now`: a clock that has been set years ahead must
/// not send the digests of all those months. Asked as keywork_digest, whoever wants to know.
bool clocks_agree(session& s, model::instant real_now);
/// At most `most` of them, the longest due first. One that is older than digests are begins `now`.
std::vector<digest_due> due_digests(session& s, model::instant now, std::size_t most);
/// The same for one organisation, due or not.
std::optional<digest_due> digests_of(session& s, model::org_id org, model::instant now);
/// Writes down how far `what` has come, and when there is something to do again; unless its time zone is
/// another one now.
void keep_progress(session& s, const digest_due& what, model::instant next_at);

struct digest_recipient {
  model::user_id user;
  std::string email;
  std::string full_name;
};
/// R33, in the order of their ids; those behind `after`.
std::vector<digest_recipient> digest_recipients(session& s, model::org_id org, model::user_id after,
                                                std::size_t most);

/// `known`: there was a line for it already.
enum class digest_outcome { queued, empty, known };
/// Puts the digest into the ledger with its mail in the outbox, or with nothing where there is nothing to
/// say: in one transaction, and once, whoever else does so at the same time.
digest_outcome plan_digest(session& s, model::org_id org, const model::month& month,
                           const digest_recipient& to, model::digest_id id, model::mail_id mail,
                           model::instant now);

// --- when it is sent

/// A mail that is about to go. `may_be_out`: an earlier attempt may have sent it.
struct digest_attempt {
  model::org_id org;
  model::digest_id id;
  model::mail_id mail;
  bool may_be_out = false;
};
/// What a mail says; or why it must not go any more, and its row in the outbox is gone, or settled by another
/// mailer meanwhile.
struct digest_to_send {
  std::optional<model::digest> said;
  std::string why_not;
};
/// Who is told what is settled here, right before each attempt. Where it may be out, the same is said once
/// more, or, where that may no longer be said, nothing.
digest_to_send prepare_digest(session& s, const digest_attempt& what, model::instant now);

// --- for the organisation's admins

/// What is told now; in full where it is `one`'s. Without a recipient of that id, nothing.
std::vector<model::digest_preview_line> preview_digests(session& s, model::org_id org,
                                                        const model::month& month,
                                                        std::optional<model::user_id> one,
                                                        model::instant now);

struct digest_query {
  model::org_id org;
  std::optional<model::month> month;
  page wanted;
};
/// Newest first, under the caller's row-level security.
std::vector<model::digest_line> list_digests(session& s, model::user_id who, const digest_query& query);
std::optional<model::resend_facts> find_digest(session& s, model::user_id who, model::org_id org,
                                               model::digest_id id);

// --- for who runs the service

/// An organisation's digests of one month in numbers.
struct digest_month_row {
  model::month month;
  model::digest_state state = model::digest_state::queued;
  std::int64_t count = 0;
};
struct digest_organisation {
  model::org_id org;
  std::string name;
};
/// Those that could have digests.
std::vector<digest_organisation> digest_organisations(session& s);
std::vector<digest_month_row> count_digests(session& s, model::org_id org);

}  // namespace store
