#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/mail.hpp"
#include "odb/rows.hpp"

/// The outbox: mails on their way, and what becomes of them. As keywork_mailer where nothing else is said.
namespace store {

class session;

/// A mail on its way. `nonce` is of its link, if it has one.
struct outbox_row {
  model::mail_id id;
  std::optional<model::org_id> org;
  std::optional<model::case_id> of_case;
  std::string to_address;
  std::string to_name;
  std::string template_name;
  model::fields values;
  std::optional<std::string> nonce;
  /// Of an invite's, when somebody ended it, if that was before.
  std::optional<model::instant> link_expires_at;
  /// With this one.
  std::int32_t attempts = 0;
  model::instant written_at;
  /// Since it was written or somebody had it tried again.
  model::instant first_tried_at;
  /// The first attempt of which nobody can say whether the mail went out with it.
  std::optional<model::instant> unsure_since;
  /// How often somebody had it sent again after it had failed.
  std::int32_t resends = 0;
};

struct outbox_counts {
  std::int64_t queued = 0;
  std::int64_t retrying = 0;
  std::int64_t failed = 0;
};

/// Takes up to `most` mails that are due, the oldest first, and marks them as being sent until `until`. To
/// one address they go one after the other, in the order of their ids: none is taken while an earlier one is
/// queued, being sent or waiting for another attempt, whoever takes it.
std::vector<outbox_row> take_due_mails(session& s, model::instant now, model::instant until,
                                       std::size_t most);

/// What became of an attempt: of the one that `attempt` names, so that a mailer whose time was over changes
/// nothing any more. That it was sent counts always.
struct mail_attempt {
  model::mail_id id;
  std::int32_t attempt = 0;
};
void mail_sent(session& s, const mail_attempt& which, model::instant now,
               const std::string& provider_id = {});
/// `unsure`: nobody can say whether the mail went out with it.
void mail_retry(session& s, const mail_attempt& which, model::instant next, const std::string& error,
                bool unsure = false);
void mail_failed(session& s, const mail_attempt& which, model::instant now, const std::string& error);
outbox_counts count_outbox(session& s);
/// What is to wait longer than any mail ever waits was written while the clock was ahead: it is due now.
void mend_waits(session& s, model::instant now);

/// A mail's way, for people; without its words.
struct outbox_line {
  model::mail_id id;
  std::optional<model::org_id> org;
  std::string to_address;
  std::string template_name;
  model::mail_state state = model::mail_state::queued;
  std::int32_t attempts = 0;
  std::optional<std::string> last_error;
  model::instant next_attempt_at;
  model::instant written_at;
  std::optional<model::instant> sent_at;
  std::optional<model::instant> delayed_at;
  std::optional<model::instant> delivered_at;
  std::optional<model::instant> bounced_at;
  std::optional<model::instant> complained_at;
  std::optional<std::string> fate_reason;
};

/// An organisation's, newest first, as this person (keywork_person): for its admins, to everybody else there
/// are none.
std::vector<outbox_line> outbox_of(session& s, model::user_id who, model::org_id org,
                                   std::optional<model::mail_state> state, const page& wanted);
/// What decides whether a mail can be sent again by hand.
struct mail_to_retry {
  model::mail_state state = model::mail_state::queued;
  /// The link in it was used, has expired, or was replaced or withdrawn: sent again it leads nowhere.
  bool link_is_void = false;

  bool can_be_retried() const { return !link_is_void && model::can_be_retried(state); }
};
/// A mail of the organisation's, as this person sees it at `now`.
std::optional<mail_to_retry> find_mail_to_retry(session& s, model::user_id who, model::org_id org,
                                                model::mail_id id, model::instant now);
/// Everybody's, newest first.
std::vector<outbox_line> whole_outbox(session& s, std::optional<model::mail_state> state, const page& wanted);

/// Who has mails tried again from the command line, when, and the id of the entry in the organisation's log.
struct retry_by_command {
  std::string by;
  model::instant now;
  model::audit_id entry;
};
/// Puts a mail that failed or waits for another attempt back to the beginning of its way; nothing where there
/// is none, else how it was found. One that cannot be retried stays as it is.
std::optional<mail_to_retry> retry_by_hand(session& s, model::mail_id id, const retry_by_command& how);

/// What a provider tells of a mail.
struct mail_news {
  /// Of the telling, and the provider: told twice is told once.
  std::string source, id;
  std::string provider_id;
  /// Ours, where the provider gave it back.
  std::optional<model::mail_id> mail;
  enum class what { sent, delayed, delivered, bounced, complained } told = what::sent;
  model::instant at;
  std::optional<std::string> reason;
};
enum class news_taken { taken, known_already, of_no_mail };
news_taken take_mail_news(session& s, const mail_news& news, model::instant now);
/// Forgets some of what was told more than a day ago.
void forget_receipts(session& s, model::instant now);

/// What a case is to hear of an invite's mail.
struct invite_news {
  model::mail_id mail;
  model::org_id org;
  model::case_id of_case;
  model::collaborator_id row;
  model::mail_fate fate = model::mail_fate::delivered;
  model::instant at;
  std::optional<std::string> reason;
  /// How much of it is told with this.
  std::int32_t up_to = 0;
};
/// The mails behind `after`, in the order of their ids, whose cases do not know all.
std::vector<invite_news> untold_invites(session& s, model::uuid after, std::size_t most);
void invite_told(session& s, model::mail_id mail, std::int32_t up_to);

}  // namespace store
