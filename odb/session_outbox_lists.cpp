#include "model/audit.hpp"
#include "odb/outbox_impl.hpp"

namespace store {
namespace {

struct list_values {
  model::org_id org;
  std::string state;
  model::uuid before;
  std::int64_t limit = 0;
};
struct mail_values {
  model::mail_id id;
  model::org_id org;
};
struct mail_link_values {
  model::mail_id id;
  model::instant now;
};

list_values values_of(model::org_id org, std::optional<model::mail_state> state, const page& wanted) {
  return {org, state ? std::string(model::to_text(*state)) : std::string{}, wanted.after.value_or(behind_all),
          static_cast<std::int64_t>(wanted.limit)};
}

using query = odb::query<mail_line_view>;

query columns() {
  return query(
      "SELECT o.id, o.org_id, o.to_address, o.template_name, o.state, o.attempts, o.last_error,"
      " o.next_attempt_at, o.written_at, o.sent_at, o.delayed_at, o.delivered_at, o.bounced_at,"
      " o.complained_at, o.fate_reason FROM keywork.outbox o WHERE");
}

std::vector<outbox_line> lines_of(odb::result<mail_line_view> rows) {
  std::vector<outbox_line> out;
  for (auto& r : rows)
    out.push_back({r.id, r.org, std::move(r.to_address), std::move(r.template_name),
                   model::parse_enum<model::mail_state>(r.state).value_or(model::mail_state::failed),
                   r.attempts, std::move(r.last_error), r.next_attempt_at, r.written_at, r.sent_at,
                   r.delayed_at, r.delivered_at, r.bounced_at, r.complained_at, std::move(r.fate_reason)});
  return out;
}

std::optional<model::mail_state> state_in(odb::result<text_view> rows) {
  const auto found = first_of(std::move(rows));
  return found ? model::parse_enum<model::mail_state>(found->text) : std::nullopt;
}

/// `name` is the statement's: one for each role.
bool has_void_link(unit& u, const char* name, model::mail_id id, model::instant now) {
  using truth = odb::query<truth_view>;
  const auto found =
      first_of(u.ask<truth_view>(name, mail_link_values{id, now}, [](const mail_link_values& v) {
        return "SELECT keywork.has_void_link(" + truth::_ref(v.id) + "," + truth::_ref(v.now) + ")";
      }));
  return found && found->truth;
}

}  // namespace

std::vector<outbox_line> outbox_of(session& s, model::user_id who, model::org_id org,
                                   std::optional<model::mail_state> state, const page& wanted) {
  const auto values = values_of(org, state, wanted);
  const auto* name = state ? "outbox_of_state" : "outbox_of";
  return s.inside().database.run({.as = purpose::person, .user = who, .org = org}, [&](unit& u) {
    return lines_of(u.ask<mail_line_view>(name, values, [&](const list_values& v) {
      auto q = columns() + "o.org_id =" + query::_ref(v.org);
      if (state) q = q + "AND o.state =" + query::_ref(v.state);
      return q + "AND o.id <" + query::_ref(v.before) + "ORDER BY o.id DESC LIMIT" + query::_ref(v.limit);
    }));
  });
}

std::vector<outbox_line> whole_outbox(session& s, std::optional<model::mail_state> state,
                                      const page& wanted) {
  const auto values = values_of({}, state, wanted);
  const auto* name = state ? "whole_outbox_of_state" : "whole_outbox";
  return s.inside().database.run({.as = purpose::mailer}, [&](unit& u) {
    return lines_of(u.ask<mail_line_view>(name, values, [&](const list_values& v) {
      auto q = columns();
      if (state) q = q + "o.state =" + query::_ref(v.state) + "AND";
      return q + "o.id <" + query::_ref(v.before) + "ORDER BY o.id DESC LIMIT" + query::_ref(v.limit);
    }));
  });
}

std::optional<mail_to_retry> find_mail_to_retry(session& s, model::user_id who, model::org_id org,
                                                model::mail_id id, model::instant now) {
  using text = odb::query<text_view>;
  const acting as{.as = purpose::person, .user = who, .org = org};
  return s.inside().database.run(as, [&](unit& u) -> std::optional<mail_to_retry> {
    const auto state =
        state_in(u.ask<text_view>("mail_state", mail_values{id, org}, [](const mail_values& v) {
          return "SELECT state FROM keywork.outbox WHERE id =" + text::_ref(v.id) +
                 "AND org_id =" + text::_ref(v.org);
        }));
    if (!state) return std::nullopt;
    return mail_to_retry{*state, has_void_link(u, "mail_has_void_link", id, now)};
  });
}

std::optional<mail_to_retry> retry_by_hand(session& s, model::mail_id id, const retry_by_command& how) {
  using row = odb::query<mail_line_view>;
  return s.inside().database.run({.as = purpose::mailer}, [&](unit& u) -> std::optional<mail_to_retry> {
    const auto found =
        lines_of(u.ask<mail_line_view>("mail_to_retry", mail_values{id, {}}, [](const mail_values& v) {
          return columns() + "o.id =" + row::_ref(v.id) + "FOR UPDATE";
        }));
    if (found.empty()) return std::nullopt;
    const auto& mail = found.front();
    const mail_to_retry was{mail.state, has_void_link(u, "locked_mail_has_void_link", id, how.now)};
    if (!was.can_be_retried() || !queue_again(u, id, mail.state, how.now)) return was;
    if (!mail.org) return was;  // a sign-in's: there is no log that it belongs into
    const model::org_event event = model::mail_retried{id, mail.state, how.now};
    u.become({.as = purpose::mailer, .user = {}, .org = mail.org});
    keep_audit(u, {{how.entry, *mail.org, std::nullopt, how.now, model::user_id{}, how.by, "",
                    std::string(model::audit_kind(event)), model::audit_detail(event),
                    model::audit_subject(event)}});
    return was;
  });
}

}  // namespace store
