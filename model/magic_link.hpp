#pragma once
#include <optional>
#include <string>

#include "model/describe.hpp"
#include "model/ids.hpp"

namespace model {

enum class link_purpose { sign_in, member_invite, case_invite };
BOOST_DESCRIBE_ENUM(link_purpose, sign_in, member_invite, case_invite)

/// What is kept of a link's token: its hash to find it again, and the nonce from which the mailer, who holds
/// the key, makes the token when the mail goes out. Neither opens anything (R37). Both as hexadecimal digits.
struct link_secret {
  std::string token_hash;
  std::string nonce;
  friend bool operator==(const link_secret&, const link_secret&) = default;
};
BOOST_DESCRIBE_STRUCT(link_secret, (), (token_hash, nonce))

/// A magic link (R37): single use, voided by the next one of the same purpose for the same person and case.
struct magic_link {
  link_id id;
  user_id user;
  link_purpose purpose = link_purpose::sign_in;
  std::optional<org_id> org;
  std::optional<case_id> of_case;
  std::optional<collaborator_id> collaborator;
  link_secret secret;
  instant created_at;
  instant expires_at;
  std::optional<instant> spent_at;
  std::optional<instant> voided_at;
};
BOOST_DESCRIBE_STRUCT(magic_link, (),
                      (id, user, purpose, org, of_case, collaborator, secret, created_at, expires_at,
                       spent_at, voided_at))

inline constexpr std::chrono::minutes sign_in_link_lifetime{10};
inline constexpr std::chrono::hours invite_link_lifetime{7 * 24};

/// Where new links' secrets come from; `decide` takes them as it takes ids.
class link_source {
 public:
  virtual ~link_source() = default;
  virtual link_secret next_secret() = 0;
};

}  // namespace model
