#pragma once
// What the files docuseal*.cpp share.
#include <optional>
#include <string>
#include <vector>

#include "actors/signing_service.hpp"
#include "net/integrations/https_client.hpp"
#include "net/json_tree.hpp"

namespace net::integrations::docuseal_parts {

/// The body of POST /submissions/pdf. Throws mail::unsendable for a document that cannot be made a PDF.
std::string submission_of(const actors::signing_order& what);

/// An answer that is none of success, as what it means for the request. `asking` says that the question
/// changes nothing.
actors::signing_trouble trouble_with(const http_response& answer, bool asking);
actors::signing_trouble trouble_with(const http_failure& failure);

/// The body of an answer; nothing where it is no JSON.
std::optional<json_node> tree_of(const http_response& answer);
/// The number of the request that was made: in an object, or in the first of a list of signers.
std::optional<actors::submission_id> made_in(const json_node& answer);
/// Of the signers with this external_id, the request that is the oldest.
std::optional<actors::submission_id> oldest_of(const json_node& answer, const std::string& external_id);
std::optional<actors::signing_progress> progress_in(const json_node& answer);
/// A text member; empty where there is none.
std::string text_in(const json_node& object, std::string_view name);
/// The addresses of the documents of a request.
std::vector<std::string> documents_in(const json_node& answer);

}  // namespace net::integrations::docuseal_parts
