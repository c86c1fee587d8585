#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace store {

/// Internal to backups: PostgreSQL's own client programs, such as pg_dump.

/// The program for a server of this major version: the same version's where it is installed, else a newer
/// one's. From KEYWORK_PG_BIN, else from /usr/lib/postgresql. Throws cluster_error.
std::filesystem::path find_client(const std::string& name, int server_major);

/// Runs the program to its end with `arguments` and the database that `conninfo` names, or without any where
/// that is empty. A password goes through the environment, which other users cannot read. Calls `meanwhile`
/// every other second. The child ends with this program, kill -9 included. Throws cluster_error with the
/// first thing that the program said was wrong; what it quotes of rows is left out.
void run_client(const std::filesystem::path& program, std::vector<std::string> arguments,
                const std::string& conninfo, const std::function<void()>& meanwhile = {});

}  // namespace store
