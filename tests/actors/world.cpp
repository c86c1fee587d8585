#include "tests/actors/world.hpp"

#include <caf/all.hpp>
#include <caf/io/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include "actors/digest_actor.hpp"
#include "actors/gateway_actor.hpp"
#include "actors/house.hpp"
#include "actors/lists_actor.hpp"
#include "actors/login_actor.hpp"
#include "actors/mail_desk_actor.hpp"
#include "actors/mailer_actor.hpp"
#include "actors/retention_actor.hpp"
#include "actors/signer_actor.hpp"
#include "actors/store_actor.hpp"
#include "tests/actors/gate.hpp"
#include "tests/odb/chosen_time.hpp"

namespace actor_tests {
namespace {

using namespace actors;
using namespace model;

class test_config : public system_config {
 public:
  explicit test_config(schedule how) {
    if (how == schedule::by_hand)
      set("scheduler.policy", caf::atom("testing"));
    else
      load<caf::io::middleman>();
  }
};

rehearsal::temporary_directory& directory() {
  static rehearsal::temporary_directory the_directory;
  return the_directory;
}

}  // namespace

struct world::parts {
  parts(world& w, schedule how, const actors::limits& limits, bool signs_online)
      : threaded(how == schedule::threads),
        database(rehearsal::test_cluster::instance().fresh()),
        links(directory().path() / "key"),
        config(how),
        system(config) {
    rehearsal::let_time_be_chosen(database);
    system.await_actors_before_shutdown(threaded);
    for (int i = 0; i < 2; ++i) {
      real.push_back(threaded
                         ? system.spawn<caf::detached>(store_behavior, database.service_conninfo, &counted)
                         : system.spawn(store_behavior, database.service_conninfo, &counted));
      gates.push_back(system.spawn(gate_behavior, real.back(), &before_stores));
    }
    given = std::make_shared<const services>(
        services{w.clock, w.ids, links, store::session(database.service_conninfo).plans(), store_pool{gates},
                 limits, counted, logins, signs_online, clock_watch(w.clock, w.clock.up())});
    gateway = system.spawn(gateway_behavior, given);
    lists = system.spawn(lists_behavior, given);
    login = system.spawn(login_behavior, given, gateway);
  }

  ~parts() {
    for (const auto& d : digests) caf::anon_send_exit(d, caf::exit_reason::user_shutdown);
    for (const auto& h : hearers) caf::anon_send_exit(h, caf::exit_reason::user_shutdown);
    for (const auto& a : {caf::actor_cast<caf::actor>(signer), caf::actor_cast<caf::actor>(signing_desk),
                          caf::actor_cast<caf::actor>(mailer), caf::actor_cast<caf::actor>(mail_desk),
                          caf::actor_cast<caf::actor>(retention), caf::actor_cast<caf::actor>(login),
                          caf::actor_cast<caf::actor>(lists), caf::actor_cast<caf::actor>(gateway)})
      if (a) caf::anon_send_exit(a, caf::exit_reason::user_shutdown);
    run();
    for (auto* line : {&gates, &real})
      for (const auto& a : *line) caf::anon_send_exit(a, caf::exit_reason::user_shutdown);
    run();
  }

  caf::scheduler::test_coordinator& steps() {
    return static_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  }
  void run() {
    if (!threaded) steps().run();
  }

  /// Sends and calls `take(Answer)` or `fail(text)` when the answer comes.
  template <class Answer, class Handle, class Message, class Take, class Fail>
  void send(const Handle& to, Message m, Take take, Fail fail) {
    const auto failed = [fail](const caf::error& e) { fail(caf::to_string(e)); };
    if (threaded) {
      caf::scoped_actor self{system};
      self->request(to, std::chrono::seconds{60}, std::move(m)).receive([&](Answer& a) { take(a); }, failed);
      return;
    }
    // With an argument: CAF 0.17 binds a reference to nothing where there is none.
    const auto ask = [=](caf::event_based_actor* self, const Handle& whom) mutable {
      self->request(whom, caf::infinite, std::move(m)).then([take](Answer& a) { take(a); }, failed);
    };
    system.spawn(ask, to);
  }
  template <class Handle, class Message>
  asked send(const Handle& to, Message m) {
    asked out;
    send<reply_message>(
        to, std::move(m), [cell = out.cell()](reply_message& r) { *cell = std::move(r.what); },
        [cell = out.cell()](std::string error) { *cell = std::move(error); });
    return out;
  }
  /// Whoever asks for a stream is told, so that an actor of its own asks.
  asked watch(const heard& stream, ask_case a, bool again = false) {
    asked out;
    a.what = watch_events{stream.stream, again, 0};
    const auto ask = [a, org = organisation_, out](watcher_actor::pointer self,
                                                   const heard& h) -> watcher_actor::behavior_type {
      self->request(org, caf::infinite, a)
          .then([out](reply_message& r) { *out.cell() = std::move(r.what); },
                [out](const caf::error& e) { *out.cell() = caf::to_string(e); });
      return {[news = h.news](const case_told& told) { news->push_back(told); }};
    };
    hearers.push_back(system.spawn(ask, stream));
    run();
    return out;
  }
  org_actor organisation(const actors::locate& what) {
    org_actor found;
    send<located>(
        gateway, what, [&found](located& l) { found = l.org; }, [](const std::string&) {});
    run();
    return found;
  }

  bool threaded;
  rehearsal::test_database database;
  counters counted;
  login_cache logins;
  link_keeper links;
  gate_orders before_stores;
  test_config config;
  caf::actor_system system;
  std::vector<store_actor> real, gates;
  services_ptr given;
  gateway_actor gateway;
  lists_actor lists;
  login_actor login;
  mailer_actor mailer;
  mail_desk_actor mail_desk;
  retention_actor retention;
  std::vector<digest_actor> digests;
  signer_actor signer;
  signing_desk_actor signing_desk;
  std::vector<watcher_actor> hearers;
  org_actor organisation_;
};

world::world(schedule how) : world(how, actors::limits{}) {}
world::world(schedule how, const actors::limits& limits, bool signs_online) {
  auto at_once = limits;
  at_once.sign_in_answer = std::chrono::milliseconds{0};
  parts_ = std::make_unique<parts>(*this, how, at_once, signs_online);
  session = std::make_unique<store::session>(parts_->database.service_conninfo);
  make_organisation();
  make_places();
  make_team();
}
world::~world() {
  session.reset();
  parts_->organisation_ = nullptr;
}

asked world::begin(const caller& who, case_id of_case, case_request what, conditions given) {
  return parts_->send(parts_->organisation_, ask_case{who, org, of_case, std::move(given), std::move(what)});
}
asked world::ask(const caller& who, case_id of_case, case_request what, conditions given) {
  auto out = begin(who, of_case, std::move(what), std::move(given));
  run();
  return out;
}
asked world::begin_org(const caller& who, org_request what, conditions given) {
  return parts_->send(parts_->organisation_, actors::ask_org{who, org, std::move(given), std::move(what)});
}
asked world::ask_org(const caller& who, org_request what, conditions given) {
  auto out = begin_org(who, std::move(what), std::move(given));
  run();
  return out;
}
asked world::ask_lists(const caller& who, list_request what, conditions given) {
  auto out = parts_->send(parts_->lists, actors::ask_lists{who, std::move(given), std::move(what)});
  run();
  return out;
}
asked world::ask_logins(const known_login& who, login_request what) {
  auto out = parts_->send(parts_->login, actors::ask_logins{who, {}, std::move(what)});
  run();
  return out;
}
asked world::ask_sign_in(const std::string& email, const std::string& source) {
  auto out = parts_->send(parts_->login, actors::ask_sign_in{email, source, "request"});
  run();
  return out;
}

heard world::watch(const caller& who, case_id of_case) {
  heard h;
  h.stream = ids.next();
  h.opened = parts_->watch(h, ask_case{who, org, of_case, {}, {}});
  return h;
}
asked world::watch_again(const heard& stream, const caller& who, case_id of_case) {
  return parts_->watch(stream, ask_case{who, org, of_case, {}, {}}, true);
}
void world::unwatch(const heard& stream, case_id of_case) {
  caf::anon_send(parts_->organisation_, actors::unwatch{of_case, stream.stream});
  run();
}

sign_in_reply world::redeem(const ask_redeem& what) {
  sign_in_reply out = refusal::not_permitted("no answer");
  parts_->send<sign_in_message>(
      parts_->login, what, [&out](sign_in_message& m) { out = std::move(m.what); },
      [](const std::string&) {});
  run();
  return out;
}

std::optional<known_login> world::find_login(const std::string& token) {
  std::optional<known_login> out;
  parts_->send<found_login>(
      parts_->login, actors::find_login{token_hash(token)},
      [&out](found_login& f) { out = std::move(f.login); },
      [](const std::string& error) { throw std::logic_error(error); });
  run();
  return out;
}

std::optional<org_id> world::locate(const actors::locate& what) {
  std::optional<org_id> out;
  parts_->send<located>(
      parts_->gateway, what,
      [&out](located& l) {
        if (l.org) out = l.id;
      },
      [](const std::string& error) { throw std::logic_error(error); });
  run();
  return out;
}

void world::run() { parts_->run(); }
void world::pass(std::chrono::microseconds time) {
  clock.turn(time);
  parts_->steps().advance_time(time);
  run();
}

void world::hold(bool questions, bool commits) {
  parts_->before_stores.questions = questions;
  parts_->before_stores.commits = commits;
  parts_->before_stores.answers = false;
}
void world::hold_answers() { parts_->before_stores.answers = true; }
std::size_t world::held() const { return parts_->before_stores.held; }
void world::release() {
  for (const auto& gate : parts_->gates) caf::anon_send(gate, tick{});
  run();
}
void world::hold_nothing() {
  hold(false, false);
  release();
}

void world::sql(const std::string& statements) {
  store::sql_connection(parts_->database.owner_conninfo).script(statements);
}
void world::cut_database() {
  const auto& name = parts_->database.name;
  store::sql_connection(parts_->database.admin_conninfo)
      .script("ALTER DATABASE " + name +
              " ALLOW_CONNECTIONS false; SELECT pg_terminate_backend(pid, 5000) FROM "
              "pg_stat_activity WHERE datname = '" +
              name + "'");
}
void world::mend_database() {
  store::sql_connection(parts_->database.admin_conninfo)
      .script("ALTER DATABASE " + parts_->database.name + " ALLOW_CONNECTIONS true");
}
void world::set_tier(const std::string& tier) {
  session->set_tier(org, tier, "keywork org tier", ids.make<audit_id>(), clock.now());
}
void world::tell_organisation_changed() {
  caf::anon_send(parts_->gateway, organisation_changed{org});
  run();
}
void world::tell_any_organisation_changed() {
  caf::anon_send(parts_->gateway, organisation_changed{});
  run();
}
void world::kill_organisation() {
  caf::anon_send_exit(parts_->organisation_, caf::exit_reason::kill);
  run();
  parts_->organisation_ = parts_->organisation(actors::locate{org});
}

void world::start_signer(std::shared_ptr<actors::signing_service> service) {
  parts_->signer = parts_->system.spawn(signer_behavior, parts_->given, parts_->gateway, std::move(service));
}

asked world::tell(const actors::signing_notice& notice) {
  if (!parts_->signing_desk)
    parts_->signing_desk = parts_->system.spawn(signing_desk_behavior, parts_->given);
  auto out = parts_->send(parts_->signing_desk, notice);
  run();
  return out;
}

void world::start_mailer() {
  parts_->mailer =
      parts_->system.spawn(mailer_behavior, parts_->given, mailer_options{mail, "https://keywork.example"});
  run();
}

void world::start_retention(actors::retention_options options) {
  auto& p = *parts_;
  options.pause = 0;
  p.retention = p.system.spawn(retention_behavior, p.given, std::move(options),
                               p.system.spawn(store_behavior, p.database.service_conninfo, &p.counted));
  run();
}
void world::tell_case_erased(case_id id) {
  caf::anon_send(parts_->gateway, case_erased{org, id});
  run();
}
std::string world::owner_conninfo() const { return parts_->database.owner_conninfo; }

void world::start_digests() {
  parts_->digests.push_back(parts_->system.spawn(digest_behavior, parts_->given));
  run();
}

void world::start_mail_desk() {
  parts_->mail_desk = parts_->system.spawn(mail_desk_behavior, parts_->given, parts_->gateway);
  run();
}
asked world::tell_of_mail(const mail_notice& what) {
  auto out = parts_->send(parts_->mail_desk, what);
  run();
  return out;
}

std::string world::token_in_mail_to(const std::string& address) const {
  constexpr std::string_view before = "https://keywork.example/login?token=";
  for (auto m = mail->mails.rbegin(); m != mail->mails.rend(); ++m)
    if (m->to_address == address)
      for (const auto& [name, value] : m->fields)
        if (name == "link" && value.starts_with(before)) return value.substr(before.size());
  throw std::logic_error("no mail with a link to " + address);
}

std::uint16_t world::publish() {
  const auto port = parts_->system.middleman().publish(parts_->organisation_, 0, "127.0.0.1");
  if (!port) throw std::runtime_error(caf::to_string(port.error()));
  return *port;
}

counters& world::counted() { return parts_->counted; }
login_cache& world::logins() { return parts_->logins; }

caller world::person(const std::string& email) {
  const auto user = session->find_user(email).value();
  return {user.id, user.full_name, user.email, standing::none};
}

collaborator_id world::row_of(case_id id, const std::string& email) {
  for (const auto& r : stored(id).team)
    if (r->email == email && !r->ended_at) return r->id;
  throw std::logic_error(email + " is not on the team");
}

add_to_team world::invitation(const std::string& email, participation mode) {
  add_to_team cmd;
  cmd.participation = mode;
  cmd.full_name = name_text{"Worker " + email};
  cmd.email = email_text{email};
  return cmd;
}

void world::make_organisation() {
  store::provision p;
  p.organisation.id = org = ids.make<org_id>();
  p.organisation.name = "Northgate";
  p.organisation.tier = "enterprise";
  p.organisation.created_at = clock.now();
  p.admin = ids.make<user_id>();
  p.admin_email = "amira@northgate.example";
  p.admin_name = "Amira Shah";
  p.link.id = ids.make<link_id>();
  p.link.user = p.admin;
  p.link.secret = parts_->links.next_secret();
  p.link.created_at = clock.now();
  p.link.expires_at = clock.now() + sign_in_link_lifetime;
  p.by = "keywork org create";
  p.entry = ids.make<audit_id>();
  session->create_organisation(p);
  admin = person("amira@northgate.example");
  outsider = {ids.make<user_id>(), "Olga Outsider", "olga@elsewhere.example", standing::none};
  parts_->organisation_ = parts_->organisation(actors::locate{org});
}

void world::make_places() {
  const auto tenancy = [&](property_id where, const std::string& name) {
    create_tenancy t;
    t.property = where;
    t.tenants = {{{name}, {"tenant@mail.example"}, {}}};
    t.start_date = *parse_day("2026-06-01");
    t.rent_pence = 65'000;
    return ask_org(admin, org_command{t}).made<tenancy_id>();
  };
  const auto open = [&](tenancy_id t) {
    return ask_org(admin, org_command{open_case{t, {}, text<20000, 0>{"Settling in."}}}).made<case_id>();
  };
  north = ask_org(admin, org_command{add_landlord{{"North"}}}).made<landlord_id>();
  south = ask_org(admin, org_command{add_landlord{{"South"}}}).made<landlord_id>();
  north_house =
      ask_org(admin, org_command{add_property{north, {{"1 High Street"}, {}, {"Leeds"}, {"LS1 1AA"}}}})
          .made<property_id>();
  const auto south_house =
      ask_org(admin, org_command{add_property{south, {{"2 Low Road"}, {}, {"York"}, {"YO1 1AA"}}}})
          .made<property_id>();
  north_tenancy = tenancy(north_house, "Nora Tenant");
  const auto south_tenancy = tenancy(south_house, "Sam Tenant");
  north_case = open(north_tenancy);
  south_case = open(south_tenancy);
  north_tenant = stored(north_case).header.tenant;
  south_tenant = stored(south_case).header.tenant;
}

void world::make_team() {
  add_member m;
  m.email = {"max@northgate.example"};
  m.full_name = {"Max Manager"};
  m.landlord_ids = std::vector{north};
  ask_org(admin, org_command{m}).answer();
  manager = person("max@northgate.example");
  for (const auto& [email, mode] : {std::pair{"fay@support.example", participation::full},
                                    std::pair{"connie@council.example", participation::context_only}}) {
    const auto row = ask(admin, north_case, case_command{invitation(email, mode)}).made<collaborator_id>();
    ask(person(email), north_case, case_command{accept_invite{row}}).answer();
  }
  fay = person("fay@support.example");
  connie = person("connie@council.example");
}

}  // namespace actor_tests
