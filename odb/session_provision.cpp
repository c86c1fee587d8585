#include "model/json.hpp"
#include "odb/session_impl.hpp"

namespace store {
namespace {

struct id_values {
  model::uuid id;
};
struct email_values {
  std::string email;
};

struct tier_change {
  std::string before;
  std::string after;
};
BOOST_DESCRIBE_STRUCT(tier_change, (), (before, after))

struct creation {
  std::string name;
  std::string tier;
};
BOOST_DESCRIBE_STRUCT(creation, (), (name, tier))

/// An entry made from the command line: `by` is nobody's user id.
model::audit_entry entry_by_command(model::audit_id id, model::org_id org, model::instant at,
                                    const std::string& by, const char* kind, std::string detail) {
  return {id, org, std::nullopt, at, model::user_id{}, by, "", kind, std::move(detail)};
}

/// The user of this address; made as `fresh` where there is none.
model::user_id user_for(unit& u, model::user_id fresh, const std::string& email, const std::string& name,
                        model::instant now) {
  using query = odb::query<id_view>;
  const auto known =
      first_of(u.ask<id_view>("provision_user", email_values{email}, [](const email_values& v) {
        return "SELECT id FROM keywork.users WHERE email =" + query::_ref(v.email);
      }));
  if (known) return model::user_id{known->id};
  u.db().persist(user_row{fresh, email, name, now});
  return fresh;
}

}  // namespace

void session::create_organisation(const provision& what) {
  const auto& org = what.organisation;
  const auto now = org.created_at;
  impl_->database.run({.as = purpose::provisioner, .org = org.id}, [&](unit& u) {
    const auto admin = user_for(u, what.admin, what.admin_email, what.admin_name, now);
    u.db().persist(org);
    u.db().persist(org_sequence{org.id, 0, 0});
    u.db().persist(model::member{
        admin, org.id, what.admin_email, what.admin_name, model::member_role::org_admin, {}, now});
    auto link = what.link;
    link.user = admin;
    link.org = org.id;  // a new one: there is no older invite to it to void
    u.db().persist(link);
    u.db().persist(entry_by_command(what.entry, org.id, now, what.by, "organisation.created",
                                    model::to_json(creation{org.name, org.tier})));
  });
}

std::optional<std::string> session::set_tier(model::org_id org, const std::string& tier,
                                             const std::string& by, model::audit_id entry,
                                             model::instant now) {
  using query = odb::query<effect_view>;
  return impl_->database.run(
      {.as = purpose::provisioner, .org = org}, [&](unit& u) -> std::optional<std::string> {
        const auto found =
            first_of(u.ask<effect_view>("provision_tier", id_values{org.value}, [](const id_values& v) {
              return "SELECT tier FROM keywork.organisations WHERE kind = 'managing_agent' AND id =" +
                     query::_ref(v.id) + " FOR UPDATE";
            }));
        if (!found) return std::nullopt;
        u.change("provision_set_tier", "UPDATE keywork.organisations SET tier = $1 WHERE id = $2",
                 {tier, to_text(org)});
        u.db().persist(entry_by_command(entry, org, now, by, "organisation.tier_changed",
                                        model::to_json(tier_change{*found->text, tier})));
        return found->text;
      });
}

}  // namespace store
