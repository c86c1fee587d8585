#pragma once
#include <memory>

#include "actors/watch.hpp"
#include "odb/session.hpp"
#include "tests/actors/tools.hpp"
#include "tests/odb/test_cluster.hpp"

namespace actors {
struct counters;
struct limits;
class login_cache;
class signing_service;
struct retention_options;
}  // namespace actors

namespace actor_tests {

/// A stream of events as its owner hears it.
struct heard {
  model::uuid stream;
  asked opened;
  std::shared_ptr<std::vector<actors::case_told>> news = std::make_shared<std::vector<actors::case_told>>();
};

enum class schedule {
  by_hand,  ///< one step after the other, in `run()`: nothing happens by itself
  threads   ///< as in the service, with CAF's middleman loaded
};

/// The actors of a node over a real database, without the network. In it: Northgate (enterprise) with its
/// admin, a manager for the landlord North; a case on a tenancy of North and one on South's; on the first,
/// Fay (full) and Connie (context_only), both accepted. A test asks as one of them, and reads what came back.
class world {
 public:
  explicit world(schedule how = schedule::by_hand);
  /// With other limits than the service's.
  world(schedule how, const actors::limits& limits, bool signs_online = false);
  ~world();

  // --- asking: the `ask_…` run everything to its end, the `begin_…` only put the message into the mailbox
  asked ask(const model::caller& who, model::case_id of_case, actors::case_request what,
            actors::conditions given = {});
  asked begin(const model::caller& who, model::case_id of_case, actors::case_request what,
              actors::conditions given = {});
  asked ask_org(const model::caller& who, actors::org_request what, actors::conditions given = {});
  asked begin_org(const model::caller& who, actors::org_request what, actors::conditions given = {});
  asked ask_lists(const model::caller& who, actors::list_request what, actors::conditions given = {});
  asked ask_logins(const actors::known_login& who, actors::login_request what);
  asked ask_sign_in(const std::string& email, const std::string& source = "192.0.2.1");
  actors::sign_in_reply redeem(const actors::ask_redeem& what);
  /// An open stream of `who`; it hears what it is told while the world lasts.
  heard watch(const model::caller& who, model::case_id of_case);
  /// The same stream once more.
  asked watch_again(const heard& stream, const model::caller& who, model::case_id of_case);
  void unwatch(const heard& stream, model::case_id of_case);
  /// Nothing if the token opens nothing.
  std::optional<actors::known_login> find_login(const std::string& token);
  /// The organisation that the gateway finds; nothing where nothing has the id.
  std::optional<model::org_id> locate(const actors::locate& what);

  // --- time
  /// Everything that can happen now, happens.
  void run();
  /// Turns both clocks, the service's and CAF's.
  void pass(std::chrono::microseconds time);

  // --- what stands in the way
  /// Questions, commits or both wait before the stores until `release()`; what comes afterwards waits again.
  void hold(bool questions, bool commits);
  /// The stores do as they are asked, and what they found waits instead.
  void hold_answers();
  /// How many wait.
  std::size_t held() const;
  void release();
  void hold_nothing();
  void cut_database();
  void mend_database();
  /// Statements behind the actors' backs, as superuser.
  void sql(const std::string& statements);
  void set_tier(const std::string& tier);
  void tell_organisation_changed();
  /// As when the feed of changes begins to listen again.
  void tell_any_organisation_changed();
  /// Ends the organisation's actor the hard way; the next request finds another one through the gateway.
  void kill_organisation();

  // --- mails
  /// Starts a mailer with `mail` as its transport.
  void start_mailer();
  /// Starts sweeping what is due, without pauses.
  void start_retention(actors::retention_options options);
  /// As PostgreSQL tells of it.
  void tell_case_erased(model::case_id id);
  /// The database as its owner.
  std::string owner_conninfo() const;
  /// Starts planning digests; once more, as another node does.
  void start_digests();
  /// Starts a signer that asks this service.
  void start_signer(std::shared_ptr<actors::signing_service> service);
  /// What the signing service tells by itself.
  asked tell(const actors::signing_notice& notice);
  /// Starts who takes in what the mail provider tells.
  void start_mail_desk();
  asked tell_of_mail(const actors::mail_notice& what);
  /// The token in the link of the last mail to this address.
  std::string token_in_mail_to(const std::string& address) const;

  /// The organisation's actor on a port of 127.0.0.1.
  std::uint16_t publish();

  actors::counters& counted();
  actors::login_cache& logins();
  model::support_case stored(model::case_id id) { return session->load_case(org, id).value(); }
  model::caller person(const std::string& email);
  model::collaborator_id row_of(model::case_id id, const std::string& email);

  static model::add_to_team invitation(const std::string& email,
                                       model::participation mode = model::participation::full);
  static model::case_command note(std::string body, model::stream where = model::stream::shared) {
    return model::add_note{where, {std::move(body)}, {}};
  }

  turned_clock clock;
  failing_ids ids{clock};
  std::shared_ptr<kept_mail> mail = std::make_shared<kept_mail>();
  std::unique_ptr<store::session> session;
  model::org_id org;
  model::caller admin, manager, fay, connie, outsider;
  model::landlord_id north, south;
  model::property_id north_house;
  model::tenancy_id north_tenancy;
  model::tenant_id north_tenant, south_tenant;
  model::case_id north_case, south_case;

 private:
  struct parts;
  void make_organisation();
  void make_places();
  void make_team();
  std::unique_ptr<parts> parts_;
};

}  // namespace actor_tests
