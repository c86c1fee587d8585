#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

#include "actors/services.hpp"

namespace CLI {
class App;
}

namespace net {

/// What the command line, the environment and the configuration file can say to every command and to `serve`.
/// What else a command takes it keeps itself (net/cli/).
struct options {
  std::filesystem::path data = "./data";
  std::string database_url;
  std::string migration_url;
  std::string listen = "127.0.0.1:8080";
  std::string admin_listen = "127.0.0.1:8081";
  std::string public_url;
  std::string mail;
  std::string mail_from = "keywork@localhost.localdomain";
  std::string mail_authorities;
  std::string resend_key;
  std::string resend_webhook_secret;
  std::string docuseal_url = "https://api.docuseal.com";
  std::string docuseal_key;
  std::string docuseal_webhook_secret;
  std::string log_level = "info";
  std::size_t stores = 0;
  std::int64_t resident_cases = actors::limits{}.resident_cases;
  std::size_t event_streams = 2'500;
  bool demo = false;
  /// With `demo`: what time it is to be, and how fast it runs; empty for the machine's.
  std::string clock;
};

/// What every command takes.
void common_options(CLI::App& app, options& o);
/// What `serve` and the commands that print links take.
void address_options(CLI::App& app, options& o);
void serve_options(CLI::App& app, options& o);

/// Where people reach the service, as far as the options say.
std::string base_url(const options& o);

}  // namespace net
