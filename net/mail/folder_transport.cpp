#include "net/mail/folder_transport.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "net/mail/compose.hpp"
#include "net/mail/message.hpp"
#include "net/mail/unsendable.hpp"

namespace net::mail {
namespace {

namespace fs = std::filesystem;

/// `20261121T093000.123456Z`: sorts as time does, in any listing.
std::string stamp(model::instant at) {
  using namespace std::chrono;
  const auto midnight = floor<days>(at);
  const year_month_day date{midnight};
  const hh_mm_ss time{at - midnight};
  char out[64];
  std::snprintf(out, sizeof out, "%04d%02u%02uT%02d%02d%02d.%06dZ", int{date.year()}, unsigned{date.month()},
                unsigned{date.day()}, static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()),
                static_cast<int>(time.subseconds().count()));
  return out;
}

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// A file that goes away again unless it is renamed into its place.
class temporary_file {
 public:
  explicit temporary_file(const fs::path& folder) : path_((folder / ".mail-XXXXXX").string()) {
    file_ = ::mkostemp(path_.data(), O_CLOEXEC);  // mode 0600
    if (file_ < 0) fail("cannot make a file in " + folder.string());
  }
  ~temporary_file() {
    if (file_ >= 0) ::close(file_);
    if (!renamed_) ::unlink(path_.c_str());
  }
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto written = ::write(file_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail("cannot write " + path_);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(file_) != 0) fail("cannot write " + path_);
  }
  void rename(const fs::path& to) {
    if (::rename(path_.c_str(), to.c_str()) != 0) fail("cannot rename to " + to.string());
    renamed_ = true;
  }

 private:
  std::string path_;
  int file_ = -1;
  bool renamed_ = false;
};

/// What an earlier program was writing when it was killed: nobody would ever remove it, not even an erasure.
void remove_drafts(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    const auto name = entry.path().filename().string();
    if (name.starts_with(".mail-") && name.size() == 12) fs::remove(entry.path());
  }
}

/// A rename is durable once its folder is.
void sync_folder(const fs::path& folder) {
  const int opened = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (opened < 0) fail("cannot open " + folder.string());
  const int failed = ::fsync(opened);
  ::close(opened);
  if (failed) fail("cannot write " + folder.string());
}

std::string name_of(model::instant written_at, const std::string& id) {
  return stamp(written_at) + "-" + id + ".eml";
}

class folder_transport final : public actors::mail_transport {
 public:
  folder_transport(fs::path folder, sender from) : folder_(std::move(folder)), from_(std::move(from)) {}

  actors::delivery deliver(const actors::outgoing_mail& mail) override {
    try {
      const auto message = message_of(mail, from_);
      const auto name = name_of(mail.written_at, mail.id);
      temporary_file file{folder_};
      file.write(message);
      file.rename(folder_ / name);
      sync_folder(folder_);
      return {actors::delivery_outcome::sent, "written to " + name};
    } catch (const unsendable& e) {
      return {actors::delivery_outcome::refused, e.what()};
    } catch (const std::system_error& e) {
      return {actors::delivery_outcome::try_later, e.what()};
    }
  }

 private:
  fs::path folder_;
  sender from_;
};

}  // namespace

std::unique_ptr<actors::mail_transport> make_folder_transport(fs::path folder, sender from) {
  if (!is_wire_address(from.address))
    throw std::invalid_argument("the sender's address is not an e-mail address");
  std::error_code error;
  const bool made = fs::create_directories(folder, error);
  if (!error && made) fs::permissions(folder, fs::perms::owner_all, error);
  if (!error && !fs::is_directory(folder)) error = std::make_error_code(std::errc::not_a_directory);
  if (!error && ::access(folder.c_str(), W_OK | X_OK) != 0) error = {errno, std::generic_category()};
  if (error)
    throw std::invalid_argument("mails cannot be written to " + folder.string() + ": " + error.message());
  remove_drafts(folder);
  return std::make_unique<folder_transport>(std::move(folder), std::move(from));
}

void remove_from_folder(const fs::path& folder, const std::vector<actors::erased_mail>& mails) {
  bool removed = false;
  for (const auto& mail : mails) {
    const auto path = folder / name_of(mail.written_at, model::to_text(mail.id));
    if (::unlink(path.c_str()) == 0)
      removed = true;
    else if (errno != ENOENT && errno != ENOTDIR)
      fail("cannot remove " + path.string());
  }
  if (removed) sync_folder(folder);
}

}  // namespace net::mail
