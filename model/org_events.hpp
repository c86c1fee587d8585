#pragma once
#include <string>
#include <variant>
#include <vector>

#include "model/magic_link.hpp"
#include "model/organisation.hpp"
#include "model/support_case.hpp"

namespace model {

/// A user made for an e-mail address that was new (R2, R15). `container` is the `support_provider`
/// organisation that an invited worker gets as identity; an operator gets none.
struct new_user {
  user_id user;
  std::string email;
  std::string full_name;
  std::optional<org_id> container;
};
BOOST_DESCRIBE_STRUCT(new_user, (), (user, email, full_name, container))

struct settings_changed {
  static constexpr std::string_view kind = "settings.changed";
  organisation before;
  organisation after;
};
BOOST_DESCRIBE_STRUCT(settings_changed, (), (before, after))

struct member_added {
  static constexpr std::string_view kind = "member.added";
  model::member member;
  std::optional<new_user> created;
  magic_link link;
  mail_id mail;
};
BOOST_DESCRIBE_STRUCT(member_added, (), (member, created, link, mail))

struct member_removed {
  static constexpr std::string_view kind = "member.removed";
  model::member member;
};
BOOST_DESCRIBE_STRUCT(member_removed, (), (member))

struct landlord_added {
  static constexpr std::string_view kind = "landlord.added";
  model::landlord landlord;
};
BOOST_DESCRIBE_STRUCT(landlord_added, (), (landlord))

struct landlord_renamed {
  static constexpr std::string_view kind = "landlord.renamed";
  landlord before;
  landlord after;
};
BOOST_DESCRIBE_STRUCT(landlord_renamed, (), (before, after))

struct property_added {
  static constexpr std::string_view kind = "property.added";
  model::property property;
};
BOOST_DESCRIBE_STRUCT(property_added, (), (property))

struct property_changed {
  static constexpr std::string_view kind = "property.changed";
  property before;
  property after;
};
BOOST_DESCRIBE_STRUCT(property_changed, (), (before, after))

struct tenancy_created {
  static constexpr std::string_view kind = "tenancy.created";
  model::tenancy tenancy;
  std::vector<tenant> tenants;
  /// One information sheet per tenant, in their order (R5).
  std::vector<mail_id> mails;
};
BOOST_DESCRIBE_STRUCT(tenancy_created, (), (tenancy, tenants, mails))

struct tenant_changed {
  static constexpr std::string_view kind = "tenant.changed";
  tenant before;
  tenant after;
};
BOOST_DESCRIBE_STRUCT(tenant_changed, (), (before, after))

struct case_opened {
  static constexpr std::string_view kind = "case.opened";
  case_header opened;
};
BOOST_DESCRIBE_STRUCT(case_opened, (), (opened))

using org_event =
    std::variant<settings_changed, member_added, member_removed, landlord_added, landlord_renamed,
                 property_added, property_changed, tenancy_created, tenant_changed, case_opened>;

}  // namespace model
