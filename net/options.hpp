#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

#include "actors/services.hpp"

namespace CLI {
class App;
}

namespace net {

/// Everything that the command line, the environment and the configuration file can say.
struct options {
  std::filesystem::path data = "./data";
  std::string database_url;
  std::string migration_url;
  std::string listen = "127.0.0.1:8080";
  std::string admin_listen = "127.0.0.1:8081";
  std::string public_url;
  std::string mail;
  std::string mail_from = "keywork@localhost.localdomain";
  std::string log_level = "info";
  std::size_t stores = 0;
  std::int64_t resident_cases = actors::limits{}.resident_cases;
  bool demo = false;
  bool dry_run = false;

  std::string org_name;
  std::string org_tier = "enterprise";
  std::string org_id;
  std::string admin_email;
  std::string admin_name;

  std::string audit_from;
  std::string audit_to;
  std::string audit_head;
};

/// What every command takes.
void common_options(CLI::App& app, options& o);
void serve_options(CLI::App& app, options& o);
void audit_options(CLI::App& app, options& o);

}  // namespace net
