// The front door: reads the options, wires the rooms, waits for the signal.
#include <signal.h>
#include <sodium.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <iostream>
#include <optional>

#include "actors/demo_world.hpp"
#include "actors/house.hpp"
#include "actors/log.hpp"
#include "model/contact.hpp"
#include "model/plans.hpp"
#include "model/utf8.hpp"
#include "net/front.hpp"
#include "net/mail/make_transport.hpp"
#include "net/openapi.hpp"
#include "net/options.hpp"
#include "odb/audit_chain.hpp"
#include "odb/change_feed.hpp"
#include "odb/migrate.hpp"
#include "odb/migrations.hpp"
#include "odb/private_cluster.hpp"
#include "odb/session.hpp"

namespace {

using net::options;

/// What is wrong with what was asked for: one line for the person at the terminal.
struct usage_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

void say(std::string_view line) { std::cerr << "keywork: " << line << std::endl; }
/// While `serve` runs, standard error is the log's, in JSON alone.
void tell(std::string_view line) { std::cout << "keywork: " << line << std::endl; }

/// The database: a private PostgreSQL under the data directory, or the one that --database-url names.
class database {
 public:
  database(const options& o, store::cluster_use use)
      : progress_(use == store::cluster_use::serve ? tell : say) {
    if (o.database_url.empty()) {
      cluster_.emplace(o.data, progress_, store::cluster_options{use, false});
      service_ = cluster_->service_conninfo();
      owner_ = cluster_->owner_conninfo();
    } else {
      service_ = o.database_url;
      owner_ = o.migration_url;
    }
  }

  /// Brings the schema up to date where this program may; an external database without --migration-url is the
  /// administrator's (`keywork migrate`).
  void migrate() const {
    if (!owner_.empty()) store::migrate(owner_, store::migrations(), progress_);
  }
  const std::string& service() const { return service_; }
  const std::string& owner() const { return owner_; }
  void revive() {
    if (cluster_ && cluster_->revive())
      actors::log::warning("database.started_again", {{"why", "the private PostgreSQL had ended"}});
  }

 private:
  store::progress progress_;
  std::optional<store::private_cluster> cluster_;
  std::string service_;
  std::string owner_;
};

actors::house_options house_for(const options& o, const database& db) {
  actors::house_options h;
  h.conninfo = db.service();
  h.stores = o.stores;
  h.key_file = o.data / "key";
  h.limits.resident_cases = o.resident_cases;
  return h;
}

std::shared_ptr<actors::mail_transport> mail_for(const options& o) {
  const auto where = o.mail.empty() ? "file:" + (o.data / "mail").string() : o.mail;
  try {
    net::mail::smtp_limits limits;
    limits.whole = std::chrono::seconds{60};  // well within the mailer's lease
    return net::mail::make_transport(where, net::mail::sender{o.mail_from, "Keywork"}, limits);
  } catch (const std::invalid_argument& e) {
    throw usage_error(std::string("--mail, --mail-from: ") + e.what());
  }
}

void print_demo(const std::vector<actors::demo_person>& people, const std::string& url) {
  std::cout << "\nSign in as (a link works once, for 10 minutes; start again for new ones, or ask at " << url
            << "/login):\n";
  for (const auto& p : people)
    std::cout << "  " << p.what << ", " << p.full_name << " <" << p.email << ">\n    " << url
              << "/login?token=" << p.token << "\n";
  std::cout << std::endl;
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
  auto transport = mail_for(o);
  // Bound first: an address that is taken is told at once, and who comes too early gets a 503.
  net::front front({o.listen, o.admin_listen, o.public_url});
  database db(o, store::cluster_use::serve);
  db.migrate();
  store::refuse_unsafe_service_role(db.service());
  auto house_options = house_for(o, db);
  house_options.mail = {std::move(transport), front.public_url()};
  actors::house house(std::move(house_options));
  const store::change_feed feed(db.service(),
                                [&](std::optional<model::org_id> org) { house.organisation_changed(org); });
  const auto people =
      o.demo ? actors::make_demo_world(house, db.service()) : std::vector<actors::demo_person>{};
  front.open(house);
  std::cout << "keywork is ready at " << front.public_url() << " (health and metrics at http://"
            << front.admin_address() << ")" << std::endl;
  if (o.demo) print_demo(people, front.public_url());
  while (!stop.asked_to_stop()) try {
      db.revive();
    } catch (const std::exception& e) {
      actors::log::error("database.cannot_be_started", {{"error", e.what()}});
    }
  tell("stopping");
  front.stop();
  return 0;
}

int migrate(const options& o) {
  const database db(o, store::cluster_use::command);
  const auto& owner = db.owner().empty() ? db.service() : db.owner();
  if (o.dry_run) {
    const auto names = store::pending(owner, store::migrations());
    for (const auto& name : names) std::cout << "would apply " << name << '\n';
    if (names.empty()) std::cout << "the schema is up to date\n";
    return 0;
  }
  const auto report = store::migrate(owner, store::migrations(), say);
  std::cout << "the schema is at " << report.to << ", " << report.applied.size() << " migrations applied\n";
  return 0;
}

std::string base_url(const options& o) { return o.public_url.empty() ? "http://" + o.listen : o.public_url; }

int demo(const options& o) {
  const database db(o, store::cluster_use::command);
  db.migrate();
  actors::house house(house_for(o, db));
  print_demo(actors::make_demo_world(house, db.service()), base_url(o));
  return 0;
}

void check_tier(const std::string& tier) {
  if (model::default_catalogue().find(tier)) return;
  std::string known;
  for (const auto& p : model::default_catalogue().plans) known += (known.empty() ? "" : ", ") + p.tier;
  throw usage_error("--tier: there is no tier '" + tier + "'; there are " + known);
}

bool has_control_characters(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; });
}

void check_people(const options& o) {
  if (!model::normalise_email(o.admin_email))
    throw usage_error("--admin-email: '" + o.admin_email + "' is no e-mail address");
  for (const auto& text : {o.org_name, o.admin_name})
    if (!model::is_clean_text(text) || model::length_in_characters(text) > 200 ||
        has_control_characters(text))
      throw usage_error("--name, --admin-name: at most 200 characters of UTF-8, in one line");
  if (model::is_blank(o.org_name)) throw usage_error("--name: an organisation needs a name");
}

store::provision provision_for(const options& o, actors::link_keeper& links) {
  const auto email = model::normalise_email(o.admin_email).value();
  actors::random_ids ids(model::system_clock());
  store::provision p;
  p.organisation.id = ids.make<model::org_id>();
  p.organisation.name = o.org_name;
  p.organisation.tier = o.org_tier;
  p.organisation.created_at = model::system_clock().now();
  p.admin = ids.make<model::user_id>();
  p.admin_email = email;
  p.admin_name = model::is_blank(o.admin_name) ? email : o.admin_name;
  p.by = "keywork org create";
  p.entry = ids.make<model::audit_id>();
  p.link.id = ids.make<model::link_id>();
  p.link.user = p.admin;
  p.link.purpose = model::link_purpose::member_invite;
  p.link.secret = links.next_secret();
  p.link.created_at = p.organisation.created_at;
  p.link.expires_at = p.link.created_at + model::invite_link_lifetime;
  return p;
}

int org_create(const options& o) {
  check_tier(o.org_tier);
  check_people(o);
  const database db(o, store::cluster_use::command);
  db.migrate();
  store::refuse_unsafe_service_role(db.service());
  std::filesystem::create_directories(o.data);
  actors::link_keeper links(o.data / "key");
  const auto p = provision_for(o, links);
  store::session(db.service()).create_organisation(p);
  std::cout << "organisation " << model::to_text(p.organisation.id) << "\nsign in within 7 days as "
            << p.admin_email << ":\n"
            << base_url(o) << "/login?token=" << links.token_of(p.link.secret.nonce) << std::endl;
  return 0;
}

int org_tier(const options& o) {
  check_tier(o.org_tier);
  const auto org = model::parse_id<model::org_id>(o.org_id);
  if (!org) throw usage_error("--org: '" + o.org_id + "' is no organisation's id");
  const database db(o, store::cluster_use::command);
  db.migrate();
  store::refuse_unsafe_service_role(db.service());
  actors::random_ids ids(model::system_clock());
  const auto before = store::session(db.service())
                          .set_tier(*org, o.org_tier, "keywork org tier", ids.make<model::audit_id>(),
                                    model::system_clock().now());
  if (!before) throw usage_error("--org: there is no organisation " + o.org_id);
  std::cout << "tier " << *before << " -> " << o.org_tier << std::endl;
  return 0;
}

/// A moment as it is given to --from and --to: an instant, or a day from its first to its last moment (UTC).
std::optional<model::instant> moment(const std::string& text, const char* option, bool is_end) {
  if (text.empty()) return std::nullopt;
  if (const auto instant = model::parse_instant(text)) return instant;
  const auto day = model::parse_day(text);
  if (!day) throw usage_error(std::string(option) + ": '" + text + "' is neither an instant nor a day");
  return is_end ? model::instant{*day + std::chrono::days{1}} - std::chrono::microseconds{1}
                : model::instant{*day};
}

std::optional<store::known_link> known_head(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto colon = std::min(text.find(':'), text.size());
  store::known_link known{0, text.substr(std::min(colon + 1, text.size()))};
  const auto [end, error] = std::from_chars(text.data(), text.data() + colon, known.seq);
  const bool is_hash =
      known.hash.size() == 64 && known.hash.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (error != std::errc() || end != text.data() + colon || known.seq < 1 || !is_hash)
    throw usage_error("--head: '" + text + "' is not what audit verify prints, SEQ:HASH");
  return known;
}

int audit_verify(const options& o) {
  store::audit_part part;
  if (!o.org_id.empty()) {
    part.org = model::parse_id<model::org_id>(o.org_id);
    if (!part.org) throw usage_error("--organisation: '" + o.org_id + "' is no organisation's id");
  }
  part.from = moment(o.audit_from, "--from", false);
  part.to = moment(o.audit_to, "--to", true);
  part.known = known_head(o.audit_head);
  const database db(o, store::cluster_use::command);
  bool is_whole = true;
  const auto count = store::verify_audit(db.service(), part, [&](const store::chain_report& report) {
    // A worker's identity container has no log of its own.
    if (report.broken || report.head_seq > 0) std::cout << store::to_line(report) << std::endl;
    is_whole = is_whole && !report.broken;
  });
  if (part.org && count == 0) throw usage_error("--organisation: there is no organisation " + o.org_id);
  if (!is_whole) say("the audit log does not hold");
  return is_whole ? 0 : 1;
}

CLI::App* command(CLI::App& parent, const char* name, const char* help, options& o) {
  auto* sub = parent.add_subcommand(name, help);
  sub->fallthrough();
  net::common_options(*sub, o);
  return sub;
}

int run(int argc, char** argv) {
  options o;
  CLI::App app{
      "Keywork keeps the welfare workspace of supported tenants.\n"
      "Settings can also stand in the environment (KEYWORK_…) or in a file given with --config."};
  app.require_subcommand(1);
  app.allow_config_extras(false);
  app.set_config("--config", "", "Read options from this file (name=value under [command])")
      ->envname("KEYWORK_CONFIG");
  std::function<int()> chosen;
  const auto choose = [&](CLI::App* sub, int (*what)(const options&)) {
    sub->callback([&chosen, &o, what] { chosen = [&o, what] { return what(o); }; });
  };
  auto* serving = command(app, "serve", "Run the service until SIGINT or SIGTERM", o);
  net::serve_options(*serving, o);
  choose(serving, serve);
  auto* migrating = command(app, "migrate", "Bring the database's schema up to date", o);
  migrating->add_flag("--dry-run", o.dry_run, "Only say what would be applied");
  choose(migrating, migrate);
  choose(command(app, "demo", "Make the demo world and print sign-in links", o), demo);
  auto* org = app.add_subcommand("org", "Organisations; works beside a running serve on the same data");
  org->require_subcommand(1);
  auto* creating = command(*org, "create", "Make an organisation with its first administrator", o);
  creating->add_option("--name", o.org_name, "The organisation's name")->required();
  creating->add_option("--tier", o.org_tier, "Its tier")->capture_default_str();
  creating->add_option("--admin-email", o.admin_email, "The administrator's e-mail address")->required();
  creating->add_option("--admin-name", o.admin_name, "The administrator's full name [the address]");
  choose(creating, org_create);
  auto* tier = command(*org, "tier", "Change an organisation's tier", o);
  tier->add_option("--org", o.org_id, "The organisation's id")->required();
  tier->add_option("--tier", o.org_tier, "The new tier")->required();
  choose(tier, org_tier);
  auto* audit = app.add_subcommand("audit", "The audit log");
  audit->require_subcommand(1);
  auto* verifying = command(*audit, "verify", "Find any edit, removal or reordering in the audit log", o);
  verifying->footer(
      "Prints a line for each organisation: how many entries hold, and the head of the chain as SEQ:HASH; or "
      "the "
      "first broken link.\nExit codes: 0 all of it holds, 1 it does not, 2 the command line was wrong.");
  net::audit_options(*verifying, o);
  choose(verifying, audit_verify);
  app.add_subcommand("openapi", "Print the API's description (OpenAPI 3.1)")->callback([&] {
    chosen = [] {
      std::cout << *net::openapi_document().text << std::endl;
      return 0;
    };
  });
  app.add_subcommand("version", "Print the version")->callback([&] {
    chosen = [] {
      std::cout << "keywork " KEYWORK_VERSION << std::endl;
      return 0;
    };
  });
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& e) {
    return app.exit(e);
  } catch (const CLI::ParseError& e) {
    throw usage_error(e.what());
  }
  actors::log::set_level(o.log_level);
  return chosen();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot start");
    return run(argc, argv);
  } catch (const usage_error& e) {
    say(std::string(e.what()) + " (keywork --help tells more)");
    return 2;
  } catch (const std::invalid_argument& e) {
    say(std::string(e.what()) + " (keywork --help tells more)");
    return 2;
  } catch (const std::exception& e) {
    say(e.what());
    return 1;
  }
}
