#pragma once
#include <filesystem>
#include <memory>
#include <string>

namespace actors {
class house;
}

namespace net {

struct front_options {
  /// `ADDRESS:PORT`; IPv6 in brackets; port 0 takes a free one.
  std::string listen = "127.0.0.1:8080";
  std::string admin_listen = "127.0.0.1:8081";
  /// Where people reach the service; empty means `http://` and what is listened on.
  std::string public_url;
  /// What the mail provider signs its webhooks with, `whsec_…`; empty: there are none.
  std::string resend_webhook_secret;
  /// What the signing service signs its webhooks with; empty: there are none.
  std::string docuseal_webhook_secret;
  /// Large uploads are kept in a directory below it while they arrive; empty: in the system's temporary one.
  std::filesystem::path data;
  /// Streams of live updates that may be open at one time.
  std::size_t event_streams = 2'500;
};

/// The two listeners and the edge actors behind them. Binds at once and answers 503 until it is opened.
class front {
 public:
  /// Throws std::invalid_argument for an address that cannot be, std::runtime_error for one that cannot be
  /// had.
  explicit front(front_options options);
  ~front();
  front(const front&) = delete;
  front& operator=(const front&) = delete;

  /// Without a slash at the end.
  const std::string& public_url() const;
  /// `ADDRESS:PORT` of the admin listener.
  const std::string& admin_address() const;

  /// From now on the house answers. It has to outlive this object's `stop`.
  void open(actors::house& h);
  /// Takes no more, lets what is under way be answered, and ends the edge actors.
  void stop();

 private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

}  // namespace net
