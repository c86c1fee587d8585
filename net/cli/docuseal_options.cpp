#include "net/cli/docuseal_options.hpp"

#include <CLI/CLI.hpp>

#include "net/cli/command_line.hpp"
#include "net/integrations/docuseal.hpp"

namespace net::cli {

void docuseal_options(CLI::App& app, options& o) {
  app.add_option("--docuseal-url", o.docuseal_url, "Where DocuSeal's API is, if documents are signed there")
      ->capture_default_str()
      ->envname("KEYWORK_DOCUSEAL_URL");
  app.add_option("--docuseal-key", o.docuseal_key,
                 "DocuSeal's API key, better in the environment; without one documents to sign go by mail")
      ->envname("KEYWORK_DOCUSEAL_KEY");
  app.add_option("--docuseal-webhook-secret", o.docuseal_webhook_secret,
                 "The HMAC signing secret of DocuSeal's webhook, better in the environment")
      ->envname("KEYWORK_DOCUSEAL_WEBHOOK_SECRET");
}

std::shared_ptr<actors::signing_service> signing_for(const options& o) {
  if (o.docuseal_key.empty()) {
    if (o.docuseal_webhook_secret.empty()) return nullptr;
    throw usage_error("--docuseal-webhook-secret: there is no DocuSeal without --docuseal-key");
  }
  try {
    return integrations::docuseal({o.docuseal_url, o.docuseal_key});
  } catch (const std::invalid_argument& e) {
    throw usage_error(std::string("--docuseal-url, --docuseal-key: ") + e.what());
  }
}

}  // namespace net::cli
