#include "net/cli/mail_settings.hpp"

#include <CLI/CLI.hpp>

#include "net/cli/command_line.hpp"
#include "net/mail/make_transport.hpp"

namespace net::cli {

void mail_options(CLI::App& app, options& o) {
  app.add_option(
         "--mail", o.mail,
         "Where mails go: file:DIR, smtp://[user:password@]host:port, smtps://… or resend: [file: and "
         "DATA/mail]")
      ->envname("KEYWORK_MAIL");
  app.add_option("--mail-from", o.mail_from, "The sender of every mail")
      ->capture_default_str()
      ->envname("KEYWORK_MAIL_FROM");
  app.add_option(
         "--mail-authorities", o.mail_authorities,
         "A PEM file or directory of certificate authorities, in place of the system's, for mail servers")
      ->envname("KEYWORK_MAIL_AUTHORITIES");
  app.add_option("--resend-key", o.resend_key,
                 "Resend's API key for --mail resend:, better in the environment")
      ->envname("KEYWORK_RESEND_KEY");
  app.add_option("--resend-webhook-secret", o.resend_webhook_secret,
                 "The signing secret of Resend's webhook, whsec_…, better in the environment")
      ->envname("KEYWORK_RESEND_WEBHOOK_SECRET");
}

std::shared_ptr<actors::mail_transport> mail_for(const options& o) {
  const auto where = o.mail.empty() ? "file:" + (o.data / "mail").string() : o.mail;
  try {
    mail::smtp_limits limits;
    limits.whole = std::chrono::seconds{60};  // well within the mailer's lease
    return mail::make_transport(where, mail::sender{o.mail_from, "Keywork"}, limits,
                                {o.resend_key, o.mail_authorities});
  } catch (const std::invalid_argument& e) {
    throw usage_error(std::string("--mail, --mail-from: ") + e.what());
  }
}

}  // namespace net::cli
