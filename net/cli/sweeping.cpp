#include "net/cli/sweeping.hpp"

#include <filesystem>

#include "net/mail/folder_transport.hpp"

namespace net::cli {
namespace {

namespace fs = std::filesystem;

/// Where this program has or may have written mails: the usual folder, whatever is chosen now, and that.
std::vector<fs::path> mail_folders(const options& o) {
  std::vector<fs::path> all{o.data / "mail"};
  if (o.mail.starts_with("file:")) all.emplace_back(o.mail.substr(5));
  return all;
}

}  // namespace

actors::retention_options retention_for(const options& o, const database& db) {
  actors::retention_options r;
  fs::create_directories(o.data);
  r.ledger = o.data / "erasures.log";
  r.remove_mails = [folders = mail_folders(o)](const std::vector<actors::erased_mail>& mails) {
    for (const auto& folder : folders)
      if (fs::is_directory(folder)) mail::remove_from_folder(folder, mails);
  };
  // Of somebody else's server the files are not ours to rewrite.
  if (o.database_url.empty()) r.scrubbed = db.owner();
  return r;
}

}  // namespace net::cli
