#pragma once
#include <string>
#include <vector>

#include "net/cli/command_line.hpp"

namespace actors {
struct demo_person;
}

namespace net::cli {

// Each adds a command, or a group of them, to the command line.
void add_migrate(command_line& to);
void add_demo(command_line& to);
void add_org(command_line& to);
void add_audit(command_line& to);
void add_outbox(command_line& to);
void add_digest(command_line& to);
void add_backup(command_line& to);
void add_restore(command_line& to);
void add_retention(command_line& to);
void add_token(command_line& to);
void add_openapi(command_line& to);
void add_version(command_line& to);

/// The people of the demo world, with links that begin with `url`. `speed`: of the clock by which they
/// expire.
void print_demo(const std::vector<actors::demo_person>& people, const std::string& url, int speed = 1);

}  // namespace net::cli
