#pragma once
#include <optional>
#include <string>
#include <vector>

#include "model/case_events.hpp"
#include "model/mail.hpp"
#include "model/org_events.hpp"

namespace model {

/// One line of the audit log (R26): who, when, what. `detail` is a JSON object: before and after for what is
/// not a note's body, and the revision's id for a body.
struct audit_entry {
  audit_id id;
  org_id org;
  std::optional<case_id> of_case;
  instant at;
  user_id by;
  std::string by_name;
  std::string request_id;
  std::string kind;
  std::string detail;
  /// The note, session, document, member, … that the entry is about.
  std::optional<uuid> subject = {};
};
BOOST_DESCRIBE_STRUCT(audit_entry, (), (id, org, of_case, at, by, by_name, request_id, kind, detail, subject))

/// What the audit log says of an event: its kind and its detail. The one place where events become audit
/// entries.
std::string_view audit_kind(const case_event& e);
std::string_view audit_kind(const org_event& e);
std::string audit_detail(const case_event& e);
std::string audit_detail(const org_event& e);
/// The id of what the event is about, for a trail of that alone; nothing for the case or the organisation
/// itself.
std::optional<uuid> audit_subject(const case_event& e);
std::optional<uuid> audit_subject(const org_event& e);

/// The mails an event asks for.
std::vector<mail_request> mails_of(const case_event& e, const case_place& place, const caller& by);
std::vector<mail_request> mails_of(const org_event& e, const org_state& after, const caller& by);

/// The links and users an event makes, for the store to write.
const magic_link* link_of(const case_event& e);
const magic_link* link_of(const org_event& e);
const new_user* user_made_by(const case_event& e);
const new_user* user_made_by(const org_event& e);

}  // namespace model
