#pragma once
#include <sys/types.h>

#include <boost/json.hpp>
#include <cstdint>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "actors/mail_transport.hpp"
#include "net/mail/smtp_settings.hpp"

/// What the mail tests stand on: a folder, an honest SMTP server, a dishonest one, and a second reader.
namespace mail_tests {

/// A folder that is gone when the test is.
class temporary_folder {
 public:
  temporary_folder();
  ~temporary_folder();
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
  const std::filesystem::path& path() const { return path_; }
  /// The names of the files that end in `.eml`, in order.
  std::vector<std::string> mails() const;

 private:
  std::filesystem::path path_;
};

std::string contents_of(const std::filesystem::path& file);

/// Runs a program to its end and answers what it printed; throws where it fails.
std::string run(const std::vector<std::string>& command);

/// What Python's email package finds in the file: see mail_reader.py.
boost::json::object read_by_python(const std::filesystem::path& eml);

/// Debian's aiosmtpd: see smtp_sink.py for the options.
class smtp_sink {
 public:
  explicit smtp_sink(const std::filesystem::path& folder, const std::vector<std::string>& options = {});
  ~smtp_sink();
  smtp_sink(const smtp_sink&) = delete;
  smtp_sink& operator=(const smtp_sink&) = delete;
  std::uint16_t port() const { return port_; }

 private:
  pid_t process_ = -1;
  int input_ = -1;
  std::uint16_t port_ = 0;
};

/// What answers as Resend does: see resend_stub.py for the words of the script.
class resend_stub {
 public:
  explicit resend_stub(const std::filesystem::path& folder, const std::string& script = {},
                       const std::vector<std::string>& options = {});
  ~resend_stub();
  resend_stub(const resend_stub&) = delete;
  resend_stub& operator=(const resend_stub&) = delete;
  std::uint16_t port() const { return port_; }
  /// The n-th request, from 0.
  boost::json::object request(int n) const;
  int requests() const;
  /// The mails that were made, each key once.
  boost::json::array mails() const;

 private:
  std::filesystem::path folder_;
  pid_t process_ = -1;
  int input_ = -1;
  std::uint16_t port_ = 0;
};

/// A certificate for `host`, its own authority, and its key, as PEM files `<host>.pem` and `<host>.key`.
void make_certificate(const std::filesystem::path& folder, const std::string& host);

/// A server that says what it is told to, on one connection. The script's first entry is the greeting, each
/// further one answers a command line (or, behind a 354, the whole content). Special entries: `close` hangs
/// up, `silence` says nothing more until the client has gone, `drip` sends bytes of a reply that never ends.
class scripted_server {
 public:
  explicit scripted_server(std::vector<std::string> script);
  ~scripted_server();
  std::uint16_t port() const { return port_; }
  /// Everything the client has sent; complete once the client has gone.
  std::string heard();

 private:
  void serve();
  bool say(const std::string& entry);

  std::vector<std::string> script_;
  int listener_ = -1, connection_ = -1;
  std::uint16_t port_ = 0;
  std::string heard_;
  std::thread thread_;
};

/// An invitation that can be sent.
actors::outgoing_mail an_invite();
/// Settings for a server on this machine, in the clear, with limits fit for a test.
net::mail::smtp_settings local(std::uint16_t port);

}  // namespace mail_tests
