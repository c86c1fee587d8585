#pragma once
#include <filesystem>
#include <memory>
#include <vector>

#include "actors/erased_mail.hpp"
#include "actors/mail_transport.hpp"
#include "net/mail/address.hpp"

namespace net::mail {

/// Writes each mail as `<written_at>-<id>.eml` into a folder, readable by its owner only: a listing is in
/// order of time, and a second attempt replaces the first, so at least once becomes once. A reader sees whole
/// files or none.
/// Makes the folder (mode 0700) where it is missing; throws std::invalid_argument, saying why, where it
/// cannot, or where the sender's address is none.
std::unique_ptr<actors::mail_transport> make_folder_transport(std::filesystem::path folder, sender from);

/// Removes what such a transport has written of these mails; of one that it never wrote there is nothing to
/// remove. Throws std::system_error where it cannot.
void remove_from_folder(const std::filesystem::path& folder, const std::vector<actors::erased_mail>& mails);

}  // namespace net::mail
