// The front door: reads the options, wires the rooms, waits for the signal.
#include <signal.h>
#include <sodium.h>

#include <iostream>

#include "actors/demo_world.hpp"
#include "actors/house.hpp"
#include "actors/log.hpp"
#include "net/cli/commands.hpp"
#include "net/cli/database.hpp"
#include "net/cli/docuseal_options.hpp"
#include "net/cli/mail_settings.hpp"
#include "net/cli/rehearsal.hpp"
#include "net/cli/sweeping.hpp"
#include "net/front.hpp"
#include "odb/change_feed.hpp"
#include "odb/migrate.hpp"
#include "odb/running_serve.hpp"

namespace {

using net::options;
namespace cli = net::cli;

net::front_options front_for(const options& o) {
  net::front_options f;
  f.listen = o.listen;
  f.admin_listen = o.admin_listen;
  f.public_url = o.public_url;
  f.docuseal_webhook_secret = o.docuseal_webhook_secret;
  f.resend_webhook_secret = o.resend_webhook_secret;
  f.data = o.data;
  f.event_streams = o.event_streams;
  return f;
}

actors::house_options house_for(const options& o, const cli::database& db, const model::clock& clock,
                                actors::mailer_options mail) {
  actors::house_options h;
  h.conninfo = db.service();
  h.stores = o.stores;
  h.key_file = o.data / "key";
  h.mail = std::move(mail);
  h.limits.resident_cases = o.resident_cases;
  h.clock = &clock;
  return h;
}

/// Signals are taken by the main thread alone, one at a time, between looks after the database.
class signals {
 public:
  signals() {
    sigemptyset(&set_);
    for (const int s : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set_, s);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    signal(SIGPIPE, SIG_IGN);
  }
  /// Waits a second at most; true when it is time to stop.
  bool asked_to_stop() const {
    const timespec second{1, 0};
    return sigtimedwait(&set_, nullptr, &second) > 0;
  }

 private:
  sigset_t set_;
};

int serve(const options& o) {
  const signals stop;
  cli::parse_clock(o.clock);  // what is wrong with it is told before anything is made
  auto transport = cli::mail_for(o);
  auto signing = cli::signing_for(o);
  if (o.database_url.empty()) store::refuse_second_serve(o.data);
  // Bound first: an address that is taken is told at once, and who comes too early gets a 503.
  net::front front(front_for(o));
  cli::database db(o, store::cluster_use::serve, cli::no_data::begun);
  db.migrate();
  store::refuse_unsafe_service_role(db.service());
  cli::service_clock clock(o, db.service());
  auto house_options = house_for(o, db, clock.get(), {std::move(transport), front.public_url()});
  house_options.signing = std::move(signing);
  house_options.retention = cli::retention_for(o, db);
  actors::house house(std::move(house_options));
  const store::change_feed feed(
      db.service(), [&](std::optional<model::org_id> org) { house.organisation_changed(org); },
      [&](model::org_id org, model::case_id of_case) { house.case_erased(org, of_case); });
  const auto people =
      o.demo ? actors::make_demo_world(house, db.service()) : std::vector<actors::demo_person>{};
  front.open(house);
  std::cout << "keywork is ready at " << front.public_url() << " (health and metrics at http://"
            << front.admin_address() << ")" << std::endl;
  if (o.demo) cli::print_demo(people, front.public_url(), clock.speed());
  while (!stop.asked_to_stop()) try {
      db.revive();
      clock.keep();
    } catch (const std::exception& e) {
      actors::log::error("database.cannot_be_started", {{"error", e.what()}});
    }
  cli::tell("stopping");
  front.stop();
  return 0;
}

int run(int argc, char** argv) {
  cli::command_line line;
  auto& serving = line.add("serve", "Run the service until SIGINT or SIGTERM", serve);
  net::address_options(serving, line.given());
  net::serve_options(serving, line.given());
  cli::mail_options(serving, line.given());
  cli::docuseal_options(serving, line.given());
  cli::add_migrate(line);
  cli::add_demo(line);
  cli::add_org(line);
  cli::add_audit(line);
  cli::add_outbox(line);
  cli::add_digest(line);
  cli::add_backup(line);
  cli::add_restore(line);
  cli::add_retention(line);
  cli::add_token(line);
  cli::add_openapi(line);
  cli::add_version(line);
  return line.run(argc, argv);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot start");
    return run(argc, argv);
  } catch (const cli::usage_error& e) {
    cli::say(std::string(e.what()) + " (keywork --help tells more)");
    return 2;
  } catch (const std::invalid_argument& e) {
    cli::say(std::string(e.what()) + " (keywork --help tells more)");
    return 2;
  } catch (const std::exception& e) {
    cli::say(e.what());
    return 1;
  }
}
