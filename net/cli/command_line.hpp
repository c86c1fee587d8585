#pragma once
#include <functional>
#include <memory>
#include <stdexcept>
#include <string_view>

#include "net/options.hpp"

namespace net::cli {

/// What is wrong with what was asked for: one line for the person at the terminal. The program ends with 2.
struct usage_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Progress, for a person who waits: on standard error.
void say(std::string_view line);
/// The same while `serve` runs: standard error is then the log's, in JSON alone.
void tell(std::string_view line);

/// Does what a command is for; answers the program's exit code.
using action = std::function<int(const options&)>;

/// The command line: what can be asked for, and what was.
class command_line {
 public:
  command_line();
  ~command_line();
  command_line(const command_line&) = delete;
  command_line& operator=(const command_line&) = delete;

  /// Adds a command with the options that every command takes. What it takes beside them its author adds to
  /// the CLI::App, and keeps in an object that the action holds, too.
  CLI::App& add(const char* name, const char* help, action what);
  /// The same below a group: `keywork org create`.
  CLI::App& add(CLI::App& group, const char* name, const char* help, action what);
  CLI::App& group(const char* name, const char* help);
  /// A command that needs neither data nor settings.
  void add_plain(const char* name, const char* help, std::function<int()> what);

  /// What the options will be once they are read.
  options& given();

  /// Reads the command line and does what it asks for. Throws usage_error, and what the command throws.
  int run(int argc, char** argv);

 private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

}  // namespace net::cli
