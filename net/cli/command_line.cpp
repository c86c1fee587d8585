#include "net/cli/command_line.hpp"

#include <CLI/CLI.hpp>
#include <iostream>

#include "actors/log.hpp"

namespace net::cli {

void say(std::string_view line) { std::cerr << "keywork: " << line << std::endl; }
void tell(std::string_view line) { std::cout << "keywork: " << line << std::endl; }

struct command_line::parts {
  options given;
  CLI::App app{
      "Keywork keeps the welfare workspace of supported tenants.\n"
      "Settings can also stand in the environment (KEYWORK_…) or in a file given with --config."};
  std::function<int()> chosen;
};

command_line::command_line() : parts_(std::make_unique<parts>()) {
  auto& app = parts_->app;
  app.require_subcommand(1);
  app.allow_config_extras(false);
  app.set_config("--config", "", "Read options from this file (name=value under [command])")
      ->envname("KEYWORK_CONFIG");
}
command_line::~command_line() = default;

CLI::App& command_line::add(const char* name, const char* help, action what) {
  return add(parts_->app, name, help, std::move(what));
}

CLI::App& command_line::add(CLI::App& group, const char* name, const char* help, action what) {
  auto* sub = group.add_subcommand(name, help);
  sub->fallthrough();
  common_options(*sub, parts_->given);
  sub->callback(
      [p = parts_.get(), what = std::move(what)] { p->chosen = [p, what] { return what(p->given); }; });
  return *sub;
}

CLI::App& command_line::group(const char* name, const char* help) {
  auto* sub = parts_->app.add_subcommand(name, help);
  sub->require_subcommand(1);
  return *sub;
}

void command_line::add_plain(const char* name, const char* help, std::function<int()> what) {
  parts_->app.add_subcommand(name, help)->callback([p = parts_.get(), what = std::move(what)] {
    p->chosen = what;
  });
}

options& command_line::given() { return parts_->given; }

int command_line::run(int argc, char** argv) {
  try {
    parts_->app.parse(argc, argv);
  } catch (const CLI::Success& e) {
    return parts_->app.exit(e);
  } catch (const CLI::ParseError& e) {
    throw usage_error(e.what());
  }
  actors::log::set_level(parts_->given.log_level);
  return parts_->chosen();
}

}  // namespace net::cli
