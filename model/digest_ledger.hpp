#pragma once
#include <optional>
#include <string>
#include <vector>

#include "model/digest.hpp"
#include "model/mail.hpp"

/// What went to whom, and what would: the digests as an organisation's admins see them.
namespace model {

/// `empty`: there was nothing to say, and no mail. `withdrawn`: taken back before it was sent, since it might
/// no longer be said.
enum class digest_state { queued, sent, failed, empty, withdrawn };
BOOST_DESCRIBE_ENUM(digest_state, queued, sent, failed, empty, withdrawn)

/// A line of the ledger: one for each organisation, month and recipient (R35), and one for each copy that an
/// admin asked for (`copy` counts from 0, which is the digest itself).
struct digest_entry {
  digest_id id;
  org_id org;
  model::month month;
  user_id recipient;
  std::string email;
  std::int32_t copy = 0;
  digest_state state = digest_state::queued;
  /// Of the outbox; none where there was nothing to say.
  std::optional<mail_id> mail;
  instant planned_at;
  /// When it came to be sent, failed, empty or withdrawn.
  std::optional<instant> settled_at;
  /// Why it was withdrawn.
  std::optional<std::string> reason;
  digest_counts counts;
};

/// What the outbox knows of a digest's mail.
struct digest_mail_way {
  std::int32_t attempts = 0;
  std::optional<std::string> last_error;
  std::optional<instant> delivered_at;
  std::optional<instant> bounced_at;
  std::optional<instant> complained_at;
};
/// A line of the ledger with the way of its mail, where it has one.
struct digest_line : digest_entry {
  std::optional<digest_mail_way> way;
};

struct digest_mail_view {
  mail_id id;
  std::int32_t attempts = 0;
  std::optional<std::string> last_error;
  std::optional<instant> delivered_at;
  std::optional<instant> bounced_at;
  std::optional<instant> complained_at;
};
BOOST_DESCRIBE_STRUCT(digest_mail_view, (),
                      (id, attempts, last_error, delivered_at, bounced_at, complained_at))

struct digest_recipient_view {
  user_id id;
  std::string email;
};
BOOST_DESCRIBE_STRUCT(digest_recipient_view, (), (id, email))

/// `month` is `2026-10`. `copy` is 0 for the digest itself.
struct digest_line_view {
  using is_view = void;
  digest_id id;
  std::string month;
  digest_recipient_view recipient;
  std::int32_t copy = 0;
  digest_state state = digest_state::queued;
  instant planned_at;
  std::optional<instant> settled_at;
  std::optional<std::string> reason;
  digest_counts counts;
  /// Null where there is none: of a withdrawn or an empty digest.
  std::optional<digest_mail_view> mail;
};
BOOST_DESCRIBE_STRUCT(digest_line_view, (),
                      (id, month, recipient, copy, state, planned_at, settled_at, reason, counts, mail))
using digest_page = part_page<digest_line_view>;

/// What a recipient is told, or would be: counted, and in full for the one who was asked for.
struct digest_preview_line {
  digest_recipient_view recipient;
  std::string full_name;
  digest_counts counts;
  if_permitted<model::digest> digest_;
};
BOOST_DESCRIBE_STRUCT(digest_preview_line, (), (recipient, full_name, counts, digest_))

digest_line_view view_digest(const digest_line& d);

/// The template of the digest's mail.
inline constexpr std::string_view digest_template = "housing_officer_digest";
/// The mail of a line of the ledger. It says which digest it is and nothing more: what that tells is read
/// when the mail is sent.
mail_request digest_mail(const digest_entry& e, const std::string& full_name);

}  // namespace model
