#pragma once
#include "model/org_commands.hpp"

namespace net {

/// The body of `POST /api/v1/sign-in`.
struct sign_in_input {
  model::email_text email;
};
BOOST_DESCRIBE_STRUCT(sign_in_input, (), (email))

/// The body of `POST /api/v1/sign-in/redeem`. A browser that did not ask for the link gives the address too
/// (R37).
struct redeem_input {
  model::text<200> token;
  std::optional<model::email_text> email;
};
BOOST_DESCRIBE_STRUCT(redeem_input, (), (token, email))

}  // namespace net
