#pragma once
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/digest_ledger.hpp"
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

/// What the log tells of a template; of its text the length and the digest.
struct template_summary {
  template_id id;
  document_type type = document_type::letter;
  std::string name;
  std::vector<tenure_type> tenures;
  std::optional<std::int32_t> due_every_months;
  std::optional<std::int64_t> signing_template;
  bool retired = false;
  std::int64_t text_length = 0;  // characters
  std::string text_sha256;
};
BOOST_DESCRIBE_STRUCT(template_summary, (),
                      (id, type, name, tenures, due_every_months, signing_template, retired, text_length,
                       text_sha256))

/// `row` is the whole of it, which the log does not repeat.
struct template_added {
  static constexpr std::string_view kind = "template.added";
  template_summary after;
  std::shared_ptr<const document_template> row;
};
BOOST_DESCRIBE_STRUCT(template_added, (), (after))

/// `of_starter_pack`: from now on the organisation has a row of its own for it.
struct template_changed {
  static constexpr std::string_view kind = "template.changed";
  template_summary before;
  template_summary after;
  std::shared_ptr<const document_template> row;
  bool of_starter_pack = false;
};
BOOST_DESCRIBE_STRUCT(template_changed, (), (before, after))

/// `row` is the organisation with the hold, or without it again.
struct organisation_hold_set {
  static constexpr std::string_view kind = "organisation.legal_hold_set";
  instant at;
  std::string reason;
  std::shared_ptr<const organisation> row;
};
BOOST_DESCRIBE_STRUCT(organisation_hold_set, (), (at, reason))

struct organisation_hold_lifted {
  static constexpr std::string_view kind = "organisation.legal_hold_lifted";
  instant was_set_at;
  std::string reason;
  std::shared_ptr<const organisation> row;
};
BOOST_DESCRIBE_STRUCT(organisation_hold_lifted, (), (was_set_at, reason))

/// Somebody wants the sweep now; whoever sweeps finds the run and does it. `day` is the organisation's.
struct retention_run_asked {
  static constexpr std::string_view kind = "retention.run_asked";
  retention_run_id run;
  model::day day;
  instant at;
  user_id by;
  org_id org;
};
BOOST_DESCRIBE_STRUCT(retention_run_asked, (), (run, day, at, by))

struct mail_retried {
  static constexpr std::string_view kind = "mail.retried";
  mail_id mail;
  mail_state was = mail_state::failed;
  instant at;
};
BOOST_DESCRIBE_STRUCT(mail_retried, (), (mail, was, at))

/// An admin read what housing officers are told; `recipient` where it was one's digest in full.
struct digest_previewed {
  static constexpr std::string_view kind = "digest.previewed";
  std::string month;
  std::optional<user_id> recipient;
};
BOOST_DESCRIBE_STRUCT(digest_previewed, (), (month, recipient))

/// A copy of a digest, asked for by an admin.
struct digest_copy {
  digest_id id;
  std::string month;
  user_id recipient;
  std::int32_t copy = 0;
};
BOOST_DESCRIBE_STRUCT(digest_copy, (), (id, month, recipient, copy))

/// `row` is its line in the ledger, `full_name` the recipient's; the log tells neither of them again.
struct digest_resent {
  static constexpr std::string_view kind = "digest.resent";
  digest_id of;
  digest_copy after;
  digest_entry row;
  std::string full_name;
};
BOOST_DESCRIBE_STRUCT(digest_resent, (), (of, after))

using org_event =
    std::variant<settings_changed, member_added, member_removed, landlord_added, landlord_renamed,
                 property_added, property_changed, tenancy_created, tenant_changed, case_opened,
                 template_added, template_changed, mail_retried, organisation_hold_set,
                 organisation_hold_lifted, retention_run_asked, digest_previewed, digest_resent>;

}  // namespace model
