#include "model/org_decide.hpp"

#include <algorithm>
#include <set>

#include "model/input_errors.hpp"
#include "model/org_decide_parts.hpp"
#include "model/retention_plan.hpp"
#include "model/time_zones.hpp"
#include "model/wire.hpp"

namespace model {
namespace {

using result = outcome<org_event>;
using events = std::vector<org_event>;

/// Whether two values say the same in everything that is kept of them.
template <class T>
bool same(const T& a, const T& b) {
  return pack(a) == pack(b);
}

/// Settings, members and landlords are the admins' alone (DOMAIN §3).
std::optional<refusal> refuse_unless_admin(const org_state& org, const caller& who) {
  switch (standing_of(org, who.user)) {
    case standing::org_admin:
      return std::nullopt;
    case standing::property_manager:
      return refusal::not_permitted();
    case standing::none:
      break;
  }
  return refusal::not_found();
}

bool in_scope(const org_state& org, const caller& who, landlord_id scope) {
  return standing_of(org, who.user, scope) != standing::none;
}

/// The property, if it is there and this caller's to see.
const property* find_in_scope(const org_state& org, const caller& who, property_id id) {
  const auto* found = org.find(id);
  return found && in_scope(org, who, found->landlord) ? found : nullptr;
}

const tenancy* find_in_scope(const org_state& org, const caller& who, tenancy_id id) {
  const auto* found = org.find(id);
  return found && find_in_scope(org, who, found->property) ? found : nullptr;
}

const tenant* find_in_scope(const org_state& org, const caller& who, tenant_id id) {
  const auto* found = org.find(id);
  return found && standing_of(org, who.user, id) != standing::none ? found : nullptr;
}

// ---- settings --------------------------------------------------------------------------------------------

void check_retention(const retention_years& years, input_errors& errors) {
  if (years.default_ < 1 || years.default_ > most_retention_years)
    errors.add("support_retention_years.default", "out_of_range", "1 to 100 years.");
  if (years.safeguarding < 1 || years.safeguarding > most_retention_years)
    errors.add("support_retention_years.safeguarding", "out_of_range", "1 to 100 years.");
  else if (years.safeguarding < years.default_)
    errors.add("support_retention_years.safeguarding", "out_of_range",
               "Safeguarding notes are kept at least as long as the others.");
}

std::vector<std::string> housing_officers(const std::vector<email_text>& input, input_errors& errors) {
  constexpr auto field = "housing_officer_emails";
  if (input.size() > most_housing_officer_emails) {
    errors.add(field, "too_many", "At most 200 addresses.");
    return {};
  }
  std::vector<std::string> out;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < input.size(); ++i) {
    out.push_back(errors.email(indexed(field, i), input[i]));
    if (!out.back().empty() && !seen.insert(out.back()).second)
      errors.add(indexed(field, i), "duplicate", "This address is in the list already.");
  }
  return out;
}

result decide_on(const org_state& org, const caller& who, const change_settings& cmd, const moment&) {
  if (auto no = refuse_unless_admin(org, who)) return *no;
  auto after = org.settings;
  input_errors errors;
  if (cmd.name) after.name = cmd.name->value;
  if (cmd.time_zone) {
    after.time_zone = cmd.time_zone->value;
    if (!is_time_zone(after.time_zone))
      errors.add("time_zone", "unknown", "No time zone of this name, such as Europe/London.");
  }
  after.support_retention_years = windows_after(after.support_retention_years, cmd);
  check_retention(after.support_retention_years, errors);
  if (cmd.support_notes_visible_to_housing_officer)
    after.support_notes_visible_to_housing_officer = *cmd.support_notes_visible_to_housing_officer;
  if (cmd.housing_officer_emails)
    after.housing_officer_emails = housing_officers(*cmd.housing_officer_emails, errors);
  if (auto no = errors.refuse()) return *no;
  if (same(org.settings, after)) return events{};
  if (auto no = deciding::refuse_shortening(org.settings.support_retention_years,
                                            after.support_retention_years, cmd))
    return *no;
  return events{settings_changed{org.settings, std::move(after)}};
}

// ---- members ---------------------------------------------------------------------------------------------

void check_landlords(const org_state& org, const add_member& cmd, input_errors& errors) {
  const auto given = cmd.landlord_ids.value_or(std::vector<landlord_id>{});
  if (cmd.role != member_role::property_manager && !given.empty()) {
    errors.add("landlord_ids", "not_allowed", "Only a property manager is assigned to landlords.");
    return;
  }
  std::set<landlord_id> seen;
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (!org.find(given[i]))
      errors.add(indexed("landlord_ids", i), "unknown", "There is no such landlord.");
    else if (!seen.insert(given[i]).second)
      errors.add(indexed("landlord_ids", i), "duplicate", "This landlord is in the list already.");
  }
}

magic_link member_link(const org_state& org, user_id user, const moment& at) {
  magic_link link;
  link.id = at.ids.make<link_id>();
  link.user = user;
  link.purpose = link_purpose::member_invite;
  link.org = org.settings.id;
  link.secret = at.links.next_secret();
  link.created_at = at.now;
  link.expires_at = at.now + invite_link_lifetime;
  return link;
}

bool has_member(const org_state& org, const std::string& email, const std::optional<user_id>& user) {
  return std::any_of(org.members.begin(), org.members.end(),
                     [&](const member& m) { return m.email == email || m.user == user; });
}

result decide_on(const org_state& org, const caller& who, const add_member& cmd, const moment& at) {
  if (auto no = refuse_unless_admin(org, who)) return *no;
  input_errors errors;
  const auto email = errors.email("email", cmd.email);
  check_landlords(org, cmd, errors);
  if (auto no = errors.refuse()) return *no;
  // Whose address it is has to be known, else a second user would be made for it.
  if (!cmd.person) return refusal::unavailable();
  if (has_member(org, email, cmd.person->user))
    return refusal::conflict(refusal_code::already_member, "They are a member already.");
  if (auto no = deciding::refuse_over_quota(org, at, "users", static_cast<std::int64_t>(org.members.size())))
    return *no;

  member_added e;
  const auto& known = cmd.person->user;
  e.member.user = known ? *known : at.ids.make<user_id>();
  e.member.org = org.settings.id;
  e.member.email = email;
  e.member.full_name = cmd.full_name.value;
  e.member.role = cmd.role;
  e.member.landlords = cmd.landlord_ids.value_or(std::vector<landlord_id>{});
  e.member.created_at = at.now;
  if (!known) e.created = new_user{e.member.user, email, cmd.full_name.value, std::nullopt};
  e.link = member_link(org, e.member.user, at);
  e.mail = at.ids.make<mail_id>();
  return events{std::move(e)};
}

// ---- mails -----------------------------------------------------------------------------------------------

result decide_on(const org_state& org, const caller& who, const retry_mail& cmd, const moment& at) {
  if (auto no = refuse_unless_admin(org, who)) return *no;
  if (!cmd.state) return refusal::not_found();
  if (!can_be_retried(*cmd.state))
    return refusal::conflict(refusal_code::wrong_status,
                             "Only a mail that failed or waits for another attempt can be tried again.");
  if (cmd.link_is_void)
    return refusal::conflict(refusal_code::link_void,
                             "The link in this mail opens nothing any more: it was used, has expired, or was "
                             "replaced or withdrawn. Invite again instead; to sign in, ask for a new link.");
  return events{mail_retried{cmd.mail, *cmd.state, at.now}};
}

result decide_on(const org_state& org, const caller& who, const remove_member& cmd, const moment&) {
  if (auto no = refuse_unless_admin(org, who)) return *no;
  const auto* leaving = org.find(cmd.user);
  if (!leaving) return refusal::not_found();
  const auto admins = std::count_if(org.members.begin(), org.members.end(),
                                    [](const member& m) { return m.role == member_role::org_admin; });
  if (leaving->role == member_role::org_admin && admins == 1)
    return refusal::conflict(refusal_code::last_admin, "An organisation keeps at least one admin.");
  return events{member_removed{*leaving}};
}

// ---- landlords and properties ----------------------------------------------------------------------------

result decide_on(const org_state& org, const caller& who, const add_landlord& cmd, const moment& at) {
  if (auto no = refuse_unless_admin(org, who)) return *no;
  return events{landlord_added{{at.ids.make<landlord_id>(), org.settings.id, cmd.name.value, at.now}}};
}

result decide_on(const org_state& org, const caller& who, const rename_landlord& cmd, const moment&) {
  if (auto no = refuse_unless_admin(org, who)) return *no;
  const auto* before = org.find(cmd.landlord);
  if (!before) return refusal::not_found();
  if (before->name == cmd.name.value) return events{};
  auto after = *before;
  after.name = cmd.name.value;
  return events{landlord_renamed{*before, std::move(after)}};
}

address address_of(const address_input& input) {
  return {input.line1.value, input.line2 ? input.line2->value : std::string{}, input.town.value,
          input.postcode.value};
}

result decide_on(const org_state& org, const caller& who, const add_property& cmd, const moment& at) {
  if (!in_scope(org, who, cmd.landlord_id)) return refusal::not_found();
  return events{property_added{
      {at.ids.make<property_id>(), org.settings.id, cmd.landlord_id, address_of(cmd.address), at.now}}};
}

result decide_on(const org_state& org, const caller& who, const change_property& cmd, const moment&) {
  const auto* before = find_in_scope(org, who, cmd.property);
  if (!before) return refusal::not_found();
  auto after = *before;
  if (cmd.landlord_id) {
    // A manager who could give a property away to a landlord out of sight would learn that there is one.
    if (!in_scope(org, who, *cmd.landlord_id)) return refusal::not_found();
    after.landlord = *cmd.landlord_id;
  }
  if (cmd.address) after.address = address_of(*cmd.address);
  if (same(*before, after)) return events{};
  return events{property_changed{*before, std::move(after)}};
}

// ---- tenancies and tenants -------------------------------------------------------------------------------

result decide_on(const org_state& org, const caller& who, const create_tenancy& cmd, const moment& at) {
  if (!find_in_scope(org, who, cmd.property)) return refusal::not_found();
  return deciding::decide(org, cmd, at);
}

result decide_on(const org_state& org, const caller& who, const change_tenant& cmd, const moment&) {
  const auto* before = find_in_scope(org, who, cmd.tenant);
  if (!before) return refusal::not_found();
  auto after = *before;
  input_errors errors;
  if (cmd.full_name) after.full_name = cmd.full_name->value;
  if (cmd.email) after.email = errors.email("email", *cmd.email);
  if (cmd.phone) after.phone = errors.phone("phone", *cmd.phone);
  if (cmd.housing_officer_note_visibility)
    after.housing_officer_note_visibility = *cmd.housing_officer_note_visibility;
  if (auto no = errors.refuse()) return *no;
  if (same(*before, after)) return events{};
  return events{tenant_changed{*before, std::move(after)}};
}

// ---- opening a case --------------------------------------------------------------------------------------

/// The tenant whom the case is about: the one named, or the only one there is.
std::variant<const tenant*, refusal> subject_of(const org_state& org, const open_case& cmd) {
  std::vector<const tenant*> on_it;
  for (const auto& t : org.tenants)
    if (t.tenancy == cmd.tenancy_id && (!cmd.tenant_id || t.id == *cmd.tenant_id)) on_it.push_back(&t);
  if (on_it.size() == 1) return on_it.front();
  if (cmd.tenant_id) return refusal::invalid("tenant_id", "unknown", "This tenant is not on the tenancy.");
  return refusal::invalid("tenant_id", "required",
                          "A joint tenancy: say which of its tenants the case is about.");
}

/// `SC-00001`; longer numbers simply get longer.
std::string case_reference(std::uint64_t number) {
  auto digits = std::to_string(number);
  if (digits.size() < 5) digits.insert(0, 5 - digits.size(), '0');
  return "SC-" + digits;
}

result decide_on(const org_state& org, const caller& who, const open_case& cmd, const moment& at) {
  if (standing_of(org, who.user) == standing::none) return refusal::not_found();
  if (!at.plans.includes(org.settings.tier, support_cases_feature))
    return at.plans.upgrade_for_feature(support_cases_feature);
  if (!find_in_scope(org, who, cmd.tenancy_id)) return refusal::not_found();
  const auto subject = subject_of(org, cmd);
  if (const auto* no = std::get_if<refusal>(&subject)) return *no;
  const auto& about = *std::get<const tenant*>(subject);
  if (const auto* there = org.case_of(about.id)) {
    auto no = refusal::conflict(refusal_code::case_exists, "There is a case about this tenant already.");
    no.existing = there->id.value;
    return no;
  }
  case_header opened;
  opened.id = at.ids.make<case_id>();
  opened.org = org.settings.id;
  opened.tenancy = about.tenancy;
  opened.tenant = about.id;
  opened.reference = case_reference(org.cases_opened + 1);
  if (cmd.context_summary) opened.context_summary = cmd.context_summary->value;
  opened.opened_at = opened.last_activity_at = opened.shared_activity_at = at.now;
  opened.version = 1;
  return events{case_opened{std::move(opened)}};
}

result decide_on(const org_state& org, const caller& who, const add_template& cmd, const moment& at) {
  if (auto no = refuse_unless_admin(org, who)) return *no;
  return deciding::decide(org, cmd, at);
}

result decide_on(const org_state& org, const caller& who, const change_template& cmd, const moment& at) {
  if (auto no = refuse_unless_admin(org, who)) return *no;
  return deciding::decide(org, cmd, at);
}

// ---- digests ---------------------------------------------------------------------------------------------

template <class Command>
result decide_on_digests(const org_state& org, const caller& who, const Command& cmd, const moment& at) {
  if (auto no = refuse_unless_admin(org, who)) return *no;
  if (!at.plans.includes(org.settings.tier, support_cases_feature))
    return at.plans.upgrade_for_feature(support_cases_feature);
  return deciding::decide(org, cmd, at);
}
result decide_on(const org_state& org, const caller& who, const preview_digest& cmd, const moment& at) {
  return decide_on_digests(org, who, cmd, at);
}
result decide_on(const org_state& org, const caller& who, const resend_digest& cmd, const moment& at) {
  return decide_on_digests(org, who, cmd, at);
}

result decide_on(const org_state& org, const caller& who, const set_organisation_hold& cmd,
                 const moment& at) {
  if (auto no = refuse_unless_admin(org, who)) return *no;
  return deciding::decide(org, cmd, at);
}

result decide_on(const org_state& org, const caller& who, const run_retention& cmd, const moment& at) {
  if (auto no = refuse_unless_admin(org, who)) return *no;
  return deciding::decide(org, who, cmd, at);
}

}  // namespace

outcome<org_event> decide(const org_state& org, const caller& who, const org_command& command,
                          const moment& at) {
  return std::visit([&](const auto& cmd) { return decide_on(org, who, cmd, at); }, command);
}

}  // namespace model
