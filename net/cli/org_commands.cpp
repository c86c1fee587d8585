#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>

#include "actors/secrets.hpp"
#include "model/contact.hpp"
#include "model/plans.hpp"
#include "model/utf8.hpp"
#include "net/cli/commands.hpp"
#include "net/cli/database.hpp"
#include "odb/migrate.hpp"
#include "odb/session.hpp"

namespace net::cli {
namespace {

struct org_options {
  std::string name;
  std::string tier = "enterprise";
  std::string id;
  std::string admin_email;
  std::string admin_name;
};

void check_tier(const std::string& tier) {
  if (model::default_catalogue().find(tier)) return;
  std::string known;
  for (const auto& p : model::default_catalogue().plans) known += (known.empty() ? "" : ", ") + p.tier;
  throw usage_error("--tier: there is no tier '" + tier + "'; there are " + known);
}

bool has_control_characters(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; });
}

void check_people(const org_options& org) {
  if (!model::normalise_email(org.admin_email))
    throw usage_error("--admin-email: '" + org.admin_email + "' is no e-mail address");
  for (const auto& text : {org.name, org.admin_name})
    if (!model::is_clean_text(text) || model::length_in_characters(text) > 200 ||
        has_control_characters(text))
      throw usage_error("--name, --admin-name: at most 200 characters of UTF-8, in one line");
  if (model::is_blank(org.name)) throw usage_error("--name: an organisation needs a name");
}

store::provision provision_for(const org_options& org, const model::clock& clock,
                               actors::link_keeper& links) {
  const auto email = model::normalise_email(org.admin_email).value();
  actors::random_ids ids(clock);
  store::provision p;
  p.organisation.id = ids.make<model::org_id>();
  p.organisation.name = org.name;
  p.organisation.tier = org.tier;
  p.organisation.created_at = clock.now();
  p.admin = ids.make<model::user_id>();
  p.admin_email = email;
  p.admin_name = model::is_blank(org.admin_name) ? email : org.admin_name;
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

int create(const options& o, const org_options& org) {
  check_tier(org.tier);
  check_people(org);
  const database db(o, store::cluster_use::command, no_data::begun);
  db.migrate();
  store::refuse_unsafe_service_role(db.service());
  std::filesystem::create_directories(o.data);
  actors::link_keeper links(o.data / "key");
  const auto p = provision_for(org, db.clock(), links);
  store::session(db.service()).create_organisation(p);
  std::cout << "organisation " << model::to_text(p.organisation.id) << "\nsign in within 7 days as "
            << p.admin_email << ":\n"
            << base_url(o) << "/login?token=" << links.token_of(p.link.secret.nonce) << std::endl;
  return 0;
}

int change_tier(const options& o, const org_options& org) {
  check_tier(org.tier);
  const auto id = model::parse_id<model::org_id>(org.id);
  if (!id) throw usage_error("--org: '" + org.id + "' is no organisation's id");
  const database db(o, store::cluster_use::command);
  db.migrate();
  store::refuse_unsafe_service_role(db.service());
  actors::random_ids ids(db.clock());
  const auto before =
      store::session(db.service())
          .set_tier(*id, org.tier, "keywork org tier", ids.make<model::audit_id>(), db.clock().now());
  if (!before) throw usage_error("--org: there is no organisation " + org.id);
  std::cout << "tier " << *before << " -> " << org.tier << std::endl;
  return 0;
}

}  // namespace

void add_org(command_line& to) {
  auto& group = to.group("org", "Organisations; works beside a running serve on the same data");
  const auto org = std::make_shared<org_options>();
  auto& creating = to.add(group, "create", "Make an organisation with its first administrator",
                          [org](const options& o) { return create(o, *org); });
  address_options(creating, to.given());
  creating.add_option("--name", org->name, "The organisation's name")->required();
  creating.add_option("--tier", org->tier, "Its tier")->capture_default_str();
  creating.add_option("--admin-email", org->admin_email, "The administrator's e-mail address")->required();
  creating.add_option("--admin-name", org->admin_name, "The administrator's full name [the address]");
  auto& tier = to.add(group, "tier", "Change an organisation's tier",
                      [org](const options& o) { return change_tier(o, *org); });
  tier.add_option("--org", org->id, "The organisation's id")->required();
  tier.add_option("--tier", org->tier, "The new tier")->required();
}

}  // namespace net::cli
