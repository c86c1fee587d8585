#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/access.hpp"
#include "model/describe.hpp"
#include "model/document_template.hpp"
#include "model/ids.hpp"
#include "model/tenure.hpp"

namespace model {

enum class org_kind { managing_agent, support_provider };
BOOST_DESCRIBE_ENUM(org_kind, managing_agent, support_provider)

enum class member_role { org_admin, property_manager };
BOOST_DESCRIBE_ENUM(member_role, org_admin, property_manager)

enum class deposit_scheme { tds, dps, mydeposits, other };
BOOST_DESCRIBE_ENUM(deposit_scheme, tds, dps, mydeposits, other)

enum class note_visibility { inherit, visible, hidden };
BOOST_DESCRIBE_ENUM(note_visibility, inherit, visible, hidden)

/// Years that closed cases and safeguarding notes are kept (R29).
struct retention_years {
  std::int32_t default_ = 7;
  std::int32_t safeguarding = 25;
  friend bool operator==(const retention_years&, const retention_years&) = default;
};
BOOST_DESCRIBE_STRUCT(retention_years, (), (default_, safeguarding))

/// An organisation and its settings (R1).
struct organisation {
  org_id id;
  org_kind kind = org_kind::managing_agent;
  std::string name;
  std::string tier;
  std::string time_zone = "Europe/London";
  retention_years support_retention_years;
  bool support_notes_visible_to_housing_officer = false;
  std::vector<std::string> housing_officer_emails;
  instant created_at;
  /// A legal hold over all its cases (R32) and why.
  std::optional<instant> held_since = {};
  std::optional<std::string> hold_reason = {};
};
BOOST_DESCRIBE_STRUCT(organisation, (),
                      (id, kind, name, tier, time_zone, support_retention_years,
                       support_notes_visible_to_housing_officer, housing_officer_emails, created_at,
                       held_since, hold_reason))

/// An operator's membership (R3). A property manager's `landlords` are the ones assigned to them; an org
/// admin has none, and sees all.
struct member {
  user_id user;
  org_id org;
  std::string email;
  std::string full_name;
  member_role role = member_role::property_manager;
  std::vector<landlord_id> landlords;
  instant created_at;
};
BOOST_DESCRIBE_STRUCT(member, (), (user, org, email, full_name, role, landlords, created_at))

struct landlord {
  landlord_id id;
  org_id org;
  std::string name;
  instant created_at;
};
BOOST_DESCRIBE_STRUCT(landlord, (), (id, org, name, created_at))

struct address {
  std::string line1;
  std::string line2;
  std::string town;
  std::string postcode;
  friend bool operator==(const address&, const address&) = default;
};
BOOST_DESCRIBE_STRUCT(address, (), (line1, line2, town, postcode))
/// The parts that are there, with commas between.
std::string one_line(const address& a);

struct property {
  property_id id;
  org_id org;
  landlord_id landlord;
  model::address address;
  instant created_at;
};
BOOST_DESCRIBE_STRUCT(property, (), (id, org, landlord, address, created_at))

/// A tenancy's terms (R4). Money in pence.
struct tenancy {
  tenancy_id id;
  org_id org;
  property_id property;
  day start_date;
  std::optional<day> end_date;
  std::int64_t rent_pence = 0;
  model::rent_period rent_period = model::rent_period::monthly;
  model::tenure_type tenure_type = model::tenure_type::assured_periodic;
  std::optional<std::int64_t> deposit_pence;
  std::optional<model::deposit_scheme> deposit_scheme;
  instant created_at;
};
BOOST_DESCRIBE_STRUCT(tenancy, (),
                      (id, org, property, start_date, end_date, rent_pence, rent_period, tenure_type,
                       deposit_pence, deposit_scheme, created_at))

/// One named tenant of a tenancy.
struct tenant {
  tenant_id id;
  org_id org;
  tenancy_id tenancy;
  std::string full_name;
  std::string email;
  std::optional<std::string> phone;
  note_visibility housing_officer_note_visibility = note_visibility::inherit;
};
BOOST_DESCRIBE_STRUCT(tenant, (),
                      (id, org, tenancy, full_name, email, phone, housing_officer_note_visibility))

/// What an organisation knows of its cases: enough to route to them and to refuse a second one.
struct case_entry {
  case_id id;
  std::string reference;
  tenancy_id tenancy;
  tenant_id tenant;
};
BOOST_DESCRIBE_STRUCT(case_entry, (), (id, reference, tenancy, tenant))

/// Everything an organisation's actor holds. Bounded by the tier's quotas, since a tenancy is the unit that
/// is sold.
struct org_state {
  organisation settings;
  std::vector<member> members;
  std::vector<landlord> landlords;
  std::vector<property> properties;
  std::vector<tenancy> tenancies;
  std::vector<tenant> tenants;
  std::vector<case_entry> cases;
  /// The organisation's own, and those of the starter pack that it changed.
  template_list templates;
  /// Counts every change; two nodes cannot both make change n.
  std::uint64_t version = 0;
  /// How many cases were ever opened: the next reference.
  std::uint64_t cases_opened = 0;

  const member* find(user_id id) const;
  const landlord* find(landlord_id id) const;
  const property* find(property_id id) const;
  const tenancy* find(tenancy_id id) const;
  const tenant* find(tenant_id id) const;
  const case_entry* find(case_id id) const;
  /// Among its own.
  std::shared_ptr<const document_template> find(template_id id) const;
  /// The case about this tenant, if one was opened (R6).
  const case_entry* case_of(tenant_id id) const;
};

/// What a case needs to know of the organisation around it; told again whenever it changes. `templates` are
/// those that its documents are made from. They are shared and never changed in place, so that two places are
/// equal only where the very same templates stand in both.
struct case_place {
  org_id org;
  std::string organisation_name;
  tenant_id tenant;
  std::string tenant_name;
  tenancy_id tenancy;
  std::string property;
  std::string time_zone = "Europe/London";
  retention_years retention = {};
  std::string tenant_email = {};
  std::optional<std::string> tenant_phone = {};
  std::string landlord_name = {};
  model::tenure_type tenure_type = model::tenure_type::assured_periodic;
  day start_date = {};
  std::optional<day> end_date = {};
  std::int64_t rent_pence = 0;
  model::rent_period rent_period = model::rent_period::monthly;
  template_list templates = {};
  /// Why the organisation is under legal hold, if it is.
  std::optional<std::string> organisation_hold = {};
  friend bool operator==(const case_place&, const case_place&) = default;
};
BOOST_DESCRIBE_STRUCT(case_place, (),
                      (org, organisation_name, tenant, tenant_name, tenancy, property, time_zone, retention,
                       tenant_email, tenant_phone, landlord_name, tenure_type, start_date, end_date,
                       rent_pence, rent_period, templates, organisation_hold))

/// The place of a case that the organisation has; nothing if it has no such case.
std::optional<case_place> place_of(const org_state& org, case_id id);

/// Somebody's standing over the organisation at large: managers are managers whatever their landlords.
standing standing_of(const org_state& org, user_id who);
/// Somebody's standing over one landlord's properties: managers only where assigned (R3).
standing standing_of(const org_state& org, user_id who, landlord_id scope);
/// Somebody's standing over one tenant's case.
standing standing_of(const org_state& org, user_id who, tenant_id scope);

}  // namespace model
