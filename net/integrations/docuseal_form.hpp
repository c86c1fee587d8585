#pragma once
#include <string>
#include <variant>

#include "actors/signing_service.hpp"
#include "net/json_tree.hpp"

namespace net::integrations::docuseal_parts {

/// The body of POST /submissions for a document that is signed on a form: `form` is DocuSeal's template as
/// its API describes it now. Those of its fields whose names are those of merge fields get their values,
/// which the signer cannot change. A trouble where the form is none for the approved text and its one signer.
std::variant<std::string, actors::signing_trouble> form_submission_of(const actors::signing_order& what,
                                                                      const json_node& form);

/// What is said where there is no such form, or another organisation's, which is the same to whoever asks.
std::string no_form_text(std::int64_t number);

}  // namespace net::integrations::docuseal_parts
