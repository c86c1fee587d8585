#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace net::mail {

using mail_fields = std::vector<std::pair<std::string, std::string>>;

/// A mail in words.
struct rendered_mail {
  std::string subject;  ///< one line
  std::string text;     ///< LF line ends
  std::string html;     ///< a whole page, styled inline; every field escaped
  /// Who speaks to the reader, where it is not the service: a tenant hears from the agent, by the agent's
  /// name.
  std::string speaker;
};

/// Makes the words of a mail from net/mail/templates. Fields come as they are stored; optional ones in [].
/// - `sign_in`: link, expires [full_name, time_zone]
/// - `invite` (to a case), `member_invite` (to an organisation): full_name, organisation, invited_by, link,
///   expires [time_zone]
/// - `tenancy_info`: full_name, agent, property, rent, rent_period, start_date, tenure [landlord, end_date,
///   deposit]
/// - `document`, `document_to_sign`: full_name, organisation, sent_by, title
///
/// `expires` is an RFC 3339 instant, shown in `time_zone` (Europe/London where absent); `start_date` is
/// `2026-11-21`, `end_date` that or words; `link` is http or https; the others are shown as they are.
/// `property` may have several lines, nothing else may. Fields a template does not know are ignored.
/// Throws `unsendable` for an unknown template, a missing or blank field, a malformed one.
rendered_mail render(std::string_view template_name, const mail_fields& fields);

}  // namespace net::mail
