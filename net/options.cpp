#include "net/options.hpp"

#include <CLI/CLI.hpp>

namespace net {

void common_options(CLI::App& app, options& o) {
  app.add_option("--data", o.data, "Directory of the private PostgreSQL, the key and the mails")
      ->capture_default_str()
      ->envname("KEYWORK_DATA");
  app.add_option(
         "--database-url", o.database_url,
         "A PostgreSQL of your own instead of the private one: a libpq URL that signs in as keywork_service")
      ->envname("KEYWORK_DATABASE_URL");
  app.add_option(
         "--migration-url", o.migration_url,
         "With --database-url: a libpq URL of an administrator, to bring the schema up to date at start")
      ->envname("KEYWORK_MIGRATION_URL")
      ->needs("--database-url");
  app.add_option("--log-level", o.log_level, "How much is logged, as JSON lines on standard error")
      ->capture_default_str()
      ->envname("KEYWORK_LOG_LEVEL")
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}));
}

void address_options(CLI::App& app, options& o) {
  app.add_option("--public-url", o.public_url,
                 "Where people reach this service; links in mails begin with it "
                 "[http:// and --listen]")
      ->envname("KEYWORK_PUBLIC_URL");
  app.add_option("--listen", o.listen, "Address and port of the service; port 0 takes a free one")
      ->capture_default_str()
      ->envname("KEYWORK_LISTEN");
}

void serve_options(CLI::App& app, options& o) {
  app.add_option("--admin-listen", o.admin_listen,
                 "Address and port of /healthz, /readyz and /metrics; not for the world")
      ->capture_default_str()
      ->envname("KEYWORK_ADMIN_LISTEN");
  app.add_option("--stores", o.stores, "Database connections, 1 to 64 [twice the cores]")
      ->envname("KEYWORK_STORES")
      ->check(CLI::Range(1, 64));
  app.add_option("--resident-cases", o.resident_cases, "Cases kept in memory at most")
      ->capture_default_str()
      ->envname("KEYWORK_RESIDENT_CASES")
      ->check(CLI::Range(1, 10'000'000));
  app.add_option("--event-streams", o.event_streams, "Streams of live updates that may be open at one time")
      ->capture_default_str()
      ->envname("KEYWORK_EVENT_STREAMS")
      ->check(CLI::Range(1, 100'000));
  app.add_flag("--demo", o.demo, "Make a small demo world and print sign-in links");
  app.add_option(
         "--clock", o.clock,
         "With --demo on data that it began: what time it is to be, as 2033-11-21T02:59:00Z, and with "
         "a comma behind it how many times as fast it runs")
      ->needs("--demo");
}

std::string base_url(const options& o) { return o.public_url.empty() ? "http://" + o.listen : o.public_url; }

}  // namespace net
