#include "net/mail/smtp_transport.hpp"

#include <Poco/Exception.h>

#include <optional>
#include <stdexcept>

#include "net/mail/message.hpp"
#include "net/mail/smtp_session.hpp"
#include "net/mail/unsendable.hpp"

namespace net::mail {
namespace {

class smtp_transport final : public actors::mail_transport {
 public:
  smtp_transport(smtp_settings settings, Poco::Net::Context::Ptr context)
      : settings_(std::move(settings)), context_(std::move(context)) {}

  actors::delivery deliver(const actors::outgoing_mail& mail) override {
    using actors::delivery_outcome;
    const integrations::without_sigpipe guard;  // while the session closes, too
    std::optional<smtp_session> session;
    const auto later = [&](const std::string& why) {
      actors::delivery d{delivery_outcome::try_later, place() + ": " + why};
      d.unsure = session && session->is_in_doubt();
      return d;
    };
    try {
      const auto message = message_of(mail, settings_.from);
      session.emplace(settings_, context_);
      const auto outcome = session->submit(mail.to_address, message);
      return {outcome.verdict, place() + ": " + outcome.text};
    } catch (const unsendable& e) {
      return {delivery_outcome::refused, e.what()};
    } catch (const wire_failure& e) {
      return later(e.what());
    } catch (const Poco::Exception& e) {
      return later(e.displayText());
    }
  }

 private:
  std::string place() const { return "mail server " + settings_.host + ":" + std::to_string(settings_.port); }

  smtp_settings settings_;
  Poco::Net::Context::Ptr context_;
};

void check(const smtp_settings& s) {
  if (!is_wire_address(s.from.address))
    throw std::invalid_argument("the sender's address is not an e-mail address");
  if (s.host.empty() || s.port == 0) throw std::invalid_argument("a mail server needs a host and a port");
  if (s.user.empty() != s.password.empty()) {
    throw std::invalid_argument("a mail server's user and password go together: give both or neither");
  }
  const bool clear = s.security == smtp_security::none || s.security == smtp_security::offered;
  if (!s.user.empty() && clear && !integrations::is_loopback_name(s.host)) {
    throw std::invalid_argument("a password goes to another machine over TLS only");
  }
}

}  // namespace

std::unique_ptr<actors::mail_transport> make_smtp_transport(smtp_settings settings) {
  check(settings);
  Poco::Net::Context::Ptr context;
  if (settings.security != smtp_security::none) {
    try {
      context = integrations::make_client_context(settings.authorities);
    } catch (const Poco::Exception& e) {
      throw std::invalid_argument("the certificate authorities cannot be read: " + e.displayText());
    }
  }
  return std::make_unique<smtp_transport>(std::move(settings), std::move(context));
}

}  // namespace net::mail
