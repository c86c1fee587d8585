#include "actors/house.hpp"

#include <thread>

#include "actors/digest_actor.hpp"
#include "actors/gateway_actor.hpp"
#include "actors/lists_actor.hpp"
#include "actors/login_actor.hpp"
#include "actors/mail_desk_actor.hpp"
#include "actors/store_actor.hpp"

namespace actors {
namespace {

std::size_t store_count(std::size_t wanted) {
  return wanted != 0 ? wanted : 2 * std::max(1u, std::thread::hardware_concurrency());
}

store_pool spawn_stores(caf::actor_system& system, const house_options& o, counters& counted) {
  std::vector<store_actor> stores;
  for (std::size_t i = 0; i < store_count(o.stores); ++i)
    stores.push_back(system.spawn<caf::detached>(store_behavior, o.conninfo, &counted));
  return store_pool{std::move(stores)};
}

}  // namespace

system_config::system_config() {
  add_message_types<caf::id_block::keywork>();
  // CAF would take four workers at least; more than there are cores, and they poll each other's queues for
  // work: a quarter of the processor time of a hot read (docs/performance.md).
  set("scheduler.max-threads", std::max<std::size_t>(2, std::thread::hardware_concurrency()));
  // Nothing reads this program's actor settings from a stray caf-application.ini in the working directory.
  config_file_path = "";
}

house::house(house_options options)
    : options_(std::move(options)),
      links_(std::make_unique<link_keeper>(options_.key_file)),
      ids_(std::make_unique<random_ids>(*options_.clock)),
      system_(std::make_unique<caf::actor_system>(config_)) {
  store::session session(options_.conninfo);
  services_ = std::make_shared<const services>(
      services{*options_.clock, *ids_, *links_, session.plans(), spawn_stores(*system_, options_, counted_),
               options_.limits, counted_, logins_, options_.signing != nullptr});
  gateway_ = system_->spawn(gateway_behavior, services_);
  signing_desk_ = system_->spawn(signing_desk_behavior, services_);
  if (options_.signing)
    signer_ = system_->spawn<caf::detached>(signer_behavior, services_, gateway_, options_.signing);
  lists_ = system_->spawn(lists_behavior, services_);
  login_ = system_->spawn(login_behavior, services_, gateway_);
  // Who sends mails also asks for those that nobody's change asks for.
  if (options_.mail.transport) digests_ = system_->spawn(digest_behavior, services_);
  if (options_.mail.transport)
    mailer_ = system_->spawn<caf::detached>(mailer_behavior, services_, options_.mail);
  mail_desk_ = system_->spawn(mail_desk_behavior, services_, gateway_);
  if (options_.retention)
    retention_ = system_->spawn(retention_behavior, services_, *options_.retention,
                                system_->spawn<caf::detached>(store_behavior, options_.conninfo, &counted_));
}

// The members' own order does the rest: the handles go first, then the system, which waits for its actors.
house::~house() {
  const auto end = [](const auto& actor) {
    if (actor) caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  };
  end(digests_);
  end(mailer_);
  end(mail_desk_);
  end(signer_);
  end(signing_desk_);
  end(retention_);
  end(login_);
  end(lists_);
  end(gateway_);
  for (const auto& s : services_->stores.all()) end(s);
}

void house::case_erased(model::org_id org, model::case_id of_case) {
  caf::anon_send(gateway_, actors::case_erased{org, of_case});
}

void house::organisation_changed(std::optional<model::org_id> org) {
  caf::anon_send(gateway_, actors::organisation_changed{org});
}

}  // namespace actors
