#pragma once
// Wires the actors of a node. Shows CAF: include it in .cpp files only.
#include <memory>
#include <string>

#include "actors/mailer_actor.hpp"
#include "actors/retention_actor.hpp"
#include "actors/services.hpp"
#include "actors/signer_actor.hpp"

namespace actors {

struct house_options {
  /// How the stores reach the database.
  std::string conninfo;
  /// Connections, each with a thread of its own; 0 means twice the cores.
  std::size_t stores = 0;
  std::filesystem::path key_file;
  mailer_options mail;
  /// Takes what is sent for signature; without one it goes by mail.
  std::shared_ptr<signing_service> signing = {};
  /// Sweeps where it is given.
  std::optional<retention_options> retention;
  actors::limits limits;
  const model::clock* clock = &model::system_clock();
};

/// CAF's configuration: our messages, our silence (its default handlers print messages, and personal data
/// with them).
class system_config : public caf::actor_system_config {
 public:
  system_config();
};

/// All the actors of one node, from the database up to what the edges ask. Ends them in order when it goes.
class house {
 public:
  explicit house(house_options options);
  ~house();
  house(const house&) = delete;
  house& operator=(const house&) = delete;

  caf::actor_system& system() { return *system_; }
  const services_ptr& given() const { return services_; }
  link_keeper& links() { return *links_; }
  counters& counted() { return counted_; }
  login_cache& logins() { return logins_; }
  const gateway_actor& gateway() const { return gateway_; }
  const lists_actor& lists() const { return lists_; }
  const login_actor& login() const { return login_; }
  const mail_desk_actor& mail_desk() const { return mail_desk_; }
  const signing_desk_actor& signing_desk() const { return signing_desk_; }
  /// Another process changed this organisation, or, told of none, any of them: they are read again.
  void organisation_changed(std::optional<model::org_id> org);
  /// Retention erased something of this case, here or elsewhere.
  void case_erased(model::org_id org, model::case_id of_case);

 private:
  house_options options_;
  system_config config_;
  counters counted_;
  login_cache logins_;
  std::unique_ptr<link_keeper> links_;
  std::unique_ptr<model::id_source> ids_;
  std::unique_ptr<caf::actor_system> system_;
  services_ptr services_;
  gateway_actor gateway_;
  lists_actor lists_;
  login_actor login_;
  mailer_actor mailer_;
  digest_actor digests_;
  mail_desk_actor mail_desk_;
  signer_actor signer_;
  signing_desk_actor signing_desk_;
  retention_actor retention_;
};

}  // namespace actors
