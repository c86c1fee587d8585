#include "odb/demo_store.hpp"

#include <stdexcept>

#include "odb/pg.hpp"

namespace store {
namespace {

sql_connection as_provisioner(const std::string& conninfo) {
  sql_connection connection(conninfo);
  connection.script("SET ROLE keywork_provisioner");
  return connection;
}

model::instant instant_of(std::string_view text) {
  const auto read = model::parse_instant(text);
  if (!read) throw std::runtime_error("keywork.demo_installation holds a time that is none");
  return *read;
}

}  // namespace

void mark_demo(const std::string& conninfo) {
  as_provisioner(conninfo).script(
      "INSERT INTO keywork.demo_installation (only_one)"
      " SELECT true WHERE NOT EXISTS (SELECT FROM keywork.organisations) ON CONFLICT DO NOTHING");
}

std::optional<demo_installation> find_demo(const std::string& conninfo) {
  const auto row = as_provisioner(conninfo).exec(
      R"(SELECT to_char(clock_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),)"
      R"( to_char(real_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), speed, running FROM keywork.demo_installation)");
  if (row.rows() == 0) return std::nullopt;
  demo_installation found;
  if (!row.is_null(0, 0)) {
    found.last = kept_clock{instant_of(row.text(0, 0)), instant_of(row.text(0, 1)), {}, row.truth(0, 3)};
    if (!row.is_null(0, 2)) found.last->speed = static_cast<int>(row.number(0, 2));
  }
  return found;
}

void keep_clock(const std::string& conninfo, const kept_clock& clock) {
  as_provisioner(conninfo).exec(
      "UPDATE keywork.demo_installation"
      " SET clock_at = $1::timestamp, real_at = $2::timestamp, speed = $3::integer, running = $4::boolean",
      {model::to_text(clock.time), model::to_text(clock.real),
       clock.speed ? sql_text(std::to_string(*clock.speed)) : std::nullopt,
       std::string(clock.running ? "true" : "false")});
}

}  // namespace store
