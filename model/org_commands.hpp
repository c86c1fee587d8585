#pragma once
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/organisation.hpp"

namespace model {

/// The types of text that come from outside with a check of their own: read through `normalise_email` and
/// `normalise_phone`, refused where those have no answer.
struct email_text {
  std::string value;
  friend bool operator==(const email_text&, const email_text&) = default;
};
struct phone_text {
  std::string value;
  friend bool operator==(const phone_text&, const phone_text&) = default;
};
using name_text = text<200>;

struct retention_years_input {
  std::optional<std::int32_t> default_;
  std::optional<std::int32_t> safeguarding;
};
BOOST_DESCRIBE_STRUCT(retention_years_input, (), (default_, safeguarding))

struct change_settings {
  std::optional<name_text> name;
  std::optional<name_text> time_zone;
  std::optional<retention_years_input> support_retention_years;
  std::optional<bool> support_notes_visible_to_housing_officer;
  std::optional<std::vector<email_text>> housing_officer_emails;
};
BOOST_DESCRIBE_STRUCT(change_settings, (),
                      (name, time_zone, support_retention_years, support_notes_visible_to_housing_officer,
                       housing_officer_emails))

/// The user of an e-mail address, as the directory knows them: filled in by the actor before `decide`.
struct known_person {
  std::optional<user_id> user;
  /// Distinct tenants with an active assignment, over all organisations (R18).
  std::int64_t active_tenants = 0;
};
BOOST_DESCRIBE_STRUCT(known_person, (), (user, active_tenants))

struct add_member {
  email_text email;
  name_text full_name;
  member_role role = member_role::property_manager;
  std::optional<std::vector<landlord_id>> landlord_ids;
  /// Not input.
  std::optional<known_person> person = {};
};
BOOST_DESCRIBE_STRUCT(add_member, (), (email, full_name, role, landlord_ids))

struct remove_member {
  user_id user;
};
BOOST_DESCRIBE_STRUCT(remove_member, (), (user))

struct add_landlord {
  name_text name;
};
BOOST_DESCRIBE_STRUCT(add_landlord, (), (name))

struct rename_landlord {
  landlord_id landlord;
  name_text name;
};
BOOST_DESCRIBE_STRUCT(rename_landlord, (), (landlord, name))

struct address_input {
  text<200> line1;
  std::optional<text<200, 0>> line2;
  text<200> town;
  text<20> postcode;
};
BOOST_DESCRIBE_STRUCT(address_input, (), (line1, line2, town, postcode))

struct add_property {
  model::landlord_id landlord_id;
  address_input address;
};
BOOST_DESCRIBE_STRUCT(add_property, (), (landlord_id, address))

struct change_property {
  property_id property;
  std::optional<model::landlord_id> landlord_id;
  std::optional<address_input> address;
};
BOOST_DESCRIBE_STRUCT(change_property, (), (property, landlord_id, address))

struct tenant_input {
  name_text full_name;
  email_text email;
  std::optional<phone_text> phone;
};
BOOST_DESCRIBE_STRUCT(tenant_input, (), (full_name, email, phone))

struct deposit_input {
  std::int64_t pence = 0;
  deposit_scheme scheme = deposit_scheme::other;
};
BOOST_DESCRIBE_STRUCT(deposit_input, (), (pence, scheme))

struct create_tenancy {
  property_id property;
  std::vector<tenant_input> tenants;
  day start_date;
  std::optional<day> end_date;
  std::int64_t rent_pence = 0;
  model::rent_period rent_period = model::rent_period::monthly;
  std::optional<model::tenure_type> tenure_type;
  std::optional<deposit_input> deposit;
};
BOOST_DESCRIBE_STRUCT(create_tenancy, (),
                      (property, tenants, start_date, end_date, rent_pence, rent_period, tenure_type,
                       deposit))

struct change_tenant {
  tenant_id tenant;
  std::optional<name_text> full_name;
  std::optional<email_text> email;
  std::optional<phone_text> phone;
  std::optional<note_visibility> housing_officer_note_visibility;
};
BOOST_DESCRIBE_STRUCT(change_tenant, (), (tenant, full_name, email, phone, housing_officer_note_visibility))

struct open_case {
  model::tenancy_id tenancy_id;
  std::optional<model::tenant_id> tenant_id;
  std::optional<text<20000, 0>> context_summary;
};
BOOST_DESCRIBE_STRUCT(open_case, (), (tenancy_id, tenant_id, context_summary))

/// A template of the organisation's own.
struct add_template {
  document_type type = document_type::letter;
  name_text name;
  std::optional<std::vector<tenure_type>> tenures;
  text<20000> text_;
  std::optional<std::int32_t> due_every_months;
};
BOOST_DESCRIBE_STRUCT(add_template, (), (type, name, tenures, text_, due_every_months))

/// Changes a template, one of the starter pack as well.
struct change_template {
  model::template_id template_id;
  std::optional<name_text> name;
  std::optional<std::vector<tenure_type>> tenures;
  std::optional<text<20000>> text_;
  change_of<std::int32_t> due_every_months;
  std::optional<bool> retired;
};
BOOST_DESCRIBE_STRUCT(change_template, (), (template_id, name, tenures, text_, due_every_months, retired))

using org_command =
    std::variant<change_settings, add_member, remove_member, add_landlord, rename_landlord, add_property,
                 change_property, create_tenancy, change_tenant, open_case, add_template, change_template>;

}  // namespace model
