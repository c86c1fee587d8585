#include "model/digest_ledger.hpp"

namespace model {

digest_line_view view_digest(const digest_line& d) {
  digest_line_view v{d.id,
                     to_text(d.month),
                     {d.recipient, d.email},
                     d.copy,
                     d.state,
                     d.planned_at,
                     d.settled_at,
                     d.reason,
                     d.counts,
                     {}};
  if (d.mail && d.way)
    v.mail = digest_mail_view{*d.mail,           d.way->attempts,     d.way->last_error, d.way->delivered_at,
                              d.way->bounced_at, d.way->complained_at};
  return v;
}

mail_request digest_mail(const digest_entry& e, const std::string& full_name) {
  return {e.mail.value_or(mail_id{}),
          e.email,
          full_name,
          std::string(digest_template),
          {{"digest_id", to_text(e.id)}, {"month", to_text(e.month)}},
          std::nullopt};
}

}  // namespace model
