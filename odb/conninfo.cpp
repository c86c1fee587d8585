#include "odb/conninfo.hpp"

#include <libpq-fe.h>

#include <map>
#include <memory>
#include <stdexcept>

#include "odb/pg.hpp"

namespace store {
namespace {

// Parameterised row-level security costs most in planning: one generic plan per statement nearly doubles
// throughput.
constexpr auto session_options =
    " -c plan_cache_mode=force_generic_plan -c search_path=keywork -c statement_timeout=15s -c "
    "lock_timeout=5s"
    " -c idle_in_transaction_session_timeout=30s -c client_min_messages=error";

}  // namespace

std::string session_conninfo(const std::string& conninfo) {
  char* error = nullptr;
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> parsed(
      PQconninfoParse(conninfo.c_str(), &error), PQconninfoFree);
  PQfreemem(error);
  if (!parsed)
    throw std::invalid_argument(
        "the database's connection string is neither key=value pairs nor a postgresql:// URL");
  std::map<std::string, std::string> wanted{{"connect_timeout", "5"},      {"keepalives_idle", "10"},
                                            {"keepalives_interval", "5"},  {"keepalives_count", "3"},
                                            {"tcp_user_timeout", "20000"}, {"application_name", "keywork"}};
  std::string options;
  for (const auto* option = parsed.get(); option->keyword; ++option) {
    if (!option->val) continue;
    if (option->keyword == std::string_view("options"))
      options = option->val;
    else
      wanted[option->keyword] = option->val;
  }
  wanted["options"] = options + session_options;
  wanted["client_encoding"] = "UTF8";
  std::string text;
  for (const auto& [key, value] : wanted) text += conninfo_pair(key, value) + " ";
  return text;
}

}  // namespace store
