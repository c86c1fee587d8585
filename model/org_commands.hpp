#pragma once
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/digest_ledger.hpp"
#include "model/mail.hpp"
#include "model/organisation.hpp"
#include "model/refusal.hpp"
#include "model/retention_run.hpp"

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
  /// A window of retention is shortened only by whoever repeats what becomes due with it.
  std::optional<due_counts> confirm_due = {};
  /// Not input: what would become due, where a window is shortened.
  std::optional<due_counts> due = {};
};
BOOST_DESCRIBE_STRUCT(change_settings, (),
                      (name, time_zone, support_retention_years, support_notes_visible_to_housing_officer,
                       housing_officer_emails, confirm_due))

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

/// A mail of the organisation that did not go out is to be tried again now.
struct retry_mail {
  mail_id mail;
  /// Not input: which state it is in; none where the organisation has no such mail.
  std::optional<mail_state> state = {};
  /// Not input: the link in it was used, has expired or was ended.
  bool link_is_void = false;
};
BOOST_DESCRIBE_STRUCT(retry_mail, (), (mail))

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
  std::optional<std::int64_t> signing_template = {};
};
BOOST_DESCRIBE_STRUCT(add_template, (), (type, name, tenures, text_, due_every_months, signing_template))

/// Changes a template, one of the starter pack as well.
struct change_template {
  model::template_id template_id;
  std::optional<name_text> name;
  std::optional<std::vector<tenure_type>> tenures;
  std::optional<text<20000>> text_;
  change_of<std::int32_t> due_every_months;
  change_of<std::int64_t> signing_template;
  std::optional<bool> retired;
};
BOOST_DESCRIBE_STRUCT(change_template, (),
                      (template_id, name, tenures, text_, due_every_months, signing_template, retired))

/// No case of an organisation under legal hold is swept (R32).
struct set_organisation_hold {
  bool on = true;
  text<2000> reason;
};
BOOST_DESCRIBE_STRUCT(set_organisation_hold, (), (on, reason))

/// Sweep now, and not only when the day begins (R30).
struct run_retention {
  /// Not input: the run that was asked for and is not over, where there is one.
  std::optional<retention_run> open = {};
};
BOOST_DESCRIBE_STRUCT(run_retention, (), ())

/// What housing officers are told for a month, or would be: counted for all of them, in full for one.
struct preview_digest {
  model::month month;
  std::optional<user_id> recipient;
  /// Not input: what there is to tell.
  std::optional<std::vector<digest_preview_line>> found = {};
};
BOOST_DESCRIBE_STRUCT(preview_digest, (), (month, recipient))

/// What the database knows of a digest that is to be sent again.
struct resend_facts {
  digest_entry entry;
  /// The last copy's number so far.
  std::int32_t last_copy = 0;
  /// Whether they are still a recipient, and there is something to say.
  bool has_something_to_say = false;
  /// Their name now.
  std::string full_name;
  /// The digest of that month for them that is still to be sent, or a copy of it.
  std::optional<digest_line> on_its_way = {};
};

/// Sends somebody's digest of a month once more.
struct resend_digest {
  digest_id digest;
  /// Not input. Nothing where there is no such digest.
  std::optional<resend_facts> found = {};
};
BOOST_DESCRIBE_STRUCT(resend_digest, (), (digest))

using org_command =
    std::variant<change_settings, add_member, remove_member, retry_mail, add_landlord, rename_landlord,
                 add_property, change_property, create_tenancy, change_tenant, open_case, add_template,
                 change_template, set_organisation_hold, run_retention, preview_digest, resend_digest>;

}  // namespace model
