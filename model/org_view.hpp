#pragma once
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "model/org_commands.hpp"
#include "model/org_events.hpp"
#include "model/plans.hpp"
#include "model/refusal.hpp"

/// What the operators of an organisation see of it. Settings, members and billing are the admins' alone; of
/// landlords, properties and tenancies a property manager sees those of the landlords assigned to them, and
/// no others exist for them (R3). Whoever has no standing is told that there is nothing.
namespace model {

struct organisation_admin_view {
  using is_view = void;
  org_id id;
  std::string name;
  std::string tier;
  std::string time_zone;
  retention_years support_retention_years;
  bool support_notes_visible_to_housing_officer = false;
  std::vector<std::string> housing_officer_emails;
  instant created_at;
  /// Over every case (R32).
  bool legal_hold = false;
  std::optional<instant> legal_hold_since;
  std::optional<std::string> legal_hold_reason;
};
BOOST_DESCRIBE_STRUCT(organisation_admin_view, (),
                      (id, name, tier, time_zone, support_retention_years,
                       support_notes_visible_to_housing_officer, housing_officer_emails, created_at,
                       legal_hold, legal_hold_since, legal_hold_reason))

/// The tier, what it includes, and what is on sale.
struct billing_admin_view {
  using is_view = void;
  std::string tier;
  std::vector<std::string> features;
  std::vector<plan> plans;
};
BOOST_DESCRIBE_STRUCT(billing_admin_view, (), (tier, features, plans))

/// A member under their user's id.
struct member_view {
  using is_view = void;
  user_id id;
  std::string email;
  std::string full_name;
  member_role role = member_role::property_manager;
  std::vector<landlord_id> landlord_ids;
  instant created_at;
};
BOOST_DESCRIBE_STRUCT(member_view, (), (id, email, full_name, role, landlord_ids, created_at))

struct landlord_view {
  using is_view = void;
  landlord_id id;
  std::string name;
  instant created_at;
};
BOOST_DESCRIBE_STRUCT(landlord_view, (), (id, name, created_at))

struct property_view {
  using is_view = void;
  property_id id;
  model::landlord_id landlord_id;
  model::address address;
  instant created_at;
};
BOOST_DESCRIBE_STRUCT(property_view, (), (id, landlord_id, address, created_at))

struct tenant_view {
  using is_view = void;
  tenant_id id;
  model::tenancy_id tenancy_id;
  std::string full_name;
  std::string email;
  std::optional<std::string> phone;
  note_visibility housing_officer_note_visibility = note_visibility::inherit;
  /// The case about them, if there is one (R6).
  std::optional<model::case_id> case_id;
};
BOOST_DESCRIBE_STRUCT(tenant_view, (),
                      (id, tenancy_id, full_name, email, phone, housing_officer_note_visibility, case_id))

struct deposit_view {
  std::int64_t pence = 0;
  std::optional<deposit_scheme> scheme;
};
BOOST_DESCRIBE_STRUCT(deposit_view, (), (pence, scheme))

struct tenancy_view {
  using is_view = void;
  tenancy_id id;
  model::property_id property_id;
  /// Its address in one line.
  std::string property;
  day start_date;
  std::optional<day> end_date;
  std::int64_t rent_pence = 0;
  model::rent_period rent_period = model::rent_period::monthly;
  model::tenure_type tenure_type = model::tenure_type::assured_periodic;
  std::optional<deposit_view> deposit;
  std::vector<tenant_view> tenants;
  instant created_at;
};
BOOST_DESCRIBE_STRUCT(tenancy_view, (),
                      (id, property_id, property, start_date, end_date, rent_pence, rent_period, tenure_type,
                       deposit, tenants, created_at))

/// A template with the names of its own questions. `built_in`: it is the starter pack's, unchanged.
struct document_template_view {
  using is_view = void;
  template_id id;
  document_type type = document_type::letter;
  std::string name;
  std::vector<tenure_type> tenures;
  std::string text;
  std::vector<std::string> fields;
  std::optional<std::int32_t> due_every_months;
  std::optional<std::int64_t> signing_template;
  bool retired = false;
  bool built_in = false;
  instant created_at;
  std::optional<instant> changed_at;
};
BOOST_DESCRIBE_STRUCT(document_template_view, (),
                      (id, type, name, tenures, text, fields, due_every_months, signing_template, retired,
                       built_in, created_at, changed_at))

/// One page of a list, newest first. `next` is the cursor of the page after it, null on the last.
template <class Item>
struct list_view {
  using is_view = void;
  std::vector<Item> items;
  std::optional<std::string> next;
  BOOST_DESCRIBE_CLASS(list_view, (), (items, next), (), ())
};

/// Which page: at most `limit` items (1 to 200) that come after `cursor`; from the start if it is empty.
struct list_query {
  std::int64_t limit = 50;
  std::string cursor;
};
BOOST_DESCRIBE_STRUCT(list_query, (), (limit, cursor))

/// What the new-case picker asks: only tenancies with a tenant about whom there is no case, and only those
/// whose tenants' names and addresses or property hold every word of `q`.
struct tenancy_query {
  bool without_case = false;
  std::string q;
  list_query page;
};
BOOST_DESCRIBE_STRUCT(tenancy_query, (), (without_case, q, page))

template <class View>
using seen = std::variant<View, refusal>;

// Each refuses with not_found or not_permitted, the lists also a limit or cursor that cannot be (invalid).
seen<organisation_admin_view> view_organisation(const org_state& org, const caller& who);
seen<billing_admin_view> view_billing(const org_state& org, const caller& who, const plan_catalogue& plans);
seen<list_view<member_view>> view_members(const org_state& org, const caller& who, const list_query& page);
seen<list_view<landlord_view>> view_landlords(const org_state& org, const caller& who,
                                              const list_query& page);
seen<list_view<property_view>> view_properties(const org_state& org, const caller& who,
                                               const list_query& page);
seen<list_view<tenancy_view>> view_tenancies(const org_state& org, const caller& who,
                                             const tenancy_query& query);

/// Every member's to read: the organisation's own and the starter pack's.
seen<list_view<document_template_view>> view_document_templates(const org_state& org, const caller& who,
                                                                const list_query& page);

seen<member_view> view_member(const org_state& org, const caller& who, user_id id);
seen<landlord_view> view_landlord(const org_state& org, const caller& who, landlord_id id);
seen<property_view> view_property(const org_state& org, const caller& who, property_id id);
seen<tenancy_view> view_tenancy(const org_state& org, const caller& who, tenancy_id id);
seen<tenant_view> view_tenant(const org_state& org, const caller& who, tenant_id id);
seen<document_template_view> view_document_template(const org_state& org, const caller& who, template_id id);

/// A digest as an admin reads it; `month` is `2026-10`.
struct told_digest_view {
  std::string organisation;
  std::string time_zone;
  std::string month;
  instant from;
  instant to;
  instant as_of;
  std::string recipient;
  std::vector<digest_section> sections;
};
BOOST_DESCRIBE_STRUCT(told_digest_view, (),
                      (organisation, time_zone, month, from, to, as_of, recipient, sections))

/// What a recipient is told, or would be: counted, and in full for the one who was asked for.
struct told_recipient_view {
  digest_recipient_view recipient;
  std::string full_name;
  digest_counts counts;
  if_permitted<told_digest_view> digest_;
};
BOOST_DESCRIBE_STRUCT(told_recipient_view, (), (recipient, full_name, counts, digest_))

/// `sends_at` is when this month's digest is due, which may be over.
struct told_month_view {
  using is_view = void;
  std::string month;
  instant from;
  instant to;
  instant sends_at;
  std::vector<told_recipient_view> recipients;
};
BOOST_DESCRIBE_STRUCT(told_month_view, (), (month, from, to, sends_at, recipients))

using org_change_view =
    std::variant<organisation_admin_view, member_view, landlord_view, property_view, tenancy_view,
                 tenant_view, document_template_view, told_month_view, digest_line_view>;

/// What housing officers are told for a month, with what was found for them. For who was accepted to ask.
told_month_view view_preview(const org_state& org, const preview_digest& cmd);

/// What to answer to a command that led to `org` by `events`: the whole of what it made or changed; a command
/// without events is answered with what it named. Nothing for `remove_member` (there is nothing left to show)
/// and for `open_case` (the case shows itself). Only for a caller whose command was accepted.
std::optional<org_change_view> view_change(const org_state& org, const caller& who,
                                           const org_command& command, std::span<const org_event> events);

}  // namespace model
