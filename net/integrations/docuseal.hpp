#pragma once
#include <chrono>
#include <memory>
#include <string>

#include "actors/signing_service.hpp"

namespace net::integrations {

struct docuseal_settings {
  /// Without a slash at the end.
  std::string url = "https://api.docuseal.com";
  /// X-Auth-Token.
  std::string key;
  /// For one call at most. Four of them, as many as one look may take, stay within the signer's lease.
  std::chrono::milliseconds patience{60'000};
};

/// DocuSeal's API: one request for each document, made of its PDF and of a page to sign, or
/// of a form that it fills in, mailed to one signer
/// by DocuSeal itself. Of several threads, one at a time. Throws std::invalid_argument for an address that is
/// none, or a key that no header can hold.
std::shared_ptr<actors::signing_service> docuseal(const docuseal_settings& settings);

/// Whether what DocuSeal made is fetched from there: from the host of its API, or from the one whose `api` it
/// is, over the same scheme. An answer of the API names these addresses, a webhook does not.
bool is_docuseal_file(const std::string& api_url, const std::string& file_url);

}  // namespace net::integrations
